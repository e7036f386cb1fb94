"""Rows as they are handed over: every format gives the same plain frame, and what cannot be used is named."""

import gzip
import io
import json
import math
import subprocess
import sys
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from pyarrow import parquet

from plainview.exceptions import FrameError
from plainview.frames import check_ids, class_name, class_text, read_frame

PLAIN = pl.DataFrame(
    {
        "id": ["007", "08", "9"],
        "label": ["a", None, "b"],
        "words": [1, None, -3],
        "share": [0.5, None, 1e-7],
        "rain": [True, None, False],
        "taken": [date(2024, 2, 29), None, date(1999, 12, 31)],
        "seen": [datetime(2024, 2, 29, 12, 30, 1, 500_000), None, datetime(2024, 3, 1)],
    }
)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(source: object, **options: str) -> str:
    with pytest.raises(FrameError) as caught:
        read_frame(source, **options)
    return str(caught.value)


def write_plain(path: Path) -> Path:
    data = io.BytesIO()
    kind = path.suffixes[-2] if path.suffix == ".gz" else path.suffix
    if kind in (".csv", ".tsv"):
        PLAIN.write_csv(data, separator="\t" if kind == ".tsv" else ",")
    elif kind in (".jsonl", ".ndjson"):
        PLAIN.write_ndjson(data)
    elif kind == ".parquet":
        PLAIN.write_parquet(data)
    else:
        PLAIN.write_ipc(data)
    content = data.getvalue()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "a.csv", "A.CSV", "a.b.csv", "a.csv.gz", "a.tsv", "a.tsv.gz", "a.jsonl", "a.ndjson", "a.jsonl.gz", "a.ndjson.gz",
        "a.parquet", "a.arrow", "a.feather", "a.ipc",
    ],
)  # fmt: skip
def test_every_format_gives_the_same_frame(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_plain(tmp_path / name.lower()).rename(path)
    assert_frame_equal(read_frame(path, id_column="id"), PLAIN)
    assert_frame_equal(read_frame(str(path), id_column="id"), PLAIN)


def test_every_library_gives_the_same_frame() -> None:
    arrow = PLAIN.to_arrow()
    for frame in (PLAIN, PLAIN.lazy(), arrow, arrow.to_reader(), PLAIN.to_pandas(use_pyarrow_extension_array=True)):
        assert_frame_equal(read_frame(frame, id_column="id"), PLAIN)


def test_a_plain_pandas_frame_keeps_what_pandas_keeps() -> None:
    frame = read_frame(PLAIN.to_pandas(), id_column="id")
    expected = PLAIN.with_columns(pl.col("words").cast(pl.Float64), pl.col("taken").cast(pl.Datetime("us")))
    assert_frame_equal(frame, expected)


def test_an_arrow_stream_file_is_read(tmp_path: Path) -> None:
    data = io.BytesIO()
    PLAIN.write_ipc_stream(data)
    assert_frame_equal(read_frame(written(tmp_path, "a.arrow", data.getvalue()), id_column="id"), PLAIN)


def test_the_frame_that_was_handed_over_is_not_changed() -> None:
    frame = pd.DataFrame({"id": [1, 2], "x": [0.5, math.nan]})
    before = frame.copy(deep=True)
    read_frame(frame, id_column="id")
    pd.testing.assert_frame_equal(frame, before)


def test_types_become_few_and_plain() -> None:
    table = pa.table(
        {
            "small": pa.array([1, None], pa.uint8()),
            "half": pa.array([np.float16(0.5), np.float16("nan")], pa.float16()),
            "money": pa.array([Decimal("1.25"), None], pa.decimal128(10, 2)),
            "kind": pa.array(["x", None]).dictionary_encode(),
            "day": pa.array([date(2024, 1, 1), None], pa.date32()),
            "zoned": pa.array([datetime(2024, 7, 1, 2), None], pa.timestamp("ns", "Europe/Paris")),
            "hour": pa.array([clock(13, 30), None], pa.time64("us")),
            "took": pa.array([timedelta(seconds=90), None], pa.duration("ms")),
            "none": pa.nulls(2),
            "tags": pa.array([["a", "b"], None]),
            "box": pa.array([{"x": 1.5, "y": None}, None]),
        }
    )
    frame = read_frame(table)
    assert frame.row(0) == (
        1, 0.5, 1.25, "x", date(2024, 1, 1), datetime(2024, 7, 1, 2), "13:30:00", 90.0, None, '["a","b"]', '{"x":1.5,"y":null}',
    )  # fmt: skip
    assert frame.row(1) == (None,) * 11
    assert [str(kind) for kind in frame.dtypes] == [
        "Int64", "Float64", "Float64", "String", "Date", "Datetime(time_unit='us', time_zone=None)", "String", "Float64",
        "String", "String", "String",
    ]  # fmt: skip
    assert json.loads(frame["tags"][0]) == ["a", "b"]


def test_nan_is_missing_and_infinity_is_kept() -> None:
    frame = read_frame(pd.DataFrame({"x": [math.nan, math.inf, -math.inf, 1e308]}))
    assert frame["x"].to_list() == [None, math.inf, -math.inf, 1e308]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([1, 2], ["1", "2"]),
        ([1.0, math.nan], ["1", None]),
        ([1.5, 2.0], ["1.5", "2"]),
        ([2**63 + 1, 2**64 - 1], ["9223372036854775809", "18446744073709551615"]),
        (["007", "7"], ["007", "7"]),
        ([True, False], ["true", "false"]),
        ([date(2024, 1, 1), None], ["2024-01-01", None]),
        (pd.Categorical(["b", "a"]), ["b", "a"]),
    ],
)
def test_ids_of_any_type_become_text(ids: list, expected: list) -> None:
    assert read_frame(pd.DataFrame({"id": ids}), id_column="id")["id"].to_list() == expected


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.jsonl", b"", ["empty"]),
        ("a.jsonl", b'{"a": 1}\n{"a": \n', ["line 2"]),
        ("a.jsonl", b'{"a": 1}\n[1]\n', ["line 2", "object"]),
        ("a.jsonl", b'{"a": NaN}\n', ["line 1", "NaN", "null"]),
        ("a.jsonl", b'{"a": "\xff"}\n', ["line 1"]),
        ("a.parquet", b"PAR1 this is none", ["a.parquet", "could not be read"]),
        ("a.parquet", b"", ["could not be read"]),
        ("a.arrow", b"ARROW1 this is none", ["could not be read"]),
        ("a.feather", b"", ["could not be read"]),
        ("a.csv.gz", b"not gzip", ["could not be read"]),
        ("a.csv.gz", gzip.compress(b"id,label\n1,a\n", mtime=0)[:-9], ["could not be read"]),
        ("a.xlsx", b"", ["no known format", ".csv", ".parquet"]),
        ("a.parquet.gz", b"", ["no known format"]),
        ("a", b"", ["no known format"]),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_with_its_name(
    tmp_path: Path, name: str, content: bytes, named: list[str]
) -> None:
    message = refusal(written(tmp_path, name, content))
    assert name in message
    assert all(part in message for part in named), message


def test_a_file_that_is_not_there_is_named_with_the_nearest_that_is(tmp_path: Path) -> None:
    write_plain(tmp_path / "predictions.csv")
    assert "Did you mean 'predictions.csv'?" in refusal(tmp_path / "prediction.csv")
    assert "There is no file" in refusal(tmp_path / "nowhere" / "a.csv")
    assert "could not be read" in refusal("x" * 5000 + ".csv")
    (tmp_path / "folder.csv").mkdir()
    assert "is a folder; a file was expected" in refusal(tmp_path / "folder.csv")


def test_a_truncated_parquet_file_is_an_error_at_every_length(tmp_path: Path) -> None:
    content = write_plain(tmp_path / "whole.parquet").read_bytes()
    for length in range(0, len(content), 97):
        assert "could not be read" in refusal(written(tmp_path, "part.parquet", content[:length]))


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (pl.DataFrame(), ["no rows"]),
        (PLAIN.clear(), ["no rows"]),
        (pd.DataFrame({"a": []}), ["no rows"]),
        (pd.DataFrame({"label": [1, "x"]}), ["'label'", "int and str"]),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ["two columns", "'a'"]),
        (pd.DataFrame({"month": pd.period_range("2024-01", periods=2, freq="M")}), ["'month'"]),
        (pd.DataFrame({"z": [1j]}), ["'z'", "complex"]),
        (pl.DataFrame({"raw": [b"x"]}), ["'raw'", "Binary"]),
        (pl.DataFrame({"thing": pl.Series([object()], dtype=pl.Object)}), ["'thing'", "Object"]),
        (pl.DataFrame({"big": pl.Series([2**63], dtype=pl.UInt64)}), ["'big'", "64 bits"]),
        (pa.table([[1], [2]], names=["a", "a"]), ["a"]),
        ([1, 2], ["list", "pandas, Polars or Arrow"]),
        (None, ["NoneType"]),
        (pd.Series([1, 2]), ["Series"]),
        (7, ["int"]),
    ],
)
def test_a_frame_that_cannot_be_used_names_the_column(frame: object, named: list[str]) -> None:
    message = refusal(frame)
    assert all(part in message for part in named), message


def test_the_columns_of_a_pandas_frame_may_be_numbers() -> None:
    assert read_frame(pd.DataFrame([[1, "x"]])).columns == ["0", "1"]


def test_rows_without_an_id_are_named() -> None:
    frame = read_frame(pl.DataFrame({"id": ["a", None, "", " ", "b"]}), id_column="id")
    with pytest.raises(FrameError, match=r"3 rows without an id in column 'id': rows 2, 3, 4\."):
        check_ids(frame, "id")


def test_ids_that_are_repeated_are_named_with_their_rows() -> None:
    frame = read_frame(pl.DataFrame({"id": [1, 2, 1, 3, 2, 1]}), id_column="id")
    with pytest.raises(FrameError, match=r"2 ids repeated in column 'id': '1' in rows 1, 3, 6; '2' in rows 2, 5\."):
        check_ids(frame, "id")
    many = pl.DataFrame({"id": [str(n % 50) for n in range(1000)]})
    with pytest.raises(FrameError, match=r"50 ids repeated .* and 15 more; .*; and 45 more\."):
        check_ids(many, "id")


def test_an_id_column_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(FrameError, match=r"no id column 'idd'\. Did you mean 'id'\?"):
        check_ids(PLAIN, "idd")


def test_distinct_ids_pass() -> None:
    check_ids(PLAIN, "id")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pl.Series([True, None, False]), ["true", None, "false"]),
        (pl.Series([1, 0]), ["1", "0"]),
        (pl.Series([1.0, None, -0.0, float("nan")]), ["1", None, "0", None]),
        (pl.Series([0.1, 2.0, 1e-7, 1e22, float("inf")]), ["0.1", "2", "1e-07", "10000000000000000000000", "inf"]),
        (pl.Series(["yes", "", "1.0", None]), ["yes", None, "1.0", None]),
        (pl.Series([date(2024, 1, 1)]), ["2024-01-01"]),
    ],
)
def test_classes_are_spelled_one_way(values: pl.Series, expected: list) -> None:
    found = class_text(values)
    assert found.dtype == pl.String
    assert found.to_list() == expected


@given(
    st.one_of(st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False), st.text(min_size=1, max_size=5))
)
def test_one_class_is_spelled_as_in_a_column(value: object) -> None:
    try:
        values = pl.Series([value])
    except UnicodeEncodeError:  # half of a surrogate pair, which no frame can hold
        return
    assert class_text(values).to_list() == [class_name(value)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=60), st.text('ab,"\n1', max_size=40).map(str.encode)))
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.arrow", "a.csv.gz"])
def test_any_bytes_at_all_give_a_frame_or_a_frame_error(tmp_path: Path, name: str, content: bytes) -> None:
    try:
        frame = read_frame(written(tmp_path, name, content), id_column="a")
    except FrameError:
        return
    assert frame.height > 0


def test_reading_a_frame_does_not_import_pandas(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "a.csv")
    script = (
        f"import sys; from plainview.frames import read_frame; assert read_frame({str(path)!r}).height == 3; "
        "assert not {'pandas', 'pyarrow.dataset', 'pyarrow.parquet'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_parquet_of_pyarrow_and_pandas_is_read(tmp_path: Path) -> None:
    parquet.write_table(PLAIN.to_arrow(), tmp_path / "a.parquet", compression="gzip")
    assert_frame_equal(read_frame(tmp_path / "a.parquet", id_column="id"), PLAIN)
