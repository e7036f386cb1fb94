"""The form that reports an incident, and the one that takes it back."""

import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.frames import read_frame
from plainview.incidents import SEVERITIES, Incident, report_incident, withdraw
from plainview.specification import Specification
from plainview.texts import _
from plainview.ui import access, cache, codes, writing
from plainview.ui.plain import plain

KINDS = ("csv", "tsv", "parquet", "jsonl")
_SAID = "plainview_incident_said"


def report_form(project: str, releases: list[str], specification: Specification) -> None:
    """Offer to report an incident, to those who may; what was just kept is said above it."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))
    if not access.may("contribute", project):
        return
    with st.expander(_("Report an incident")), st.form("incident", border=False, clear_on_submit=False):
        given: dict[str, Any] = {
            "name": st.text_input(_("Name"), max_chars=200, placeholder=_("Refunds read as praise")),
            "what": st.text_area(_("What happened"), max_chars=5_000),
        }
        left, middle, right = st.columns(3)
        given["owner"] = left.text_input(_("Owner"), max_chars=200)
        given["severity"] = middle.selectbox(
            _("Severity"), SEVERITIES, index=SEVERITIES.index("high"), format_func=codes.read
        )
        given["happened"] = right.date_input(_("Day"), max_value=datetime.now(UTC).date())
        given["release"] = left.selectbox(_("Release, where known"), releases, index=None, placeholder=_("Unknown"))
        if specification.task in ("regression", "scored"):
            what = (
                _("How far off an answer may be")
                if specification.task == "regression"
                else _("What a grade must reach")
            )
            given["bar"] = middle.number_input(what, value=None)
        ids = st.text_area(_("Its examples: ids of the test set"), help=_("A comma, a space or a line between them."))
        uploaded = st.file_uploader(
            _("Or rows that the test set does not have yet, with what would have been right"), KINDS
        )
        if st.form_submit_button(_("Report it")):
            _report(project, given, ids, uploaded)


def _report(project: str, given: dict[str, Any], ids: str, uploaded: Any) -> None:
    try:
        rows = _rows(uploaded) if uploaded is not None else None
        chosen = list(filter(None, re.split(r"[\s,;]+", ids)))
        name = given.pop("name")
        kept: Incident = writing.written(
            project,
            lambda person: report_incident(
                cache.store(), project, name, ids=chosen, examples=rows, actor=person, **given
            ),
        )
    except PlainviewError as error:
        st.error(plain(error))
        return
    st.session_state[_SAID] = _(
        "Reported {code}. Nothing guards it until its test case is in the specification."
    ).format(code=kept.code)
    st.rerun()


def _rows(uploaded: Any) -> pl.DataFrame:
    """The rows of an uploaded file; FrameError where it cannot be read. Its name decides only how it is read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{uploaded.name.rpartition('.')[2].lower()}"
        path.write_bytes(uploaded.getvalue())
        return read_frame(path)


def withdraw_form(incident: Incident) -> None:
    """Offer to say that an incident was none."""
    if not access.may("contribute", incident.project):
        return
    with st.form(f"withdraw_{incident.id}", border=False):
        reason = st.text_input(_("It was none, because"), max_chars=500)
        if st.form_submit_button(_("Withdraw it")):
            try:
                writing.written(
                    incident.project,
                    lambda person: withdraw(cache.store(), incident.project, incident.id, reason=reason, actor=person),
                )
            except PlainviewError as error:
                st.error(plain(error))
                return
            st.session_state[_SAID] = _("{code} is withdrawn. It is kept, and counts no more.").format(
                code=incident.code
            )
            st.rerun()
