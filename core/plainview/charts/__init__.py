"""Charts: a frame goes in, a Vega-Lite specification and a sentence that says the same come out. No streamlit."""
