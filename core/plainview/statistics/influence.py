"""Standard errors and correlations of any function of counts, from how each cell pulls on it.

A *statistic* is a function g of counts of shape (cells, columns) giving (columns,), the same whatever the scale of the
counts (a ratio, a mean of ratios). Columns are scenarios, or draws. The influence of an example in cell c is the
derivative of g towards a test set made of c alone (Hampel 1974); it is taken numerically, so a metric need not know it.
"""

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array, Statistic, quiet

_STEP = 1e-4  # of the cell's own count: truncation error 1e-8, rounding error below it up to 1e6 examples


def influences(statistic: Statistic, counts: ArrayLike) -> Array:
    """The influence of one example of each cell on ``statistic``: shape (cells, columns), 0 for empty cells.

    g is evaluated twice a cell that is not empty in some column, over all columns at once.
    """
    counts = np.asarray(counts, float)
    n = counts.sum(axis=0)
    result = np.zeros_like(counts)
    with quiet():
        for cell in np.flatnonzero(counts.any(axis=1)):
            step = _STEP * counts[cell]
            more, fewer = counts.copy(), counts.copy()
            more[cell] += step
            fewer[cell] -= step
            slope = n * (statistic(more) - statistic(fewer)) / (2 * step)
            result[cell] = np.where(counts[cell] > 0, slope, 0.0)
        centre = (counts * result).sum(axis=0) / n  # 0 already, but for rounding, where g ignores scale
    return np.where(counts > 0, result - centre, 0.0)


def standard_error(statistic: Statistic, counts: ArrayLike) -> Array:
    """The standard error of ``statistic`` for a column (infinitesimal jackknife; Efron 1982). NaN for no examples."""
    counts = np.asarray(counts, float)
    pull = influences(statistic, counts)
    with quiet():
        return np.sqrt((counts * pull**2).sum(axis=0)) / counts.sum(axis=0)


def correlation(first: Statistic, second: Statistic, counts: ArrayLike) -> Array:
    """The correlation of two estimates made from the same joint counts: shape (columns,). 0 where one cannot vary."""
    counts = np.asarray(counts, float)
    one, other = influences(first, counts), influences(second, counts)
    with quiet():
        scale = np.sqrt((counts * one**2).sum(axis=0) * (counts * other**2).sum(axis=0))
        product = (counts * one * other).sum(axis=0)
        return np.where(scale > 0, np.clip(product / scale, -1, 1), np.where(np.isnan(scale), np.nan, 0.0))
