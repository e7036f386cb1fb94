"""Taking a release's report along: a button for each format; a file is made when it is pressed."""

import streamlit as st

from plainview.export.extra import missing_for
from plainview.export.releases import Kind, export
from plainview.export.site import file_of, folder
from plainview.quantities import listed
from plainview.records import Evaluation
from plainview.report import Report
from plainview.texts import _
from plainview.ui import cache, components
from plainview.ui.downloads import download

# what a button says, the format, the kind of document
FILES: tuple[tuple[str, str, Kind], ...] = (
    ("PDF", "pdf", "report"),
    (_("Slides"), "pptx", "report"),
    (_("Web page"), "html", "report"),
    (_("Markdown"), "md", "report"),
    (_("Model card, PDF"), "pdf", "model card"),
    (_("Model card, JSON"), "json", "model card"),
)
TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
}


def downloads(report: Report) -> None:
    """Offer the report as files, with the comparison that the page shows."""
    evaluation, baseline = report.evaluation, report.baseline.release if report.baseline else None
    about = _("This report as PDF, slides, a web page or Markdown; and its model card.")
    offer = st.popover(_("Take it along"), help=about, key="take_it_along", on_change="rerun")
    if offer.open:
        with offer:
            _offered(evaluation, baseline)


def _offered(evaluation: Evaluation, baseline: str | None) -> None:
    st.text(_("The same sentences, charts and numbers as here. plainview verify checks each file against the store."))
    gone = dict.fromkeys(package for label, file, kind in FILES for package in missing_for(file))
    if gone:
        missing = _("Some formats need {listed}, not installed where this app runs:")
        st.text(missing.format(listed=listed(list(gone), most=9)))
        components.code("pip install 'plainview[export]'")
    with st.container(horizontal=True):
        for label, file, kind in FILES:
            if not missing_for(file):
                _button(label, evaluation, file, kind, baseline)


def _button(label: str, evaluation: Evaluation, file: str, kind: Kind, baseline: str | None) -> None:
    ending = f"card.{file}" if kind == "model card" else file
    download(
        label,
        lambda: made(evaluation.id, file, kind, baseline),
        f"{folder(evaluation.project)}-{file_of(evaluation)}.{ending}",
        TYPES[file],
        project=evaluation.project,
        release=evaluation.release,
        key=f"take_{kind}_{file}",
    )


def made(evaluation_id: str, file: str, kind: Kind, baseline: str | None) -> bytes:
    """The bytes of a file. NotFoundError where the reader may not see the project."""
    found = cache.evaluation(evaluation_id)
    return export(
        cache.store(),
        found.project,
        found.release,
        file,
        kind=kind,
        baseline=baseline,
        test_set=found.test_set.name,
        compare=lambda one, other: cache.comparison(one.id, other.id),
    )
