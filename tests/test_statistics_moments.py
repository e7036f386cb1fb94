"""Functions of means by the delta method, against scipy and resampled rows."""

import numpy as np
import pytest
from scipy import stats

from plainview.statistics.intervals import mean_t
from plainview.statistics.moments import delta_method, ratio_of_sums, t_interval, t_p


def sums_of(values):
    """Rows of shape (k, n) as one column of sums and products."""
    return values.shape[1], values.sum(axis=1)[:, None], (values @ values.T)[:, :, None]


def test_a_mean_is_its_own_function():
    x = np.random.default_rng(0).gamma(2, size=(1, 50))
    value, error = delta_method(lambda means: means[0], *sums_of(x))
    np.testing.assert_allclose(np.ravel(t_interval(value, error, 49)), mean_t(50, x.sum(), (x**2).sum()), rtol=1e-9)
    assert t_p(value - 1, error, 49)[0] == pytest.approx(stats.ttest_1samp(x[0], 1).pvalue)


def test_a_ratio_of_sums_has_the_textbook_error():
    rng = np.random.default_rng(1)
    words = rng.integers(5, 40, size=300).astype(float)
    errors = rng.binomial(words.astype(int), 0.1).astype(float)
    value, error = delta_method(ratio_of_sums, *sums_of(np.stack([errors, words])))
    residual = errors - value * words
    assert value[0] == errors.sum() / words.sum()
    assert error[0] == pytest.approx(residual.std(ddof=1) / np.sqrt(300) / words.mean(), rel=1e-6)


def test_r_squared_agrees_with_resampled_rows():
    rng = np.random.default_rng(2)
    y = rng.normal(size=500)
    e2 = (0.5 * rng.normal(size=500)) ** 2

    def r_squared(means):
        return 1 - means[0] / (means[2] - means[1] ** 2)

    value, error = delta_method(r_squared, *sums_of(np.stack([e2, y, y * y])))
    rows = rng.integers(0, 500, size=(4000, 500))
    draws = 1 - e2[rows].mean(axis=1) / y[rows].var(axis=1)
    assert value[0] == pytest.approx(1 - e2.mean() / y.var())
    assert error[0] == pytest.approx(draws.std(), rel=0.05)


def test_one_example_has_no_error_and_constants_have_none_either():
    assert np.isnan(delta_method(ratio_of_sums, *sums_of(np.ones((2, 1))))[1]).all()
    value, error = delta_method(ratio_of_sums, *sums_of(np.ones((2, 9))))
    assert (value[0], error[0]) == (1, 0)
    assert t_p(0, 0, 5) == 1
    assert t_p(1, 0, 5) == 0
