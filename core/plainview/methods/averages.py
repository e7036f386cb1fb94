"""Averages over classes: macro and weighted precision, recall and F1, from the counts of all cells.

Intervals and differences: Wilson's at the effective number of examples, see `statistics.effective`, which measures it
against the bootstrap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, both_there, ratio, scaled
from plainview.methods.counts import class_sums, compare_joint, possible_cells, spread_out
from plainview.statistics.arrays import quiet
from plainview.statistics.effective import estimate_counts

PerClass = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # (right, predicted, labelled) -> per class


@dataclass(frozen=True)
class Average:
    """The average over classes of a value ``per_class`` of the counts right, predicted and labelled.

    A class whose value is undefined in a scenario is left out there, as scikit-learn does with ``zero_division=nan``.
    ``by_support`` weighs each class by its labels instead of equally.
    """

    per_class: PerClass
    by_support: bool = False
    undefined: str = "no examples with a label and a prediction"
    method: str = "wilson at effective size/1"
    paired_method: str = "square-and-add at effective size/1"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The average and its interval. ``name`` is not needed here."""
        there = both_there(totals, 0, 1)
        merged, into = there.merged()
        cells = possible_cells([(cell[0], cell[1]) for cell in merged.cells])
        place = {cell: row for row, cell in enumerate(cells)}
        statistic, places = self._statistic(cells, classes), [place[cell] for cell in merged.cells]
        counts = np.zeros((len(cells), there.count.shape[1]))
        counts[places] = scaled(there, merged, into, lambda seen: statistic(spread_out(seen, places, len(cells))))
        found = estimate_counts(statistic, counts)
        with quiet():
            low, high = found.interval(confidence)
        return Estimate(found.value, low, high, there.count.sum(axis=0), self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, from the joint counts."""
        joint = both_there(totals, 0, 1, 2)
        return compare_joint(
            joint,
            lambda cells: (self._statistic(cells, classes), None),
            of=joint.count.sum(axis=0),
            levels=levels,
            reason=self.undefined,
        )

    def _statistic(self, cells: Sequence[tuple[str, str]], classes: Sequence[str]):
        labels, predictions = (np.array(side, dtype=object) for side in zip(*cells, strict=True))
        names = list(classes) or sorted({*labels, *predictions})
        labelled, predicted = class_sums(labels, names), class_sums(predictions, names)
        right = class_sums(np.where(labels == predictions, labels, None), names)

        def average(counts: np.ndarray) -> np.ndarray:
            support = labelled(counts)
            values = self.per_class(right(counts), predicted(counts), support)
            known = ~np.isnan(values)
            weights = np.where(known, support if self.by_support else 1.0, 0.0)
            return ratio((np.nan_to_num(values) * weights).sum(axis=0), weights.sum(axis=0))

        return average
