"""What-if analyses on their page: the form that keeps one, those that were kept, and the next version of the test set."""

import io

import polars as pl
import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.narrative import what_if as said
from plainview.records import Evaluation
from plainview.specification import Specification
from plainview.texts import _, plural
from plainview.ui import access, cache, states, tables, writing
from plainview.ui.downloads import download
from plainview.ui.plain import plain
from plainview.what_if import saved


def keep(evaluation: Evaluation, specification: Specification, analysis: saved.Analysis, rows: pl.DataFrame) -> None:
    """The form that keeps an analysis as evidence; nothing where the reader may not. ``rows``: as it is, and as changed."""
    if not access.may("contribute", evaluation.project):
        return
    with st.form("keep", clear_on_submit=True):
        words = _("Keep it as evidence")
        st.markdown(f"**{words}**")
        note = st.text_area(_("What it shows"), max_chars=2_000, height=80)
        right = ""
        if specification.columns.label is not None:
            right = st.text_input(_("What the answer should be"), placeholder=_("Not known"), max_chars=200)
        if st.form_submit_button(_("Keep it")):
            _keep(evaluation, analysis, rows, note, right)


def _keep(evaluation: Evaluation, analysis: saved.Analysis, rows: pl.DataFrame, note: str, right: str) -> None:
    given = {"note": note, "label": right}
    try:
        writing.written(
            evaluation.project,
            lambda person: saved.save(cache.store(), evaluation, analysis, rows, **given, actor=person),
        )
        st.success(_("Kept."))
    except PlainviewError as error:
        st.error(plain(error))


def kept(evaluation: Evaluation, specification: Specification) -> None:
    """What was kept of a release, and its examples as part of the next version of the test set."""
    events = cache.events(evaluation.project, kind=saved.KIND, release=evaluation.release)
    st.subheader(_("Kept of this release"), anchor=False)
    if not events:
        states.nothing(_("Nothing is kept yet"), _("An analysis that is kept counts as evidence of this release."))
        return
    rows = [
        {
            _("When"): f"{event.at:%Y-%m-%d}",
            _("By"): event.actor,
            _("Example"): str(event.body.get("example", "")),
            _("Answer before"): str(event.body.get("before", "")),
            _("Answer"): str(event.body.get("after", "")),
            _("From"): _("a live model") if event.body.get("source") == "live" else _("the nearest examples"),
            _("Should be"): str(event.body.get("label", "")),
            _("Note"): str(event.body.get("note", "")),
        }
        for event in reversed(events)
    ]
    tables.plain_table(
        pl.DataFrame(rows), key="kept", alt=plural("{count} analysis kept.", "{count} analyses kept.", len(rows))
    )
    made = sum(isinstance(event.body.get("label"), str) for event in events)
    st.text(said.extended_sentence(made, len(events)))
    if not made:
        return
    columns = specification.columns
    if columns.metadata is not None and saved.ORIGIN not in columns.metadata:
        st.text(_("The specification lists the columns that are kept: add origin to columns.metadata."))
    download(
        _("Download the test set (Parquet)"),
        lambda: _parquet(saved.extended(cache.store(), evaluation, specification, events)[0]),
        f"{evaluation.project}-what-if.parquet",
        "application/vnd.apache.parquet",
        project=evaluation.project,
        release=evaluation.release,
    )


def _parquet(frame: pl.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.write_parquet(held)
    return held.getvalue()
