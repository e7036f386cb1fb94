"""The form that waives a requirement: someone answers for it, with a reason and an end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.narrative.wholes import clipped
from plainview.requirements import Standing
from plainview.texts import _
from plainview.ui import access, cache, writing
from plainview.ui.plain import plain
from plainview.waivers import waive


def waive_form(project: str, release: str, standings: Sequence[Standing]) -> None:
    """Offer to waive what is open, to those who may decide."""
    titles = {row.id: f"{row.id}: {clipped(row.title, 90)} ({row.status})" for row in standings if _open(row)}
    if not titles or not access.may("approve", project):
        return
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with st.expander(_("Waive a requirement")), st.form("waive", border=False):
        st.caption(_("What was measured stays, and is shown beside the waiver; when it ends, that shows too."))
        chosen = st.selectbox(
            _("Requirement"), list(titles), index=None, format_func=titles.get, placeholder=_("Choose one")
        )
        left, right = st.columns(2)
        owner = left.text_input(_("Who answers for it"), max_chars=200)
        until = right.date_input(_("Its last day"), value=None, min_value=tomorrow)
        reason = st.text_input(_("Why the release may go out without it"), max_chars=5_000)
        if st.form_submit_button(_("Waive it")):
            _waive(project, release, chosen or "", owner=owner, reason=reason, until=str(until or ""))


def _open(row: Standing) -> bool:
    return row.status in ("not met", "unproven", "no evidence")


def _waive(project: str, release: str, requirement: str, **given: str) -> None:
    if not requirement:
        st.error(_("Say first which requirement."))
        return
    try:
        writing.written(
            project,
            lambda person: waive(cache.store(), project, release, requirement, actor=person, **given),
            action="approve",
        )
    except PlainviewError as error:
        st.error(plain(error))
        return
    st.rerun()
