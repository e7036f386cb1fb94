"""Any metric made of counts: Wilson's interval at the effective number of examples, and differences of two of them.

A metric with range [a, b] and standard error s at value g tells as much about itself as a proportion u = (g-a)/(b-a)
seen on N = u(1-u) / (s/(b-a))² examples (Kish's effective size; for a proportion N is the number of examples). Wilson's
interval of u on N examples, mapped back, is its interval: right near the bounds, where the bootstrap fails. s comes from
influence functions at counts smoothed by two examples spread evenly over the cells, so that it is never 0; N is estimated,
so Student's t stands in for the normal.

Measured (2 and 4 classes, n 50 to 5,000, accuracy .6 to .99, ten or more of the rarest class): macro F1, macro recall and
kappa are covered 95.0 to 95.1% on average, worst cell 91%, and paired differences of precision, F1 and macro F1 96.4 to
96.8%, worst 94%. The BCa bootstrap of the counts covers 92%, worst 29%, and for differences 92 to 93%, worst 30%; macro
averages by square-and-add of the classes' own intervals 94%, worst 86%. No draws, so no seed, and all scenarios at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array, Interval, Statistic, quiet
from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.influence import influences
from plainview.statistics.intervals import wilson
from plainview.statistics.levels import student_factor

_SMOOTHING = 2.0  # examples, over all cells that may hold some
_TRACE, _JUMP = 1e-9, 1e-6  # an example's trace in an empty cell; a change that no trace can cause by degrees

OwnInterval = Callable[[Array, ArrayLike], Interval]  # (counts, confidence) -> (low, high)


@dataclass(frozen=True)
class Estimate:
    """One metric on each column; arrays of shape (columns,). NaN where undefined."""

    value: Array
    error: Array  # standard error, never 0
    size: Array  # effective number of examples
    bounds: tuple[float, float]
    own: Callable[[ArrayLike], Interval] | None = None

    def interval(self, confidence: ArrayLike = 0.95) -> Interval:
        """(low, high), each of shape (columns,); ``confidence`` broadcasts against them."""
        if self.own is not None:
            return self.own(confidence)
        return wilson_effective(self.value, self.size, bounds=self.bounds, confidence=confidence)


@dataclass(frozen=True)
class Difference:
    """First minus second on each column, two releases on the same examples; arrays of shape (columns,)."""

    first: Estimate
    second: Estimate
    correlation: Array

    @property
    def value(self) -> Array:
        """The difference."""
        return self.first.value - self.second.value

    @property
    def error(self) -> Array:
        """Its standard error: times the root of the number of examples, what ``power.more_examples_means`` asks for."""
        one, other = self.first.error, self.second.error
        return np.sqrt(np.maximum(one**2 + other**2 - 2 * self.correlation * one * other, 0))

    def interval(self, confidence: ArrayLike = 0.95) -> Interval:
        """(low, high) by square-and-add with the correlation of the two estimates (Zou and Donner 2008)."""
        return mover(
            self.first.value,
            *self.first.interval(confidence),
            self.second.value,
            *self.second.interval(confidence),
            self.correlation,
        )

    def p(self) -> Array:
        """Two-sided, of no difference: below 0.05 exactly where the 95% interval excludes 0."""
        return p_by_inversion(self.interval, np.shape(self.value))


def wilson_effective(
    value: ArrayLike, size: ArrayLike, *, bounds: tuple[float, float] = (0.0, 1.0), confidence: ArrayLike = 0.95
) -> Interval:
    """Wilson's interval of a metric with range ``bounds`` that equals ``value`` and is worth ``size`` examples."""
    bottom, top = bounds
    share = np.clip((np.asarray(value, float) - bottom) / (top - bottom), 0, 1)
    low, high = wilson(share * size, size, confidence=confidence)
    return bottom + (top - bottom) * low, bottom + (top - bottom) * high


def effective_size(value: ArrayLike, error: ArrayLike, *, bounds: tuple[float, float] = (0.0, 1.0)) -> Array:
    """The number of examples on which a proportion would be known as well as a metric with this standard error."""
    bottom, top = bounds
    value = np.asarray(value, float)
    with quiet():
        return (value - bottom) * (top - value) / np.asarray(error, float) ** 2


def estimate_counts(
    statistic: Statistic,
    counts: ArrayLike,
    *,
    bounds: tuple[float, float] = (0.0, 1.0),
    interval: OwnInterval | None = None,
) -> Estimate:
    """The estimate of ``statistic`` (see ``influence``) from ``counts`` of shape (cells, columns).

    List every cell that could occur, with or without examples. ``interval`` replaces the one of this module, where a metric
    has a better one. Undefined (NaN) where the statistic is, and where there are no examples.
    """
    return _estimate(statistic, np.asarray(counts, float), bounds, interval)[0]


def compare_counts(
    statistic: Statistic,
    joint: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    cells: int,
    bounds: tuple[float, float] = (0.0, 1.0),
    interval: OwnInterval | None = None,
) -> Difference:
    """The difference of ``statistic`` between two releases on the same examples.

    ``joint`` has shape (joint cells, columns); joint cell j is cell ``first[j]`` of the first release and ``second[j]`` of
    the second, out of ``cells`` that could occur. ``statistic`` and ``interval`` are those of one release.
    """
    joint, first, second = np.asarray(joint, float), np.asarray(first), np.asarray(second)
    one, pull, spread = _estimate(statistic, _gather(joint, first, cells), bounds, interval)
    other, other_pull, other_spread = _estimate(statistic, _gather(joint, second, cells), bounds, interval)
    with quiet():
        shared = (joint * pull[first] * other_pull[second]).sum(axis=0)
        correlation = np.clip(shared / np.sqrt(spread * other_spread), -1, 1)
    return Difference(one, other, np.where(spread * other_spread > 0, correlation, 0.0))


def _estimate(statistic: Statistic, counts: Array, bounds, interval) -> tuple[Estimate, Array, Array]:
    """The estimate, the influence of each cell, and the sum of squared influences, at smoothed counts."""
    n, smooth = counts.sum(axis=0), _smoothed(statistic, counts)
    pull = influences(statistic, smooth)
    spread = (smooth * pull**2).sum(axis=0)
    with quiet():
        value = np.where(n > 0, statistic(counts), np.nan)
        error = np.sqrt(spread / ((n + _SMOOTHING) * n))
        size = effective_size(statistic(smooth), error, bounds=bounds) / student_factor(n - 1)
    own = None if interval is None else lambda confidence: interval(counts, confidence)
    return Estimate(value, error, size, bounds, own), pull, spread


def _smoothed(statistic: Statistic, counts: Array) -> Array:
    """The counts and two more examples, spread evenly over the cells that may hold some in that column.

    Those are all but the ones where a trace of an example makes the statistic jump: it would bring in a class that is not
    there, whose value the metric leaves out, and whose noise is none of this scenario's.
    """
    may = np.ones(counts.shape, bool)
    with quiet():
        value = statistic(counts)
        for cell in np.flatnonzero((counts == 0).any(axis=1)):
            trace = counts.copy()
            trace[cell] += _TRACE
            may[cell] = (counts[cell] > 0) | ~(np.abs(statistic(trace) - value) > _JUMP)
    return counts + may * (_SMOOTHING / may.sum(axis=0))


def _gather(joint: Array, into: np.ndarray, cells: int) -> Array:
    counts = np.zeros((cells, joint.shape[1]))
    np.add.at(counts, into, joint)
    return counts
