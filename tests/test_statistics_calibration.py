"""The calibration error without its bias, against simulated probabilities and scipy's noncentral chi-squared."""

import numpy as np
import pytest
from scipy import stats

from plainview.statistics.calibration import calibration_error, calibration_error_interval

BINS = 10


def sums(stated, happened):
    """Rows of shape (columns, n) as sums by bin, each of shape (bins, columns)."""
    columns = len(stated)
    where = (np.minimum((stated * BINS).astype(int), BINS - 1) + BINS * np.arange(columns)[:, None]).ravel()
    residual = (happened - stated).ravel()
    return [
        np.bincount(where, weights=weight, minlength=BINS * columns).reshape(columns, BINS).T
        for weight in (np.ones(len(where)), residual, residual**2)
    ]


def made(seed, shift, columns=800, n=1000):
    rng = np.random.default_rng(seed)
    stated = rng.uniform(0.2, 0.8, size=(columns, n))
    return sums(stated, rng.random((columns, n)) < stated + shift)


def test_a_calibrated_model_is_near_zero_where_the_plain_estimate_is_not():
    found = made(1, 0)
    plain = np.sqrt((found[1] ** 2 / np.maximum(found[0], 1)).sum(axis=0) / 1000)
    assert np.mean(calibration_error(*found) ** 2) < 0.3 * np.mean(plain**2)
    low, _ = calibration_error_interval(*found)
    assert np.mean(low == 0) > 0.95


@pytest.mark.parametrize("shift", [0.05, 0.15, -0.1])
def test_a_shift_is_found_without_bias_and_covered(shift):
    found = made(2, shift)
    low, high = calibration_error_interval(*found)
    assert np.mean(calibration_error(*found) ** 2) == pytest.approx(shift**2, rel=0.05)
    assert 0.93 < np.mean((low <= abs(shift)) & (abs(shift) <= high)) < 0.985


def test_one_bin_has_the_noncentral_chi_squared_bounds():
    low, high = calibration_error_interval([[100.0]], [[20.0]], [[28.0]])
    variance = (28 - 4) / 99
    seen = 100 * 0.2**2 / variance
    for bound, tail in ((low, 0.975), (high, 0.025)):
        assert stats.ncx2.cdf(seen, 1, 100 * bound[0] ** 2 / variance) == pytest.approx(tail, abs=1e-6)


def test_the_interval_holds_the_estimate_and_empty_or_single_bins_do_not_count():
    found = made(3, 0.1, columns=50, n=200)
    low, high = calibration_error_interval(*found)
    value = calibration_error(*found)
    assert ((low <= value) & (value <= high)).all()
    padded = [np.vstack([x, np.ones((1, 50)), np.zeros((1, 50))]) for x in found]
    np.testing.assert_allclose(calibration_error(*padded), value)


def test_too_few_rows_have_no_calibration_error():
    assert np.isnan(calibration_error([[1.0]], [[0.5]], [[0.25]])).all()
    assert np.isnan(calibration_error_interval([[0.0]], [[0.0]], [[0.0]])).all()


@pytest.mark.parametrize("rows", [9e3, 1.1e4, 1e5, 1e9])
def test_a_gap_many_times_its_noise_has_bounds_at_once_and_the_right_ones(rows):
    """The exact search would take minutes where next to nothing varies."""
    low, high = calibration_error_interval([[rows]], [[rows / 2]], [[rows / 2]])  # a gap of 1/2, a variance of 1/4
    variance = (rows / 2 - rows / 4) / (rows - 1)
    normal = stats.norm.ppf(0.975) * np.sqrt(variance / rows)
    assert (low[0], high[0]) == pytest.approx((0.5 - normal, 0.5 + normal), rel=1e-4)
    still = calibration_error_interval([[rows]], [[rows / 2]], [[rows / 4 * (1 + 1e-12)]])
    assert np.array(still).ravel() == pytest.approx([0.5, 0.5], abs=1e-5)


@pytest.mark.parametrize("stated", [0.02, 0.98])
def test_a_model_that_is_sure_and_was_never_wrong_yet_is_not_found_to_be_far_off(stated):
    """Of 40 rows with 98% all are right in 45 of 100 repeats: that is no gap of 2 points known to the last digit."""
    rng = np.random.default_rng(4)
    happened = rng.random((2000, 40)) < stated
    found, times = sums(np.full((2000, 40), stated), happened), sums(np.full((2000, 40), stated), happened + stated)[1]
    covered = [calibration_error_interval(*found, happened=given)[0] == 0 for given in (None, times)]
    assert np.mean(covered[0]) < 0.6
    assert np.mean(covered[1]) > 0.95
