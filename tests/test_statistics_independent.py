"""Differences on different examples, against statsmodels and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from plainview.statistics.independent import newcombe_independent, two_proportions_p, welch, welch_p

unhurried = settings(deadline=None)  # a busy machine is not a failure

samples = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@unhurried
@given(samples, samples)
def test_newcombe_equals_statsmodels_and_mirrors_the_swap(first, second):
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    low, high = newcombe_independent(*first, *second)
    assert (low, high) == pytest.approx(expected, abs=1e-12)
    assert (-high, -low) == pytest.approx(newcombe_independent(*second, *first), abs=1e-12)


def test_two_proportions_equal_pearsons_chi_squared_times_n_minus_1_over_n():
    table = np.array([[30, 20], [18, 40]])
    chi = stats.chi2_contingency(table, correction=False).statistic
    expected = stats.chi2.sf(chi * (table.sum() - 1) / table.sum(), 1)
    assert two_proportions_p(30, 50, 18, 58) == pytest.approx(expected)


def test_two_samples_without_a_failure_do_not_differ_and_an_empty_one_has_no_p():
    assert two_proportions_p(5, 5, 9, 9) == 1
    assert np.isnan(two_proportions_p(0, 0, 9, 9))
    assert np.isnan(newcombe_independent(0, 0, 9, 9)).all()


def test_welch_equals_scipy_over_columns():
    rng = np.random.default_rng(2)
    first, second = rng.normal(1, 2, size=(12, 3)), rng.normal(0, 1, size=(40, 3))
    sums = [f(x) for x in (first, second) for f in (len, lambda x: x.sum(0), lambda x: (x**2).sum(0))]
    expected = stats.ttest_ind(first, second, equal_var=False)
    np.testing.assert_allclose(welch_p(*sums), expected.pvalue)
    np.testing.assert_allclose(welch(*sums), expected.confidence_interval(0.95))


def test_welch_needs_two_of_each_and_knows_constants():
    assert np.isnan(welch_p(1, 3, 9, 5, 10, 30))
    assert welch_p(4, 4, 4, 5, 5, 5) == 1
    assert welch_p(4, 4, 4, 5, 10, 20) == 0
