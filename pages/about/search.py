"""Search: projects, releases, behaviours, scenarios, requirements and words, by what they are called."""

import streamlit as st

from plainview.exceptions import StoreMissingError
from plainview.narrative.wholes import clipped
from plainview.texts import _, plural
from plainview.ui import cached_search, components, links, states
from plainview.ui.plain import plain

MOST = 30  # of what was found; the best come first
MANY = {"behaviour": _("Behaviours"), "word": _("Words")}

components.heading(
    _("Search"), _("Find a project, a release, a scenario, a requirement or a word by what it is called.")
)
sought = links.text(_("Search for"), "search", placeholder=_("negation, 3.0.1, recall, an owner …"))
if not sought:
    st.text(_("Every word that you type must stand somewhere in the name, in its owner, its reason or its condition."))
    st.stop()
try:
    found = cached_search.found(sought)
except StoreMissingError:
    states.nothing(_("Nothing is published yet"), _("What is published can be found here."))
    st.stop()
if not found:
    states.nothing(
        _("Nothing is called that"),
        _("Nothing that you may see holds {sought!r}. Try fewer words, or a part of one.").format(sought=sought),
    )
    st.stop()

st.caption(
    plural("{count} match", "{count} matches", len(found))
    + (_(", the best {most} shown").format(most=MOST) if len(found) > MOST else "")
)
shown = found[:MOST]
for kind in dict.fromkeys(entry.kind for entry in shown):  # the kind of the best match first
    st.subheader(MANY.get(kind, f"{kind.capitalize()}s"), anchor=False)
    for entry in shown:
        if entry.kind == kind:
            left, right = st.columns([5, 8], vertical_alignment="center", gap="small")
            with left:
                links.go(entry.page, entry.name, dict(entry.parameters))
            right.caption(plain(" · ".join(filter(None, [entry.project, clipped(entry.said)]))))
