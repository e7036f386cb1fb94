"""A document as one HTML file: no script, no request, nothing but what is in it; it prints as it is read."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from plainview.escaping import one_line
from plainview.export.document import (
    Block,
    Chart,
    Document,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Statement,
    Statements,
    Table,
)
from plainview.export.drawings import FONT, svg
from plainview.export.marks import TABLE, marked
from plainview.export.numbers import as_text
from plainview.export.style import STYLE

NAME = "plainview-manifest"  # of the meta element that holds it
LONGEST = 20_000  # characters of one text


def html(document: Document) -> bytes:
    """UTF-8 of the page; the manifest is a meta element."""
    body = [
        _nav(document.manifest.get("links") or ()),
        '<header><p class="brand">Plainview</p>',
        f"<h1>{text(document.title)}</h1>",
        f'<p class="quiet">{text(document.context)}</p>',
        f'<p class="conclusion">{text(document.conclusion)}</p></header>',
        *map(_block, document.lead),
        *map(_section, document.sections),
        f"<footer><p>{_link(document.address)}</p><p>Digest {document.digest}</p></footer>",
    ]
    meta = f'<meta name="{NAME}" content="{escape(as_text(document.manifest))}">'
    return page(document.title, "\n".join(body), head=meta)


def page(title: str, body: str, *, head: str = "") -> bytes:
    """A whole page around a body that is HTML already."""
    hashed = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
        f"<title>{text(title)}</title>",
        head,
        f"<style>{STYLE}</style></head>",
        f"<body><main>\n{body}\n</main></body></html>\n",
    ]
    return "\n".join(filter(None, parts)).encode()


def text(said: object) -> str:
    """A text that stands as it is."""
    return escape(one_line(said, LONGEST))


def _nav(links: Iterable[Sequence[str]]) -> str:
    """Links to the files beside this one."""
    found = " · ".join(f'<a href="{text(file)}">{text(words)}</a>' for words, file in links)
    return f'<nav aria-label="Reports">{found}</nav>' if found else ""


def _link(address: str) -> str:
    """A link to the app where its address is known; else the place in it as text."""
    inside = text(address)
    return f'<a href="{inside}">{inside}</a>' if address.startswith(("http://", "https://")) else inside


def _section(section: Section) -> str:
    kind = ' class="boxed"' if section.boxed else ""
    inside = "\n".join(map(_block, section.blocks))
    return f"<section{kind}><h2>{text(section.title)}</h2>\n{inside}</section>"


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            kind = ' class="quiet"' if block.quiet else ""
            return f"<p{kind}>{text(block.text)}</p>"
        case Statements():
            return f"<ul>{''.join(map(_statement, block.rows))}</ul>"
        case Facts():
            kind = "listed" if block.listed else "facts"
            return f'<dl class="{kind}">{"".join(map(_fact, block.rows))}</dl>'
        case Chart():
            return _picture(block)
        case Table():
            return _table(block)


def _picture(chart: Chart) -> str:
    drawn = svg(chart.spec).replace(
        f'font-family="{FONT}"', f'font-family="{FONT}, Segoe UI, Helvetica, Arial, sans-serif"'
    )
    data = base64.b64encode(drawn.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{text(chart.alt)}">'


def mark(word: str) -> str:
    """A state, verdict or status: shape, word and colour."""
    return f'<span class="mark m{TABLE[word][2]}">{escape(marked(word))}</span>' if word in TABLE else text(word)


def _statement(row: Statement) -> str:
    begun = f"{mark(row.mark)} " if row.mark else ""
    name = f"<b>{text(row.name)}:</b> " if row.name else ""
    kind = ' class="marked"' if row.mark else ""
    return f'<li{kind}>{begun}<span dir="auto">{name}{text(row.text)}</span></li>'


def _fact(row: Fact) -> str:
    note = f'<dd class="quiet">{text(row.note)}</dd>' if row.note else ""
    return f'<div><dt>{text(row.label)}</dt><dd class="value">{text(row.value)}</dd>{note}</div>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col" class="of-{column.kind}">{text(column.title)}</th>' for column in table.columns)
    wide = sum(column.width for column in table.columns)
    widths = "".join(f'<col width="{100 * column.width / wide:.1f}%">' for column in table.columns)
    rows = "".join(_row(row, table) for row in table.rows)
    begun = f"<table><caption>{text(table.caption)}</caption><colgroup>{widths}</colgroup>"
    return f"{begun}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: Row, table: Table) -> str:
    if row.group:
        return f'<tr class="group"><th scope="rowgroup" colspan="{len(table.columns)}">{text(row.cells[0])}</th></tr>'
    cells = zip(row.cells, table.columns, strict=True)
    return f"<tr>{''.join(_cell(cell, column.kind) for cell, column in cells)}</tr>"


def _cell(cell: str, kind: str) -> str:
    inside = mark(cell) if kind == "mark" else text(cell)
    direction = ' dir="auto"' if kind == "text" else ""
    return f'<td class="of-{kind}"{direction}>{inside}</td>'
