"""Intervals of one estimate, against statsmodels, scipy and published figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from plainview.exceptions import InputError
from plainview.statistics.intervals import f1_from_jaccard, mean_skewed, mean_t, rmse_log, wilson

unhurried = settings(deadline=None)  # a busy machine is not a failure

counts = st.integers(0, 5000)
confidences = st.floats(0.5, 0.999)


def test_wilson_has_the_published_bounds_of_36_in_154():
    assert wilson(36, 154) == pytest.approx((0.173903, 0.306588), abs=5e-7)


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
def test_wilson_equals_statsmodels_over_a_grid(confidence):
    trials = np.repeat([1, 2, 10, 41, 1000, 2_000_000], 5)
    successes = (trials * np.tile([0, 0.1, 0.5, 0.93, 1], 6)).astype(int)
    expected = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(wilson(successes, trials, confidence=confidence), expected, atol=1e-14)


@unhurried
@given(counts, counts, confidences)
def test_wilson_holds_the_estimate_mirrors_failures_and_widens_with_confidence(successes, failures, confidence):
    trials = max(successes + failures, 1)
    low, high = wilson(successes, trials, confidence=confidence)
    mirrored = wilson(trials - successes, trials, confidence=confidence)
    wider = wilson(successes, trials, confidence=(1 + confidence) / 2)
    assert 0 <= wider[0] <= low <= successes / trials <= high <= wider[1] <= 1
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


def test_wilson_ends_exactly_at_a_boundary_estimate():
    assert wilson(0, 30)[0] == 0
    assert wilson(30, 30)[1] == 1


def test_wilson_takes_arrays_of_confidences_and_real_counts():
    low, high = wilson([10.5, 3.25], 41.7, confidence=[[0.9], [0.95]])
    assert low.shape == high.shape == (2, 2)
    assert low[1, 0] == wilson(10.5, 41.7)[0]


def test_no_trials_have_no_interval_and_raise_no_warning():
    assert np.isnan(wilson(0, 0)).all()
    assert np.isnan(f1_from_jaccard(0, 0, 0)).all()
    assert np.isnan(mean_t([0, 1], [0, 5], [0, 25])).all()
    assert np.isnan(rmse_log([0, 1, 9], [0, 4, 0], [0, 16, 0])).all()


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan"), -0.1])
def test_a_confidence_outside_0_to_1_is_refused_by_name(confidence):
    with pytest.raises(InputError, match="'confidence' parameter must lie between 0 and 1"):
        wilson(1, 2, confidence=confidence)


@unhurried
@given(counts, counts, counts)
def test_f1_lies_in_its_interval_and_maps_back_to_jaccard(tp, fp, fn):
    if tp + fp + fn == 0:
        return
    low, high = f1_from_jaccard(tp, fp, fn)
    assert 0 <= low <= 2 * tp / (2 * tp + fp + fn) <= high <= 1
    back = np.array([low, high]) / (2 - np.array([low, high]))
    assert back == pytest.approx(wilson(tp, tp + fp + fn), abs=1e-12)


@unhurried
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=50), confidences)
def test_mean_t_equals_scipy(values, confidence):
    values = np.array(values)
    if np.std(values) < 1e-3:
        return
    expected = stats.ttest_1samp(values, 0).confidence_interval(confidence)
    found = mean_t(len(values), values.sum(), (values**2).sum(), confidence=confidence)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_rmse_of_many_errors_has_the_textbook_interval_on_the_log_scale():
    squares = np.random.default_rng(1).normal(size=200_000) ** 2
    ratio = 1.959964 * squares.std() / np.sqrt(200_000) / squares.mean()
    expected = np.sqrt(squares.mean()) * np.exp(np.array([-ratio, ratio]) / 2)
    np.testing.assert_allclose(rmse_log(200_000, squares.sum(), (squares**2).sum()), expected, rtol=2e-5)


@unhurried
@given(st.lists(st.floats(0.1, 100), min_size=12, max_size=40), confidences)
def test_rmse_lies_in_its_interval_which_scales_with_the_errors_and_widens(errors, confidence):
    squares = np.array(errors) ** 2
    low, high = rmse_log(len(squares), squares.sum(), (squares**2).sum(), confidence=confidence)
    wider = rmse_log(len(squares), squares.sum(), (squares**2).sum(), confidence=(1 + confidence) / 2)
    scaled = rmse_log(len(squares), 9 * squares.sum(), 81 * (squares**2).sum(), confidence=confidence)
    rmse = np.sqrt(squares.mean())
    assert wider[0] <= low * (1 + 1e-9)
    assert low <= rmse * (1 + 1e-9)
    assert rmse <= high * (1 + 1e-9)
    assert high <= wider[1] * (1 + 1e-9)
    assert scaled == pytest.approx((3 * low, 3 * high), rel=1e-6)


def test_rmse_of_heavy_tailed_errors_is_covered():
    squares = np.random.default_rng(2).laplace(size=(4000, 40)) ** 2
    low, high = rmse_log(40, squares.sum(1), (squares**2).sum(1))
    assert np.mean((low <= np.sqrt(2)) & (np.sqrt(2) <= high)) > 0.93


def _powers(values):
    return values.shape[-1], values.sum(-1), (values**2).sum(-1), (values**3).sum(-1)


def test_without_skewness_the_skewed_mean_is_students():
    values = np.array([-3.0, -1, 0, 1, 3]) + 10
    assert mean_skewed(*_powers(values)) == pytest.approx(mean_t(*_powers(values)[:3]))


def test_the_skewed_mean_solves_halls_transformation():
    values = np.random.default_rng(3).exponential(size=40)
    s, n = stats.skew(values), 40
    for bound, side in zip(mean_skewed(*_powers(values)), (1, -1), strict=True):
        t = (values.mean() - bound) / (values.std(ddof=1) / np.sqrt(n))
        found = t + s * t**2 / (3 * np.sqrt(n)) + s**2 * t**3 / (27 * n) + s / (6 * np.sqrt(n))
        assert found == pytest.approx(side * stats.t.ppf(0.975, n - 1))


def test_skewed_values_are_covered_more_often_than_by_students_t():
    values = np.random.default_rng(4).exponential(size=(4000, 25))
    low, high = mean_skewed(*_powers(values))
    covered = np.mean((low <= 1) & (high >= 1))
    low, high = mean_t(*_powers(values)[:3])
    assert covered > 0.935
    assert covered > np.mean((low <= 1) & (high >= 1)) + 0.01


def test_a_skewed_mean_needs_three_values_and_holds_the_mean():
    assert np.isnan(mean_skewed(2, 3, 5, 9)).all()
    values = np.random.default_rng(5).lognormal(size=(500, 6))
    low, high = mean_skewed(*_powers(values))
    assert ((low <= values.mean(1)) & (values.mean(1) <= high)).all()
