"""The glossary: what every word means here, and what others call it."""

import streamlit as st

from plainview.glossary import TERMS
from plainview.quantities import count
from plainview.ui import components, links, states
from plainview.ui.plain import plain

components.heading("Glossary", "Every word has one meaning, in the app, the library and the command line.")
sought = links.text("Find a word", "search", placeholder="slice, margin, flips …")
found = sorted((term for term in TERMS.values() if term.holds(sought)), key=lambda term: term.name)
st.caption(f"{count(len(found), 'word')} of {len(TERMS)}")
if not found:
    states.nothing("No word like that", f"Nothing here is called {sought!r}, and no meaning mentions it.")
for term in found:
    with st.container(border=True):
        st.markdown(f"**{plain(term.name)}**  \n{plain(term.meaning)}")
        if term.others:
            st.caption(f"Others say: {plain(', '.join(term.others))}")
        if term.page:
            links.link(term.page, "See it at work")
