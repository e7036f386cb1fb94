"""Square-and-add, and p-values by inversion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.intervals import mean_t, wilson
from plainview.statistics.paired import newcombe, paired_mean_p

unhurried = settings(deadline=None)  # a busy machine is not a failure


def test_uncorrelated_mover_of_wilson_intervals_is_newcombe():
    parts = [x for s, n in ((56, 70), (48, 80)) for x in (s / n, *wilson(s, n))]
    assert mover(*parts) == pytest.approx(confint_proportions_2indep(56, 70, 48, 80, method="newcomb"), abs=1e-9)
    assert mover(*parts) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # Newcombe 1998, table II (a)


@unhurried
@given(st.floats(-1, 1), *[st.floats(0, 1)] * 4)
def test_mover_holds_the_difference_and_correlation_narrows_it(correlation, a, b, c, d):
    parts = (0.3, 0.3 - a, 0.3 + b, 0.5, 0.5 - c, 0.5 + d)
    low, high = mover(*parts, correlation)
    assert low <= -0.2 + 1e-12
    assert high >= -0.2 - 1e-12
    wider = mover(*parts, (correlation - 1) / 2)
    assert wider[0] <= low + 1e-7
    assert high <= wider[1] + 1e-7


@unhurried
@given(st.tuples(*[st.integers(0, 200)] * 4).filter(any))
def test_the_inverted_p_is_below_5_percent_exactly_when_the_95_percent_interval_excludes_zero(table):
    p = p_by_inversion(lambda confidence: newcombe(*table, confidence=confidence))
    low, high = newcombe(*table)
    assert (p < 0.05) == (low > 0 or high < 0) or p == pytest.approx(0.05)


def test_inverting_students_interval_gives_students_p():
    count, total, squares = np.array([5, 40, 900]), np.array([4.0, 9, 80]), np.array([9.0, 44, 950])
    p = p_by_inversion(lambda confidence: mean_t(count, total, squares, confidence=confidence), (3,))
    np.testing.assert_allclose(p, paired_mean_p(count, total, squares), rtol=1e-9)


def test_an_undefined_interval_has_no_p():
    assert np.isnan(p_by_inversion(lambda confidence: wilson(0, 0, confidence=confidence)))
