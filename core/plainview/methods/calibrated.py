"""How far stated probabilities are from what happens: the calibration error, without its bias, from bands of probability.

The usual estimate averages the gaps of ten bands, noise included: for a perfectly calibrated model on 400 rows it says 5
points, and its naive interval holds the truth in 13 to 97% of repeats. Here the gap is the root of the mean squared gap with
the noise taken out, see `statistics.calibration`. Measured with ten equal bands (uniform, U-shaped, rare and frequent classes;
calibrated, overconfident, shifted, wrong in one part; n 100 to 2,000; 60 cells): coverage 96.1%, worst cell 91.0%. Averages
of absolute gaps, with folded-normal noise taken out: 92.4%, worst 81.2%. Those are without the smoothing of variances, which
sure and rare probabilities need: see `statistics.calibration`.

Two releases: square-and-add with the correlation r of their residuals. Where an interval reaches 0 its estimate errs to one
side alone, errors add up rather than cancel, and r counts as 2r - 1. Measured (18 pairs, n 100 to 2,000): coverage 96.7%,
worst 90.7%; without that 94.4%, worst 82.4%.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, Interval, ratio
from plainview.methods.kept import Sample, samples, usable
from plainview.methods.undefined import ONE_SCORE, known, no_difference, no_estimate, outside, problem_of
from plainview.statistics.arrays import quiet
from plainview.statistics.calibration import calibration_error, calibration_error_interval
from plainview.statistics.combine import mover
from plainview.statistics.levels import normal_quantile

BANDS = 10  # of equal width; a probability of 1 is in the last
_TEST = 0.95  # p is below 1 - _TEST exactly where the interval of this confidence excludes 0


@dataclass(frozen=True)
class CalibrationError:
    """The root mean square gap between stated probabilities and what happens."""

    undefined: str = "no band of probabilities holds two examples with a label and a score"
    method: str = "noncentral chi-squared of bands/2"
    paired_method: str = "square-and-add of bands/2"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The error and its interval, as probabilities."""
        if problem := _problem(totals, classes, "score"):
            return no_estimate(totals, problem)
        (found,), of, _ = _measured(totals, "score")
        return Estimate(found.value, *found.interval(confidence), known(of, found.value), self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline."""
        if problem := _problem(totals, classes, "baseline", "candidate"):
            return no_difference(totals, levels, problem)
        (before, after), of, related = _measured(totals, "baseline", "candidate")
        difference = after.value - before.value
        low, high = _combined(before, after, related, _TEST)
        facing = np.where(difference > 0, difference - low, high - difference)
        with quiet():
            z = np.where(difference == 0, 0.0, np.abs(difference) / facing * normal_quantile(_TEST))
            return Difference(
                before.value,
                after.value,
                difference=difference,
                levels={level: _combined(before, after, related, level) for level in levels},
                p=np.where(np.isnan(high - low), np.nan, 2 * ndtr(-z)),
                of=known(of, difference),
                spread=(high - low) / (2 * normal_quantile(_TEST)) * np.sqrt(of),
                reason=self.undefined,
            )


class _Side:
    """One release: the sums of its bands, one scenario after the other."""

    def __init__(self, stated: np.ndarray, positive: np.ndarray):
        self._band = np.minimum((stated * BANDS).astype(int), BANDS - 1)
        self._residual, self._positive = positive - stated, positive
        self._columns: list[np.ndarray] = []

    def take(self, sample: Sample) -> np.ndarray:
        """Add a scenario, on the scale of the rows that it is worth; gives each row's influence on the squared error."""
        band, residual = self._band[sample.rows], self._residual[sample.rows]
        added = (*(residual**power for power in range(3)), self._positive[sample.rows])
        sums = np.stack([np.bincount(band, sample.w * x, BANDS) for x in added])
        influence = np.nan_to_num(ratio(sums[1], sums[0]))[band] * residual
        scale = sample.worth(influence) / sums[0].sum() if len(band) else 0.0
        self._columns.append(sums * scale)
        return influence

    @property
    def _sums(self) -> np.ndarray:
        """Rows, residuals, their squares, and positive rows, shape (4, bands, S)."""
        return np.stack(self._columns, axis=-1)

    @property
    def value(self) -> np.ndarray:
        """The error, shape (S,)."""
        return calibration_error(*self._sums[:3])

    def interval(self, confidence: float) -> Interval:
        """Its interval, which holds it."""
        *sums, positive = self._sums
        low, high = calibration_error_interval(*sums, happened=positive, confidence=confidence)
        return np.minimum(low, self.value), np.maximum(high, self.value)


def _stated(totals: Totals, values: np.ndarray) -> np.ndarray:
    """Probabilities; where only the other class of two has a score, ranking carries its negative."""
    return 1 + values if any(ONE_SCORE in cell[1:-1] for cell in totals.cells) else values


def _problem(totals: Totals, classes: Sequence[str], *sides: str) -> str | None:
    found = problem_of(totals, classes)
    stated = np.concatenate([_stated(totals, usable(totals)[0][side]) for side in sides])
    return found or outside(stated) or None


def _measured(totals: Totals, *sides: str) -> tuple[list[_Side], np.ndarray, np.ndarray]:
    """Each side on every scenario, the rows of each scenario, and the correlation of the first and the last side."""
    values, _ = usable(totals)
    found = [_Side(_stated(totals, values[side]), values["positive"]) for side in sides]
    of, related = [], []
    for sample in samples(totals):
        influences = [side.take(sample) for side in found]
        of.append(len(sample.rows))
        related.append(sample.correlation(influences[0], influences[-1]) if len(sample.rows) else 0.0)
    return found, np.array(of), np.array(related)


def _combined(before: _Side, after: _Side, related: np.ndarray, confidence: float) -> Interval:
    earlier, later = before.interval(confidence), after.interval(confidence)
    ends = []
    for end, (reached, _) in enumerate((later, earlier)):  # the low end rests on the later's low end
        shared = np.where(reached <= 0, 2 * related - 1, related)
        ends.append(mover(after.value, *later, before.value, *earlier, shared)[end])
    return ends[0], ends[1]
