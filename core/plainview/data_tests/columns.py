"""Tests of single columns: that they are there, their type, missing values, ranges, allowed values."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from plainview.data_tests.outcomes import DataTest, judged, rows_amiss
from plainview.exceptions import nearest
from plainview.frames import class_text

if TYPE_CHECKING:
    from plainview.specification.data_models import ColumnDemand, DataDemands

_TYPES = {
    "text": (pl.String,),
    "number": (pl.Int64, pl.Float64),
    "integer": (pl.Int64,),
    "boolean": (pl.Boolean,),
    "date": (pl.Date, pl.Datetime),
}
_SPOKEN = {pl.String: "text", pl.Int64: "whole numbers", pl.Float64: "numbers", pl.Boolean: "true and false"}


def column_tests(frame: pl.DataFrame, demands: "DataDemands", id_column: str) -> Iterator[DataTest]:
    """Every test of a single column: those declared, then missing values of all others."""
    if demands.examples_at_least is not None:
        short = max(demands.examples_at_least - frame.height, 0)
        yield DataTest(
            "size", "fail" if short else "pass", found=short, of=frame.height, expected=f"{demands.examples_at_least:,}"
        )
    for name, demand in demands.columns.items():
        if name not in frame.columns:
            yield DataTest("schema", "fail", name, reason=f"There is no such column. {nearest(name, frame.columns)}")
            continue
        yield from _declared(frame, name, demand, id_column)
    for name in frame.columns:
        if name != id_column:
            yield _missing(frame, name, demands.missing_for(name), id_column)


def _declared(frame: pl.DataFrame, name: str, demand: "ColumnDemand", id_column: str) -> Iterator[DataTest]:
    column = frame[name]
    there = column.len() - column.null_count()
    if demand.type is not None:
        yield _type(column, demand.type)
    if demand.at_least is not None or demand.at_most is not None:
        yield _range(frame, name, demand, there, id_column)
    if demand.values is not None:
        strange = ~class_text(column).is_in(list(demand.values)) & column.is_not_null()
        yield _counted("allowed values", frame, name, strange, there, " or ".join(demand.values), id_column)


def _type(column: pl.Series, wanted: str) -> DataTest:
    """Whether a column holds what it should; a column without any value holds nothing."""
    kind = column.dtype.base_type()
    if column.null_count() == len(column):
        return DataTest("type", "no evidence", column.name, of=0, expected=wanted, reason="The column holds no value.")
    whole = kind == pl.Float64 and wanted == "integer" and bool((column.drop_nulls() % 1 == 0).all())
    right = kind in _TYPES[wanted] or whole
    reason = "" if right else f"It holds {_SPOKEN.get(kind, 'dates')}."
    return DataTest("type", "pass" if right else "fail", column.name, of=len(column), expected=wanted, reason=reason)


def _range(frame: pl.DataFrame, name: str, demand: "ColumnDemand", there: int, id_column: str) -> DataTest:
    low, high = demand.at_least, demand.at_most
    ends = [f"{word} {end:,.10g}" for word, end in (("at least", low), ("at most", high)) if end is not None]
    expected = " and ".join(ends)
    if not frame.schema[name].is_numeric():
        return DataTest("range", "fail", name, of=there, expected=expected, reason="It holds no numbers.")
    inside = pl.lit(True)
    inside = inside & (pl.col(name) >= low) if low is not None else inside
    inside = inside & (pl.col(name) <= high) if high is not None else inside
    outside = frame.select((~inside).fill_null(False).alias(name))[name]
    return _counted("range", frame, name, outside, there, expected, id_column)


def _counted(
    test: str, frame: pl.DataFrame, name: str, wrong: pl.Series, of: int, expected: str, id_column: str
) -> DataTest:
    """A test that no value may fail."""
    found, amiss = int(wrong.sum()), rows_amiss(frame, wrong, id_column, name)
    return DataTest(test, judged(found, of, 0.0), name, found, of, 0.0, expected=expected, amiss=amiss)


def _missing(frame: pl.DataFrame, name: str, allowed: float | None, id_column: str) -> DataTest:
    column = frame[name]
    wrong = column.is_null() | (column == "" if column.dtype == pl.String else pl.Series([False]))
    found = int(wrong.fill_null(True).sum())
    outcome = judged(found, frame.height, allowed)
    reason = "" if outcome != "no evidence" else "Nothing says how many may be."
    amiss = rows_amiss(frame, wrong.fill_null(True), id_column)
    return DataTest("missing values", outcome, name, found, frame.height, allowed, reason=reason, amiss=amiss)
