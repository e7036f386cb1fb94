"""CSV files: the types of whole columns, quotes and line breaks, and errors that name the line."""

import math
import time
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from plainview.exceptions import FrameError
from plainview.frames import read_frame


def read_csv(folder: Path, content: str | bytes, **options: str) -> pl.DataFrame:
    path = folder / "rows.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_frame(path, **options)


def test_leading_zeros_of_ids_and_codes_are_kept(tmp_path: Path) -> None:
    frame = read_csv(tmp_path, "id,zip,n\n007,02134,1\n8,10001,0\n", id_column="id")
    assert frame.rows() == [("007", "02134", 1), ("8", "10001", 0)]
    frame = read_csv(tmp_path, "id,n\n7,1\n8,0\n", id_column="id")
    assert frame["id"].to_list() == ["7", "8"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-2", ""], [1, -2, None]),
        (["1", "2.5"], [1.0, 2.5]),
        (["1", "NA", "3"], [1, None, 3]),
        (
            ["0.5", "NaN", "inf", "-inf", "1e308", ".5", "1E-3", "+2"],
            [0.5, None, math.inf, -math.inf, 1e308, 0.5, 1e-3, 2.0],
        ),
        (["9223372036854775807"], [2**63 - 1]),
        (["9223372036854775808"], ["9223372036854775808"]),
        (["12345678901234567890", "1.5"], ["12345678901234567890", "1.5"]),
        (["01", "2"], ["01", "2"]),
        (["00.5"], ["00.5"]),
        (["0", "-0"], [0, 0]),
        (["true", "False", "NA"], [True, False, None]),
        (["yes", "no"], ["yes", "no"]),
        (["NA", "None", "x"], ["NA", "None", "x"]),
        (["NA", "NA"], ["NA", "NA"]),
        (["2024-02-29", ""], [date(2024, 2, 29), None]),
        (["2024-02-30"], ["2024-02-30"]),
        (["2024-01-01", "soon"], ["2024-01-01", "soon"]),
        (
            ["2024-01-01T10:00", "2024-01-01 10:00:01.25"],
            [datetime(2024, 1, 1, 10), datetime(2024, 1, 1, 10, 0, 1, 250_000)],
        ),
        (["2024-01-01T10:00:00Z", "2024-01-01T10:00+02:00"], [datetime(2024, 1, 1, 10), datetime(2024, 1, 1, 8)]),
        (["2024-01-01T10:00:00Z", "2024-01-01T10:00:00"], ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00"]),
        (["1,5", "2"], ["1,5", "2"]),
        ([" 1", "2"], [" 1", "2"]),
        (["1_000"], ["1_000"]),
        (["0x10"], ["0x10"]),
        (["1" + "0" * 400 + ".0"], [math.inf]),
        (["a", ""], ["a", None]),
    ],
)
def test_a_csv_column_is_what_every_one_of_its_values_is(tmp_path: Path, values: list[str], expected: list) -> None:
    lines = "".join(f'{number},"{value}"\n' for number, value in enumerate(values))
    assert read_csv(tmp_path, "id,value\n" + lines)["value"].to_list() == expected


def test_one_late_value_decides_the_type_of_the_whole_column(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(20_000))
    assert read_csv(tmp_path, "id,n\n" + rows)["n"].dtype == pl.Int64
    assert read_csv(tmp_path, "id,n\n" + rows + "x,2.5\n")["n"].dtype == pl.Float64
    assert read_csv(tmp_path, "id,n\n" + rows + "x,many\n")["n"].dtype == pl.String


def test_quotes_line_breaks_and_marks_of_order_are_read(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbfid,text,n\r\n1,"two\nlines, ""quoted""",5\r\n\r\n2,5" pipe and 6" pipe,6\r\n'
    assert read_csv(tmp_path, content).rows() == [(1, 'two\nlines, "quoted"', 5), (2, '5" pipe and 6" pipe', 6)]
    assert read_csv(tmp_path, "id,text\r1,a\r2,b\r").rows() == [(1, "a"), (2, "b")]
    assert read_csv(tmp_path, "id,text\n1,a\n2,b").rows() == [(1, "a"), (2, "b")]


def test_a_text_longer_than_a_block_is_read(tmp_path: Path) -> None:
    long = "word, " * 4_000_000
    frame = read_csv(tmp_path, f'id,text\n1,"{long}"\n2,b\n')
    assert frame["text"].str.len_chars().to_list() == [24_000_000, 1]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", ["rows.csv", "empty"]),
        (b"\n\n", ["empty"]),
        (b"id,label\n", ["no rows"]),
        (b"id,label\n1,a\n2\n3,c\n", ["line 3", "1 field", "2"]),
        (b'id,label\n1,"a\nb"\n2,b,c\n', ["line 4", "3 fields", "2"]),
        (b"id,label,id\n1,a,2\n", ["line 1", "'id'", "twice", "1 and 3"]),
        (b",label\n1,a\n", ["line 1", "column 1", "no name", "index=False"]),
        (b"id;label\n1;a\n", ["semicolons"]),
        (b"x" * 200_000 + b",label\n1,a\n", ["line 1", "column names"]),
        (b"id,label\n1," + b"x" * 200_000 + b"\n2\n", ["rows.csv", "could not be read", "columns"]),
        (b"id,label\n1,caf\xe9\n", ["line 2", "0xe9", "offset 14", "UTF-8"]),
        ("id,label\n1,a\n".encode("utf-16"), ["UTF-16"]),
        (b'id,label\n1,"a\n2,b\n', ["line 2", "quote"]),
        (b'id,label\n1,b\n2,"x" y" z\n', ["line 3", "quote"]),
    ],
)
def test_a_csv_that_cannot_be_read_is_named_by_line(tmp_path: Path, content: bytes, named: list[str]) -> None:
    with pytest.raises(FrameError) as caught:
        read_csv(tmp_path, content)
    message = str(caught.value)
    assert all(part in message for part in named), message


CELLS = st.one_of(
    st.none(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.text('ab,"\n é☂01', max_size=6), st.booleans()
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_a_csv_says_what_pandas_reads_from_it_as_text(tmp_path: Path, table: list[tuple]) -> None:
    path = tmp_path / "table.csv"
    pd.DataFrame({"a": [a for a, _ in table], "b": [b for _, b in table], "c": "x"}, dtype=object).to_csv(
        path, index=False
    )
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame = read_frame(path)
    kept = frame.select(pl.col(pl.String))
    for column in kept.columns:
        assert kept[column].fill_null("").to_list() == expected[column].tolist()
    for column in set(frame.columns) - set(kept.columns):
        numbers = frame[column].cast(pl.Float64).fill_null(math.nan).to_list()
        said = [{"True": 1.0, "False": 0.0, "": math.nan}.get(text) for text in expected[column]]
        wanted = [
            float(text) if number is None else number for number, text in zip(said, expected[column], strict=True)
        ]
        np.testing.assert_array_equal(numbers, wanted)


def test_a_large_csv_is_read_well_under_a_second(tmp_path: Path) -> None:
    count = 100_000
    source = pl.DataFrame(
        {f"n{k}": range(k, count + k) for k in range(8)}
        | {f"x{k}": [number / (k + 7) for number in range(count)] for k in range(6)}
        | {f"s{k}": [f"word {number % 97}, {k}" for number in range(count)] for k in range(6)}
    )
    source.write_csv(tmp_path / "large.csv")
    read_frame(tmp_path / "large.csv")
    start = time.process_time()
    frame = read_frame(tmp_path / "large.csv")
    assert time.process_time() - start < 5  # CPU of all threads on a busy machine; the wall time is about 0.4 s
    assert_frame_equal(frame, source)
