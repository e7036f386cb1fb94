"""The bootstrap of counts, which is the bootstrap of the rows, exactly: what intervals of counts were chosen against.

Resampling n rows with replacement and counting cells is a multinomial draw of the cells (Efron 1979), so a draw costs the
number of cells and not of rows. Plainview's own intervals need no draws, see `plainview.statistics.effective`.
"""

import numpy as np
from scipy.special import ndtr, ndtri

DRAWS = 1000


def bca(statistic, counts: np.ndarray, rng: np.random.Generator, *, draws: int | None = None, confidence: float = 0.95):
    """The BCa interval (Efron 1987) of ``statistic`` for each column of ``counts``, (cells, columns): (low, high).

    The acceleration is the jackknife's over cells: one example of a cell left out, weighted by its count. NaN where the
    statistic is undefined, or in more than half of the draws. DRAWS of them, unless another number is given.
    """
    with np.errstate(all="ignore"):
        ends = [_bca(statistic, column, draws or DRAWS, (1 + confidence) / 2, rng) for column in counts.T]
    return tuple(np.array(ends).T)


def of_clusters(statistic, counts: np.ndarray, rng: np.random.Generator, *, draws: int = 100):
    """The percentile interval of ``statistic`` with whole clusters resampled; counts have shape (cells, clusters, columns)."""
    clusters = counts.shape[1]
    times = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
    with np.errstate(all="ignore"):
        values = statistic(np.einsum("dk,ckr->cdr", times, counts))
    return tuple(np.nanquantile(values, [0.025, 0.975], axis=0))


def _bca(statistic, counts: np.ndarray, draws: int, upper: float, rng: np.random.Generator) -> tuple[float, float]:
    estimate = statistic(counts[:, None])[0]
    values = statistic(resample(counts, rng, draws=draws))
    values = values[np.isfinite(values)]
    if not np.isfinite(estimate) or len(values) <= draws / 2:
        return np.nan, np.nan
    below = (np.sum(values < estimate) + np.sum(values == estimate) / 2) / len(values)
    bias = ndtri(np.clip(below, 1 / len(values), 1 - 1 / len(values)))
    shifted = bias + np.array([-1, 1]) * ndtri(upper)
    return tuple(np.quantile(values, ndtr(bias + shifted / (1 - _acceleration(statistic, counts) * shifted))))


def resample(counts: np.ndarray, rng: np.random.Generator, *, draws: int) -> np.ndarray:
    """Multinomial draws of ``counts``, (cells,): shape (cells, draws), each with as many examples."""
    return rng.multinomial(round(counts.sum()), counts / counts.sum(), size=draws).T.astype(float)


def _acceleration(statistic, counts: np.ndarray) -> float:
    filled = np.flatnonzero(counts > 0)
    without = np.repeat(counts[:, None], len(filled), axis=1)
    without[filled, np.arange(len(filled))] -= 1
    values = statistic(without)
    weight, values = counts[filled][np.isfinite(values)], values[np.isfinite(values)]
    if not len(values):
        return 0.0
    pull = np.average(values, weights=weight) - values
    spread = np.sum(weight * pull**2)
    return float(np.sum(weight * pull**3) / (6 * spread**1.5)) if spread > 0 else 0.0
