"""The formats that a document is written in: one row each."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from plainview.exceptions import InputError, nearest
from plainview.export.document import Document
from plainview.export.html import html
from plainview.export.markdown import markdown
from plainview.export.pdf import pdf
from plainview.export.pptx import pptx


@dataclass(frozen=True)
class Format:
    """One format: what it is called, its media type, and what makes it."""

    title: str
    media_type: str
    write: Callable[[Document], bytes]


def as_json(document: Document) -> bytes:
    """The document for programs: its twin where it has one, else its texts as sections of blocks; and the manifest."""
    fields = document.twin
    if fields is None:
        fields = {
            name: value for name, value in asdict(document, dict_factory=_data).items() if name not in ("made", "twin")
        }
        fields["made"] = document.made.isoformat()
    return (json.dumps(fields, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _data(fields: list[tuple[str, object]]) -> dict[str, object]:
    """Fields without those that are no data."""
    return {name: value for name, value in fields if not callable(value)}


FORMATS = {
    "md": Format("Markdown", "text/markdown", markdown),
    "html": Format("HTML", "text/html", html),
    "pdf": Format("PDF", "application/pdf", pdf),
    "pptx": Format("Slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation", pptx),
    "json": Format("JSON", "application/json", as_json),
}


def format_of(name: str) -> str:
    """The format that the name of a file asks for. InputError where it asks for none."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise InputError(f"The name {name!r:.200} must end in one of {known}. {nearest(ending, FORMATS)}")
    return ending


def kind_of(name: str) -> Literal["report", "model card"]:
    """What the name of a file asks for: "x.card.md" is a model card."""
    return "model card" if name.lower().rsplit(".", 1)[0].endswith(".card") else "report"
