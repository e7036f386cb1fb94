"""Search: projects, releases, behaviours, scenarios, requirements and words, by what they are called."""

import streamlit as st

from plainview.exceptions import StoreMissingError
from plainview.quantities import count
from plainview.search import KINDS
from plainview.ui import cached_search, components, links, states
from plainview.ui.plain import plain

MOST = 30  # of what was found; the best come first
MANY = {"behaviour": "Behaviours", "word": "Words"}

components.heading("Search", "Find a project, a release, a scenario, a requirement or a word by what it is called.")
sought = links.text("Search for", "search", placeholder="negation, 3.0.1, recall, an owner …")
if not sought:
    st.text("Every word that you type must stand somewhere in the name, in its owner, its reason or its condition.")
    st.stop()
try:
    found = cached_search.found(sought)
except StoreMissingError:
    states.nothing("Nothing is published yet", "What is published can be found here.")
    st.stop()
if not found:
    states.nothing(
        "Nothing is called that", f"Nothing that you may see holds {sought!r}. Try fewer words, or a part of one."
    )
    st.stop()

st.caption(f"{count(len(found), 'match', 'matches')}" + (f", the best {MOST} shown" if len(found) > MOST else ""))
shown = found[:MOST]
for kind in KINDS:
    rows = [entry for entry in shown if entry.kind == kind]
    if not rows:
        continue
    st.subheader(MANY.get(kind, f"{kind.capitalize()}s"), anchor=False)
    for entry in rows:
        with st.container(border=True):
            left, right = st.columns([13, 3], vertical_alignment="center", gap="small")
            of = f"  \n:small[:gray[{plain(entry.project)}]]" if entry.project and entry.kind != "project" else ""
            left.markdown(f"**{plain(entry.name)}**{of}")
            with right:
                links.go(entry.page, "Open", dict(entry.parameters))
