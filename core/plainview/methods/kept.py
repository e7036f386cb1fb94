"""Rows that are carried along, one scenario at a time: their values, and how many independent rows they are worth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from plainview.kernel import CLUSTER, Totals
from plainview.statistics.clusters import design_effect

WEIGHT = "w"


@dataclass(frozen=True)
class Sample:
    """The rows of one scenario: ``rows``, shape (n,), are their places among all; weights are 1 where None."""

    rows: np.ndarray
    weight: np.ndarray | None = None
    clusters: np.ndarray | None = None  # numbers from 0, shape (n,)

    @property
    def w(self) -> np.ndarray:
        """The weight of each row, shape (n,)."""
        return np.ones(len(self.rows)) if self.weight is None else self.weight

    def mean(self, x: np.ndarray) -> float:
        """The weighted mean; NaN for no rows."""
        return float(np.average(x, weights=self.weight)) if len(x) else np.nan

    def worth(self, influence: np.ndarray) -> float:
        """The number of equally weighted, independent rows that would tell as much of what each row has this influence on.

        Weights: (Σw)² / Σw² (Kish 1965). Clusters: divided by their design effect; a single one is worth one row.
        """
        size = float(len(self.rows)) if self.weight is None else self.weight.sum() ** 2 / (self.weight**2).sum()
        if self.clusters is None:
            return size
        centred = influence - self.mean(influence)
        effect = design_effect(
            self._pulls(centred)[:, None], [(self.w * centred**2).sum()], np.bincount(self.clusters, self.w)[:, None]
        )[0]
        return min(size, 1.0) if np.isnan(effect) else size / effect

    def correlation(self, one: np.ndarray, other: np.ndarray) -> float:
        """Of two estimates that each row has these influences on; 0 where one cannot vary."""
        pulls = [x - self.mean(x) for x in (one, other)]
        pulls = [self._pulls(x) for x in pulls] if self.clusters is not None else [x * np.sqrt(self.w) for x in pulls]
        scale = np.sqrt((pulls[0] ** 2).sum() * (pulls[1] ** 2).sum())
        return float(np.clip((pulls[0] * pulls[1]).sum() / scale, -1, 1)) if scale > 0 else 0.0

    def _pulls(self, influence: np.ndarray) -> np.ndarray:
        return np.bincount(self.clusters, self.w * influence)


def usable(totals: Totals) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The values that were carried along, without the rows that miss one or weigh 0; and which rows those are."""
    values = totals.rows.values
    numbers = [x for name, x in values.items() if name != CLUSTER]
    there = np.logical_and.reduce([~np.isnan(x) for x in numbers])
    if WEIGHT in values:
        there = there & (values[WEIGHT] > 0)
    places = np.flatnonzero(there)
    return {name: x[places] for name, x in values.items()}, places


def samples(totals: Totals) -> Iterator[Sample]:
    """The rows of each scenario in turn, counted among those that are `usable`."""
    values, places = usable(totals)
    clusters = np.unique(values[CLUSTER], return_inverse=True)[1] if CLUSTER in values else None
    for scenario in range(totals.count.shape[1]):
        members = totals.rows.members[places, scenario // 8]
        rows = np.flatnonzero((members >> (7 - scenario % 8)) & 1)
        weight = values[WEIGHT][rows] if WEIGHT in values else None
        yield Sample(rows, weight, None if clusters is None else clusters[rows])
