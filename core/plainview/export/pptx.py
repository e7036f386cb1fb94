"""A document as slides: each has the sentence that it comes to as its title; pictures have their alt texts."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from plainview.escaping import one_line
from plainview.export.document import (
    Block,
    Chart,
    Column,
    Document,
    Facts,
    Paragraph,
    Row,
    Section,
    Statement,
    Statements,
    Table,
)
from plainview.export.drawings import png
from plainview.export.marks import colour, marked
from plainview.export.numbers import as_text
from plainview.export.slides import Slides
from plainview.quantities import count

LINES, ROWS = 7, 11  # statements and rows of a table on a slide; what has no room is counted, and is in the full report
HIGH, WIDE = 14, 105  # lines of text on a slide; letters in one
SIZES = (
    (16, 95, 7),
    (14, 108, 8),
    (12, 126, 9),
    (10, 150, 11),
)  # of what stands over the figures: size, letters, lines
LONGEST = 260  # characters of one statement


def pptx(document: Document) -> bytes:
    """The slides; the manifest is a custom XML part."""
    slides = Slides(footer=f"{document.title}  ·  digest {document.digest[:16]}")
    _first(slides, document)
    for section in document.sections:
        if section.slides:
            for number, block in enumerate(_shown(section)):
                own = getattr(block, "conclusion", "") or (section.conclusion if number == 0 else "")
                _slide(slides, own or section.title, section.title, block)
    return slides.saved(document, as_text(document.manifest))


def _first(slides: Slides, document: Document) -> None:
    """What the release is, what changed, where it stands, and the figures."""
    slide = slides.new(document.conclusion, over=document.title)
    slides.text(slide, [one_line(document.context, 130)], top=2.35, size=14, quiet=True)
    lines: list[str] = []
    for block in document.lead:
        if isinstance(block, Statements):
            lines += [f"{row.name}: {row.text}" if row.name else row.text for row in block.rows]
        elif isinstance(block, Paragraph) and not block.quiet:
            lines.append(block.text)
        elif isinstance(block, Facts):
            slides.tiles(slide, [(row.label, row.value, row.note) for row in block.rows], top=5.0)
    said = [one_line(line, 380) for line in lines]
    slides.text(slide, said, top=2.95, size=_size(said))


def _size(lines: Sequence[str]) -> int:
    """The size, in points, at which these lines end above the figures."""
    fit = (size for size, letters, room in SIZES if sum(-(-len(line) // letters) for line in lines) <= room)
    return next(fit, SIZES[-1][0])


def _shown(section: Section) -> list[Block]:
    """A section's blocks, each of which is a slide."""
    return [block for block in section.blocks if not isinstance(block, Facts) and getattr(block, "slides", True)]


def _slide(slides: Slides, title: str, over: str, block: Block) -> None:
    slide = slides.new(title, over=over)
    match block:
        case Chart():
            small = block.small() if block.small else block
            slides.picture(slide, png(small.spec, width=1240), alt=one_line(small.alt, 2_000))
        case Statements():
            shown = _room([_statement(row) for row in block.rows], LINES, _lines)
            slides.statements(slide, shown, more=_more(len(block.rows) - len(shown), "more line"))
        case Paragraph():
            slides.text(slide, [block.text], top=2.4, size=18)
        case Table():
            rows = [_cells(row, block) for row in block.rows if not row.group]
            shown = _room(rows, ROWS, lambda row: max(map(_height, row, block.columns)))
            slides.table(slide, shown, block, more=_more(len(rows) - len(shown), "more row"))


def _room(rows: list[Any], most: int, lines: Callable[[Any], int]) -> list[Any]:
    """The first rows that have room on a slide together; the first one always."""
    high = list(accumulate(lines(row) for row in rows))
    return [row for row, end in zip(rows[:most], high, strict=False) if end <= HIGH] or rows[:1]


def _lines(row: tuple[str, str, str, str]) -> int:
    """About how many lines a statement takes."""
    return -(-sum(map(len, row)) // WIDE)


def _height(cell: str, column: Column) -> int:
    """About how many lines a cell takes."""
    return max(-(-len(cell) // int(17 * column.width)), 1)


def _statement(row: Statement) -> tuple[str, str, str, str]:
    """The mark and its colour, what it is about, and what is said."""
    mark = (marked(row.mark), colour(row.mark)) if row.mark else ("", "")
    return *mark, one_line(row.name, 80), one_line(row.text, LONGEST)


def _cells(row: Row, table: Table) -> list[str]:
    cells = zip(row.cells, table.columns, strict=True)
    return [marked(cell) if column.kind == "mark" else one_line(cell, int(34 * column.width)) for cell, column in cells]


def _more(over: int, noun: str) -> str:
    return f"{count(over, noun)} in the full report" if over > 0 else ""
