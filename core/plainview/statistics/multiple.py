"""Many tests at once: the false discovery rate over the scenarios of a comparison."""

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array


def benjamini_hochberg(p: ArrayLike, *, rate: float = 0.05) -> tuple[Array, np.ndarray]:
    """Adjusted p-values and which are rejected at false discovery ``rate`` (Benjamini and Hochberg 1995).

    The last axis is the family. NaN (no test was made) stays NaN, is not rejected, and does not count in the family.
    An adjusted p is the smallest rate at which that test is rejected.
    """
    p = np.asarray(p, float)
    order = np.argsort(p, axis=-1, kind="stable")  # NaN last
    ranked = np.take_along_axis(p, order, axis=-1)
    family = np.sum(~np.isnan(p), axis=-1, keepdims=True)
    scaled = ranked * (family / np.arange(1, p.shape[-1] + 1))
    scaled = np.minimum(np.fmin.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1], 1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.where(np.isnan(ranked), np.nan, scaled), axis=-1)
    return adjusted, adjusted <= rate
