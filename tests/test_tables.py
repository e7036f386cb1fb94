"""Tables of examples: a download in which nothing is a formula, and cells that a browser only reads."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plainview.ui.tables import safe_csv, texts

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("mark", DANGEROUS)
def test_a_cell_or_header_that_would_be_a_formula_becomes_text(mark):
    header, row = rows_of(safe_csv(pl.DataFrame({f"{mark}head": [f"{mark}1+1"]})))
    assert header == [f"'{mark}head"]
    assert row == [f"'{mark}1+1"]


def test_numbers_stay_numbers_and_missing_stays_empty():
    frame = pl.DataFrame({"id": ["a", None], "error": [-1.5, None], "when": [date(2024, 1, 2), None]})
    assert rows_of(safe_csv(frame)) == [["id", "error", "when"], ["a", "-1.5", "2024-01-02"], ["", "", ""]]


@given(some.lists(some.text(max_size=12), min_size=1, max_size=6))
def test_no_cell_ever_begins_a_formula_and_none_is_lost(cells):
    content = rows_of(safe_csv(pl.DataFrame({"text": cells, "n": range(len(cells))})))[1:]
    assert len(content) == len(cells)
    for (written, _), cell in zip(content, cells, strict=True):
        assert not written.startswith(DANGEROUS)
        assert written in (cell, f"'{cell}")


def test_lists_and_structs_are_written_out():
    shown = texts(pl.DataFrame({"tags": [["a", "b"]], "box": [{"x": 1}], "n": [1]}))
    assert shown.schema == {"tags": pl.String, "box": pl.String, "n": pl.Int64}
