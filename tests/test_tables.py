"""Tables of examples: a download in which nothing is a formula, and cells that a browser only reads."""

import csv
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plainview.escaping import one_line
from plainview.ui.tables import LONGEST, readable, safe_csv, texts

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


def test_a_cell_that_turns_the_reading_order_around_is_shown_without_that_and_handed_on_as_it_is():
    frame = pl.DataFrame({"text": ["invoice\u202egpj.exe", "\x1b[31mred", "a\nb", None], "n": [1, 2, 3, 4]})
    assert readable(frame)["text"].to_list() == ["invoicegpj.exe", "[31mred", "a\nb", None]
    assert rows_of(safe_csv(frame))[1] == ["invoice\u202egpj.exe", "1"]


@given(some.text(max_size=20))
def test_a_cell_is_shown_as_a_sentence_would_show_it(text):
    shown = readable(pl.DataFrame({"text": [text]}))["text"][0]
    assert one_line(shown) == one_line(text)
    assert not set(shown) & {
        "\x00",
        "\x1b",
        "\u202a",
        "\u202b",
        "\u202c",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
    }


def test_a_long_cell_is_cut():
    assert readable(pl.DataFrame({"text": ["W" * 2 * LONGEST]}))["text"][0] == "W" * LONGEST + "…"
