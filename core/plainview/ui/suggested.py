"""Suggested scenarios as they are read: a sentence each, how sure it is, its condition, what to add to the specification."""

import streamlit as st

from plainview.errors.additions import scenario_yaml
from plainview.errors.suggestions import Suggestion, Suggestions
from plainview.narrative import suggestions as said
from plainview.reviews import SUGGESTIONS
from plainview.texts import _
from plainview.ui import cache, links, noting, states
from plainview.ui.plain import plain

FIRST = 3  # suggestions that are shown at once; the rest is folded


def show(found: Suggestions, *, large: str) -> None:
    """The groups that stand out, the YAML of all of them, and who has looked at them."""
    st.subheader(_("What they have in common"), anchor=False)
    if not found.found:
        return states.nothing(_("No group stands out"), said.nothing_stands_out(found))
    for one in found.found[:FIRST]:
        _card(one, found, large)
    if len(found.found) > FIRST:
        with st.expander(_("{count} more").format(count=len(found.found) - FIRST)):
            for one in found.found[FIRST:]:
                _card(one, found, large)
    with st.expander(_("All of them, to add to the specification")):
        _addition(list(found.found), found)
    noting.review(SUGGESTIONS, "the suggestions", one="suggestion", wheres=[one.where for one in found.found])
    return st.caption(said.SEARCHED)


def _card(one: Suggestion, found: Suggestions, large: str) -> None:
    """One group: the sentence, how sure it is, its ``where``, what to add, and its examples."""
    with st.container(border=True):
        st.markdown(f"**{plain(said.suggestion_sentence(one, found, large=large))}**")
        st.caption(plain(" · ".join(said.suggestion_notes(one))))
        st.code(one.where, language="sql", wrap_lines=True)
        with st.expander(_("Add it to the specification")):
            _addition([one], found)
        look = {"key": f"group_{one.where}", "type": "tertiary", "on_click": links.choose}
        st.button(_("Show its examples below ↓"), args=("group", one.where), **look)


def _addition(chosen: list[Suggestion], found: Suggestions) -> None:
    """What to copy into the specification."""
    place = links.here()
    st.caption(_("Copy this into the specification's list of behaviours, and give it a name and an owner of your own."))
    written = scenario_yaml(chosen, cache.specification(place.evaluation.id), found, release=place.release)
    st.code(written, language="yaml", wrap_lines=True)
