"""Differences between two releases on the same examples: proportions, means, root mean squares.

Paired counts are given as four numbers of examples: right in ``both``, in ``only_first``, in ``only_second``, in
``neither``. The difference is first minus second.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from plainview.exceptions import InputError
from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.intervals import mean_and_variance, mean_t, rmse_log, wilson
from plainview.statistics.levels import normal_quantile
from plainview.statistics.moments import t_p

_HALVINGS = 54


def newcombe(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, neither: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Square-and-add interval of a difference of paired proportions (Newcombe 1998, method 10). NaN for no examples.

    The correlation phi is continuity-corrected as published: a positive numerator is reduced by n/2, not below 0.
    """
    both, only_first, only_second, neither = _floats(both, only_first, only_second, neither)
    n = both + only_first + only_second + neither
    first, second = both + only_first, both + only_second
    with quiet():
        cross = both * neither - only_first * only_second
        cross = np.where(cross > 0, np.maximum(cross - n / 2, 0), cross)
        scale = np.sqrt(first * (n - first) * second * (n - second))
        phi = np.where(scale > 0, cross / scale, 0.0)
        low, high = mover(
            first / n,
            *wilson(first, n, confidence=confidence),
            second / n,
            *wilson(second, n, confidence=confidence),
            phi,
        )
    return np.maximum(low, -1)[()], np.minimum(high, 1)[()]


def tango(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, neither: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Score interval of a difference of paired proportions (Tango 1998), by bisection. NaN for no examples."""
    both, only_first, only_second, neither = _floats(both, only_first, only_second, neither)
    n = both + only_first + only_second + neither
    z = normal_quantile(confidence)
    low = _tango_low(only_first, only_second, n, z)
    high = -_tango_low(only_second, only_first, n, z)
    missing = ~(n > 0)
    return np.where(missing, np.nan, low)[()], np.where(missing, np.nan, high)[()]


def _tango_low(only_first: Array, only_second: Array, n: Array, z: Array) -> Array:
    """The difference below the estimate whose score statistic is z; the statistic falls from there to the estimate."""
    with quiet():
        estimate = (only_first - only_second) / n
        outer, inner = np.broadcast_arrays(np.full_like(estimate * z, -1.0), estimate)
        for _ in range(_HALVINGS):
            middle = (outer + inner) / 2
            far = _tango_statistic(middle, only_first, only_second, n) > z
            outer, inner = np.where(far, middle, outer), np.where(far, inner, middle)
    return (outer + inner) / 2


def _tango_statistic(difference: Array, only_first: Array, only_second: Array, n: Array) -> Array:
    linear = -only_first - only_second + (2 * n - only_first + only_second) * difference
    constant = -only_second * difference * (1 - difference)
    root = np.sqrt(np.maximum(linear**2 - 8 * n * constant, 0))
    second_rate = np.where(linear > 0, -2 * constant / (linear + root), (root - linear) / (4 * n))
    variance = n * (2 * second_rate + difference * (1 - difference))
    return (only_first - only_second - n * difference) / np.sqrt(np.maximum(variance, 0))


def mcnemar(only_first: ArrayLike, only_second: ArrayLike, *, method: str = "mid-p") -> Array:
    """Two-sided p of "as many fixed as broke", exact or mid-p (Fagerland, Lydersen and Laake 2013). 1 for no flips.

    Binomial tails are taken as incomplete beta functions, so that effective (real) counts have a p too.
    Raises InputError for a method other than "mid-p" or "exact".
    """
    if method not in ("mid-p", "exact"):
        raise InputError(f"The 'method' parameter of mcnemar must be 'mid-p' or 'exact'. Got {method!r} instead.")
    only_first, only_second = _floats(only_first, only_second)
    fewer, flips = np.minimum(only_first, only_second), only_first + only_second
    with quiet():
        up_to = betainc(np.maximum(flips - fewer, 1e-300), fewer + 1, 0.5)
        below = np.where(fewer > 0, betainc(flips - fewer + 1, np.maximum(fewer, 1e-300), 0.5), 0.0)
    p = 2 * up_to if method == "exact" else up_to + below
    return np.where(np.isnan(flips), np.nan, np.where(flips > 0, np.minimum(p, 1), 1.0))[()]


def paired_mean_t(
    count: ArrayLike, total: ArrayLike, total_squares: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Student's interval of a mean difference, from the sums of d and d² over examples, d = first - second."""
    return mean_t(count, total, total_squares, confidence=confidence)


def paired_mean_p(count: ArrayLike, total: ArrayLike, total_squares: ArrayLike) -> Array:
    """Two-sided p of the paired t test, from the sums of d and d². NaN for fewer than 2; 1 where every d is 0."""
    mean, variance = mean_and_variance(count, total, total_squares)
    with quiet():
        return t_p(mean, np.sqrt(variance / count), np.asarray(count, float) - 1)


def paired_rmse(
    count: ArrayLike,
    first_squares: ArrayLike,
    second_squares: ArrayLike,
    first_fourths: ArrayLike,
    second_fourths: ArrayLike,
    products: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """The interval of RMSE(first) - RMSE(second), from the sums of e², e⁴ of each and of e²·e² over the same examples.

    Square-and-add of the two log-scale intervals with the correlation of the squared errors. NaN for fewer than 2.
    """
    return _paired_rmse(count, first_squares, second_squares, first_fourths, second_fourths, products)(confidence)


def paired_rmse_p(
    count: ArrayLike,
    first_squares: ArrayLike,
    second_squares: ArrayLike,
    first_fourths: ArrayLike,
    second_fourths: ArrayLike,
    products: ArrayLike,
) -> Array:
    """The two-sided p-value that agrees with ``paired_rmse``. 1 where the squared errors are the same."""
    interval = _paired_rmse(count, first_squares, second_squares, first_fourths, second_fourths, products)
    shape = np.broadcast_shapes(*(np.shape(x) for x in (count, first_squares, second_squares, products)))
    return p_by_inversion(interval, shape)


def _paired_rmse(count, first_squares, second_squares, first_fourths, second_fourths, products):
    count = np.asarray(count, float)
    first_mean, first_variance = mean_and_variance(count, first_squares, first_fourths)
    second_mean, second_variance = mean_and_variance(count, second_squares, second_fourths)
    with quiet():
        covariance = (products - count * first_mean * second_mean) / (count - 1)
        scale = np.sqrt(first_variance * second_variance)
        related = np.where(scale > 0, np.clip(covariance / scale, -1, 1), 0.0)
        values = np.sqrt(first_mean), np.sqrt(second_mean)

    def interval(confidence: ArrayLike) -> Interval:
        first = rmse_log(count, first_squares, first_fourths, confidence=confidence)
        second = rmse_log(count, second_squares, second_fourths, confidence=confidence)
        return mover(values[0], *first, values[1], *second, related)

    return interval


def _floats(*counts: ArrayLike) -> list[Array]:
    return [np.asarray(count, float) for count in counts]
