"""Ratios of sums: word error rates and means, against Hall's interval of the rows and simulated truths."""

import numpy as np
import pytest
from benchmarks.calibration.ratios import MEASURE
from benchmarks.calibration.ratios import _totals as totals

from plainview.methods.ratios import Ratio
from plainview.statistics.intervals import mean_skewed, mean_t


def estimated(errors, words):
    """The estimate of rows of shape (n, repeats)."""
    return Ratio().estimate(
        totals({"a": np.asarray(errors, float), "b": np.asarray(words, float)}, 3), confidence=0.95, **MEASURE
    )


def compared(before, after, words):
    """The difference of two releases whose errors are out of the same words."""
    sides = {"a0": before, "b0": words, "a1": after, "b1": words}
    factors = {name: np.asarray(values, float) for name, values in sides.items()}
    return Ratio().difference(totals(factors, 2), levels=(0.95,), **MEASURE)


def test_with_as_many_words_in_every_row_it_is_the_skewed_mean_of_the_rows():
    rows = np.random.default_rng(1).exponential(size=(40, 3))
    found = estimated(rows, np.full(rows.shape, 4.0))
    expected = mean_skewed(40, rows.sum(0) / 4, (rows**2).sum(0) / 16, (rows**3).sum(0) / 64)
    np.testing.assert_allclose((found.low, found.high), expected, rtol=1e-9)


def test_unequal_rows_are_covered_where_students_t_is_not():
    rng = np.random.default_rng(2)
    words = rng.geometric(1 / 12, size=(30, 3000)) + 2
    errors = rng.binomial(words, rng.beta(0.06, 1.94, size=words.shape))
    found = estimated(errors, words)
    off = errors - found.value * words
    plain = [found.value + end / words.mean(0) for end in mean_t(30, 0 * found.value, (off**2).sum(0))]
    assert np.nanmean((plain[0] <= 0.03) & (plain[1] >= 0.03)) < 0.8
    assert np.nanmean((found.low <= 0.03) & (found.high >= 0.03)) > 0.89


def test_where_one_row_has_nearly_all_the_words_nobody_knows_how_another_would_do():
    found = estimated([[3.0], [0], [1]], [[1000.0], [1], [1]])
    assert found.value[0] == pytest.approx(4 / 1002)
    assert np.isnan([found.low[0], found.high[0]]).all()


def test_no_change_in_few_rows_is_not_proof_that_nothing_changed():
    rng = np.random.default_rng(3)
    words = rng.integers(3, 20, size=(30, 1))
    errors = rng.binomial(words, 0.1)
    found = compared(errors, errors, words)
    low, high = (end[0] for end in found.levels[0.95])
    assert (found.difference[0], found.p[0]) == (0, 1)
    assert low == pytest.approx(-high)
    assert 0.01 < high < 0.06


def test_many_differing_rows_have_the_paired_t_interval():
    rng = np.random.default_rng(4)
    before, after = rng.normal(5, 1, size=(2, 60, 1))
    found = compared(before, after, np.ones((60, 1)))
    d = after - before
    np.testing.assert_allclose(found.levels[0.95], mean_t(60, d.sum(0), (d**2).sum(0)))
