"""Agreement beyond chance, from the counts of all cells: Cohen's kappa, Matthews' correlation.

Both lie between -1 and 1. Intervals and differences: Wilson's at the effective number of examples, see
`statistics.effective`, which measures it for kappa.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, both_there, ratio, scaled
from plainview.methods.counts import Cells, compare_joint, possible_cells, spread_out
from plainview.methods.undefined import known
from plainview.statistics.arrays import Statistic, quiet
from plainview.statistics.effective import estimate_counts

# (share that agrees, shares predicted, shares labelled) -> value; the last two have shape (classes, columns)
Beyond = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
_ROUNDING = 1e-12  # below this a share is 0


def kappa(right: np.ndarray, predicted: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """Cohen's (1960): how much of the agreement that chance does not explain was reached."""
    chance = (predicted * labelled).sum(axis=0)
    return ratio(right - chance, _or_zero(1 - chance))


def matthews(right: np.ndarray, predicted: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """The correlation of labels and predictions (Matthews 1975; several classes: Gorodkin 2004)."""
    varied = [_or_zero(1 - (side**2).sum(axis=0)) for side in (predicted, labelled)]
    return ratio(right - (predicted * labelled).sum(axis=0), np.sqrt(varied[0] * varied[1]))


def _or_zero(share: np.ndarray) -> np.ndarray:
    return np.where(share > _ROUNDING, share, 0.0)


@dataclass(frozen=True)
class Agreement:
    """An agreement ``beyond`` chance; undefined where ``undefined`` says."""

    beyond: Beyond
    undefined: str
    method: str = "wilson at effective size/1"
    paired_method: str = "square-and-add at effective size/1"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The agreement and its interval. ``name`` and ``classes`` are not needed here."""
        there = both_there(totals, 0, 1)
        merged, into = there.merged()
        cells = possible_cells([(cell[0], cell[1]) for cell in merged.cells])
        statistic, places = self._of(cells), [cells.index(cell) for cell in merged.cells]
        counts = np.zeros((len(cells), there.count.shape[1]))
        counts[places] = scaled(there, merged, into, lambda seen: statistic(spread_out(seen, places, len(cells))))
        found = estimate_counts(statistic, counts)
        with quiet():
            low, high = found.interval(confidence)
        of = known(there.count.sum(axis=0), found.value)
        return Estimate(2 * found.value - 1, 2 * low - 1, 2 * high - 1, of, self.undefined)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, from the joint counts."""
        joint = both_there(totals, 0, 1, 2)
        of = joint.count.sum(axis=0)
        found = compare_joint(joint, lambda cells: (self._of(cells), None), of=of, levels=levels, reason=self.undefined)
        return replace(
            found,
            baseline=2 * found.baseline - 1,
            candidate=2 * found.candidate - 1,
            difference=2 * found.difference,
            levels={level: (2 * low, 2 * high) for level, (low, high) in found.levels.items()},
            of=known(of, found.difference),
            spread=2 * found.spread,
        )

    def _of(self, cells: Cells) -> Statistic:
        """The agreement of counts of these cells, moved from -1…1 to 0…1."""
        labels, predictions = (np.array(side, dtype=object) for side in zip(*cells, strict=True))
        names = sorted({*labels, *predictions})
        labelled = np.array([labels == name for name in names], dtype=float)
        predicted = np.array([predictions == name for name in names], dtype=float)
        right = labels == predictions

        def statistic(counts: np.ndarray) -> np.ndarray:
            shares = ratio(counts, counts.sum(axis=0))
            return (1 + self.beyond(shares[right].sum(axis=0), predicted @ shares, labelled @ shares)) / 2

        return statistic
