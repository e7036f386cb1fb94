"""Intervals of any function of counts by the multinomial bootstrap of the cells, which is the bootstrap of the rows.

Resampling n rows with replacement and counting cells is a multinomial draw of the cells (Efron 1979), so a draw costs
the number of cells and not of rows. Plainview's own metrics use ``effective`` instead, which covers better and needs no
draws; this is for a statistic that is not smooth in its counts, and for comparison.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from plainview.exceptions import InputError
from plainview.statistics.arrays import Array, Statistic, quiet
from plainview.statistics.levels import normal_quantile


class Bootstrap(NamedTuple):
    """What one set of draws says: ``low`` and ``high`` have one entry for each confidence asked for."""

    estimate: float
    low: Array
    high: Array
    p: float  # two-sided, of a statistic of 0; never below 2 / draws


def generator(seed: int | bytes) -> np.random.Generator:
    """A PCG64 generator from a number or a content digest: the same seed gives the same draws on any machine."""
    if isinstance(seed, bytes):
        seed = int.from_bytes(hashlib.sha256(seed).digest(), "big")
    return np.random.Generator(np.random.PCG64(seed))


def resample(counts: ArrayLike, *, draws: int, seed: int | bytes) -> Array:
    """Multinomial draws of ``counts`` of shape (cells,): shape (cells, draws), each summing to the total.

    Real counts (effective sizes) are drawn with their total rounded, and scaled back.
    """
    counts = np.asarray(counts, float)
    total = counts.sum()
    size = max(round(total), 1)
    filled = np.flatnonzero(counts)
    drawn = np.zeros((len(counts), draws))
    drawn[filled] = generator(seed).multinomial(size, counts[filled] / total, size=draws).T
    return drawn * (total / size)


def counts_bootstrap(
    statistic: Statistic,
    counts: ArrayLike,
    *,
    draws: int = 2000,
    seed: int | bytes,
    confidence: float | Sequence[float] = 0.95,
) -> Bootstrap:
    """BCa intervals (Efron 1987) of ``statistic`` at each confidence, and a p-value, from the same draws.

    ``counts`` has shape (cells,); ``statistic`` takes (cells, columns) to (columns,), columns being draws. For a difference
    of two releases the cells are joint and the statistic is the difference. The acceleration is the jackknife over cells:
    one example of a cell left out, weighted by its count. Draws where the statistic is undefined are left out; if they are
    more than half, or the estimate is undefined, everything is NaN.

    No interval ends at a boundary that was merely never crossed: each also reaches as far as the statistic goes when one
    cell without examples holds z²/(n + z²) of them, which is what Wilson's interval allows an event never seen in n, as soon
    as all draws agree. So 30 of 30 has the Wilson interval, and not a width of zero.
    """
    if draws < 200:
        raise InputError(f"The 'draws' parameter must be at least 200. Got {draws!r} instead.")
    counts = np.asarray(counts, float)
    z = normal_quantile(np.atleast_1d(np.asarray(confidence, float)))
    with quiet():
        estimate = float(statistic(counts[:, None])[0])
        values = _defined(statistic, counts, draws, seed) if counts.sum() > 0 else np.array([])
        if not np.isfinite(estimate) or len(values) <= draws / 2:
            return Bootstrap(np.nan, np.full(z.shape, np.nan), np.full(z.shape, np.nan), np.nan)
        if np.ptp(values) <= 1e-12 * max(abs(estimate), 1e-300):
            return Bootstrap(estimate, *unseen_range(statistic, counts, z), 1.0)
        return _bca(estimate, values, _acceleration(statistic, counts), z)


def _bca(estimate: float, values: Array, acceleration: float, z: Array) -> Bootstrap:
    share = (np.sum(values < estimate) + np.sum(values == estimate) / 2) / len(values)
    bias = ndtri(np.clip(share, 1 / len(values), 1 - 1 / len(values)))
    low, high = (np.quantile(values, _level(side * z, bias, acceleration)) for side in (-1, 1))
    return Bootstrap(estimate, low, high, _p_of_zero(values, bias, acceleration))


def unseen_range(statistic: Statistic, counts: Array, z: ArrayLike) -> tuple[Array, Array]:
    """The least and greatest value when one cell without examples holds z²/(n + z²) of all, for each z."""
    share = np.atleast_1d(z) ** 2 / (counts.sum() + np.atleast_1d(z) ** 2)
    empty = np.flatnonzero(counts == 0)
    moved = np.repeat(counts[:, None, None] * (1 - share), len(empty) + 1, axis=1)
    moved[empty, np.arange(len(empty))] = counts.sum() * share
    with quiet():
        values = statistic(moved.reshape(len(counts), -1)).reshape(len(empty) + 1, -1)
    return np.nanmin(values, axis=0), np.nanmax(values, axis=0)


def _defined(statistic: Statistic, counts: Array, draws: int, seed: int | bytes) -> Array:
    values = np.asarray(statistic(resample(counts, draws=draws, seed=seed)), float)
    return values[np.isfinite(values)]


def _acceleration(statistic: Statistic, counts: Array) -> float:
    filled = np.flatnonzero(counts > 0)
    without = np.repeat(counts[:, None], len(filled), axis=1)
    without[filled, np.arange(len(filled))] = np.maximum(counts[filled] - 1, 0)
    values = statistic(without)
    known = np.isfinite(values)
    if not known.any():
        return 0.0
    weight, values = counts[filled][known], values[known]
    pull = np.average(values, weights=weight) - values
    spread = np.sum(weight * pull**2)
    return float(np.sum(weight * pull**3) / (6 * spread**1.5)) if spread > 0 else 0.0


def _level(z: Array, bias: float, acceleration: float) -> Array:
    shifted = bias + z
    return ndtr(bias + shifted / (1 - acceleration * shifted))


def _p_of_zero(values: Array, bias: float, acceleration: float) -> float:
    """Twice the smaller tail at which a BCa bound reaches 0: the level map of ``_level``, solved for z."""
    draws = len(values)
    below = (np.sum(values < 0) + np.sum(values == 0) / 2) / draws
    shifted = ndtri(np.clip(below, 1 / draws, 1 - 1 / draws)) - bias
    z = shifted / (1 + acceleration * shifted) - bias
    return float(np.clip(2 * ndtr(-abs(z)), 2 / draws, 1))
