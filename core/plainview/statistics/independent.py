"""Differences between two releases on different examples: proportions and means."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr

from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.combine import mover
from plainview.statistics.intervals import mean_and_variance, wilson
from plainview.statistics.levels import t_quantile


def newcombe_independent(
    first_successes: ArrayLike,
    first_trials: ArrayLike,
    second_successes: ArrayLike,
    second_trials: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Square-and-add interval of a difference of two proportions (Newcombe 1998, independent, method 10)."""
    first_trials, second_trials = np.asarray(first_trials, float), np.asarray(second_trials, float)
    with quiet():
        return mover(
            first_successes / first_trials,
            *wilson(first_successes, first_trials, confidence=confidence),
            second_successes / second_trials,
            *wilson(second_successes, second_trials, confidence=confidence),
        )


def two_proportions_p(
    first_successes: ArrayLike, first_trials: ArrayLike, second_successes: ArrayLike, second_trials: ArrayLike
) -> Array:
    """Two-sided p of equal proportions: the "N - 1" chi-squared test (E. Pearson 1947; Campbell 2007).

    NaN where a sample is empty; 1 where all succeeded or all failed.
    """
    first_trials, second_trials = np.asarray(first_trials, float), np.asarray(second_trials, float)
    n = first_trials + second_trials
    with quiet():
        pooled = (np.asarray(first_successes, float) + second_successes) / n
        difference = first_successes / first_trials - second_successes / second_trials
        variance = pooled * (1 - pooled) * (1 / first_trials + 1 / second_trials) * n / (n - 1)
        return 2 * ndtr(-np.abs(np.where(difference == 0, 0.0, difference / np.sqrt(variance))))[()]


def welch(
    first_count: ArrayLike,
    first_total: ArrayLike,
    first_squares: ArrayLike,
    second_count: ArrayLike,
    second_total: ArrayLike,
    second_squares: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Welch's interval of a difference of two means, from the counts and the sums of x and x². NaN for fewer than 2."""
    difference, error, degrees = _welch(
        first_count, first_total, first_squares, second_count, second_total, second_squares
    )
    spread = np.where(error > 0, t_quantile(confidence, degrees) * error, error)
    return (difference - spread)[()], (difference + spread)[()]


def welch_p(
    first_count: ArrayLike,
    first_total: ArrayLike,
    first_squares: ArrayLike,
    second_count: ArrayLike,
    second_total: ArrayLike,
    second_squares: ArrayLike,
) -> Array:
    """Two-sided p of Welch's t test, from the counts and the sums of x and x². 1 where nothing varies nor differs."""
    difference, error, degrees = _welch(
        first_count, first_total, first_squares, second_count, second_total, second_squares
    )
    with quiet():
        p = 2 * stdtr(degrees, -np.abs(difference) / error)
    return np.where(error > 0, p, np.where(np.isnan(error), np.nan, difference == 0))[()]


def _welch(first_count, first_total, first_squares, second_count, second_total, second_squares):
    """Difference of means, its standard error, and Satterthwaite's degrees of freedom."""
    first_mean, first_variance = mean_and_variance(first_count, first_total, first_squares)
    second_mean, second_variance = mean_and_variance(second_count, second_total, second_squares)
    first_count, second_count = np.asarray(first_count, float), np.asarray(second_count, float)
    with quiet():
        first, second = first_variance / first_count, second_variance / second_count
        degrees = (first + second) ** 2 / (first**2 / (first_count - 1) + second**2 / (second_count - 1))
    return first_mean - second_mean, np.sqrt(first + second), degrees
