"""The methods: how a family of metrics is estimated from totals, and how two releases are compared.

Every family has the same two verbs, over all scenarios at once (S of them):

- ``estimate(totals, *, name, classes, confidence) -> Estimate``: one release, cells of (label, prediction);
- ``difference(totals, *, name, classes, levels) -> Difference``: two releases on the same rows, cells of
  (label, baseline, candidate, flip).

``name`` is the class that a per-class metric is about, ``classes`` those the specification declares. Values are NaN
where undefined; ``reason`` then says why, in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from plainview.kernel import Totals
from plainview.statistics.arrays import Statistic, quiet
from plainview.statistics.clusters import design_effect
from plainview.statistics.effective import Difference as Effective
from plainview.statistics.influence import influences

Interval = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Estimate:
    """A metric on S scenarios; every array has shape (S,)."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    of: np.ndarray  # examples in the metric's own denominator
    reason: str  # why, where the value is NaN


@dataclass(frozen=True)
class Difference:
    """Candidate minus baseline on S scenarios; every array has shape (S,).

    ``levels`` maps a confidence to the ends of the interval. ``p`` is two-sided, for a difference of zero.
    ``spread`` is the standard deviation of the difference per example: its standard error is spread / sqrt(of).
    """

    baseline: np.ndarray
    candidate: np.ndarray
    difference: np.ndarray
    levels: Mapping[float, Interval]
    p: np.ndarray
    of: np.ndarray
    spread: np.ndarray
    reason: str


def between(found: Effective, *, levels: Sequence[float], of: np.ndarray, reason: str) -> Difference:
    """The difference of two releases from their estimates at effective size; undefined where either is."""
    with quiet():  # no examples, or none that could tell: NaN
        return Difference(
            found.second.value,
            found.first.value,
            difference=found.value,
            levels={level: found.interval(level) for level in levels},
            p=found.p(),
            of=of,
            spread=found.error * np.sqrt(of),
            reason=reason,
        )


class Family(Protocol):
    """How a family of metrics is estimated and compared; the module's docstring says what the arguments mean."""

    method: str  # of the interval of one release, with its version: "wilson/1"
    paired_method: str  # of the difference between two

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The metric on every scenario."""
        ...

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline on every scenario."""
        ...


def weighted(totals: Totals) -> np.ndarray:
    """The rows of each cell, or their weights where the test set has them; shape (cells, S)."""
    return totals.terms.get("w", totals.count)


def effective(totals: Totals, pulls: np.ndarray | None = None, squares: np.ndarray | None = None) -> np.ndarray:
    """The number of equally weighted, independent rows that would tell as much, shape (S,).

    Weights: (Σw)² / Σw² (Kish 1965). Clusters: divided by the design effect, for which ``pulls``, shape (cells, S), is the
    sum of each cell's influences on the metric, and ``squares``, shape (S,), the sum of all squared influences. A single
    cluster is worth one row.
    """
    rows = weighted(totals)
    size = rows.sum(axis=0)
    if "w" in totals.terms:
        size = ratio(size**2, totals.terms["w²"].sum(axis=0))
    if totals.clusters is None or pulls is None:
        return size
    effect = design_effect(added(pulls, totals.clusters), squares, added(rows, totals.clusters))
    return np.where(np.isnan(effect), np.minimum(size, 1), ratio(size, effect))


def scaled(totals: Totals, merged: Totals, into: np.ndarray, statistic: Statistic) -> np.ndarray:
    """The merged counts, (cells, S), on the scale of the rows that tell as much about ``statistic`` of the counts."""
    rows = weighted(merged)
    pulls = squares = None
    if totals.clusters is not None:
        pull = np.nan_to_num(influences(statistic, rows))
        pulls, squares = weighted(totals) * pull[into], (rows * pull**2).sum(axis=0)
    return np.nan_to_num(rows * ratio(effective(totals, pulls, squares), rows.sum(axis=0)))


def added(values: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """The sums of each cluster's cells, shape (clusters, S)."""
    out = np.zeros((int(clusters.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(out, clusters, values)
    return out


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; NaN where the denominator is 0."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)


def both_there(totals: Totals, *positions: int) -> Totals:
    """Only the cells in which every value at ``positions`` is there."""
    values = [[cell[position] for cell in totals.cells] for position in positions]
    if not any(None in column for column in values):
        return totals
    keep = np.logical_and.reduce([[value is not None for value in column] for column in values])
    return totals.where(keep)


def column(totals: Totals, position: int) -> np.ndarray:
    """The cells' values at ``position``, shape (cells,), objects: class names, or None where missing."""
    return np.array([cell[position] for cell in totals.cells], dtype=object).reshape(len(totals.cells))
