"""An exported file read again: its manifest, and every text that a reader sees, line by line."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from plainview.escaping import JOINER
from plainview.exceptions import InputError
from plainview.export import markdown as as_markdown
from plainview.export.extra import needed
from plainview.export.html import NAME
from plainview.export.slides import MANIFEST

LARGEST = 100_000_000  # bytes of a file, or of what is packed in it
ATTACHED = "plainview-manifest.json"
_DRAWN = re.compile(r"\\([\\`*_\[\]<>#!|~$&^{}+.)-])")
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Read:
    """What is in a file."""

    file: str  # its format: md, html, pdf, pptx, json
    manifest: dict[str, Any]
    lines: tuple[str, ...]


def read(data: bytes, name: str = "The file") -> Read:
    """Read an exported file, whatever it is called. InputError where it is none, or has no manifest."""
    if len(data) > LARGEST:
        raise InputError(f"{name} has {len(data):,} bytes; a report has at most {LARGEST:,}.")
    file = _kind(data)
    try:
        text, lines = _READERS[file](data)
        made = json.loads(text) if text is not None else None
    except InputError:
        raise
    except Exception as error:  # a file from anywhere: whatever its parser says of it
        raise InputError(f"{name} cannot be read as {file}: {error!r:.150}.") from None
    if not isinstance(made, dict):
        raise InputError(f"{name} has no manifest of Plainview's, so nothing says which records it is of.")
    return Read(file, made, tuple(filter(None, (" ".join(line.split()) for line in lines))))


def read_file(path: Path) -> bytes:
    """The bytes of a file that may be a report; InputError where it cannot be read, or is too large to be one."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise InputError(f"{path.name!r:.200} has {size:,} bytes; a report has at most {LARGEST:,}.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r:.200} cannot be read: {reason}.") from None


def _kind(data: bytes) -> str:
    """By what a file begins with."""
    begun = data.lstrip()[:64].lower()
    kinds = ((b"%pdf-", "pdf"), (b"pk\x03\x04", "pptx"), (b"<!doctype html", "html"), (b"{", "json"))
    return next((kind for mark, kind in kinds if begun.startswith(mark)), "md")


def _markdown(data: bytes) -> tuple[str | None, list[str]]:
    text = data.decode()
    body, found, after = text.rpartition(as_markdown.BEFORE)
    if not found:
        return None, []
    manifest, _, rest = after.partition(as_markdown.AFTER)
    return manifest, _DRAWN.sub(r"\1", (body + rest).replace(JOINER, "")).split("\n")


class _Page(HTMLParser):
    """The texts of a page, the alt texts of its pictures, and its manifest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.manifest: str | None = None
        self.lines: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element carries."""
        given = dict(attrs)
        self._hidden = tag == "style"
        if tag == "meta" and given.get("name") == NAME:
            self.manifest = given.get("content")
        if tag == "img":
            self.lines.append(given.get("alt") or "")

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self._hidden:
            self.lines.append(data)

    def handle_endtag(self, tag: str) -> None:
        """After a style sheet texts are seen again."""
        self._hidden = False


def _html(data: bytes) -> tuple[str | None, list[str]]:
    page = _Page()
    page.feed(data.decode())
    page.close()
    return page.manifest, page.lines


def _pdf(data: bytes) -> tuple[str | None, list[str]]:
    reader = needed("pypdf").PdfReader(io.BytesIO(data))
    attached = reader.attachments.get(ATTACHED)
    lines = [line for page in reader.pages for line in page.extract_text().split("\n")]
    return attached[0].decode() if attached else None, lines


def _pptx(data: bytes) -> tuple[str | None, list[str]]:
    manifest, lines = None, []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(entry.file_size for entry in package.infolist()) > LARGEST:
            raise InputError(f"The slides unpack to more than {LARGEST:,} bytes.")
        for name in sorted(package.namelist(), key=_place):
            if name.startswith("customXml/") and name.endswith(".xml"):
                root = _xml(package.read(name))
                manifest = root.text if root.tag == f"{{{MANIFEST}}}manifest" else manifest
            if name.startswith("ppt/slides/slide"):
                lines += _said(_xml(package.read(name)))
    return manifest, lines


def _place(name: str) -> tuple[int, str]:
    """Slides in the order of their numbers."""
    found = re.search(r"\d+", name.rsplit("/", 1)[-1])
    return int(found[0]) if found else 0, name


def _xml(data: bytes) -> ElementTree.Element:
    """A part of a package; one with a document type, which could grow without bounds, is refused."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError("The slides hold a document type, which Plainview never writes.")
    return ElementTree.fromstring(data)


def _said(slide: ElementTree.Element) -> list[str]:
    """The paragraphs of a slide, and the alt texts of its pictures."""
    lines = ["".join(run.text or "" for run in each.iter(f"{_TEXT}t")) for each in slide.iter(f"{_TEXT}p")]
    return lines + [each.attrib["descr"] for each in slide.iter() if "descr" in each.attrib]


def _json(data: bytes) -> tuple[str | None, list[str]]:
    found = json.loads(data)
    made = found.pop("manifest", None) if isinstance(found, dict) else None
    return None if made is None else json.dumps(made), list(_leaves(found))


def _leaves(value: Any) -> list[str]:
    """Every text and number in it, in order."""
    if isinstance(value, dict):
        return [line for name, each in value.items() for line in (str(name), *_leaves(each))]
    if isinstance(value, list):
        return [line for each in value for line in _leaves(each)]
    return [value if isinstance(value, str) else json.dumps(value)]


_READERS: dict[str, Callable[[bytes], tuple[str | None, list[str]]]] = {
    "md": _markdown,
    "html": _html,
    "pdf": _pdf,
    "pptx": _pptx,
    "json": _json,
}
