"""The form in which a reader documents an error pattern, and the one in which they say what became of it."""

from collections.abc import Mapping

import streamlit as st

from plainview.errors.patterns import STATUSES, Pattern, document_pattern, update_pattern
from plainview.texts import _
from plainview.ui import cache, codes, links, noting

LONGEST = 2_000  # characters of a note


def document(chosen: Mapping[str, dict] | None = None) -> None:
    """Name, note, owner, link, and which examples: one of ``chosen`` (what is read → where or ids), else a condition."""
    place, kind = links.here(), "chosen" if chosen else "where"
    with st.form(noting.key(f"pattern_{kind}"), border=False):
        given = _examples(chosen, kind)
        given["name"] = st.text_input(_("Name of the pattern"), placeholder=_("Praise that is none"), max_chars=200)
        given["note"] = st.text_area(
            _("What it is"), key=noting.key(f"pattern_note_{kind}"), max_chars=LONGEST, height=80
        )
        given["owner"] = st.text_input(_("Owner"), placeholder=_("language team"), max_chars=200)
        given["link"] = st.text_input(_("Link"), placeholder=_("A ticket, a document"), max_chars=LONGEST)
        if st.form_submit_button(_("Document it")):
            words = _("Documented: {name}").format(name=given["name"])
            noting.keep(lambda who: document_pattern(cache.store(), place.evaluation, actor=who, **given), words)


def _examples(chosen: Mapping[str, dict] | None, kind: str) -> dict:
    if chosen:
        which = st.selectbox(_("Which examples"), list(chosen), key=noting.key(f"pattern_which_{kind}"))
        return dict(chosen[which])
    where = st.text_input(_("Examples where"), placeholder="has_negation = 1 AND words > 20", max_chars=LONGEST)
    return {"where": where}


def update(pattern: Pattern) -> None:
    """Its status, and what else changed."""
    project = links.here().project
    with st.form(noting.key(f"update_{pattern.id}"), border=False):
        status = st.selectbox(_("Status"), STATUSES, index=STATUSES.index(pattern.status), format_func=codes.read)
        owner = st.text_input(_("Owner"), pattern.owner, max_chars=200)
        link = st.text_input(_("Link"), pattern.link, max_chars=LONGEST)
        note = st.text_area(_("What it is"), pattern.note, max_chars=LONGEST, height=80)
        if st.form_submit_button(_("Keep")):
            now = {"status": status, "owner": owner, "link": link, "note": note}
            moved = {name: value for name, value in now.items() if value.strip() != getattr(pattern, name)}
            noting.keep(
                lambda who: update_pattern(cache.store(), project, pattern.id, actor=who, **moved),
                _("Kept: {name} is {status}").format(name=pattern.name, status=codes.read(status)),
            )
