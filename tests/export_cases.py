"""What the tests of reports share: their bytes, made once, and what a reader of each format sees."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from plainview.export.reading import read
from plainview.export.releases import export
from plainview.store import open_store

FORMATS = ("md", "html", "pdf", "pptx", "json")
PAPER = ("md", "html", "pdf", "pptx")
KINDS = ("report", "model card")


@cache
def exported(store: Path, project: str, release: str, file: str, kind: str = "report") -> bytes:
    """The bytes of a file of a store that nobody writes to."""
    return export(open_store(store), project, release, file, kind=kind)


def seen(data: bytes) -> str:
    """All that a reader sees, on one line."""
    return " ".join(" ".join(read(data).lines).split())


class Elements(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found = []
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
