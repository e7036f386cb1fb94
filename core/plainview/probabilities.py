"""Probabilities that cannot be right, refused when they are published: beyond 0 to 1, or not adding up over the classes."""

import polars as pl

from plainview.exceptions import FrameError
from plainview.specification import Specification
from plainview.tasks.stated import ROUNDED

_SLACK = 1e-9  # what adding up may cost beside what rounding does
_TOTAL = "\x1ftotal"  # no column may be called so


def check_probabilities(rows: pl.DataFrame, specification: Specification) -> None:
    """Raise FrameError that names the first example whose probabilities cannot be right; a missing one is none.

    Those of an example add up to 1, give or take 0.005 for each class; where some of the ``classes`` have none, to 1 at most.
    """
    columns = [name for name in (specification.columns.probabilities or {}).values() if rows.schema[name].is_numeric()]
    for name in columns:
        _check_range(rows, specification.columns.id, name)
    if specification.task == "classification" and len(columns) > 1:
        _check_sum(rows, columns, specification)


def _check_range(rows: pl.DataFrame, ids: str, column: str) -> None:
    value = pl.col(column).cast(pl.Float64)
    beyond = rows.filter(value.is_not_nan() & ~value.is_between(-_SLACK, 1 + _SLACK))
    if beyond.height:
        raise FrameError(
            f"Column {column!r} holds {beyond[column][0]:.10g} for example {str(beyond[ids][0])!r}: "
            f"a probability is from 0 to 1{_such(beyond.height)}."
        )


def _check_sum(rows: pl.DataFrame, columns: list[str], specification: Specification) -> None:
    named, declared = specification.columns.probabilities or {}, specification.classes or ()
    slack = ROUNDED * len(columns) + _SLACK
    total = pl.sum_horizontal(pl.col(columns).cast(pl.Float64), ignore_nulls=False)
    off = total > 1 + slack
    if set(declared) <= set(named) and len(columns) == len(named):
        off = off | (total < 1 - slack)
    wrong = rows.with_columns(total.alias(_TOTAL)).filter(off & total.is_not_nan())
    if wrong.height:
        first = wrong.row(0, named=True)
        stated = ", ".join(f"{name} {first[name]:g}" for name in columns)
        advice = "" if declared else " If there are other classes than these, list all of them as `classes`."
        raise FrameError(
            f"The probabilities of example {str(first[specification.columns.id])!r} add up to {first[_TOTAL]:g}, not to 1: "
            f"{stated}{_such(wrong.height)}.{advice}"
        )


def _such(count: int) -> str:
    return f" ({count:,} such {'row' if count == 1 else 'rows'})"
