"""Averages over classes: macro and weighted precision, recall and F1, from the counts of all cells.

Intervals and differences: bootstrap of the counts (a multinomial draw of the cells is exactly the bootstrap of the rows),
2,000 draws seeded by content, BCa.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, both_there, column, effective, ratio, weighted
from plainview.statistics.bootstrap import counts_bootstrap

PerClass = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # (right, predicted, labelled) -> per class
Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Average:
    """The average over classes of a value ``per_class`` of the counts right, predicted and labelled.

    A class whose value is undefined in a scenario is left out there, as scikit-learn does with ``zero_division=nan``.
    ``by_support`` weighs each class by its labels instead of equally.
    """

    per_class: PerClass
    by_support: bool = False
    undefined: str = "no examples with a label and a prediction"
    method: str = "count bootstrap bca/1"
    paired_method: str = "paired count bootstrap bca/1"

    def estimate(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float, seed: bytes
    ) -> Estimate:
        """The average, and an interval from draws of each scenario's counts."""
        there = both_there(totals, 0, 1)
        average = self._statistic(there, 1, classes)
        counts = _scaled(there)
        low, high = np.full((2, counts.shape[1]), np.nan)
        for scenario in range(counts.shape[1]):
            drawn = self._draw(average, counts[:, scenario], seed + bytes([0]), (confidence,))
            low[scenario], high[scenario] = drawn.low[0], drawn.high[0]
        value = average(counts)
        low, high = np.minimum(low, value), np.maximum(high, value)  # of a handful of rows, draws may miss the estimate
        return Estimate(value, low, high, there.count.sum(axis=0), self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float], seed: bytes
    ) -> Difference:
        """Candidate minus baseline, from draws of the joint counts."""
        joint = both_there(totals, 0, 1, 2)
        b, c = (self._statistic(joint, side, classes) for side in (1, 2))
        counts = _scaled(joint)
        columns = counts.shape[1]
        ends = {level: np.full((2, columns), np.nan) for level in levels}
        p = np.full(columns, np.nan)
        for scenario in range(columns):
            drawn = self._draw(lambda table: c(table) - b(table), counts[:, scenario], seed + bytes([1]), tuple(levels))
            p[scenario] = drawn.p
            for position, level in enumerate(levels):
                ends[level][:, scenario] = drawn.low[position], drawn.high[position]
        of = joint.count.sum(axis=0)
        wide = max(levels)
        return Difference(
            b(counts),
            c(counts),
            difference=c(counts) - b(counts),
            levels={level: (low, high) for level, (low, high) in ends.items()},
            p=p,
            of=of,
            spread=_spread(*ends[wide], wide, of),
            reason=self.undefined,
        )

    def _draw(self, statistic: Statistic, counts: np.ndarray, seed: bytes, levels: tuple[float, ...]):
        seen = counts > 0

        def on_seen(table: np.ndarray) -> np.ndarray:
            full = np.zeros((len(counts), table.shape[1]))
            full[seen] = table
            return statistic(full)

        return counts_bootstrap(on_seen, counts[seen], seed=seed, confidence=levels)

    def _statistic(self, totals: Totals, side: int, classes: Sequence[str]) -> Statistic:
        labels, predictions = column(totals, 0), column(totals, side)
        names = list(classes) or sorted({*labels, *predictions})
        labelled = np.array([labels == name for name in names], dtype=float).reshape(len(names), len(labels))
        predicted = np.array([predictions == name for name in names], dtype=float).reshape(labelled.shape)

        def average(counts: np.ndarray) -> np.ndarray:
            support = labelled @ counts
            values = self.per_class((labelled * predicted) @ counts, predicted @ counts, support)
            known = ~np.isnan(values)
            weights = np.where(known, support if self.by_support else 1.0, 0.0)
            return ratio((np.nan_to_num(values) * weights).sum(axis=0), weights.sum(axis=0))

        return average


def _scaled(there: Totals) -> np.ndarray:
    """Counts of the cells whose total is the effective number of rows, shape (cells, S)."""
    rows = weighted(there)
    return np.nan_to_num(rows * ratio(effective(there), rows.sum(axis=0)))


def _spread(low: np.ndarray, high: np.ndarray, level: float, of: np.ndarray) -> np.ndarray:
    from plainview.statistics.levels import normal_quantile

    return (high - low) / (2 * normal_quantile(level)) * np.sqrt(of)
