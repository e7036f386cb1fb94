"""Ranking metrics, against scikit-learn, DeLong's formula written out, and derivatives by weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from plainview.statistics.ranks import average_precision, compare_rankings, estimate_ranking, roc_auc

unhurried = settings(deadline=None)  # a busy machine is not a failure

METRICS = [(roc_auc, roc_auc_score), (average_precision, average_precision_score)]
rows = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=60)


def made(seed, n=300, share=0.3, shift=1.0):
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < share
    return rng.normal(size=n) + shift * positive, positive


@pytest.mark.parametrize(("metric", "oracle"), METRICS)
@unhurried
@given(rows=rows)
def test_values_equal_scikit_learn_with_ties(metric, oracle, rows):
    scores, positive = (np.array(column) for column in zip(*rows, strict=True))
    if positive.all() or not positive.any():
        return
    assert metric(scores, positive).value == pytest.approx(oracle(positive, scores), abs=1e-12)


@pytest.mark.parametrize(("metric", "oracle"), METRICS)
def test_influences_are_the_derivatives_by_a_rows_weight(metric, oracle):
    scores, positive = made(1, n=80)
    scores = scores.round(1)
    found = metric(scores, positive)
    step, base = 1e-5, np.ones(80)
    slopes = []
    for row in range(80):
        more, less = base.copy(), base.copy()
        more[row] += step
        less[row] -= step
        up, down = (oracle(positive, scores, sample_weight=weight) for weight in (more, less))
        slopes.append((up - down) / (2 * step) * 80)
    scale = 1.0
    if metric is roc_auc:  # DeLong divides by m - 1 within each class
        own = np.where(positive, positive.sum(), (~positive).sum())
        scale = np.sqrt(own / (own - 1))
    np.testing.assert_allclose(found.influence, np.array(slopes) * scale, atol=1e-4)


def test_roc_auc_has_delongs_variance_and_covariance():
    (one, positive), (other, _) = made(2), made(3)
    other = other + one

    def components(scores):
        pairs = np.sign(scores[positive][:, None] - scores[~positive]) / 2 + 0.5
        return pairs.mean(axis=1), pairs.mean(axis=0)

    tens, ones = (np.stack(side) for side in zip(components(one), components(other), strict=True))
    expected = np.cov(tens) / positive.sum() + np.cov(ones) / (~positive).sum()
    pull = np.stack([roc_auc(scores, positive).influence for scores in (one, other)])
    np.testing.assert_allclose(pull @ pull.T / len(positive) ** 2, expected, rtol=1e-10)


@pytest.mark.parametrize("metric", [roc_auc, average_precision])
def test_the_error_of_a_difference_is_the_spread_of_resampled_rows(metric):
    (one, positive), (noise, _) = made(4, n=600), made(5, n=600)
    other = one + noise
    found = compare_rankings(metric(one, positive), metric(other, positive))
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(400):
        pick = rng.integers(0, 600, 600)
        draws.append(metric(one[pick], positive[pick]).value - metric(other[pick], positive[pick]).value)
    assert found.error == pytest.approx(np.std(draws), rel=0.12)
    low, high = found.interval()
    assert low < found.value < high
    assert (found.p() < 0.05) == (low > 0 or high < 0)


def test_a_perfect_ranking_has_a_width():
    scores, positive = np.arange(40.0), np.arange(40) >= 30
    low, high = estimate_ranking(roc_auc(scores, positive)).interval()
    assert high == pytest.approx(1)
    assert 0.6 < low < 0.85


@pytest.mark.parametrize("metric", [roc_auc, average_precision])
def test_a_class_without_examples_is_undefined(metric):
    found = estimate_ranking(metric([0.1, 0.2], [False, False]))
    assert np.isnan(found.value)
    assert np.isnan(found.interval()).all()
