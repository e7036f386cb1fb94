"""What people said of a requirement or a scenario, and the form to say more."""

from collections.abc import Sequence

import streamlit as st

from plainview.comments import Comment, Subject, comment
from plainview.exceptions import PlainviewError
from plainview.narrative.demands import long_date
from plainview.quantities import count
from plainview.ui import access, cache, writing
from plainview.ui.plain import plain

LONGEST, SHOWN = 5_000, 20  # characters of one that is shown; comments of one thing


def thread(project: str, release: str, subject: Subject, name: str, said: Sequence[Comment]) -> None:
    """The comments on one thing, folded, the latest last; and the form, to those who may write."""
    may = access.may("contribute", project)
    if not said and not may:
        return
    with st.popover(count(len(said), "comment") if said else "Comment", type="tertiary"):
        if len(said) > SHOWN:
            st.caption(f"The latest {SHOWN} of {len(said):,}.")
        for each in said[-SHOWN:]:
            st.caption(plain(f"{each.by} on {long_date(each.at.date())}, of {each.release}"))
            st.text(each.text[:LONGEST])
        if may:
            _form(project, release, subject, name)


def _form(project: str, release: str, subject: Subject, name: str) -> None:
    with st.form(f"comment_{subject}_{name}", border=False, clear_on_submit=True):
        text = st.text_area(f"Your comment on this {subject}", max_chars=LONGEST, height="content")
        if not st.form_submit_button("Say it"):
            return
    try:
        writing.written(
            project, lambda person: comment(cache.store(), project, release, subject, name, text, actor=person)
        )
    except PlainviewError as error:
        st.error(plain(error))
        return
    st.rerun()
