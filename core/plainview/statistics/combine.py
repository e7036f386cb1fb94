"""The interval of a difference from the intervals of its two parts, and a p-value from any interval."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from plainview.statistics.arrays import Array, Interval

_WIDEST_Z = 8.2  # two-sided p of 2e-16: beyond it 1 - p is 1 in double precision
_HALVINGS = 50


def mover(
    first: ArrayLike,
    first_low: ArrayLike,
    first_high: ArrayLike,
    second: ArrayLike,
    second_low: ArrayLike,
    second_high: ArrayLike,
    correlation: ArrayLike = 0.0,
) -> Interval:
    """The interval of ``first - second`` by square-and-add (Zou and Donner 2008, eq. 6), at the parts' confidence.

    ``correlation`` is that of the two estimates: 0 for different examples; for the same examples see ``influence``.
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    below, above = first - first_low, np.asarray(first_high, float) - first
    second_below, second_above = second - second_low, np.asarray(second_high, float) - second
    low = first - second - _add(below, second_above, correlation)
    return low, first - second + _add(above, second_below, correlation)


def _add(one: Array, other: Array, correlation: ArrayLike) -> Array:
    return np.sqrt(np.maximum(one**2 - 2 * np.asarray(correlation, float) * one * other + other**2, 0))


def p_by_inversion(interval: Callable[[Array], Interval], shape: tuple[int, ...] = (), *, null: float = 0.0) -> Array:
    """The p-value that agrees with an interval: one minus the confidence at which it first touches ``null``.

    ``interval`` takes an array of confidences of ``shape`` and returns (low, high) of that shape, wider with confidence.
    p is below 0.05 exactly when the 95% interval excludes ``null``. Never below 2e-16; NaN where the interval is NaN.
    """
    narrow, wide = np.zeros(shape), np.full(shape, _WIDEST_Z)
    for _ in range(_HALVINGS):
        middle = (narrow + wide) / 2
        low, high = interval(1 - 2 * ndtr(-middle))
        touches = (low <= null) & (null <= high)
        narrow, wide = np.where(touches, narrow, middle), np.where(touches, middle, wide)
    return np.where(np.isnan(low) | np.isnan(high), np.nan, 2 * ndtr(-narrow))[()]
