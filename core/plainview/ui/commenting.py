"""What people said of a requirement or a scenario, and the form to say more."""

from collections.abc import Sequence

import streamlit as st

from plainview.comments import Comment, Subject, comment
from plainview.exceptions import PlainviewError
from plainview.narrative.demands import long_date
from plainview.texts import _, plural
from plainview.ui import access, cache, codes, writing
from plainview.ui.plain import plain

LONGEST, SHOWN = 5_000, 20  # characters of one that is shown; comments of one thing


def thread(project: str, release: str, subject: Subject, name: str, said: Sequence[Comment]) -> None:
    """The comments on one thing, folded, the latest last; and the form, to those who may write."""
    may = access.may("contribute", project)
    if not said and not may:
        return
    with st.popover(
        plural("{count} comment", "{count} comments", len(said)) if said else _("Comment"), type="tertiary"
    ):
        if len(said) > SHOWN:
            st.caption(_("The latest {shown} of {count:,}.").format(shown=SHOWN, count=len(said)))
        for each in said[-SHOWN:]:
            st.caption(
                plain(
                    _("{by} on {date}, of {release}").format(
                        by=each.by, date=long_date(each.at.date()), release=each.release
                    )
                )
            )
            st.text(each.text[:LONGEST])
        if may:
            _form(project, release, subject, name)


def _form(project: str, release: str, subject: Subject, name: str) -> None:
    with st.form(f"comment_{subject}_{name}", border=False, clear_on_submit=True):
        text = st.text_area(
            _("Your comment on this {subject}").format(subject=codes.read(subject)), max_chars=LONGEST, height="content"
        )
        if not st.form_submit_button(_("Say it")):
            return
    try:
        writing.written(
            project, lambda person: comment(cache.store(), project, release, subject, name, text, actor=person)
        )
    except PlainviewError as error:
        st.error(plain(error))
        return
    st.rerun()
