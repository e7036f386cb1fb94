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


def mean_skewed(
    count: ArrayLike,
    total: ArrayLike,
    total_squares: ArrayLike,
    total_cubes: ArrayLike,
    *,
    degrees: ArrayLike | None = None,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """The interval of a mean of skewed values (absolute errors, latencies), from the sums of x, x² and x³.

    Student's t after Hall's (1992) monotone cubic transformation, which takes out the skewness; NaN for fewer than 3.
    ``degrees`` are those of t; None: one less than the count.
    Measured at n 20 to 300: half-normal, exponential, squared normal and log-normal values are covered as often as by the
    bootstrap-t, with no draws (log-normal at n = 30: 91.5%; t 88.0%; bootstrap-t 91.4%). Symmetric values with heavy tails,
    such as paired differences, are covered better by t (Student's t₄ at n = 30: 95.6% against 92.8%): use that there.
    """
    count = np.asarray(count, float)
    mean, variance = mean_and_variance(count, total, total_squares)
    with quiet():
        third = total_cubes / count - 3 * mean * (total_squares / count) + 2 * mean**3
        skewness = np.where(variance > 0, third / (variance * (count - 1) / count) ** 1.5, 0.0)
        quantile = t_quantile(confidence, np.where(count > 2, count - 1 if degrees is None else degrees, np.nan))
        error = np.sqrt(variance / count)
        bounds = [mean - error * _unskewed(side * quantile, skewness, count) for side in (1, -1)]
        return bounds[0][()], bounds[1][()]


def _unskewed(quantile: Array, skewness: Array, count: Array) -> Array:
    """Hall's transformation solved for the studentised mean: t + s t²/(3 sqrt(n)) + s² t³/(27 n) + s/(6 sqrt(n)) = q."""
    third = skewness / 3
    cubed = 1 + 3 * third * (quantile / np.sqrt(count) - skewness / (6 * count))
    return np.where(np.abs(third) > 1e-6, (np.cbrt(cubed) - 1) / third * np.sqrt(count), quantile)


def rmse_log(
    count: ArrayLike, sum_squares: ArrayLike, sum_fourths: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """The interval of a root mean square error, from the sums of e² and e⁴; NaN for fewer than 2, or if every e is 0.

    Delta method on the log scale with Student's t: var(log mean e²) = v/n with v = var(e²) / mean(e²)². The mean of squares
    is skewed, so the middle is moved up by x(1 + x/2), x = 3z min(v/2, 1)/n, and the width grows by as much: in the manner of
    Bonett (2006), who moves the standard deviation by log(n/(n-z)). Measured at n 30 to 1,000 (uniform, normal, Laplace,
    centred gamma and Student t₅ errors, 25 cells): coverage 94.4%, worst 92.9%; without the move 92.4%, worst 87.1%.
    Errors of which one in ten is three times as large: 90.3% at n = 40.
    """
    count = np.asarray(count, float)
    mean, variance = mean_and_variance(count, sum_squares, sum_fourths)
    with quiet():
        relative = np.where(mean > 0, variance / mean**2, np.nan)
        move = 3 * normal_quantile(confidence) * np.minimum(relative / 2, 1) / count
        move = move * (1 + move / 2)
        reach = t_quantile(confidence, count - 1) * np.sqrt(relative / count) * np.exp(move)
        rmse = np.sqrt(mean)
        return (rmse * np.exp((move - reach) / 2))[()], (rmse * np.exp((move + reach) / 2))[()]
