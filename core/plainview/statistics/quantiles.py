"""Quantiles (median, p95 latency): intervals from order statistics, without resampling or a model."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from plainview.statistics.arrays import Array, Interval
from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.levels import normal_quantile

_HALVINGS = 50


def quantile_interval(ordered: ArrayLike, level: float, *, confidence: ArrayLike = 0.95) -> Interval:
    """The interval of a quantile, from values of shape (n,) in ascending order, in their units.

    The ranks are those at which a binomial(n, level) leaves (1 - confidence) / 2 on each side, taken between whole ranks by
    the incomplete beta function, and the values between two order statistics by a straight line (in the manner of Hutson
    1999). NaN on a side where n is too small for any order statistic to bound it.
    """
    ordered = np.asarray(ordered, float)
    n = len(ordered)
    normal_quantile(confidence)  # refuses what is not a confidence
    tail = (1 - np.asarray(confidence, float)) / 2
    return _at(ordered, _rank(n, level, 1 - tail)), _at(ordered, _rank(n, level, tail))


def quantile_difference(first: ArrayLike, second: ArrayLike, level: float, *, confidence: ArrayLike = 0.95) -> Interval:
    """The interval of ``quantile(first) - quantile(second)`` for two values of the same rows, each of shape (n,).

    Square-and-add of the two intervals; the correlation of two sample quantiles is that of "below it" in the rows.
    """
    return _difference(np.asarray(first, float), np.asarray(second, float), level)(confidence)


def quantile_difference_p(first: ArrayLike, second: ArrayLike, level: float) -> Array:
    """The two-sided p-value that agrees with ``quantile_difference``."""
    return p_by_inversion(_difference(np.asarray(first, float), np.asarray(second, float), level))


def _difference(first: Array, second: Array, level: float):
    values = [np.quantile(side, level) if len(side) else np.nan for side in (first, second)]
    below = [side <= value for side, value in zip((first, second), values, strict=True)]
    shares = [float(np.mean(side)) if len(side) else np.nan for side in below]
    spread = np.sqrt(shares[0] * (1 - shares[0]) * shares[1] * (1 - shares[1]))
    shared = np.mean(below[0] & below[1]) - shares[0] * shares[1] if spread > 0 else 0.0
    related = shared / spread if spread > 0 else 0.0
    ordered = np.sort(first), np.sort(second)

    def interval(confidence: ArrayLike) -> Interval:
        one, other = (quantile_interval(side, level, confidence=confidence) for side in ordered)
        return mover(values[0], *one, values[1], *other, related)

    return interval


def _rank(n: int, level: float, chance: ArrayLike) -> Array:
    """The real rank r at which binomial(n, level) reaches r with probability ``chance``."""
    chance = np.asarray(chance, float)
    low, high = np.zeros_like(chance), np.full_like(chance, n + 1.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        likelier = betainc(np.maximum(middle, 1e-12), np.maximum(n - middle + 1, 1e-12), level) > chance
        low, high = np.where(likelier, middle, low), np.where(likelier, high, middle)
    return (low + high) / 2


def _at(ordered: Array, rank: Array) -> Array:
    n = len(ordered)
    inside = (rank >= 1) & (rank <= n)
    if n == 0:
        return np.full(np.shape(rank), np.nan)[()]
    return np.where(inside, np.interp(rank, np.arange(1, n + 1), ordered), np.nan)[()]
