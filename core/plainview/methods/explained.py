"""R²: the share of the labels' variation that predictions explain, from rows that carry label and error.

R² = 1 - Σe² / Σ(y - ȳ)². Influences are the jackknife's: what leaving out a row changes, in closed form (Efron 1982). One
release: on the scale of log(1 - R²), so that no interval passes 1. Two releases: of the difference itself. Student's t has half
the degrees of freedom that the fourth moment of the influences leaves (k = 3(Σl²)²/Σl⁴ rows tell), for few rows carry R².
Measured (normal, heteroscedastic and heavy-tailed errors; n 30 to 1,000): one release 95.5%, worst 93.8%; differences 95.7%,
worst 90.6%. With t of n - 1 and the plain delta method 92.1%, worst 80.9%. Labels as skewed as log-normal ones: 84% at 30 rows,
90% at 1,000, for which R² is no good metric.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate
from plainview.methods.kept import Sample, samples, usable
from plainview.methods.undefined import no_difference, no_estimate, problem_of
from plainview.statistics.arrays import quiet
from plainview.statistics.levels import t_quantile
from plainview.statistics.moments import t_interval, t_p


@dataclass(frozen=True)
class Explained:
    """R², from 1 downwards."""

    undefined: str = "the labels are all the same, or too few"
    method: str = "log jackknife/1"
    paired_method: str = "jackknife of the difference/1"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """R² and its interval. ``name`` is not needed here."""
        if problem := problem_of(totals, classes):
            return no_estimate(totals, problem)
        columns, of = _measured(totals, "error")
        left, error, degrees = columns[:, 0], columns[:, 1], columns[:, 2]
        with quiet():
            reach = np.where(
                left > 0, np.exp(t_quantile(confidence, degrees) * error), np.nan
            )  # no error, no logarithm
            low, high = 1 - left * reach, 1 - left / reach
        return Estimate(1 - left, low, high, of, self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline."""
        if problem := problem_of(totals, classes):
            return no_difference(totals, levels, problem)
        columns, of = _measured(totals, "baseline", "candidate")
        before, after, error, degrees = columns.T
        with quiet():
            return Difference(
                1 - before,
                1 - after,
                difference=before - after,
                levels={level: t_interval(before - after, error, degrees, confidence=level) for level in levels},
                p=t_p(before - after, error, degrees),
                of=of,
                spread=error * np.sqrt(of),
                reason=self.undefined,
            )


def _measured(totals: Totals, *sides: str) -> tuple[np.ndarray, np.ndarray]:
    """For each scenario 1 - R² of each side, the standard error and its degrees of freedom; and its rows, 0 if undefined."""
    values, _ = usable(totals)
    columns, of = [], []
    for sample in samples(totals):
        label = values["label"][sample.rows]
        varied = len(label) > 1 and label.min() < label.max()
        of.append(len(label) if varied else 0)
        if not varied:
            columns.append([np.nan] * (len(sides) + 2))
            continue
        left, influence = _left([values[side][sample.rows] for side in sides], label, sample)
        columns.append([*left, *_spread(influence, sample)])
    return np.array(columns), np.array(of)


def _left(errors: list[np.ndarray], label: np.ndarray, sample: Sample) -> tuple[list[float], np.ndarray]:
    """1 - R² of each side, and the influence of each row: on the logarithm for one side, on the difference for two."""
    w, away = sample.w, label - sample.mean(label)
    varied, all_weight = (w * away**2).sum(), w.sum()
    wrong = [(w * error**2).sum() for error in errors]
    left = [total / varied for total in wrong]
    with quiet():
        varied_without = varied - w * away**2 * all_weight / (all_weight - w)
        without = [(total - w * error**2) / varied_without for total, error in zip(wrong, errors, strict=True)]
        change = np.log(left[0] / without[0]) if len(errors) == 1 else (left[0] - left[1]) - (without[0] - without[1])
        influence = change * (all_weight - w) / w
    return left, np.where(np.isfinite(influence), influence, 0.0)


def _spread(influence: np.ndarray, sample: Sample) -> tuple[float, float]:
    """The standard error, and its degrees of freedom."""
    pull = influence - sample.mean(influence)
    size = sample.worth(influence)
    if not (pull**2).sum() > 0:
        return 0.0, size - 1
    if size <= 1:  # a single cluster says nothing of how others would differ
        return np.nan, np.nan
    with quiet():
        error = np.sqrt(sample.mean(pull**2) / (size - 1))
        telling = 1.5 * np.divide((pull**2).sum() ** 2, (pull**4).sum())
    return float(error), float(min(max(telling, 1.0), size - 1))
