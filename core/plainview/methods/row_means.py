"""The mean of one number a row that is never negative: log loss, Brier score, quantile loss, width of an interval.

One release: Student's t after Hall's transformation, which takes out the skewness of losses, see
`statistics.intervals.mean_skewed`. Two releases on the same rows: the paired t test of the differences row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, both_there, effective, ratio, weighted
from plainview.methods.undefined import no_difference, no_estimate, problem_of
from plainview.statistics import intervals, paired
from plainview.statistics.arrays import quiet


@dataclass(frozen=True)
class RowMean:
    """The mean of the parts' x; ``undefined`` says why there may be none."""

    undefined: str
    method: str = "skewed t/1"
    paired_method: str = "paired t/1"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The mean and its interval, not below 0. ``name`` is not needed here."""
        if problem := problem_of(totals, classes):
            return no_estimate(totals, problem)
        there = both_there(totals, 0, 1)
        size, (total, squares, cubes) = _scaled(there, "x", "x²", "x³")
        with quiet():
            mean = ratio(total, size)
            low, high = intervals.mean_skewed(size, total, squares, cubes, confidence=confidence)
            low, high = (
                np.clip(low, 0, mean),
                np.maximum(high, mean),
            )  # where all values are the same, rounding moves them
        return Estimate(mean, low, high, there.count.sum(axis=0), self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline."""
        if problem := problem_of(totals, classes):
            return no_difference(totals, levels, problem)
        there = both_there(totals, 0, 1, 2)
        size, (total, squares) = _scaled(there, "d", "d²")
        of, rows = there.count.sum(axis=0), weighted(there).sum(axis=0)
        baseline, candidate = (ratio(_sum(there, side), rows) for side in ("b", "c"))
        mean, variance = intervals.mean_and_variance(size, total, squares)
        with quiet():
            return Difference(
                baseline,
                candidate,
                difference=mean,
                levels={level: paired.paired_mean_t(size, total, squares, confidence=level) for level in levels},
                p=paired.paired_mean_p(size, total, squares),
                of=of,
                spread=np.sqrt(variance * ratio(of, size)),
                reason=self.undefined,
            )


def _scaled(there: Totals, term: str, square: str, *more: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """The effective number of rows for the mean of ``term``, and the sums of all terms on its scale; each of shape (S,)."""
    rows, x = weighted(there), there.terms[term]
    total, squares = x.sum(axis=0), _sum(there, square)
    mean = np.nan_to_num(ratio(total, rows.sum(axis=0)))
    size = effective(there, x - mean * rows, np.maximum(squares - mean * total, 0))
    scale = np.nan_to_num(ratio(size, rows.sum(axis=0)))
    return size, [_sum(there, name) * scale for name in (term, square, *more)]


def _sum(there: Totals, term: str) -> np.ndarray:
    return there.terms[term].sum(axis=0)
