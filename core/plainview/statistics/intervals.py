"""Intervals of one estimate: proportions, F1, means, root mean squares."""

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.levels import normal_quantile, t_quantile


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: ArrayLike = 0.95) -> Interval:
    """The score interval of a proportion (Wilson 1927; Brown, Cai and DasGupta 2001, eq. 4). NaN for no trials.

    Bounds lie in [0, 1] and contain the estimate; the bound at a boundary estimate is exactly 0 or 1.
    """
    successes, trials = np.asarray(successes, float), np.asarray(trials, float)
    square = normal_quantile(confidence) ** 2
    with quiet():
        failures = np.maximum(trials - successes, 0)
        centre = (successes + square / 2) / (trials + square)
        spread = np.sqrt(square) / (trials + square) * np.sqrt(successes * failures / trials + square / 4)
        low = np.where(successes <= 0, 0.0, np.maximum(centre - spread, 0))
        high = np.where(failures <= 0, 1.0, np.minimum(centre + spread, 1))
    missing = ~(trials > 0) | np.isnan(centre)
    return np.where(missing, np.nan, low)[()], np.where(missing, np.nan, high)[()]


def f1_from_jaccard(tp: ArrayLike, fp: ArrayLike, fn: ArrayLike, *, confidence: ArrayLike = 0.95) -> Interval:
    """The interval of F1 = 2J/(1+J), from the Wilson interval of J = tp/(tp+fp+fn). NaN where all three are 0.

    J is a plain proportion (of the examples where label or prediction is positive), and F1 rises with it.
    """
    tp = np.asarray(tp, float)
    low, high = wilson(tp, tp + fp + fn, confidence=confidence)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def mean_and_variance(count: ArrayLike, total: ArrayLike, total_squares: ArrayLike) -> tuple[Array, Array]:
    """Mean and unbiased variance of one value, from the sums of x and x²; the variance of fewer than 2 is NaN."""
    count, total = np.asarray(count, float), np.asarray(total, float)
    with quiet():
        mean = np.where(count > 0, total / count, np.nan)
        spread = np.maximum(np.asarray(total_squares, float) - total * mean, 0)
        return mean[()], np.where(count > 1, spread / (count - 1), np.nan)[()]


def mean_t(count: ArrayLike, total: ArrayLike, total_squares: ArrayLike, *, confidence: ArrayLike = 0.95) -> Interval:
    """Student's interval of a mean, from the sums of x and x², in the units of x. NaN for fewer than 2 values."""
    mean, variance = mean_and_variance(count, total, total_squares)
    with quiet():
        spread = t_quantile(confidence, np.asarray(count, float) - 1) * np.sqrt(variance / count)
    return mean - spread, mean + spread


def rmse_log(
    count: ArrayLike, sum_squares: ArrayLike, sum_fourths: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """The interval of a root mean square error, from the sums of e² and e⁴: delta method on log RMSE, t quantile.

    var(log RMSE) = var(e²) / (4 n mean(e²)²). NaN for fewer than 2 values, and where every error is 0.
    """
    mean, variance = mean_and_variance(count, sum_squares, sum_fourths)
    with quiet():
        error = np.sqrt(variance / count) / (2 * mean)
        factor = np.exp(t_quantile(confidence, np.asarray(count, float) - 1) * error)
        rmse = np.where(mean > 0, np.sqrt(mean), np.nan)
        return (rmse / factor)[()], (rmse * factor)[()]
