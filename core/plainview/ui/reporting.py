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
from plainview.ui import access, cache, writing
from plainview.ui.plain import plain

KINDS = ("csv", "tsv", "parquet", "jsonl")
_SAID = "plainview_incident_said"


def report_form(project: str, releases: list[str], specification: Specification) -> None:
    """Offer to report an incident, to those who may; what was just kept is said above it."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))
    if not access.may("contribute", project):
        return
    with st.expander("Report an incident"), st.form("incident", border=False, clear_on_submit=False):
        given: dict[str, Any] = {
            "name": st.text_input("Name", max_chars=200, placeholder="Refunds read as praise"),
            "what": st.text_area("What happened", max_chars=5_000),
        }
        left, middle, right = st.columns(3)
        given["owner"] = left.text_input("Owner", max_chars=200)
        given["severity"] = middle.selectbox("Severity", SEVERITIES, index=SEVERITIES.index("high"))
        given["happened"] = right.date_input("Day", max_value=datetime.now(UTC).date())
        given["release"] = left.selectbox("Release, where known", releases, index=None, placeholder="Unknown")
        if specification.task in ("regression", "scored"):
            what = "How far off an answer may be" if specification.task == "regression" else "What a grade must reach"
            given["bar"] = middle.number_input(what, value=None)
        ids = st.text_area("Its examples: ids of the test set", help="A comma, a space or a line between them.")
        uploaded = st.file_uploader(
            "Or rows that the test set does not have yet, with what would have been right", KINDS
        )
        if st.form_submit_button("Report it"):
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
    st.session_state[_SAID] = f"Reported {kept.code}. Nothing guards it until its test case is in the specification."
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
        reason = st.text_input("It was none, because", max_chars=500)
        if st.form_submit_button("Withdraw it"):
            try:
                writing.written(
                    incident.project,
                    lambda person: withdraw(cache.store(), incident.project, incident.id, reason=reason, actor=person),
                )
            except PlainviewError as error:
                st.error(plain(error))
                return
            st.session_state[_SAID] = f"{incident.code} is withdrawn. It is kept, and counts no more."
            st.rerun()
