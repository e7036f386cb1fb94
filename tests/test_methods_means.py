"""Means of errors: their interval against independent ones, and how often it holds the truth where errors are skewed."""

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
from metric_cases import asked, frames, measured

from plainview.evaluation import evaluate


def _value(key, label, prediction):
    return measured("regression", key, label, prediction, columns={})


def _halls(values):
    """The ends of Hall's (1992) interval, from his transformation solved by a root finder."""
    n, skewness = len(values), scipy.stats.skew(values)
    quantile = scipy.stats.t.ppf(0.975, n - 1)

    def transformed(t, wanted):
        return t + skewness * t**2 / (3 * n**0.5) + skewness**2 * t**3 / (27 * n) + skewness / (6 * n**0.5) - wanted

    roots = [scipy.optimize.brentq(transformed, -1e4, 1e4, args=(side * quantile,)) for side in (1, -1)]
    return [values.mean() - root * scipy.stats.sem(values) for root in roots]


@pytest.mark.parametrize("scale", [0.1, 1.0])
@pytest.mark.parametrize("shift", [0.0, -1.7])
def test_the_interval_of_a_mean_reaches_as_far_as_students_and_as_halls(scale, shift):
    error = np.exp(scale * np.random.default_rng(3).normal(size=50)) + shift
    for key, values in (("bias", error), ("mae", np.abs(error))):
        low, high = scipy.stats.t.interval(0.95, 49, loc=values.mean(), scale=scipy.stats.sem(values))
        skewed = _halls(values)
        found = _value(key, np.zeros(50), error)
        assert (found.low, found.high) == pytest.approx((min(low, skewed[0]), max(high, skewed[1])), rel=1e-9)


def test_an_offset_far_larger_than_the_spread_is_not_taken_for_skewness():
    noise = np.random.default_rng(3).normal(size=60)
    for offset in (0.0, 1e3, 1e6):
        found = _value("bias", np.zeros(60), offset + noise)
        low, high = scipy.stats.t.interval(0.95, 59, loc=noise.mean(), scale=scipy.stats.sem(noise))
        assert found.low - offset == pytest.approx(low, abs=0.05 * (high - low))
        assert found.high - offset == pytest.approx(high, abs=0.05 * (high - low))
    same = _value("mae", np.zeros(60), np.full(60, 0.1))
    assert (same.value, same.low, same.high) == pytest.approx((0.1, 0.1, 0.1), abs=1e-9)


def test_the_mean_of_skewed_errors_is_covered_where_students_t_covers_too_seldom():
    rng, rows, repeats = np.random.default_rng(11), 40, 600
    error = np.exp(rng.normal(size=rows * repeats))
    frame = frames(np.zeros(len(error)), error, x=np.repeat(np.arange(repeats), rows))
    conditions = tuple(f"x = {repeat}" for repeat in range(repeats))
    found = [row for row in evaluate(*frame, asked("regression", "mae", scenarios=conditions)) if row.scenario != "all"]
    truth = np.exp(0.5)
    by_t = [
        scipy.stats.t.interval(0.95, rows - 1, each.mean(), scipy.stats.sem(each)) for each in error.reshape(-1, rows)
    ]
    covered, covered_by_t = (np.mean([low <= truth <= high for low, high in ends]) for ends in (
        [(row.low, row.high) for row in found], by_t,
    ))  # fmt: skip
    assert covered >= 0.91
    assert covered > covered_by_t + 0.02
