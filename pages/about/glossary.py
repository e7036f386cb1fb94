"""The glossary: what every word means here, and what others call it."""

import streamlit as st

from plainview.glossary import TERMS
from plainview.texts import _, plural
from plainview.ui import components, links, states
from plainview.ui.plain import plain

components.heading(_("Glossary"), _("Every word has one meaning, in the app, the library and the command line."))
sought = links.text(_("Find a word"), "search", placeholder=_("slice, margin, flips …"))
found = sorted((term for term in TERMS.values() if term.holds(sought)), key=lambda term: term.name)
st.caption(plural("{count} word of {total}", "{count} words of {total}", len(found), total=len(TERMS)))
if not found:
    states.nothing(
        _("No word like that"),
        _("Nothing here is called {sought!r}, and no meaning mentions it.").format(sought=sought),
    )
for term in found:
    with st.container(border=True):
        st.markdown(f"**{plain(term.name)}**  \n{plain(term.meaning)}")
        if term.others:
            st.caption(_("Others say: {others}").format(others=plain(", ".join(term.others))))
        if term.page:
            links.link(term.page, _("See it at work"))
