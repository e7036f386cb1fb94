"""A document as Markdown: for a pull request, a wiki, a chat. Charts stand as the sentences that say the same."""

from functools import partial

from plainview import escaping
from plainview.export.document import (
    Block,
    Chart,
    Document,
    Facts,
    Paragraph,
    Row,
    Section,
    Statement,
    Statements,
    Table,
)
from plainview.export.marks import marked
from plainview.export.numbers import as_text

LONGEST = 20_000  # characters of one text
BEFORE, AFTER = "<!-- plainview-manifest ", " -->"
plain = partial(escaping.markdown, limit=LONGEST)


def markdown(document: Document) -> bytes:
    """UTF-8 of GitHub's Markdown; the manifest is a comment at the end."""
    parts = [
        f"# {plain(document.title)}",
        plain(document.context),
        f"**{plain(document.conclusion)}**",
        *map(_block, document.lead),
        *map(_section, document.sections),
        "---",
        f"{plain(document.address)} · digest {document.digest}",
        f"{BEFORE}{as_text(document.manifest)}{AFTER}",
    ]
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _section(section: Section) -> str:
    parts = [f"## {plain(section.title)}", *map(_block, section.blocks)]
    text = "\n\n".join(filter(None, parts))
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if section.boxed else text


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return plain(block.text)
        case Statements():
            return "\n".join(map(_statement, block.rows))
        case Facts():
            return "\n".join(_fact(row.label, row.value, row.note) for row in block.rows)
        case Chart():
            return f"*Chart: {plain(block.alt)}*"
        case Table():
            return _table(block)


def _statement(row: Statement) -> str:
    mark = f"{marked(row.mark)} · " if row.mark else ""
    name = f"**{plain(row.name)}:** " if row.name else ""
    return f"- {mark}{name}{plain(row.text)}"


def _fact(label: str, value: str, note: str) -> str:
    return f"- {plain(label)}: **{plain(value)}**" + (f" ({plain(note)})" if note else "")


def _table(table: Table) -> str:
    head = [f" {plain(column.title)} " for column in table.columns]
    rule = ["---:" if column.kind == "number" else "---" for column in table.columns]
    return "\n".join(f"|{'|'.join(cells)}|" for cells in [head, rule, *(_row(row, table) for row in table.rows)])


def _row(row: Row, table: Table) -> list[str]:
    if row.group:
        return [f" **{plain(row.cells[0])}** ", *(" " for _ in table.columns[1:])]
    shown = (
        marked(cell) if column.kind == "mark" else cell for cell, column in zip(row.cells, table.columns, strict=True)
    )
    return [f" {plain(cell)} " for cell in shown]
