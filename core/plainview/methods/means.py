"""Metrics of numbers: mean absolute error, mean error, and root mean square error.

Means: Student's t from the sums of x and x². Root mean squares: delta method on the log scale, from e² and e⁴.
Two releases on the same rows: the same, over the differences row by row.
A metric whose best value is zero (bias) is compared by its distance from zero: |candidate| - |baseline|.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, Interval, both_there, effective, ratio, weighted
from plainview.statistics import intervals, paired


def _sizes(there: Totals) -> tuple[np.ndarray, np.ndarray]:
    """The effective number of rows, and what a weighted sum is multiplied with to be on that scale; shape (S,) each."""
    size = effective(there)
    return size, ratio(size, weighted(there).sum(axis=0))


class _Sum:
    """The sums of a term over all cells, on the scale of the effective number of rows."""

    def __init__(self, there: Totals):
        self.there = there
        self.size, self.scale = _sizes(there)
        self.of = there.count.sum(axis=0)

    def __call__(self, term: str) -> np.ndarray:
        values = self.there.terms.get(term)
        return np.zeros_like(self.size) if values is None else np.nan_to_num(values.sum(axis=0) * self.scale)


@dataclass(frozen=True)
class Mean:
    """The mean of a term, whose square is another: |e| and e² for the mean absolute error."""

    term: str
    square: str
    around_zero: bool = False
    undefined: str = "no examples with a label and a prediction"
    method: str = "student t/1"
    paired_method: str = "paired t/1"

    def estimate(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float, seed: bytes
    ) -> Estimate:
        """The mean and Student's interval, in units of the label."""
        total = _Sum(both_there(totals, 0, 1))
        low, high = intervals.mean_t(total.size, total(self.term), total(self.square), confidence=confidence)
        return Estimate(ratio(total(self.term), total.size), low, high, total.of, self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float], seed: bytes
    ) -> Difference:
        """Candidate minus baseline by the paired t test, in units of the label."""
        total = _Sum(both_there(totals, 0, 1, 2))
        if self.around_zero:
            signs = [np.sign(total(side)) for side in ("be", "ce")]
            values = [ratio(total(side), total.size) for side in ("be", "ce")]
            gap = signs[1] * total("ce") - signs[0] * total("be")
            squares = signs[0] ** 2 * total("b²") + signs[1] ** 2 * total("c²") - 2 * signs[0] * signs[1] * total("bc")
        else:
            values = [ratio(total(side), total.size) for side in ("|b|", "|c|")]
            gap, squares = total("d"), total("d²")
        mean, variance = intervals.mean_and_variance(total.size, gap, squares)
        return Difference(
            *values,
            difference=mean,
            levels={level: paired.paired_mean_t(total.size, gap, squares, confidence=level) for level in levels},
            p=paired.paired_mean_p(total.size, gap, squares),
            of=total.of,
            spread=np.sqrt(variance),
            reason=self.undefined,
        )


@dataclass(frozen=True)
class RootMeanSquare:
    """The square root of the mean squared error."""

    undefined: str = "no examples with a label and a prediction"
    method: str = "log delta/1"
    paired_method: str = "paired log delta/1"

    def estimate(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float, seed: bytes
    ) -> Estimate:
        """The root mean square error and its interval, in units of the label."""
        total = _Sum(both_there(totals, 0, 1))
        low, high = intervals.rmse_log(total.size, total("e²"), total("e⁴"), confidence=confidence)
        return Estimate(np.sqrt(ratio(total("e²"), total.size)), low, high, total.of, self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float], seed: bytes
    ) -> Difference:
        """Candidate minus baseline, with the covariance of the squared errors."""
        total = _Sum(both_there(totals, 0, 1, 2))
        moments = [total(term) for term in ("c²", "b²", "c⁴", "b⁴", "b²c²")]
        b, c = (np.sqrt(ratio(total(side), total.size)) for side in ("b²", "c²"))
        ends: dict[float, Interval] = {
            level: paired.paired_rmse(total.size, *moments, confidence=level) for level in levels
        }
        return Difference(
            baseline=b,
            candidate=c,
            difference=c - b,
            levels=ends,
            p=paired.paired_rmse_p(total.size, *moments),
            of=total.of,
            spread=self._spread(total, b, c),
            reason=self.undefined,
        )

    def _spread(self, total: _Sum, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        """Delta method: the difference moves by c²/2c - b²/2b for each example."""
        n, cc, bb = total.size, total("c²"), total("b²")
        cover = [
            ratio(total(term), n) - ratio(one, n) * ratio(other, n)
            for term, one, other in (("c⁴", cc, cc), ("b⁴", bb, bb), ("b²c²", bb, cc))
        ]
        variance = ratio(cover[0], 4 * c**2) + ratio(cover[1], 4 * b**2) - 2 * ratio(cover[2], 4 * b * c)
        return np.sqrt(np.maximum(variance, 0))
