"""How many more examples, against closed forms, statsmodels and simulated repeats."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from plainview.statistics.differences import paired_proportion_difference
from plainview.statistics.intervals import wilson
from plainview.statistics.power import (
    examples_needed,
    more_examples_for_bar,
    more_examples_for_bar_proportion,
    more_examples_means,
    more_examples_paired_proportions,
    paired_deviation,
    smallest_difference,
)


def test_a_plan_is_statsmodels_paired_power_or_what_equivalence_needs():
    equivalence = (1.644854 + 1.281552) ** 2  # no difference, 80% power: Julious 2004, eq. 23
    assert examples_needed(0.3, 0.01) == np.ceil(900 * max(equivalence, (1.959964 + 0.841621) ** 2))
    found = TTestPower().power(0.01 / 0.3, examples_needed(0.3, 0.01), 0.05)
    assert found > 0.8
    assert np.isnan(examples_needed(0.3, 0))


def test_the_smallest_difference_is_the_margin_of_that_plan():
    margin = smallest_difference([100, 5000], 0.3)
    np.testing.assert_allclose(examples_needed(0.3, margin), [100, 5000], atol=1)
    assert np.isnan(smallest_difference(0, 0.3))


def test_what_is_settled_needs_no_more():
    assert more_examples_paired_proportions(1000, 60, 10, 0.01) == 0  # plainly better
    assert more_examples_paired_proportions(5000, 3, 3, 0.01) == 0  # plainly equivalent
    assert more_examples_for_bar_proportion(99, 100, 0.8) == 0
    assert more_examples_for_bar(400, 2.0, 3.0, 1.0) == 0


def test_no_examples_or_no_prospect_have_no_number():
    assert np.isnan(more_examples_paired_proportions(0, 0, 0, 0.01))
    assert np.isnan(more_examples_means(30, 1.0, 0.0, 1e-4))
    assert np.isnan(more_examples_means(np.nan, 1.0, 0.0, 0.1))


def test_more_is_needed_with_more_noise_and_a_tighter_margin():
    assert more_examples_means(100, 2.0, 0.1, 0.2) > more_examples_means(100, 1.0, 0.1, 0.2)
    assert more_examples_means(100, 1.0, 0.0, 0.1) > more_examples_means(100, 1.0, 0.0, 0.2)


def test_a_perfect_record_still_needs_enough_examples_for_its_bar():
    more = more_examples_for_bar_proportion(30, 30, 0.95)
    assert wilson(30 + more, 30 + more)[0] > 0.95
    assert more > 42  # 73 right of 73 is the least that clears it


def test_flips_have_the_deviation_of_a_variable_in_minus_one_zero_one():
    values = np.repeat([-1, 0, 1], [3, 80, 17])
    assert paired_deviation(0.2, 0.14) == pytest.approx(values.std())


@pytest.mark.parametrize("true_difference", [0.0, 0.015, 0.06])
def test_drawing_that_many_more_settles_seven_in_ten(true_difference):
    """A margin of 3 points, 5% of examples flip or as many as the difference needs, 200 examples first."""
    rng = np.random.default_rng(7)
    up, down = 0.03 + true_difference / 2, 0.03 - true_difference / 2
    chances = [0.7, up, down, 0.3 - up - down]

    def settled(table):
        low, high = paired_proportion_difference(*table.T)
        inner_low, inner_high = paired_proportion_difference(*table.T, confidence=0.9)
        return (low > 0) | (high < 0) | ((inner_low > -0.03) & (inner_high < 0.03))

    seen = rng.multinomial(200, chances, size=3000).astype(float)
    seen = seen[~settled(seen)]
    more = more_examples_paired_proportions(200, seen[:, 1], seen[:, 2], 0.03)
    assert np.isfinite(more).all()
    assert settled(seen + rng.multinomial(more.astype(int), chances)).mean() > 0.7
