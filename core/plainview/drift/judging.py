"""What follows for each column: moved, as before, or too few rows to tell.

The rule. Every column has a distance from the test set, a p-value by chance (chance.py) and the shift that matters
(``monitoring: smallest_shift``). All columns of a batch, and which of their values are missing, are one family of tests.

1. *moved*: the p-value is found after Benjamini and Hochberg at 5%, **and** the distance is at least the shift that matters.
   With nothing changed at most 5% of batches have any such column; a shift that is real and too small to matter alarms
   nobody, however many rows there are.
2. *as before*: a shift as large as that is ruled out (one-sided 95%).
3. *too few rows to tell* otherwise.

A column that the batch does not have, or has in another type, is *not there*: that needs no test.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import polars as pl

from plainview.drift import distances
from plainview.drift.cells import OTHERS, Cells, cells_of, drawn, missing_cells
from plainview.drift.chance import Chance, by_chance, by_chance_in_clusters, divisions
from plainview.drift.sides import Side, Unlike
from plainview.statistics.multiple import benjamini_hochberg

Verdict = Literal["moved", "as before", "too few rows", "not there"]
VERDICTS: tuple[Verdict, ...] = ("not there", "moved", "too few rows", "as before")  # the most urgent first
RATE = 0.05
WASSERSTEIN, JENSEN_SHANNON = "wasserstein", "jensenshannon"  # as Evidently names them
OWN = "plainview"


@dataclass(frozen=True)
class Shift:
    """One column of a batch against the test set; ``aspect`` says whether its values moved, or which are missing."""

    column: str
    role: str  # "column", "prediction", "answer", "label"
    aspect: Literal["values", "missing"]
    kind: str  # "number", "category", "words" (how many a text has), "items" (how many a list has)
    verdict: Verdict
    reason: str = ""
    distance: float | None = None
    threshold: float | None = None  # the shift that matters
    at_most: float | None = None  # upper bound of the true distance, one-sided 95%
    p_value: float | None = None  # of this column alone
    adjusted_p: float | None = None  # the one that decides
    then_rows: int = 0
    now_rows: int = 0
    measure: str = ""  # "median" or "mean" of numbers; of categories the one whose share changed most
    then: float | None = None  # that measure of the test set; a share for categories and missing values
    now: float | None = None
    new: tuple[str, ...] = ()  # categories that the test set does not have
    method: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The row as plain values."""
        return {**asdict(self), "new": list(self.new)}


@dataclass(frozen=True)
class Measured:
    """A column as it was measured, before the family is judged."""

    shift: Shift
    drawn: pl.DataFrame = field(repr=False)


def judge(
    compared: Sequence[Side | Unlike],
    thresholds: Callable[[str], float],
    *,
    clusters: tuple[pl.Series, pl.Series] | None = None,
) -> list[Measured]:
    """Every column, judged, in the order given: its values, and where any are missing, that too.

    ``thresholds`` gives the shift that matters for a column; ``clusters`` name the cluster of each row of either side.
    """
    tests = [(side, aspect) for side in compared if isinstance(side, Side) for aspect in _aspects(side)]
    draws = divisions(len(tests))
    found = [_measured(side, aspect, thresholds(side.name), draws, clusters) for side, aspect in tests]
    p = np.array([each.shift.p_value for each in found], dtype=float)
    adjusted = benjamini_hochberg(p, rate=RATE)[0] if len(p) else p
    judged = [replace(each, shift=_judged(each.shift, q)) for each, q in zip(found, adjusted, strict=True)]
    absent = [
        Shift(each.name, each.role, "values", "", "not there", each.reason)
        for each in compared
        if isinstance(each, Unlike)
    ]
    return [*(Measured(shift, pl.DataFrame()) for shift in absent), *judged]


def _aspects(side: Side) -> tuple[Literal["values", "missing"], ...]:
    some = side.reference.null_count() + side.batch.null_count()
    return ("values", "missing") if some else ("values",)


def _measured(
    side: Side, aspect: str, threshold: float, draws: int, clusters: tuple[pl.Series, pl.Series] | None
) -> Measured:
    cells = cells_of(side) if aspect == "values" else missing_cells(side)
    then, now = cells.counts()
    distance, scale = distances.jensen_shannon, 1.0
    if cells.positions is not None:
        distance = partial(distances.of_positions, positions=cells.positions)
        scale = distances.spread(side.reference.drop_nulls().to_numpy())
    chance = _chance(cells, distance, draws, clusters)
    if cells.positions is not None:
        apart = distances.wasserstein(*(column.drop_nulls().to_numpy() for column in (side.reference, side.batch)))
    else:
        apart = float(distance(then, now))
    shift = Shift(
        side.name, side.role, aspect, side.kind if aspect == "values" else "category", "too few rows",
        distance=apart, threshold=threshold, at_most=apart + chance.reach / scale, p_value=chance.p_value,
        then_rows=int(then.sum()), now_rows=int(now.sum()),
        method=f"{OWN} {JENSEN_SHANNON if cells.positions is None else WASSERSTEIN}",
    )  # fmt: skip
    shift = replace(shift, **(_centre(side) if cells.positions is not None else _share(side, aspect, cells)))
    return Measured(shift, drawn(side, cells) if aspect == "values" else pl.DataFrame())


def _chance(cells: Cells, distance, draws: int, clusters: tuple[pl.Series, pl.Series] | None) -> Chance:
    if clusters is None:
        return by_chance(*cells.counts(), distance, draws=draws)
    tables = [
        _by_cluster(codes, names, cells.size)
        for codes, names in zip((cells.reference, cells.batch), clusters, strict=True)
    ]
    return by_chance_in_clusters(*tables, distance, draws=draws)


def _by_cluster(codes: np.ndarray, names: pl.Series, size: int) -> np.ndarray:
    """Counts in cells of every cluster that has a value, shape (clusters, cells)."""
    there = codes >= 0
    ranks = names.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()[there]
    table = np.zeros((int(ranks.max(initial=0)) + 1, size))
    np.add.at(table, (ranks, codes[there]), 1)
    return table[table.sum(axis=1) > 0]


def _centre(side: Side) -> dict[str, Any]:
    """The medians of both sides; the means where the medians are the same."""
    ours, theirs = (column.drop_nulls() for column in (side.reference, side.batch))
    then, now, measure = ours.median(), theirs.median(), "median"
    if then == now:
        then, now, measure = ours.mean(), theirs.mean(), "mean"
    return {"measure": measure, "then": float(then), "now": float(now)}


def _share(side: Side, aspect: str, cells: Cells) -> dict[str, Any]:
    """The category whose share changed most, and its share then and now; and which categories are new."""
    then, now = (counts / counts.sum() for counts in cells.counts())
    at = (
        1 if aspect == "missing" else int(np.argmax(np.abs(now - then) + 1e-9 * (now > then)))
    )  # of equal ones, what came
    new: list[str] = []
    if aspect == "values":
        known = set(side.reference.drop_nulls().unique())
        new = sorted(set(side.batch.drop_nulls().unique()) - known)
    name = "other categories" if cells.names[at] == OTHERS else cells.names[at]
    return {"measure": name, "then": float(then[at]), "now": float(now[at]), "new": tuple(new[:20])}


def _judged(shift: Shift, adjusted: float) -> Shift:
    """The rule of the module."""
    verdict: Verdict = "too few rows"
    if adjusted <= RATE and shift.distance >= shift.threshold:
        verdict = "moved"
    elif shift.at_most < shift.threshold:
        verdict = "as before"
    return replace(shift, verdict=verdict, adjusted_p=float(adjusted))
