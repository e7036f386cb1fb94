"""How many clustered examples count, against statsmodels' cluster-robust covariance and simulated clusters."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from plainview.statistics.clusters import (
    design_effect,
    design_effect_of_mean,
    design_effect_of_proportion,
)
from plainview.statistics.intervals import wilson


def student(clusters):
    return (stats.t.ppf(0.975, clusters - 1) / stats.norm.ppf(0.975)) ** 2


def test_with_many_clusters_it_is_that_of_statsmodels_cluster_robust_variance():
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(400), rng.integers(1, 9, 400))
    x = rng.normal(size=len(groups)) + 0.8 * rng.normal(size=400)[groups]
    robust = sm.OLS(x, np.ones(len(x))).fit(cov_type="cluster", cov_kwds={"groups": groups}).bse[0] ** 2
    plain = x.var() / len(x)
    count, total, squares = (np.bincount(groups, weights=w)[:, None] for w in (np.ones(len(x)), x, x * x))
    assert design_effect_of_mean(count, total, squares)[0] / student(400) == pytest.approx(robust / plain, rel=1e-3)


def test_every_row_copied_eight_times_counts_as_one():
    success = np.random.default_rng(2).binomial(1, 0.7, size=(500, 1)) * 8.0
    assert design_effect_of_proportion(success, np.full((500, 1), 8)) == pytest.approx(8, rel=0.01)


def test_clusters_of_one_cost_only_students_t():
    success = np.random.default_rng(3).binomial(1, 0.5, size=(60, 1))
    found = design_effect_of_proportion(success, np.ones((60, 1)))
    assert found == pytest.approx(student(60) * 60 / 59)


def test_clusters_without_examples_in_a_scenario_do_not_count_there():
    rng = np.random.default_rng(4)
    trials = rng.integers(1, 6, size=(80, 1))
    success = rng.binomial(trials, 0.6)
    padded = [np.vstack([x, np.zeros((20, 1))]) for x in (success, trials)]
    assert design_effect_of_proportion(*padded) == pytest.approx(design_effect_of_proportion(success, trials))


def test_proportions_and_means_agree_on_the_same_clusters():
    rng = np.random.default_rng(5)
    trials = rng.integers(1, 9, size=(70, 1))
    success = rng.binomial(trials, 0.8)
    expected = design_effect_of_proportion(success, trials)[0]
    assert design_effect_of_mean(trials, success, success)[0] == pytest.approx(expected)


def test_where_no_cluster_tells_the_correlation_is_assumed_to_be_a_half():
    found = design_effect_of_proportion(np.full((30, 1), 5), np.full((30, 1), 5))
    assert found == pytest.approx(student(30) * (1 + 4 * 0.5))


def test_one_cluster_says_nothing():
    assert np.isnan(design_effect_of_proportion([[3.0]], [[4.0]]))
    assert np.isnan(design_effect([[0.0]], [0.0], [[0.0]]))


def test_correlated_clusters_are_covered_where_ignoring_them_is_not():
    rng = np.random.default_rng(6)
    rates = rng.beta(0.8 * 4, 0.2 * 4, size=(40, 2000))  # correlation 0.2 within clusters
    success, trials = rng.binomial(25, rates), np.full((40, 2000), 25)
    naive = wilson(success.sum(0), 1000)
    effect = design_effect_of_proportion(success, trials)
    low, high = wilson(success.sum(0) / effect, 1000 / effect)
    assert np.mean((naive[0] <= 0.8) & (naive[1] >= 0.8)) < 0.75
    assert 0.93 < np.mean((low <= 0.8) & (high >= 0.8)) < 0.98
