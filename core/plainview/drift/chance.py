"""How far apart chance alone takes two samples: the same rows are divided anew, many times, and each time measured.

Rows of test set and batch are thrown together and divided at random into two parts as large as before. If nothing has
changed, the real division is one of these, so the share of them that are at least as far apart is an exact p-value, for any
sample size, with ties and rare categories (Fisher 1935; Phipson and Smyth 2010 for the 1 that is added). With clusters whole
clusters are divided. Counts in cells are all that a distance needs, so a division is one draw from a multivariate
hypergeometric distribution, at a cost that does not depend on the rows.

The same draws bound the true distance: what is measured exceeds it, or falls short of it, by no more than chance takes two
equal samples apart (the triangle inequality for distances that are norms of a difference), so the measured distance and the
95% quantile of the draws add up to an upper bound, on the safe side where a column has moved.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEED = 20130101  # divisions are the same on every machine: the same batch has the same record
FEWEST = 999  # divisions; more where many columns share one error rate
CONFIDENCE = 0.95
_SAME = 1e-12  # distances that differ by less are equal: sums in another order
Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]  # counts (…, cells) of both sides → (…,)


@dataclass(frozen=True)
class Chance:
    """What chance makes of a distance."""

    p_value: float
    reach: float  # how far apart chance takes two equal samples, at most, in 95 of 100 divisions


def divisions(columns: int, *, rate: float = 0.05) -> int:
    """How many divisions show a p-value as small as the sharpest step of Benjamini and Hochberg's rule asks for."""
    return max(FEWEST, int(np.ceil(2 * columns / rate)) - 1)


def by_chance(reference: np.ndarray, batch: np.ndarray, distance: Distance, *, draws: int) -> Chance:
    """Of independent rows: counts in cells of both sides, shape (cells,)."""
    together = np.asarray(reference + batch, dtype=np.int64)
    random = np.random.default_rng(SEED)
    theirs = random.multivariate_hypergeometric(together, int(batch.sum()), size=draws, method="marginals")
    return _of(distance(reference, batch), distance(together - theirs, theirs))


def by_chance_in_clusters(reference: np.ndarray, batch: np.ndarray, distance: Distance, *, draws: int) -> Chance:
    """Of rows in clusters: counts in cells of every cluster, shapes (clusters, cells)."""
    together = np.concatenate([reference, batch]).astype(np.float64)
    random, everything = np.random.default_rng(SEED), together.sum(axis=0)
    found = np.empty(draws)
    for draw in range(draws):
        theirs = together[random.permutation(len(together))[: len(batch)]].sum(axis=0)
        found[draw] = distance(everything - theirs, theirs)
    return _of(distance(reference.sum(axis=0), batch.sum(axis=0)), found)


def _of(measured: float, drawn: np.ndarray) -> Chance:
    at_least = int((drawn >= measured - _SAME).sum())
    return Chance((1 + at_least) / (1 + len(drawn)), float(np.quantile(drawn, CONFIDENCE)))
