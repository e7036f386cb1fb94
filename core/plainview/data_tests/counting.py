"""Evidently counts what it has a metric for: missing values, values out of range or not allowed, duplicated rows."""

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import polars as pl

from plainview.data_tests.outcomes import DataTest
from plainview.data_tests.reporting import evidently_values
from plainview.data_tests.sameness import alike, same_columns
from plainview.exceptions import PlainviewError
from plainview.frames import class_text

if TYPE_CHECKING:
    from plainview.specification import Specification

OPTION = "--counted-by"


def counted_by_evidently(
    tests: Sequence[DataTest], frame: pl.DataFrame, specification: "Specification"
) -> list[DataTest]:
    """The same tests, with Evidently's counts where it has a metric for them.

    Raises PlainviewError where Evidently is not installed, or counts otherwise than the rows that were found.
    """
    found, columns, places = list(tests), {}, []

    def metrics(known: ModuleType) -> list[Any]:
        asked = [(at, _metric(known, test, frame, specification, columns)) for at, test in enumerate(tests)]
        places.extend(at for at, metric in asked if metric is not None)
        return [metric for _, metric in asked if metric is not None]

    values = evidently_values(metrics, columns, option=OPTION)
    for at, (value, method) in zip(places, values, strict=True):
        found[at] = _recounted(tests[at], value, method)
    for at, test in enumerate(tests):
        if test.test == "duplicates" and test.outcome != "no evidence":
            same = [alike(frame[name]) for name in same_columns(specification, frame.columns)]
            rows = {f"c{place}": column for place, column in enumerate(same)}
            [(value, method)] = evidently_values(lambda known: [known.DuplicatedRowCount()], rows, option=OPTION)
            found[at] = _recounted(test, value, method)
    return found


def _recounted(test: DataTest, value: Any, method: str) -> DataTest:
    count = int(value["count"] if isinstance(value, dict) else value)
    if count != test.found:
        where = f" of column {test.column!r}" if test.column else ""
        raise PlainviewError(
            f"Evidently counts {count:,} rows in the test of {test.test}{where}, where {test.found:,} were found one by one. "
            f"Nothing is kept. {OPTION} plainview keeps Plainview's own count."
        )
    return test.recounted(count, method)


def _metric(
    known: ModuleType,
    test: DataTest,
    frame: pl.DataFrame,
    specification: "Specification",
    columns: dict[str, pl.Series],
) -> Any:
    """Evidently's metric for a test of one column, or None; the column that it reads is added to ``columns``."""
    if test.column is None or test.column not in frame.columns or not test.of:
        return None
    name, column = f"c{len(columns)}", frame[test.column]
    demand = specification.data.columns.get(test.column)
    if test.test == "missing values":
        columns[name] = column if column.dtype.is_numeric() else class_text(column)
        return known.MissingValueCount(column=name)
    if test.test == "range" and not test.reason:
        columns[name] = column
        low = float("-inf") if demand.at_least is None else demand.at_least
        high = float("inf") if demand.at_most is None else demand.at_most
        return known.OutRangeValueCount(column=name, left=low, right=high)
    if test.test == "allowed values":
        columns[name] = class_text(column)
        return known.OutListValueCount(column=name, values=list(demand.values))
    return None
