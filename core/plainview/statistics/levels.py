"""Confidence levels as quantiles of the normal and of Student's distribution."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from plainview.exceptions import InputError
from plainview.statistics.arrays import Array


def normal_quantile(confidence: ArrayLike) -> Array:
    """The z that ``confidence`` of a standard normal lies within, both sides: 1.96 for 0.95. InputError outside (0, 1)."""
    return ndtri(_upper(confidence))


def t_quantile(confidence: ArrayLike, degrees: ArrayLike) -> Array:
    """The t that ``confidence`` of Student's distribution lies within; NaN where ``degrees`` is not positive."""
    degrees = np.asarray(degrees, float)
    return stdtrit(np.where(degrees > 0, degrees, np.nan), _upper(confidence))


def student_factor(degrees: ArrayLike) -> Array:
    """(t / z)² at 95%: how many times more examples a t interval needs to be as short as a normal one."""
    return (t_quantile(0.95, degrees) / normal_quantile(0.95)) ** 2


def _upper(confidence: ArrayLike) -> Array:
    confidence = np.asarray(confidence, float)
    if not np.all((confidence > 0) & (confidence < 1)):
        raise InputError(
            f"The 'confidence' parameter must lie between 0 and 1, such as 0.95. Got {confidence!r} instead."
        )
    return (1 + confidence) / 2
