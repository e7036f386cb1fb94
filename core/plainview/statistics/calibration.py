"""How far stated probabilities are from what happened: the calibration error without its bias, and its interval.

Rows are put into bins by their stated probability. With k rows in a bin, and r the residual (1 or 0 that happened, minus
what was stated), the mean residual of the bin estimates its gap. The usual estimate of the error squares or averages these
means, noise included: a perfectly calibrated model with 1,000 rows in 10 bins appears to be 4 points off. Here the noise is
taken out (Bröcker 2012; Kumar, Liang and Ma 2019), and the interval reaches 0 when the data do.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chndtr, chndtrinc, ndtri

from plainview.statistics.arrays import Array, Interval, quiet
from plainview.statistics.levels import normal_quantile

_FAR = 1e4


def calibration_error(count: ArrayLike, residuals: ArrayLike, squares: ArrayLike) -> Array:
    """The root mean square gap over rows, without its bias, as a probability; 0 where noise explains it all.

    ``count``, the sum of ``residuals`` and their ``squares`` have shape (bins, columns). Bins of fewer than 2 rows are left
    out. NaN where no bin is left.
    """
    count, means, variances, used = _bins(count, residuals, squares)
    with quiet():
        squared = (count * means**2 - variances).sum(axis=0) / count.sum(axis=0)
    return np.where(used.any(axis=0), np.sqrt(np.maximum(squared, 0)), np.nan)[()]


def calibration_error_interval(
    count: ArrayLike,
    residuals: ArrayLike,
    squares: ArrayLike,
    *,
    happened: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Interval:
    """The interval of ``calibration_error``, from the noncentral chi-squared distribution of the sum of squared means.

    That sum is a weighted sum of squares; its two first moments are matched (Satterthwaite 1946). Measured at n 100 to
    5,000, 10 bins, calibrated, overconfident, shifted and curved: coverage 94.6 to 97.8%.

    A bin in which it always ``happened``, or never (how many times, of the same shape), shows next to no variance, but might
    have: its variance is raised by what one more of each would make. Measured on sure, rare, U-shaped and uniform
    probabilities at n 40, 100 and 300 (30 cells): 97.5%, worst 89.2%, from n = 100 on 94.0%; without it 88.9%, worst 56.0%.
    """
    normal_quantile(confidence)  # refuses what is not a confidence
    count, means, variances, used = _bins(count, residuals, squares)
    with quiet():
        if happened is not None:
            share, smoothed = happened / count, (np.asarray(happened, float) + 1) / (count + 2)
            more = np.maximum(smoothed * (1 - smoothed) - share * (1 - share), 0) * count / (count - 1)
            variances = variances + np.where(used, more, 0.0)
        total, of_squares = variances.sum(axis=0), (variances**2).sum(axis=0)
        unit, degrees = of_squares / total, total**2 / of_squares
        seen = (count * means**2).sum(axis=0) / unit
        bounds = [
            np.sqrt(_noncentrality(seen, degrees, tail) * unit / count.sum(axis=0))
            for tail in ((1 + confidence) / 2, (1 - confidence) / 2)
        ]
    known = used.any(axis=0) & (total > 0)
    low, high = (np.where(known, bound, np.nan)[()] for bound in bounds)
    return low, high


def _bins(count: ArrayLike, residuals: ArrayLike, squares: ArrayLike) -> tuple[Array, Array, Array, np.ndarray]:
    """Rows, mean residual and variance of each bin that has at least 2 rows; 0 in the others."""
    count = np.asarray(count, float)
    used = count > 1
    with quiet():
        means = np.where(used, np.asarray(residuals, float) / count, 0.0)
        spread = np.maximum(np.asarray(squares, float) - count * means**2, 0)
        return np.where(used, count, 0.0), means, np.where(used, spread / (count - 1), 0.0), used


def _noncentrality(seen: Array, degrees: Array, probability: float) -> Array:
    """The noncentrality at which a chi-squared is at most ``seen`` with this probability; 0 where even 0 is too much.

    The exact search takes time in proportion to what it searches. Far out the root of a chi-squared is normal: there
    (sqrt(seen - (degrees - 1)/2) - z)² - (degrees - 1)/2 is the same to 1e-9.
    """
    near, spare = np.minimum(seen, _FAR), (degrees - 1) / 2
    exact = np.where(chndtr(near, degrees, 0) > probability, chndtrinc(near, degrees, probability), 0.0)
    return np.where(seen > _FAR, (np.sqrt(np.maximum(seen, _FAR) - spare) - ndtri(probability)) ** 2 - spare, exact)
