"""Any smooth function of means: ratios of sums (word error rate), R², normalised errors, by the delta method.

The kernel keeps, for k values of each example, their sums and the sums of their products; both are additive. A function g
of the k means has the standard error sqrt(g' C g' / n) with C the covariance of one example and g' the gradient, taken
numerically. For a difference of two releases on the same examples g is the difference, so that the covariance is in it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.levels import t_quantile

FunctionOfMeans = Callable[[Array], Array]  # means of shape (k, columns) -> (columns,)
_STEP = 1e-4  # of a standard deviation


def delta_method(
    function: FunctionOfMeans, count: ArrayLike, sums: ArrayLike, products: ArrayLike
) -> tuple[Array, Array]:
    """The value of ``function`` and its standard error, shape (columns,).

    ``sums`` has shape (k, columns) and ``products`` (k, k, columns). NaN for fewer than 2 examples, or where undefined.
    """
    count, sums, products = np.asarray(count, float), np.asarray(sums, float), np.asarray(products, float)
    with quiet():
        means = sums / count
        covariance = (products - count * means[:, None] * means[None]) / np.where(count > 1, count - 1, np.nan)
        gradient = _gradient(function, means, np.sqrt(np.maximum(np.einsum("iic->ic", covariance), 0)))
        variance = np.einsum("ic,ijc,jc->c", gradient, covariance, gradient) / count
        return function(means), np.sqrt(np.maximum(variance, 0))


def t_interval(value: ArrayLike, error: ArrayLike, degrees: ArrayLike, *, confidence: ArrayLike = 0.95) -> Interval:
    """Student's interval around ``value`` with standard ``error``. NaN where ``degrees`` is not positive."""
    value = np.asarray(value, float)
    spread = t_quantile(confidence, degrees) * np.asarray(error, float)
    return value - spread, value + spread


def t_p(value: ArrayLike, error: ArrayLike, degrees: ArrayLike) -> Array:
    """Two-sided p of value / error; where both are 0 nothing differed and p is 1."""
    value, error, degrees = (np.asarray(x, float) for x in (value, error, degrees))
    with quiet():
        ratio = np.where((value == 0) & (error == 0), 0.0, -np.abs(value) / error)
        return (2 * stdtr(np.where(degrees > 0, degrees, np.nan), ratio))[()]


def ratio_of_sums(means: Array) -> Array:
    """The first mean over the second: errors over words, matched over all."""
    with quiet():
        return means[0] / means[1]


def _gradient(function: FunctionOfMeans, means: Array, deviations: Array) -> Array:
    gradient = np.zeros_like(means)
    for row in range(len(means)):
        step = np.where(deviations[row] > 0, deviations[row] * _STEP, 1.0)
        more, less = means.copy(), means.copy()
        more[row] += step
        less[row] -= step
        slope = (function(more) - function(less)) / (2 * step)
        gradient[row] = np.where(deviations[row] > 0, slope, 0.0)
    return gradient
