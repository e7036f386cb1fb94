"""Metrics that are hits out of a number of examples: accuracy, recall, precision, and F1 through its Jaccard index.

One release: the Wilson score interval (Brown, Cai and DasGupta 2001). F1 = 2J / (1 + J) rises with the proportion
J = tp / (tp + fp + fn), so the interval of J is mapped.

Two releases with the same examples in the denominator: the paired interval of
`statistics.differences.paired_proportion_difference` and McNemar's mid-p test. Where the denominators differ, as precision
counts what each release predicted: both intervals, squared and added with the correlation of the estimates
(Zou and Donner 2008); p is the level at which that interval touches zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, Interval, both_there, column, effective, ratio, weighted
from plainview.methods.counts import Cells, CountInterval, compare_joint
from plainview.statistics import differences, intervals
from plainview.statistics.arrays import Statistic

Pick = Callable[[np.ndarray, np.ndarray, str | None], np.ndarray]  # (labels, predictions, class) -> which cells


@dataclass(frozen=True)
class Proportion:
    """``hits`` among ``of``. ``shared``: the label alone decides the denominator, so two releases have the same one."""

    hits: Pick
    of: Pick
    undefined: str  # why there may be no value; {name} is the class
    shared: bool = True
    jaccard: bool = False

    @property
    def method(self) -> str:
        """How the interval of one release is made."""
        return "wilson of jaccard/1" if self.jaccard else "wilson/1"

    @property
    def paired_method(self) -> str:
        """How two releases are compared."""
        return "paired proportions, mcnemar mid-p/1" if self.shared else "square-and-add/2"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The proportion and its Wilson interval. ``classes`` is not needed here."""
        there = both_there(totals, 0, 1)
        hits, of = self._masks(there, 1, name)
        counted, hit = there.where(of), hits[of][:, None]
        rows = weighted(counted)
        share = ratio((rows * hit).sum(axis=0), rows.sum(axis=0))
        size = effective(
            counted, rows * (hit - np.nan_to_num(share)), rows.sum(axis=0) * np.nan_to_num(share * (1 - share))
        )
        low, high = self._interval(share, size, confidence)
        return Estimate(self._map(share), low, high, there.count[of].sum(axis=0), self.undefined.format(name=name))

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, over the examples that both have an answer for."""
        joint = both_there(totals, 0, 1, 2)
        baseline, candidate = (self._masks(joint, side, name) for side in (1, 2))
        if self.shared:
            return self._compare_shared(joint, baseline, candidate, levels, name)
        return compare_joint(
            joint,
            lambda cells: self._judged_by(cells, name),
            of=joint.count[baseline[1] | candidate[1]].sum(axis=0),
            levels=levels,
            reason=self.undefined.format(name=name),
        )

    def counted(self, labels: np.ndarray, name: str | None) -> np.ndarray:
        """Which cells' flips belong to this metric: those in a shared denominator, else all; shape (cells,)."""
        return self.of(labels, labels, name) if self.shared else np.ones(len(labels), dtype=bool)

    def _compare_shared(self, joint, baseline, candidate, levels, name) -> Difference:
        of = joint.where(baseline[1])
        b, c = baseline[0][baseline[1]], candidate[0][baseline[1]]
        rows, flip = weighted(of), (c.astype(float) - b)[:, None]
        difference = ratio((rows * flip).sum(axis=0), rows.sum(axis=0))
        off = flip - np.nan_to_num(difference)
        size = effective(of, rows * off, (rows * off**2).sum(axis=0))
        scale = ratio(size, rows.sum(axis=0))
        table = [rows[keep].sum(axis=0) * scale for keep in (b & c, c & ~b, b & ~c, ~b & ~c)]
        both, only_candidate, only_baseline, _ = table
        examples = of.count.sum(axis=0)
        return Difference(
            baseline=ratio(both + only_baseline, size),
            candidate=ratio(both + only_candidate, size),
            difference=difference,
            levels={level: differences.paired_proportion_difference(*table, confidence=level) for level in levels},
            p=np.where(size > 0, differences.paired_proportion_p(only_candidate, only_baseline), np.nan),
            of=examples,
            spread=_flip_deviation(size, only_candidate, only_baseline) * np.sqrt(ratio(examples, size)),
            reason=self.undefined.format(name=name),
        )

    def _judged_by(self, cells: Cells, name: str | None) -> tuple[Statistic, CountInterval]:
        """The value of one release and its interval, as functions of the counts of its cells."""
        labels, predictions = (np.array(side, dtype=object) for side in zip(*cells, strict=True))
        of = self.of(labels, predictions, name)
        hits = of & self.hits(labels, predictions, name)

        def share(counts: np.ndarray) -> np.ndarray:
            return ratio(counts[hits].sum(axis=0), counts[of].sum(axis=0))

        return (
            lambda counts: self._map(share(counts)),
            lambda counts, confidence: self._interval(share(counts), counts[of].sum(axis=0), confidence),
        )

    def _masks(self, totals: Totals, side: int, name: str | None) -> tuple[np.ndarray, np.ndarray]:
        labels, predictions = column(totals, 0), column(totals, side)
        of = self.of(labels, predictions, name)
        return of & self.hits(labels, predictions, name), of

    def _interval(self, share: np.ndarray, size: np.ndarray, confidence: np.ndarray | float) -> Interval:
        low, high = intervals.wilson(np.nan_to_num(share * size), size, confidence=confidence)
        return self._map(low), self._map(high)

    def _map(self, share: np.ndarray) -> np.ndarray:
        return 2 * share / (1 + share) if self.jaccard else share


def _flip_deviation(size: np.ndarray, only_candidate: np.ndarray, only_baseline: np.ndarray) -> np.ndarray:
    """The standard deviation of one example's flip, one flip each way added (Bonett and Price 2012): no flips is not 0."""
    up, down = (only_candidate + 1) / (size + 2), (only_baseline + 1) / (size + 2)
    return np.sqrt(up + down - (up - down) ** 2)
