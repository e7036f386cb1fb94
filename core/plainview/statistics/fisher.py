"""Fisher's exact test of "more often here than elsewhere", for very many tables at once."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from plainview.statistics.arrays import Array

_NEGLIGIBLE = 1e-17  # of the sum so far: what is left out of the tail


def fisher_greater(hits: ArrayLike, trials: ArrayLike, all_hits: ArrayLike, all_trials: ArrayLike) -> Array:
    """The one-sided p-value of ``hits`` of ``trials`` drawn from ``all_hits`` of ``all_trials`` (Fisher 1935).

    It is the hypergeometric chance of as many hits or more. Where there are no more than expected it is given as 1: it
    would be about a half or above, and such a table is no evidence. Whole numbers; NaN for no trials.
    """
    given = np.broadcast_arrays(*(np.asarray(each, float) for each in (hits, trials, all_hits, all_trials)))
    k, n, total_k, total_n = (each.ravel() for each in given)
    p = np.where(n > 0, 1.0, np.nan)
    above = (n > 0) & (n < total_n) & (k * total_n > n * total_k)
    if above.any():
        p[above] = _tail(k[above], n[above], total_k[above], total_n[above])
    return p.reshape(given[0].shape)[()]


def _tail(k: Array, n: Array, total_k: Array, total_n: Array) -> Array:
    """P(X ≥ k) for k above the mean: the terms fall from there, each a ratio of the one before."""
    first = _log_choose(total_k, k) + _log_choose(total_n - total_k, n - k) - _log_choose(total_n, n)  # log P(X = k)
    total, term, active = np.ones_like(k), np.ones_like(k), np.arange(len(k))
    at = k.copy()
    while len(active):
        j, m, a, b = at[active], n[active], total_k[active], total_n[active]
        term[active] *= (m - j) * (a - j) / ((j + 1) * (b - a - m + j + 1))
        total[active] += term[active]
        at[active] += 1
        active = active[term[active] > _NEGLIGIBLE * total[active]]
    return np.minimum(np.exp(first + np.log(total)), 1.0)


def _log_choose(of: Array, chosen: Array) -> Array:
    return gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)
