"""Of all groups that were tried, those that pass: adjusted for their number, for clusters, and for moves the other way."""

import numpy as np

from plainview.errors.judged import Judged
from plainview.errors.overlap import evidence
from plainview.errors.search import Tried
from plainview.masks import Masks
from plainview.statistics.fisher import fisher_greater
from plainview.statistics.multiple import benjamini_hochberg
from plainview.statistics.paired import mcnemar

MOST_FOUND = 1_000  # groups that are looked through for overlap, the strongest


class Passed:
    """The groups whose adjusted p is at most ``rate`` and whose odds of an error are ``effect`` times those elsewhere.

    ``places`` are theirs among those tried, the strongest first; ``adjusted`` and ``strength`` are of all that were tried.
    """

    def __init__(self, judged: Judged, masks: Masks, tried: Tried, *, rate: float, effect: float) -> None:
        self.judged, self.masks, self.tried = judged, masks, tried
        self.rows, self.errors = len(judged.events), int(judged.events.sum())
        p = self._checked(tried.p.copy(), rate)
        self.adjusted, passed = benjamini_hochberg(p, rate=rate) if len(p) else (p, np.zeros(0, dtype=bool))
        strong = self._odds(tried.errors, tried.examples) >= effect
        self.strength = evidence(tried.errors, tried.examples, self.errors, self.rows)
        places = np.flatnonzero(passed & strong)
        self.places = places[np.argsort(-self.strength[places], kind="stable")][:MOST_FOUND]

    def mask(self, place: int) -> np.ndarray:
        """Which rows a group holds, shape (rows,)."""
        return self._held(self._named(place))

    def masks_of(self) -> Masks:
        """The masks of all that passed."""
        return Masks.packed((self.mask(place) for place in self.places), self.rows)

    def _named(self, place: int) -> list[int]:
        return [int(one) for one in self.tried.conditions[place] if one >= 0]

    def _held(self, named: list[int]) -> np.ndarray:
        if not named:
            return np.ones(self.rows, dtype=bool)
        return Masks(np.bitwise_and.reduce(self.masks.words[named])[None], self.rows)[0]

    def _odds(self, k: np.ndarray, n: np.ndarray) -> np.ndarray:
        """The odds of an error inside, over those elsewhere."""
        inside, outside = k * (self.rows - n - self.errors + k), (n - k) * (self.errors - k)
        return np.divide(inside, outside, out=np.full(len(k), np.inf), where=outside > 0)

    def _checked(self, p: np.ndarray, rate: float) -> np.ndarray:
        """p with what the search does not see: clusters, and moves the other way.

        Only the groups that would pass need it: a larger p for those cannot let another one pass.
        """
        if not len(p) or (self.judged.clusters is None and self.judged.against is None):
            return p
        for place in np.flatnonzero(benjamini_hochberg(p, rate=rate)[1]):
            p[place] = max(p[place], self._of_clusters(self._named(place)), self._against(self.mask(place)))
        return p

    def _of_clusters(self, named: list[int]) -> float:
        """The largest p of the search's claims, of as many independent examples as tell as much."""
        if self.judged.clusters is None:
            return 0.0
        mask = self._held(named)
        parents = [[one for one in named if one != left_out] for left_out in named] if len(named) > 1 else []
        return max(self._within(mask, self._held(parent)) for parent in [[], *parents])

    def _within(self, mask: np.ndarray, parent: np.ndarray) -> float:
        """Fisher's p of a group within a larger one, with all counts divided by the larger design effect of its two sides."""
        effect = np.maximum(self.judged.design_effect(mask), self.judged.design_effect(parent & ~mask))
        if not np.isfinite(effect):  # one cluster alone tells nothing
            return 1.0
        events = self.judged.events
        k, n, all_k, all_n = (int(rows.sum()) / effect for rows in (mask & events, mask, parent & events, parent))
        k, n, all_n = np.floor(k), np.ceil(n), np.floor(all_n)
        return float(fisher_greater(k, n, min(np.ceil(all_k), all_n - n + k), all_n))

    def _against(self, mask: np.ndarray) -> float:
        """The one-sided p of McNemar's test that as many went the other way; 1 where more did."""
        if self.judged.against is None:
            return 0.0
        here, other = int(self.judged.events[mask].sum()), int(self.judged.against[mask].sum())
        return float(mcnemar(here, other)) / 2 if here > other else 1.0
