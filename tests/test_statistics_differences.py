"""The chosen methods for paired differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.statistics.differences import (
    paired_proportion_difference,
    paired_proportion_p,
)
from plainview.statistics.intervals import wilson
from plainview.statistics.paired import mcnemar, tango

unhurried = settings(deadline=None)  # a busy machine is not a failure

tables = st.tuples(*[st.integers(0, 400)] * 4).filter(any)


@unhurried
@given(tables, st.floats(0.5, 0.99))
def test_the_paired_interval_holds_the_difference_mirrors_the_swap_and_widens(table, confidence):
    both, first, second, neither = table
    low, high = paired_proportion_difference(*table, confidence=confidence)
    wider = paired_proportion_difference(*table, confidence=(1 + confidence) / 2)
    swapped = paired_proportion_difference(both, second, first, neither, confidence=confidence)
    assert -1 <= wider[0] <= low <= (first - second) / sum(table) + 1e-12
    assert (first - second) / sum(table) - 1e-12 <= high <= wider[1] <= 1
    assert (-high, -low) == pytest.approx(swapped)


def test_only_the_flips_and_the_number_of_examples_matter():
    assert paired_proportion_difference(50, 9, 4, 10) == paired_proportion_difference(0, 9, 4, 60)


def test_without_flips_it_is_wilsons_interval_of_none_either_way():
    assert paired_proportion_difference(30, 0, 0, 0)[1] == pytest.approx(wilson(0, 30)[1])
    assert np.isnan(paired_proportion_difference(0, 0, 0, 0)).all()


def test_it_is_close_to_tangos_interval_for_many_flips():
    np.testing.assert_allclose(paired_proportion_difference(700, 90, 60, 150), tango(700, 90, 60, 150), atol=5e-4)


def test_it_agrees_with_the_mid_p_test_over_all_tables_of_up_to_40_flips():
    first, second = (x.ravel() for x in np.mgrid[:41, :41])
    low, high = paired_proportion_difference(500, first, second, 500)
    excludes = (low > 0) | (high < 0)
    assert np.mean(excludes != (paired_proportion_p(first, second) < 0.05)) < 0.01
    np.testing.assert_array_equal(paired_proportion_p(first, second), mcnemar(first, second))
