"""Paired differences, against statsmodels, scipy and published tables."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from plainview.exceptions import InputError
from plainview.statistics.intervals import rmse_log
from plainview.statistics.paired import (
    mcnemar,
    newcombe,
    paired_mean_p,
    paired_mean_t,
    paired_rmse,
    paired_rmse_p,
    tango,
)

unhurried = settings(deadline=None)  # a busy machine is not a failure

PUBLISHED = (20, 15, 6, 5)
tables = st.tuples(*[st.integers(0, 400)] * 4).filter(any)
confidences = st.floats(0.5, 0.99)


def test_the_published_table_has_the_published_newcombe_interval():
    assert newcombe(*PUBLISHED) == pytest.approx((0.002602, 0.369943), abs=5e-7)


def test_the_published_table_has_the_published_tango_interval():
    assert tango(*PUBLISHED) == pytest.approx((0.000419, 0.377185), abs=5e-7)


def test_the_published_table_has_the_published_exact_mcnemar_p():
    assert mcnemar(15, 6, method="exact") == pytest.approx(0.078354, abs=5e-7)


@pytest.mark.parametrize("method", [newcombe, tango])
@unhurried
@given(table=tables, confidence=confidences)
def test_intervals_hold_the_difference_mirror_the_swap_and_widen_with_confidence(method, table, confidence):
    both, first, second, neither = table
    low, high = method(*table, confidence=confidence)
    swapped = method(both, second, first, neither, confidence=confidence)
    wider = method(*table, confidence=(1 + confidence) / 2)
    difference = (first - second) / sum(table)
    assert -1 <= wider[0] <= low + 1e-12 <= difference + 2e-12
    assert difference - 2e-12 <= high - 1e-12 <= wider[1] <= 1
    assert (-high, -low) == pytest.approx(swapped, abs=1e-10)


@pytest.mark.parametrize("method", [newcombe, tango])
def test_no_flips_are_not_a_width_of_zero(method):
    low, high = method(30, 0, 0, 0)
    assert high - low > 0.2
    assert np.isnan(method(0, 0, 0, 0)).all()


def test_tango_bounds_solve_the_score_equation():
    """At a bound the restricted maximum likelihood estimate gives a score of ±z: found by direct maximisation."""
    n, first, second = 120, 17, 9
    for bound in tango(70, first, second, n - 70 - first - second):
        q = np.linspace(max(0, -bound) + 1e-9, (1 - bound) / 2 - 1e-9, 400_001)
        rest = 1 - 2 * q - bound
        likelihood = first * np.log(q + bound) + second * np.log(q) + (n - first - second) * np.log(rest)
        at = q[np.argmax(likelihood)]
        z = (first - second - n * bound) / np.sqrt(n * (2 * at + bound - bound**2))
        assert abs(z) == pytest.approx(1.959964, abs=1e-3)


@unhurried
@given(st.integers(0, 300), st.integers(0, 300))
def test_exact_mcnemar_equals_statsmodels_and_mid_p_takes_half_the_last_term(first, second):
    expected = statsmodels_mcnemar([[1, first], [second, 1]], exact=True).pvalue if first + second else 1.0
    assert mcnemar(first, second, method="exact") == pytest.approx(min(expected, 1), abs=1e-12)
    last = stats.binom.pmf(min(first, second), first + second, 0.5)
    doubled = 2 * stats.binom.cdf(min(first, second), first + second, 0.5)
    assert mcnemar(first, second) == pytest.approx(min(doubled - last, 1), abs=1e-12)


def test_mcnemar_is_monotone_between_whole_counts():
    p = mcnemar(20, np.linspace(0, 20, 101))
    assert (np.diff(p) > 0).all()


def test_an_unknown_mcnemar_method_is_refused():
    with pytest.raises(InputError, match="'mid-p' or 'exact'"):
        mcnemar(1, 2, method="asymptotic")


@unhurried
@given(st.lists(st.floats(-100, 100), min_size=3, max_size=40))
def test_the_paired_mean_equals_scipys_paired_t(differences):
    d = np.array(differences)
    assume(d.std() > 1e-3)
    expected = stats.ttest_1samp(d, 0)
    sums = len(d), d.sum(), (d**2).sum()
    assert paired_mean_p(*sums) == pytest.approx(expected.pvalue, abs=1e-6)
    np.testing.assert_allclose(paired_mean_t(*sums), expected.confidence_interval(0.95), atol=1e-6)


def test_means_that_never_differ_have_p_1_and_one_example_has_none():
    assert paired_mean_p(10, 0, 0) == 1
    assert np.isnan(paired_mean_p(1, 3, 9))


def _rmse_sums(first, second):
    a, b = first**2, second**2
    return len(a), a.sum(), b.sum(), (a**2).sum(), (b**2).sum(), (a * b).sum()


def test_paired_rmse_agrees_with_resampling_the_rows():
    rng = np.random.default_rng(5)
    second = rng.normal(size=500)
    first = 0.8 * second + 0.5 * rng.normal(size=500)
    rows = rng.integers(0, 500, size=(4000, 500))
    draws = np.sqrt((first[rows] ** 2).mean(1)) - np.sqrt((second[rows] ** 2).mean(1))
    sums = _rmse_sums(first, second)
    np.testing.assert_allclose(paired_rmse(*sums), np.quantile(draws, [0.025, 0.975]), atol=0.01)
    logs = np.log((first[rows] ** 2).mean(1) / (second[rows] ** 2).mean(1)) / 2
    expected = 2 * stats.norm.sf(abs(np.log((first**2).mean() / (second**2).mean()) / 2) / logs.std())
    assert paired_rmse_p(*sums) == pytest.approx(expected, abs=0.03)


def test_paired_rmse_of_the_same_errors_is_certainly_zero_and_mirrors_the_swap():
    rng = np.random.default_rng(6)
    one, other = rng.normal(size=60), rng.normal(size=60)
    low, high = paired_rmse(*_rmse_sums(one, other))
    assert (-high, -low) == pytest.approx(paired_rmse(*_rmse_sums(other, one)))
    assert paired_rmse_p(*_rmse_sums(one, one)) == 1
    assert abs(paired_rmse(*_rmse_sums(one, one))[1]) < rmse_log(60, *_rmse_sums(one, one)[2:4])[1]
