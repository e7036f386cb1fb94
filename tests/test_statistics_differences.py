"""The chosen methods for paired differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainview.statistics.differences import (
    count_difference,
    count_difference_p,
    paired_proportion_difference,
    paired_proportion_p,
)
from plainview.statistics.intervals import wilson
from plainview.statistics.paired import mcnemar, tango

tables = st.tuples(*[st.integers(0, 400)] * 4).filter(any)
JOINT = np.array([300.0, 12, 20, 30, 15, 8, 22, 90])[:, None]  # label × first × second, positive first


def precision(sides):
    hit, shown = sides

    def value(counts):
        return counts[hit].sum(axis=0) / counts[shown].sum(axis=0)

    return value, lambda counts, q: wilson(counts[hit].sum(axis=0), counts[shown].sum(axis=0), confidence=q)


FIRST, SECOND = precision(([0, 1], [0, 1, 4, 5])), precision(([0, 2], [0, 2, 4, 6]))


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


def test_a_difference_of_precisions_agrees_with_resampled_rows():
    draws = np.random.default_rng(0).multinomial(497, JOINT[:, 0] / 497, size=20_000).T
    values = FIRST[0](draws) - SECOND[0](draws)
    found = np.ravel(count_difference(FIRST, SECOND, JOINT))
    np.testing.assert_allclose(found, np.quantile(values, [0.025, 0.975]), atol=0.006)


def test_the_p_value_is_the_level_at_which_the_interval_touches_zero():
    p = count_difference_p(FIRST, SECOND, JOINT)
    low, high = count_difference(FIRST, SECOND, JOINT, confidence=1 - p)
    assert min(abs(low[0]), abs(high[0])) < 1e-9
