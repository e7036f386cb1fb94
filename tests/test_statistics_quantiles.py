"""Quantiles, against the binomial distribution and simulated rows."""

import numpy as np
import pytest
from scipy import stats

from plainview.statistics.quantiles import quantile_difference, quantile_difference_p, quantile_interval


@pytest.mark.parametrize(("n", "level"), [(30, 0.5), (100, 0.9), (500, 0.95), (1000, 0.1)])
def test_bounds_lie_within_one_rank_of_the_exact_binomial_ones(n, level):
    low, high = quantile_interval(np.arange(1, n + 1), level)  # the value is the rank
    exact = stats.quantile_test(np.arange(1, n + 1), q=0, p=level).confidence_interval(0.95)
    assert exact.low <= low < exact.low + 1
    assert exact.high - 1 < high <= exact.high


def test_a_quantile_beyond_what_the_examples_can_bound_is_open_on_that_side():
    low, high = quantile_interval(np.sort(np.random.default_rng(0).normal(size=30)), 0.95)
    assert np.isfinite(low)
    assert np.isnan(high)
    assert np.isnan(quantile_interval([], 0.5)).all()


def test_bounds_hold_the_quantile_mirror_signs_and_widen_with_confidence():
    values = np.sort(np.random.default_rng(1).gamma(2, size=200))
    low, high = quantile_interval(values, 0.9, confidence=[0.5, 0.9, 0.95])
    assert (np.diff(low) < 0).all()
    assert (np.diff(high) > 0).all()
    assert low[0] < np.quantile(values, 0.9) < high[0]
    mirrored = quantile_interval(-values[::-1], 0.1, confidence=0.9)
    assert (-high[1], -low[1]) == pytest.approx(mirrored)


def test_skewed_values_are_covered_as_often_as_promised():
    rng = np.random.default_rng(2)
    truth, hits = stats.expon.ppf(0.9), 0
    for _ in range(1500):
        low, high = quantile_interval(np.sort(rng.exponential(size=80)), 0.9)
        hits += low <= truth <= high
    assert 0.935 < hits / 1500 < 0.97


def test_a_paired_difference_of_medians_is_covered_and_shorter_than_an_unpaired_one():
    rng = np.random.default_rng(3)
    hits, lengths, unpaired = 0, [], []
    for _ in range(500):
        second = rng.normal(size=150)
        first = second + 0.3 + 0.4 * rng.normal(size=150)
        low, high = quantile_difference(first, second, 0.5)
        hits += low <= 0.3 <= high
        lengths.append(high - low)
        unpaired.append(np.diff(quantile_difference(first, rng.permutation(second), 0.5)))
    assert hits / 500 > 0.93
    assert np.mean(lengths) < 0.8 * np.mean(unpaired)


def test_the_p_value_agrees_with_the_interval_and_nothing_differs_from_itself():
    rng = np.random.default_rng(4)
    second = rng.normal(size=200)
    first = second + 0.2 * rng.normal(size=200) + 0.06
    p = quantile_difference_p(first, second, 0.5)
    low, high = quantile_difference(first, second, 0.5, confidence=1 - p)
    assert min(abs(low), abs(high)) < 1e-3
    assert quantile_difference_p(first, first, 0.5) == pytest.approx(1)
