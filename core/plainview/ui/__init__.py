"""The only part of the library that knows Streamlit: what every page is made of."""
