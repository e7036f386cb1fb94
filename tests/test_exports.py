"""What leaves for a spreadsheet: texts that would be formulas are text, headers too, and there is no other way out."""

import ast
import csv
import io
import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.exports import FORMULA, safe_csv

ROOT = Path(__file__).parent.parent
PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", "  =1", "=HYPERLINK(\"http://x\")",
    "|calc", "%0A=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201",
)  # fmt: skip


def cells(frame: pl.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(safe_csv(frame).decode(), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_becomes_text_in_cells_and_in_headers(payload):
    frame = pl.DataFrame({payload: [payload, "plain", None], "n": [1, 2, 3]})
    assert cells(frame) == [[f"'{payload}", "n"], [f"'{payload}", "1"], ["plain", "2"], ["", "3"]]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4, unique=True), st.text(max_size=8))
def test_nothing_begins_a_formula_and_nothing_is_lost(names, text):
    header, row = cells(pl.DataFrame({f"c{name}": [text] for name in names} | {name or "x": [text] for name in names}))
    assert len(set(header)) == len(header)
    assert not any(cell.lstrip(" ").startswith(FORMULA) for cell in (*header, *row))
    assert {cell.removeprefix("'") for cell in row} <= {text, text.removeprefix("'")}


def test_columns_stay_apart_where_the_apostrophe_would_make_them_alike():
    header, row = cells(pl.DataFrame({"=a": [1], "'=a": [2], "''=a": [3]}))
    assert (header, row) == (["'''=a", "'=a", "''=a"], ["1", "2", "3"])


def test_numbers_truths_and_dates_are_written_as_they_are():
    assert cells(pl.DataFrame({"n": [-1.5], "b": [True]}))[1] == ["-1.5", "true"]


def test_the_downloads_that_are_built_into_tables_are_off():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["client"]["disableDataExport"] is True  # they write formulas as they are


def test_nothing_else_writes_tables_for_download():
    banned = {"to_csv", "write_csv", "write_excel", "to_excel", "data_editor"}
    sources = [*(ROOT / "core" / "plainview").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    calls = {
        (path.name, node.func.attr)
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {call for call in calls if call[1] in banned} == {("exports.py", "write_csv")}
