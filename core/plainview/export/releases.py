"""From a release in the store to the bytes of a file."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from plainview.export.as_of import DECISION, SPLIT, AsOf, Pins, pins_of
from plainview.export.document import Document
from plainview.export.formats import FORMATS
from plainview.export.model_card import model_card
from plainview.export.numbers import manifest
from plainview.export.reporting import report_document
from plainview.report import Compare, release_report
from plainview.store import Store

Kind = Literal["report", "model card"]
Links = Sequence[tuple[str, str]]


def export(
    store: Store,
    project: str,
    release: str,
    file: str,
    *,
    kind: Kind = "report",
    baseline: str | None = None,
    test_set: str | None = None,
    address: str | None = None,
    compare: Compare | None = None,
    today: date | None = None,
    links: Links = (),
) -> bytes:
    """The report of a release, or its model card, as the bytes of a ``file`` of this format: md, html, pdf, pptx, json.

    ``baseline`` and ``test_set`` as of `plainview.report.release_report`; ``address`` is where the app is, for links;
    ``links`` are words and the files beside this one that they lead to.
    The same store gives the same bytes, whenever it is asked. Raises NotFoundError, DamagedError; InputError where the extra
    ``export`` is not installed.
    """
    pins = pins_of(store, project, release, baseline=baseline, test_set=test_set, today=today)
    document = document_of(store, pins, file, kind=kind, address=address, compare=compare, links=links)
    return FORMATS[file].write(document)


def document_of(
    store: Store,
    pins: Pins,
    file: str,
    *,
    kind: Kind = "report",
    address: str | None = None,
    compare: Compare | None = None,
    links: Links = (),
) -> Document:
    """The document that a file is made from, from what is pinned and from nothing else."""
    seen = AsOf(store, pins)
    report = release_report(
        seen,
        pins.project,
        pins.release,
        baseline=pins.baseline,
        test_set=pins.test_set,
        compare=compare,
        today=pins.day,
    )
    made = manifest(report, pins, kind=kind, address=address, file=file, links=links)
    said = [event for event in seen.events(pins.project) if event.kind in (DECISION, SPLIT)]
    if kind == "model card":
        return model_card(report, said, made, address=address)
    return report_document(report, [event for event in said if event.kind == DECISION], made, address=address)
