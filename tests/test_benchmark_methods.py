"""The methods that ours are measured against are those of the books: scipy's bootstrap and Welch's test."""

import numpy as np
import pytest
from benchmarks.calibration import bootstrap, peers
from scipy import stats

COUNTS = np.array([120.0, 30, 22, 200])


def f1(counts):
    return 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2])


def test_the_bca_bootstrap_of_counts_is_scipys_of_the_rows():
    codes = np.repeat(np.arange(4), COUNTS.astype(int))

    def of_rows(sample, axis):
        return f1(np.stack([(sample == code).sum(axis=axis) for code in range(4)]))

    rng = np.random.default_rng(0)
    expected = stats.bootstrap((codes,), of_rows, n_resamples=8000, batch=500, rng=rng).confidence_interval
    low, high = bootstrap.bca(f1, COUNTS[:, None], rng, draws=8000)
    assert (low[0], high[0]) == pytest.approx(expected, abs=0.004)


def test_a_resample_has_as_many_examples_and_none_of_what_was_never_seen():
    drawn = bootstrap.resample(np.array([10.0, 20, 0]), np.random.default_rng(1), draws=300)
    assert (drawn.sum(axis=0) == 30).all()
    assert (drawn[2] == 0).all()


def test_an_undefined_statistic_has_no_interval():
    low, high = bootstrap.bca(f1, np.array([[0.0], [0], [0], [12]]), np.random.default_rng(1))
    assert np.isnan([*low, *high]).all()


def test_clusters_of_one_are_the_rows():
    rng = np.random.default_rng(2)
    right = rng.random((400, 1)) < 0.7
    counts = np.stack([right, ~right]).astype(float)
    low, high = bootstrap.of_clusters(lambda c: c[0] / c.sum(axis=0), counts, rng, draws=4000)
    error = np.sqrt(right.mean() * (1 - right.mean()) / 400)
    assert (high[0] - low[0]) / (2 * 1.96) == pytest.approx(error, rel=0.05)


def test_welch_is_scipys_over_columns():
    rng = np.random.default_rng(2)
    first, second = rng.normal(1, 2, size=(12, 3)), rng.normal(0, 1, size=(40, 3))
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    np.testing.assert_allclose(peers.welch(first, second), expected)
