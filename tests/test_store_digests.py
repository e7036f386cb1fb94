"""The content digest sees what a table says, and nothing of how it is held."""

from datetime import date, datetime

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import own_cache  # noqa: F401

from plainview.exceptions import FrameError
from plainview.store.digests import content_digest

TABLE = {
    "id": ["a", "b", None, "dé", ""],
    "n": [1, None, -3, 4, 5],
    "x": [0.5, -0.0, None, float("inf"), 2.0],
    "yes": [True, None, False, True, True],
    "day": [date(2024, 1, 1), None, date(1969, 12, 31), date(2030, 5, 5), date(2000, 1, 1)],
    "at": [datetime(2024, 1, 1, 12, 0, 0, 7), None, datetime(1960, 1, 1), datetime(2024, 1, 2), datetime(2024, 1, 3)],
    "boxes": [[1.0, 2.0], [], None, [None, 4.0], [5.0]],
    "place": [{"x": 1, "y": "a"}, {"x": None, "y": "b"}, {"x": 3, "y": None}, {"x": 4, "y": ""}, {"x": 5, "y": "e"}],
}
values = st.one_of(
    st.lists(st.none() | st.text(max_size=5), max_size=30),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=30),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=30),
    st.lists(st.none() | st.booleans(), max_size=30),
    st.lists(st.none() | st.lists(st.none() | st.text(max_size=3), max_size=3), max_size=12),
)


def arrow() -> pa.Table:
    return pa.Table.from_pylist(pl.DataFrame(TABLE).to_dicts())


def test_the_digest_is_pinned():
    """A change here changes the identity of everything ever published: make a new FORMAT and read both instead."""
    assert content_digest(pl.DataFrame(TABLE)) == "170e74fffdb634542a0fb1b6659f5a3e3ebbe8954ce0896696ee4fab2862f9c5"


@pytest.mark.parametrize(
    "held",
    [
        lambda table: table.select(sorted(table.column_names, reverse=True)),
        lambda table: pa.concat_tables([table.slice(0, 2), table.slice(2, 0), table.slice(2)]),
        lambda table: pa.concat_tables([table.slice(3), table]).slice(2),
        lambda table: table.set_column(0, "id", table["id"].dictionary_encode()),
        lambda table: table.set_column(0, "id", table["id"].cast(pa.large_string())),
        lambda table: table.set_column(0, "id", table["id"].cast(pa.string_view())),
        lambda table: table.set_column(1, "n", table["n"].cast(pa.int8())),
        lambda table: table.set_column(2, "x", table["x"].cast(pa.float32())),
        lambda table: table.set_column(5, "at", table["at"].cast(pa.timestamp("ns"))),
        lambda table: table.set_column(6, "boxes", table["boxes"].cast(pa.large_list(pa.float32()))),
        lambda table: table.replace_schema_metadata({"pandas": "x"}),
        lambda table: pl.from_arrow(table),
        lambda table: pl.from_arrow(table).with_columns(pl.col("id").cast(pl.Categorical)),
        lambda table: pl.from_arrow(table).lazy().filter(pl.lit(True)).collect(),
        lambda table: iter(table.to_batches(max_chunksize=1)),
    ],
)
def test_how_a_table_is_held_does_not_matter(held):
    assert content_digest(held(arrow())) == content_digest(pl.DataFrame(TABLE))


def test_what_lies_under_a_null_does_not_matter():
    mask = pa.py_buffer(bytes([0b101]))
    one = pa.Array.from_buffers(pa.int64(), 3, [mask, pa.py_buffer(np.array([1, 99, 3], "<i8"))])
    other = pa.Array.from_buffers(pa.int64(), 3, [mask, pa.py_buffer(np.array([1, -7, 3], "<i8"))])
    assert content_digest(pa.table({"n": one})) == content_digest(pa.table({"n": other}))


def test_what_lies_under_a_null_struct_does_not_matter():
    def table(hidden):
        inner = pa.array([1, hidden], pa.int64())
        return pa.table({"s": pa.StructArray.from_arrays([inner], names=["x"], mask=pa.array([False, True]))})

    assert content_digest(table(5)) == content_digest(table(6))
    assert content_digest(table(5)) != content_digest(pa.table({"s": [{"x": 1}, {"x": 5}]}))


def test_every_nan_is_one_nan_and_no_null():
    payload = np.array([0x7FF8000000000001], "<u8").view("<f8")
    assert content_digest(pa.table({"x": payload})) == content_digest(pa.table({"x": [float("nan")]}))
    assert content_digest(pa.table({"x": [float("nan")]})) != content_digest(
        pa.table({"x": pa.array([None], pa.float64())})
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["xy", "z"]}, {"a": ["x", "yz"]}),
        ({"a": [None, "x"]}, {"a": ["", "x"]}),
        ({"a": [None, 1]}, {"a": [0, 1]}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"b": [1]}),
        ({"a": [1]}, {"a": [1.0]}),
        ({"a": [1]}, {"a": [True]}),
        ({"a": [1]}, {"a": ["1"]}),
        ({"a": [1], "b": [2]}, {"a": [2], "b": [1]}),
        ({"a": [[1], [2]]}, {"a": [[1, 2], []]}),
        ({"a": [[], [1]]}, {"a": [None, [1]]}),
        ({"a": [{"x": 1, "y": 2}]}, {"a": [{"x": 2, "y": 1}]}),
        ({"a": [{"x": 1}]}, {"a": [None], "a/.x": [1]}),
        ({"a": [1]}, {"a": [1, 1]}),
        ({}, {"a": pl.Series([], dtype=pl.Int64)}),
        ({"a": pl.Series([], dtype=pl.Int64)}, {"a": pl.Series([], dtype=pl.String)}),
    ],
)
def test_what_a_table_says_matters(one, other):
    assert content_digest(pl.DataFrame(one)) != content_digest(pl.DataFrame(other))


@settings(max_examples=150, deadline=None)
@given(values, st.integers(0, 30), st.data())
def test_slices_and_chunks_of_any_table_digest_alike(column, cut, data):
    table = pa.table({"a": column, "b": list(range(len(column)))})
    chunked = pa.concat_tables([table.slice(0, cut), table.slice(cut)])
    assert content_digest(chunked) == content_digest(table)
    padded = pa.concat_tables([table.slice(0, 1), table]).combine_chunks().slice(min(1, len(column)))
    assert content_digest(padded) == content_digest(table)
    if column:
        at = data.draw(st.integers(0, len(column) - 1))
        changed = [*column[:at], None if column[at] is not None else _some(column), *column[at + 1 :]]
        if _some(column) is not None:
            assert content_digest(
                pa.table({"a": pa.array(changed, table["a"].type), "b": table["b"]})
            ) != content_digest(table)


def _some(column):
    return next((value for value in column if value is not None), None)


@pytest.mark.parametrize(
    "column",
    [pl.Series("t", [b"x"]), pl.Series("t", [1], dtype=pl.Duration), pl.Series("t", ["1.5"]).cast(pl.Decimal(10, 2))],
)
def test_a_type_that_cannot_be_kept_is_an_error_that_names_the_column(column):
    with pytest.raises(FrameError, match="Column 't' has the type"):
        content_digest(pl.DataFrame([column]))


def test_a_number_that_does_not_fit_is_an_error_that_names_the_column():
    with pytest.raises(FrameError, match="Column 'n' cannot be kept as int64"):
        content_digest(pl.DataFrame({"n": pl.Series([2**64 - 1], dtype=pl.UInt64)}))
