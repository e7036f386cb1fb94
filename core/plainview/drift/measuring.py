"""Evidently measures how far each column is from the test set, by the distance that it takes for such columns.

The same rows go in as Plainview's own measure sees: the values that are there, numbers as numbers, categories as names.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from plainview.data_tests.reporting import evidently_values
from plainview.drift.distances import jensen_shannon
from plainview.drift.judging import JENSEN_SHANNON, WASSERSTEIN, Measured
from plainview.drift.sides import Side, Unlike
from plainview.exceptions import PlainviewError

ALIKE = 1e-6  # how far Evidently's distance and ours may be apart, of the distance
OPTION = "--measured-by"


def measured_by_evidently(found: Sequence[Measured], compared: Sequence[Side | Unlike]) -> list[Measured]:
    """The same columns with Evidently's distances. PlainviewError where it is not installed, or measures something else."""
    sides = {side.name: side for side in compared if isinstance(side, Side)}
    asked = {
        f"c{at}": (at, sides[each.shift.column])
        for at, each in enumerate(found)
        if each.shift.aspect == "values" and each.shift.verdict != "not there"
    }
    now, then = ({name: getattr(side, part) for name, (_, side) in asked.items()} for part in ("batch", "reference"))
    methods = {name: JENSEN_SHANNON if side.kind == "category" else WASSERSTEIN for name, (_, side) in asked.items()}
    values = evidently_values(
        lambda known: [known.ValueDrift(column=name, method=method) for name, method in methods.items()],
        now,
        against=then,
        option=OPTION,
    )
    again = list(found)
    for (name, (at, side)), (value, evidently) in zip(asked.items(), values, strict=True):
        _check(found[at], side, float(value))
        version = evidently.rsplit(" ", 1)[0]
        again[at] = replace(found[at], shift=replace(found[at].shift, method=f"{version} {methods[name]}"))
    return again


def _check(one: Measured, side: Side, value: float) -> None:
    """The record is judged by one distance: ours and Evidently's must be the same."""
    ours = one.shift.distance
    if side.kind == "category":  # Evidently gives every rare category a cell of its own
        names = pl.concat([side.reference, side.batch]).drop_nulls().unique().sort()
        ours = float(
            jensen_shannon(
                *(np.array([(column == name).sum() for name in names]) for column in (side.reference, side.batch))
            )
        )
    if abs(value - ours) > ALIKE * max(ours, 1.0):
        raise PlainviewError(
            f"Evidently measures {value:g} for column {side.name!r}, where Plainview measures {ours:g}. Nothing is kept. "
            f"{OPTION} plainview keeps Plainview's own measure."
        )
