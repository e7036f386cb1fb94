"""What a reader of a page sees: every text, cell, label and alt sentence of what AppTest rendered."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent
JOINER = "\u2060"
NONSENSE = re.compile(r"\b(nan|NaN|None|null|NaT|inf|Infinity)\b|\{\}|<NA>")
# What the hostile names of page_stores hold, where no backslash or joiner has taken its life.
LIVING = re.compile(r"(?<!\\)(<script|!\[|\]\(http|\$x|`code)|(?<!\\\*)\*\*bold|:red\[x|:smile:")
# Fields of Streamlit's messages that nobody reads on the screen, and tables and charts, which are read apart.
UNREAD = {
    "id", "elementId", "formId", "page", "pageScriptHash", "queryString", "url", "icon", "language", "elementType",
    "arrowData", "arrowDataframe", "columns", "columnOrder", "spec", "datasets", "data", "chartData", "anchor", "type",
    "selectionMode", "style", "theme", "vegaLiteTheme", "tag", "codeText", "bind", "persistState", "deferredFileId",
}  # fmt: skip


def session() -> AppTest:
    """A reader who has not opened a page yet."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def open_page(path: str, *, reader: AppTest | None = None, **asked: str) -> AppTest:
    """The page at this address, rendered once, for a new reader or for one who comes from another page."""
    page = session() if reader is None else reader
    page.query_params = dict(asked)
    return page.switch_page(f"pages/{path}.py").run()


def address(page: AppTest) -> dict[str, str]:
    """The parameters of the page's address."""
    return {name: value if isinstance(value, str) else value[0] for name, value in page.query_params.items()}


def read(markdown: str) -> str:
    """Markdown from ``ui.plain`` as a browser shows it: without backslashes and joiners."""
    return re.sub(r"\\(.)", r"\1", markdown.replace(JOINER, ""))


def prose(page: AppTest) -> list[str]:
    """Every text, label, alt sentence and option, in order."""
    return [read(text) for proto in _protos(page) for text in _strings(MessageToDict(proto))]


def live(page: AppTest) -> list[str]:
    """Markdown in which something that a person wrote would come alive: it must all be escaped."""
    fields = ("body", "label", "help", "delta", "description")
    written = [
        getattr(proto, name)
        for proto in _protos(page)
        for name in fields
        if name in proto.DESCRIPTOR.fields_by_name and proto.DESCRIPTOR.name not in ("Text", "Code")
    ]
    return [text for text in written if isinstance(text, str) and LIVING.search(text)]


def _protos(page: AppTest) -> Iterator[Any]:
    for node in page.main:
        if hasattr(getattr(node, "proto", None), "DESCRIPTOR"):
            yield node.proto


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in UNREAD:
                yield from _strings(item)


def tables(page: AppTest) -> list[pl.DataFrame]:
    """Every table, cell by cell."""
    return [pl.read_ipc_stream(each.proto.arrow_data.data) for each in page.dataframe]


def charts(page: AppTest) -> list[dict]:
    """The Vega-Lite specification of every chart, with its rows in ``datasets``; ValueError for NaN in either."""
    return [_chart(each.proto) for each in page.get("vega_lite_chart")]


def _chart(proto: Any) -> dict:
    datasets = {each.name: pl.read_ipc_stream(each.data.data).to_dicts() for each in proto.datasets}
    if any(value != value for rows in datasets.values() for row in rows for value in row.values()):
        _refuse("NaN")
    return json.loads(proto.spec, parse_constant=_refuse) | {"datasets": datasets}


def _refuse(word: str) -> None:
    raise ValueError(f"{word} in a chart")


def hollow_tooltips(spec: dict) -> set[str]:
    """The titles of tooltips that would say "null" on some mark."""
    found = set()
    for layer in spec["layer"]:
        rows = spec["datasets"].get((layer.get("data") or spec["data"])["name"], [])
        tips = layer["encoding"].get("tooltip", [])
        for tip in tips if isinstance(tips, list) else [tips]:
            if any(row[tip["field"]] is None for row in rows):
                found.add(tip["title"])
    return found
