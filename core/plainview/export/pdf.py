"""A document as PDF: tagged, to PDF/UA-1, with the manifest attached; set by typst, without a browser."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from plainview.escaping import one_line
from plainview.exceptions import InputError
from plainview.export.document import Block, Chart, Document, Facts, Paragraph, Section, Statements, Table
from plainview.export.drawings import FONTS, as_pixels, svg
from plainview.export.extra import needed
from plainview.export.marks import TABLE, colour, marked
from plainview.export.numbers import as_text

TEMPLATE = Path(__file__).with_name("report.typ")
STANDARD = "ua-1"
LONGEST = 20_000  # characters of one text
UNSHOWN = "\N{WHITE SQUARE}"  # stands for what no font has
_UNSHOWN = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)
_UNNAMED = "text with missing codepoints"  # of a picture whose letters are drawn joined: it is painted instead
PICTURE = "picture"
RARE = 0x17F  # letters up to here, Latin ones with their accents, are in the shipped font
PATIENCE = 60  # letters, or kinds of them, that are found to have no font
KINDS = (range(0x2E80, 0xFB00), range(0x10000, 0x110000))  # East Asian signs; emoji and rare scripts


def pdf(document: Document) -> bytes:
    """The PDF. Letters that the shipped font lacks are taken from the fonts of this machine, else stand as squares.

    So the same document gives the same bytes, and where it has such letters, on machines with the same fonts.
    """
    typst = needed("typst")
    written = _written(document)
    try:
        return _compiled(written, document, own=True)
    except typst.TypstError as error:
        if not _UNSHOWN.search(error.message) and _UNNAMED not in error.message:
            raise
    return _with_any_font(written, document, typst.TypstError)


def _with_any_font(written: dict[str, str], document: Document, failure: type[Exception]) -> bytes:
    """Set with the fonts of this machine too; what none of them has becomes a square."""
    painted = False
    for _ in range(PATIENCE):
        try:
            return _compiled(written, document, own=False)
        except failure as error:
            found = _UNSHOWN.search(error.message)
            if _UNNAMED in error.message and not painted:
                painted, written = True, written | {name: as_pixels(text) for name, text in _pictures(written)}
                continue
            if not found:
                raise
            letters = {char for text in written.values() for char in text}
            gone = _with_its_kind(_unescaped(found[1]), letters) if found[1] else _composed(letters)
            if not gone:
                raise
            table = str.maketrans(dict.fromkeys(gone, UNSHOWN))
            written = {name: text.translate(table) for name, text in written.items()}
    raise InputError("Too many letters of this release have no font here: write it as HTML instead.")


def _pictures(written: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in written.items() if name.startswith(PICTURE))


def _unescaped(text: str) -> str:
    """Letters as typst names them: those that cannot be printed by their number. Plain letters are never the cause."""
    named = re.sub(r"\\u\{([0-9a-f]{1,6})\}", lambda found: chr(int(found[1], 16)), text)
    return "".join(char for char in named if not char.isascii())


def _composed(letters: Iterable[str]) -> set[str]:
    """Rare letters with an accent, and accents: typst takes them apart, and does not name the one that has no font."""
    return {char for char in letters if ord(char) > RARE and (combining(char) or normalize("NFD", char) != char)}


def _with_its_kind(text: str, letters: Iterable[str]) -> set[str]:
    """The letters that will be missing too: a machine without one sign of East Asia or one emoji has none of them."""
    kind = next((kind for kind in KINDS if any(ord(char) in kind for char in text)), range(0))
    return set(text) | {char for char in letters if ord(char) in kind}


def _compiled(written: dict[str, str], document: Document, *, own: bool) -> bytes:
    inputs = written | {"manifest": as_text(document.manifest)}
    return _compiler(own).compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=document.made
    )


@lru_cache(maxsize=2)
def _compiler(own: bool) -> Any:
    """A compiler, which is kept: reading fonts is what costs. With ``own`` it knows the shipped fonts alone."""
    typst = needed("typst")
    fonts = typst.Fonts(include_system_fonts=not own, include_embedded_fonts=True, font_paths=[str(FONTS)])
    return typst.Compiler(font_paths=fonts)


def _written(document: Document) -> dict[str, str]:
    """The document as the template takes it: one JSON text, and each picture under its name."""
    import json

    pictures: dict[str, str] = {}
    made = document.made
    data = {
        "title": _line(document.title),
        "context": _line(document.context),
        "conclusion": _line(document.conclusion),
        "address": _line(document.address),
        "digest": document.digest,
        "made": {part: getattr(made, part) for part in ("year", "month", "day", "hour", "minute", "second")},
        "lead": [_block(block, pictures) for block in document.lead],
        "sections": [_section(section, pictures) for section in document.sections],
    }
    written = {"document": json.dumps(data, ensure_ascii=False), **pictures}
    return {name: normalize("NFC", text) for name, text in written.items()}  # a letter and its accent as one


def _section(section: Section, pictures: dict[str, str]) -> dict[str, Any]:
    return {
        "title": _line(section.title),
        "boxed": section.boxed,
        "blocks": [_block(block, pictures) for block in section.blocks],
    }


def _block(block: Block, pictures: dict[str, str]) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": _line(block.text), "quiet": block.quiet}
        case Statements():
            rows = [{"text": _line(row.text), "mark": _mark(row.mark), "name": _line(row.name)} for row in block.rows]
            return {"kind": "statements", "rows": rows}
        case Facts():
            rows = [
                {"label": _line(row.label), "value": _line(row.value), "note": _line(row.note)} for row in block.rows
            ]
            return {"kind": "facts", "rows": rows, "listed": block.listed}
        case Chart():
            name = f"{PICTURE}{len(pictures)}"
            pictures[name] = svg(block.spec)
            return {"kind": "chart", "picture": name, "alt": _line(block.alt)}
        case Table():
            return _table(block)


def _table(table: Table) -> dict[str, Any]:
    columns = [{"title": _line(each.title), "kind": each.kind, "width": each.width} for each in table.columns]
    rows = [{"group": row.group, "cells": list(_cells(row.cells, table))} for row in table.rows]
    return {"kind": "table", "caption": _line(table.caption), "columns": columns, "rows": rows}


def _cells(cells: tuple[str, ...], table: Table) -> Iterator[Any]:
    for cell, column in zip(cells, table.columns, strict=False):
        yield _mark(cell) if column.kind == "mark" and cell in TABLE else _line(cell, 24)


def _mark(word: str) -> dict[str, str] | None:
    return {"text": marked(word), "colour": colour(word)} if word else None


def _line(text: str, longest: int = 48) -> str:
    """A text on one line of data, in which a word of more letters than have room may break."""
    return re.sub(rf"(\S{{{longest}}})(?=\S)", "\\1\u200b", one_line(text, LONGEST))
