"""The false discovery rate, against statsmodels."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from plainview.statistics.multiple import benjamini_hochberg

unhurried = settings(deadline=None)  # a busy machine is not a failure


@unhurried
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_equals_statsmodels(p):
    adjusted, rejected = benjamini_hochberg(p)
    expected = multipletests(p, 0.05, method="fdr_bh")
    np.testing.assert_allclose(adjusted, expected[1], atol=1e-300)
    tied = np.isclose(expected[1], 0.05, rtol=1e-12)  # decided by rounding
    assert (rejected == expected[0])[~tied].all()


@unhurried
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(1, 5))
def test_a_test_that_was_not_made_does_not_count(p, absent):
    padded = np.concatenate([[np.nan] * absent, p])
    adjusted, rejected = benjamini_hochberg(padded)
    np.testing.assert_array_equal(adjusted[absent:], benjamini_hochberg(p)[0])
    assert np.isnan(adjusted[:absent]).all()
    assert not rejected[:absent].any()


def test_each_row_is_its_own_family():
    p = np.random.default_rng(0).uniform(size=(4, 7)) ** 3
    together = benjamini_hochberg(p, rate=0.2)
    for row in range(4):
        alone = benjamini_hochberg(p[row], rate=0.2)
        np.testing.assert_array_equal(together[0][row], alone[0])
        np.testing.assert_array_equal(together[1][row], alone[1])


def test_no_tests_have_no_discoveries():
    adjusted, rejected = benjamini_hochberg([])
    assert adjusted.shape == rejected.shape == (0,)
