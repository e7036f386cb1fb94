"""The methods: how a family of metrics is estimated from totals, and how two releases are compared.

Every family has the same two verbs, over all scenarios at once (S of them):

- ``estimate(totals, *, name, classes, confidence, seed) -> Estimate``: one release, cells of (label, prediction);
- ``difference(totals, *, name, classes, levels, seed) -> Difference``: two releases on the same rows, cells of
  (label, baseline, candidate, flip).

``name`` is the class that a per-class metric is about, ``classes`` those the specification declares. Values are NaN
where undefined; ``reason`` then says why, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals

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


def weighted(totals: Totals) -> np.ndarray:
    """The rows of each cell, or their weights where the test set has them; shape (cells, S)."""
    return totals.terms.get("w", totals.count)


def effective(totals: Totals) -> np.ndarray:
    """The number of equally weighted rows that would tell as much, shape (S,): (Σw)² / Σw² (Kish 1965)."""
    if "w" not in totals.terms:
        return totals.count.sum(axis=0)
    return ratio(totals.terms["w"].sum(axis=0) ** 2, totals.terms["w²"].sum(axis=0))


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; NaN where the denominator is 0."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)


def both_there(totals: Totals, *positions: int) -> Totals:
    """Only the cells in which every value at ``positions`` is there."""
    keep = np.array([all(cell[position] is not None for position in positions) for cell in totals.cells], dtype=bool)
    return totals.where(keep)


def column(totals: Totals, position: int) -> np.ndarray:
    """The cells' values at ``position``, shape (cells,), objects: class names, or None where missing."""
    return np.array([cell[position] for cell in totals.cells], dtype=object).reshape(len(totals.cells))
