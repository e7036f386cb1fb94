"""Quantiles of a value that rows carry (median error, p95 latency): order statistics, without resampling or a model.

The quantile is an order statistic, or the mean of two where it falls between them (Hyndman and Fan 1996, type 2; numpy's and
scikit-learn's averaged inverted distribution function), weighted where rows are. Its interval is that of
`statistics.quantiles`, here for all scenarios at once and for an effective number of rows: the ranks at which a
binomial(size, level) leaves (1 - confidence) / 2 on each side. Where an end has no order
statistic there is none: p95 needs 72 rows.

Two releases on the same rows: square-and-add with the correlation of "below it" in the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, Interval
from plainview.methods.kept import Sample, samples, usable
from plainview.methods.undefined import no_difference, no_estimate, problem_of
from plainview.statistics.arrays import quiet
from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.levels import normal_quantile

_HALVINGS = 50
_REACH = (
    25.0,
    9.0,
)  # ranks, and standard deviations: beyond lies less than 1e-16 of a binomial (Bernstein), no p asks for more
_TEST = 0.95


@dataclass(frozen=True)
class Quantile:
    """The quantile at ``level`` of the absolute value that rows carry, or of the value itself."""

    level: float
    undefined: str = "no examples with a label and a prediction"
    signed: bool = False  # of the value itself
    method: str = "order statistics/1"
    paired_method: str = "square-and-add of order statistics/1"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The quantile and its interval, in units of the value. ``name`` is not needed here."""
        if problem := problem_of(totals, classes):
            return no_estimate(totals, problem)
        (found,), _, of = self._measured(totals, "error")
        return Estimate(found.value, *found.interval(confidence), of, self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline."""
        if problem := problem_of(totals, classes):
            return no_difference(totals, levels, problem)
        (before, after), related, of = self._measured(totals, "baseline", "candidate")

        def interval(confidence: ArrayLike) -> Interval:
            later, earlier = (side.interval(confidence) for side in (after, before))
            return mover(after.value, *later, before.value, *earlier, related)

        def reach(confidence: ArrayLike) -> Interval:
            """The same, without an end where so much confidence asks for more rows than there are."""
            low, high = interval(confidence)
            endless = np.isnan(low) & ~np.isnan(after.value - before.value)
            return np.where(endless, -np.inf, low), np.where(endless, np.inf, high)

        low, high = interval(_TEST)
        return Difference(
            before.value,
            after.value,
            difference=after.value - before.value,
            levels={level: interval(level) for level in levels},
            p=p_by_inversion(reach, of.shape),
            of=of,
            spread=(high - low) / (2 * normal_quantile(_TEST)) * np.sqrt(of),
            reason=self.undefined,
        )

    def _measured(self, totals: Totals, *sides: str) -> tuple[list["_Ordered"], np.ndarray, np.ndarray]:
        """Each side on every scenario, the correlation of the first two, and the rows of each scenario."""
        values, _ = usable(totals)
        errors = [values[side] if self.signed else np.abs(values[side]) for side in sides]
        orders = [np.argsort(error, kind="stable") for error in errors]
        found = [_Ordered(self.level) for _ in sides]
        related, of = [], []
        for sample in samples(totals):
            below = [side.take(sample, error, order) for side, error, order in zip(found, errors, orders, strict=True)]
            related.append(sample.correlation(below[0], below[-1]) if len(sample.rows) else 0.0)
            of.append(len(sample.rows))
        return found, np.array(related), np.array(of)


class _Ordered:
    """The values of each scenario around its quantile, in order: S scenarios, taken one after the other."""

    def __init__(self, level: float):
        self.level = level
        self._values: list[float] = []
        self._sizes: list[float] = []
        self._around: list[tuple[np.ndarray, np.ndarray]] = []  # ranks and values

    @property
    def value(self) -> np.ndarray:
        """The quantile, shape (S,)."""
        return np.array(self._values)

    def take(self, sample: Sample, x: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Add a scenario; gives which of its rows are not above the quantile, as 0 or 1."""
        inside = np.zeros(len(x), dtype=bool)
        inside[sample.rows] = True
        ordered = order[inside[order]]
        weight = np.zeros(len(x))
        weight[sample.rows] = sample.w
        value = weighted_quantile(x[ordered], weight[ordered], self.level)
        below = (x[sample.rows] <= value).astype(float)
        size = sample.worth(below) if len(below) else 0.0
        self._values.append(value)
        self._sizes.append(size)
        self._around.append(self._near(x[ordered], weight[ordered], size))
        return below

    def interval(self, confidence: ArrayLike) -> Interval:
        """(low, high), each of shape (S,); both NaN where a rank is beyond the first or the last value."""
        sizes, value = np.array(self._sizes), self.value
        tail = (1 - np.broadcast_to(np.asarray(confidence, float), sizes.shape)) / 2
        ranks = real_rank(sizes, self.level, np.stack([1 - tail, tail]))
        inside = (ranks[0] >= 1) & (ranks[1] <= sizes)
        found = np.full(ranks.shape, np.nan)
        for scenario in np.flatnonzero(inside):
            found[:, scenario] = np.interp(ranks[:, scenario], *self._around[scenario])
        return np.minimum(found[0], value), np.maximum(found[1], value)

    def _near(self, ordered: np.ndarray, weight: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
        """Ranks on the scale of the effective rows, and values, as far as any interval can reach."""
        if not len(ordered):
            return np.zeros(1), np.full(1, np.nan)
        rank = (np.cumsum(weight) - weight / 2) / weight.sum() * size + 0.5
        reach = _REACH[0] + _REACH[1] * np.sqrt(size * self.level * (1 - self.level))
        start, stop = np.searchsorted(rank, (size * self.level - reach, size * self.level + reach))
        keep = slice(max(int(start) - 1, 0), int(stop) + 1)
        return rank[keep].copy(), ordered[keep].copy()


def weighted_quantile(ordered: np.ndarray, weight: np.ndarray, level: float) -> float:
    """The value at which the weights up to it reach ``level`` of all; the mean with the next where they do so exactly.

    ``ordered`` is ascending, weights are positive, both of shape (n,). NaN for no values.
    """
    if not len(ordered):
        return np.nan
    reached = np.cumsum(weight)
    wanted = level * reached[-1]
    at = min(int(np.searchsorted(reached, wanted * (1 - 1e-15))), len(ordered) - 1)
    exactly = reached[at] - wanted <= 4e-16 * reached[-1]
    return float((ordered[at] + ordered[min(at + exactly, len(ordered) - 1)]) / 2)


def real_rank(size: np.ndarray, level: float, chance: np.ndarray) -> np.ndarray:
    """The real rank r at which binomial(size, level) reaches r with probability ``chance``; shapes broadcast."""
    low, high = np.zeros(chance.shape), np.broadcast_to(size + 1.0, chance.shape)
    with quiet():
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            likelier = betainc(np.maximum(middle, 1e-12), np.maximum(size - middle + 1, 1e-12), level) > chance
            low, high = np.where(likelier, middle, low), np.where(likelier, high, middle)
    return (low + high) / 2
