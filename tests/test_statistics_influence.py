"""Standard errors and correlations of functions of counts, against formulas and resampled rows."""

import numpy as np
import pytest

from plainview.statistics.influence import correlation, influences, standard_error

# joint cells of a binary task: label (p, n) × first prediction × second prediction
LABEL, FIRST, SECOND = (np.array(x, float)[:, None] for x in zip(*np.ndindex(2, 2, 2), strict=True))


def f1(counts, predicted):
    tp = (counts * LABEL * predicted).sum(0)
    return 2 * tp / ((counts * LABEL).sum(0) + (counts * predicted).sum(0))


def first_f1(counts):
    return f1(counts, FIRST)


def second_f1(counts):
    return f1(counts, SECOND)


COUNTS = np.array([[300.0, 12, 20, 30, 15, 8, 22, 90], [30, 1, 0, 3, 1, 1, 2, 9]]).T


def test_the_standard_error_of_a_proportion_is_the_textbook_one():
    found = standard_error(lambda c: c[0] / c.sum(0), [[36.0, 20, 0], [118, 20, 7]])
    p, n = np.array([36 / 154, 0.5, 0]), np.array([154, 40, 7])
    np.testing.assert_allclose(found, np.sqrt(p * (1 - p) / n), rtol=1e-6)


def test_influences_average_to_zero_and_ignore_the_scale_of_the_counts():
    pull = influences(first_f1, COUNTS)
    np.testing.assert_allclose((pull * COUNTS).sum(0), 0, atol=1e-9)
    np.testing.assert_allclose(pull, influences(first_f1, COUNTS * 1000), atol=1e-6)
    assert (pull[COUNTS == 0] == 0).all()


def test_standard_error_and_correlation_agree_with_resampled_rows():
    rng = np.random.default_rng(4)
    draws = rng.multinomial(497, COUNTS[:, 0] / 497, size=40_000).T
    first, second = first_f1(draws), second_f1(draws)
    assert standard_error(first_f1, COUNTS)[0] == pytest.approx(first.std(), rel=0.02)
    assert correlation(first_f1, second_f1, COUNTS)[0] == pytest.approx(np.corrcoef(first, second)[0, 1], abs=0.02)


def test_an_estimate_correlates_fully_with_itself_and_not_with_a_constant():
    assert correlation(first_f1, first_f1, COUNTS) == pytest.approx([1, 1])
    assert (correlation(first_f1, lambda c: np.ones(c.shape[1]), COUNTS) == 0).all()


def test_no_examples_have_no_standard_error():
    assert np.isnan(standard_error(first_f1, np.zeros((8, 1)))).all()
