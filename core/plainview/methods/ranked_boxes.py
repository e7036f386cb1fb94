"""Average precision of detections (AP, mAP) and average recall, as COCO defines them: ten overlaps, 101 points of recall.

At each overlap detections are gone through from the highest score down (equal scores in the order of the images); precision
at a recall is the best precision at that recall or beyond it. The mean over 101 recalls, 0 to 1, and over the overlaps .50 to
.95 is AP; its mean over the classes that have labelled boxes is mAP (Lin et al. 2014; `pycocotools.cocoeval`).

The interval is that of any metric by `statistics.effective`: Wilson's at the number of examples that would tell as much,
which comes from the influence of each image. That of an image is what its boxes add to the value (each hit its precision),
less what they demand (each labelled box the value itself), and what its detections do to the precision of all hits that
score lower. Two releases: the same, with the correlation of the influences.

The best precision at or beyond a recall is a maximum, so it is too high by chance: by .1 to .4 of the standard error of a
class, which is much in the mean over classes, whose own error is smaller. The interval of one release reaches as much lower.

Between two releases few images may tell: Student's t stands for how many do, from the kurtosis of what each image changes.

Measured (one and eight classes, 40 to 200 images, AP .24 to .96, images alike or not; 60 cells of 400): AP, AP50 and average
recall are covered 95.5%, worst cell 89.2%; the percentile bootstrap over images 87.3%, worst 62.5%, for it is too high twice.
Paired differences (60 cells): 96.1%, worst 91.5%; without t, and with the correlation as it is seen, 94.4%, worst 88.5%.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from plainview.kernel import CLUSTER, Rows, Totals, digits, ranked
from plainview.methods import Difference, Estimate, between
from plainview.methods.boxes import why_not
from plainview.statistics import effective
from plainview.statistics.arrays import quiet
from plainview.statistics.levels import student_factor

LABEL = -1  # the side of a labelled box; a detection's is its release, 0 or 1
OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
ALL, AT_50, AT_75 = tuple(range(10)), (0,), (5,)  # positions among them
_WORTH = 0.5  # while a class has few boxes, each is worth two examples; as for rankings
_MOST_KEPT = 20_000_000  # positions of rows that are kept from one metric to the next
_TOO_HIGH = 0.25  # by how many of a class's standard errors its average precision is too high by chance


class Measured(NamedTuple):
    """One release on one scenario."""

    value: float
    influence: np.ndarray  # of each cluster, shape (clusters,): their squares add up to the squared standard error
    prior: float  # 1 / the examples that as many boxes of as many classes are worth at best
    of_class: float  # the mean standard error of one class
    boxes: int  # labelled ones
    clusters: int  # that have any row


@dataclass(frozen=True)
class RankedBoxes:
    """Average precision over ``overlaps``, or average recall: of one class, or the mean over classes."""

    overlaps: tuple[int, ...] = ALL
    recall: bool = False
    undefined: str = "no labelled boxes"
    method: str = "wilson at effective size by image/1"
    paired_method: str = "square-and-add at effective size by image/2"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The value and its interval. ``name`` and ``classes`` are not needed here."""
        sample = _sample(totals)
        found = [self._measured(sample, scenario, 0) for scenario in range(sample.scenarios)]
        doubtful = self._doubtful(sample)
        estimated = _estimates(found, doubtful)
        too_high = 0.0 if self.recall else _TOO_HIGH * np.array([one.of_class for one in found])
        lower = effective.wilson_effective(estimated.value - too_high, estimated.size, confidence=confidence)[0]
        high = estimated.interval(confidence)[1]
        of = np.where(doubtful, 0, [one.boxes for one in found])
        return Estimate(estimated.value, lower, high, of, why_not(self.undefined, estimated.value, doubtful))

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, with the correlation over images."""
        sample = _sample(totals)
        before, after = ([self._measured(sample, at, side) for at in range(sample.scenarios)] for side in (0, 1))
        doubtful = self._doubtful(sample)
        few = np.array([_few(one, other) for one, other in zip(after, before, strict=True)])
        later, earlier = (
            replace(each, size=each.size / few) for each in (_estimates(after, doubtful), _estimates(before, doubtful))
        )
        found = effective.Difference(later, earlier, _correlation(after, before, later.error * earlier.error))
        of = np.where(doubtful, 0, [one.boxes for one in after])
        return between(found, levels=levels, of=of, reason=why_not(self.undefined, found.value, doubtful))

    def _doubtful(self, sample: "_Sample") -> np.ndarray:
        """The scenarios in which false alarms may or may not belong, and count; shape (S,)."""
        return np.zeros(sample.scenarios, dtype=bool) if self.recall else sample.doubtful

    def _measured(self, sample: "_Sample", scenario: int, side: int) -> Measured:
        """The mean over the classes that have labelled boxes in the scenario."""
        groups, clusters = sample.groups(scenario)
        there = [self._one_class(sample, group, side) for group in groups]
        many = max(len(there), 1)
        return Measured(
            float(np.mean([one.value for one in there])) if there else np.nan,
            sum((one.influence for one in there), np.zeros(sample.clusters)) / many,
            sum(one.prior for one in there) / many**2,
            sum(one.of_class for one in there) / many,
            sum(one.boxes for one in there),
            clusters,
        )

    def _one_class(self, sample: "_Sample", group: "_Group", side: int) -> Measured:
        """One class; its influences as large as those of leaving out one of its clusters (m / (m - 1), m of them)."""
        detections = group.detections[side]
        own = np.bincount(sample.cluster[group.labels], sample.w[group.labels], sample.clusters) / group.demanded
        value, pull = self._value(sample, detections, group.demanded)
        influence = np.bincount(sample.cluster[detections], pull, minlength=sample.clusters) - value * own
        alike = 1 / (own**2).sum()  # as many clusters of one size would hold these boxes
        influence *= np.sqrt(alike / max(alike - 1, 1))
        error = float(np.sqrt((influence**2).sum()))
        return Measured(value, influence, _WORTH * group.squares / group.demanded**2, error, len(group.labels), 0)

    def _value(self, sample: "_Sample", detections: np.ndarray, demanded: float) -> tuple[float, np.ndarray]:
        """The value of one class, and what each of its detections does to it."""
        at = np.array(self.overlaps)[:, None]
        hits, false = (bits[at, detections] for bits in (sample.hits, sample.false))
        w = sample.w[detections]
        if self.recall:
            return float((hits @ w).mean() / demanded), (hits * w).mean(axis=0) / demanded
        return _average_precision(hits, false, w, demanded)


class _Group(NamedTuple):
    """The rows of one class in one scenario, of which some are labelled."""

    labels: np.ndarray  # positions of the labelled boxes
    detections: tuple[np.ndarray, ...]  # and of what each release detected
    demanded: float  # the weight of all labelled boxes
    squares: float  # the sum of their squared weights


class _Sample:
    """The rows of all scenarios, ordered by class, then score, image and rank."""

    def __init__(self, totals: Totals):
        self.scenarios = totals.count.shape[1]
        values = {} if totals.rows is None else totals.rows.values
        names = ("class", CLUSTER, "side", "score", "rank", "hits", "ignored", "doubtful", "image", "w")
        taken = {name: values.get(name, np.zeros(0)) for name in names}
        taken |= {name: ranked(taken[name].tolist())[1] for name in ("class", CLUSTER, "image")}
        order = np.lexsort([taken["rank"], digits(taken["image"]), -taken["score"], digits(taken["class"])])
        taken = {name: column[order] for name, column in taken.items()}
        self.name, self.cluster, self.side, self.w = (taken[name] for name in ("class", CLUSTER, "side", "w"))
        self.clusters = int(self.cluster.max(initial=-1)) + 1
        bits = 1 << np.arange(len(OVERLAPS))
        self.hits, ignored = ((taken[name].astype(np.int64) & bits[:, None]) > 0 for name in ("hits", "ignored"))
        self.false = ~self.hits & ~ignored & (self.side != LABEL)
        self._members = None if totals.rows is None else totals.rows.members[order]
        uncertain = taken["doubtful"] > 0
        self.doubtful = np.array([uncertain[self.inside(at)].any() for at in range(self.scenarios)], dtype=bool)
        self._groups: dict[int, tuple[list[_Group], int]] = {}
        self._positions = 0

    def inside(self, scenario: int) -> np.ndarray:
        """Positions of the scenario's rows, in order."""
        if self._members is None:
            return np.zeros(0, dtype=int)
        return np.flatnonzero((self._members[:, scenario // 8] >> (7 - scenario % 8)) & 1)

    def groups(self, scenario: int) -> tuple[list[_Group], int]:
        """The classes that have labelled boxes in a scenario, and how many of its clusters have any row."""
        if scenario in self._groups:
            return self._groups[scenario]
        inside = self.inside(scenario)
        groups = [self._group(rows) for rows in np.split(inside, np.flatnonzero(np.diff(self.name[inside])) + 1)]
        found = [group for group in groups if group.demanded > 0], np.count_nonzero(np.bincount(self.cluster[inside]))
        self._positions += len(inside)
        if self._positions <= _MOST_KEPT:
            self._groups[scenario] = found
        return found

    def _group(self, rows: np.ndarray) -> _Group:
        side = self.side[rows]
        labels = rows[side == LABEL]
        w = self.w[labels]
        return _Group(labels, (rows[side == 0], rows[side == 1]), w.sum(), float((w**2).sum()))


_SAMPLES: WeakKeyDictionary[Rows, _Sample] = WeakKeyDictionary()


def _sample(totals: Totals) -> _Sample:
    """The rows in order: once for all metrics that read them."""
    if totals.rows is None:
        return _Sample(totals)
    if totals.rows not in _SAMPLES:
        _SAMPLES[totals.rows] = _Sample(totals)
    return _SAMPLES[totals.rows]


def _average_precision(hits: np.ndarray, false: np.ndarray, w: np.ndarray, demanded: float) -> tuple[float, np.ndarray]:
    """The mean over overlaps, of ``hits`` and ``false`` alarms, booleans of shape (overlaps, n) by falling score.

    ``w``, shape (n,), are weights, and ``demanded`` is that of all labelled boxes. Also the influence of each detection.
    """
    if not len(w):
        return 0.0, np.zeros(0)
    found, wrong = np.cumsum(hits * w, axis=1), np.cumsum(false * w, axis=1)
    shown = found + wrong
    precision = np.divide(found, shown, out=np.zeros_like(found), where=shown > 0)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    value = float(np.mean([_at_recalls(row, at) for row, at in zip(found / demanded, best, strict=True)]))
    return value, _pull(hits, false, w, precision, best, shown).mean(axis=0) / demanded


def _at_recalls(recall: np.ndarray, best: np.ndarray) -> float:
    """The mean of the best precision at or beyond each of the 101 recalls; 0 at those that are not reached."""
    at = np.searchsorted(recall, RECALLS, side="left")
    return float(np.append(best, 0.0)[at].mean())


def _pull(
    hits: np.ndarray, false: np.ndarray, w: np.ndarray, precision: np.ndarray, best: np.ndarray, shown: np.ndarray
) -> np.ndarray:
    """What each detection adds: a hit its own best precision; and what it does to that of every hit at or below it.

    The best precision at a hit is that of a place at or below it. There a further hit adds (1 - precision) / shown, and a
    further false alarm takes precision / shown away.
    """
    places = np.arange(precision.shape[1])
    at_best = np.where(precision == best, places, precision.shape[1])
    where = np.minimum.accumulate(at_best[:, ::-1], axis=1)[:, ::-1]  # the place at which each best precision is
    flat = (where + precision.shape[1] * np.arange(len(hits))[:, None])[hits]
    mass = np.bincount(flat, np.broadcast_to(w, hits.shape)[hits], precision.size).reshape(precision.shape)
    each = np.divide(mass, shown, out=np.zeros_like(shown), where=shown > 0)
    gain, loss = (np.cumsum((each * share)[:, ::-1], axis=1)[:, ::-1] for share in (1 - precision, precision))
    return w * (hits * (best + gain) - false * loss)


def _estimates(found: Sequence[Measured], doubtful: np.ndarray) -> effective.Estimate:
    """Values of all scenarios with their effective sizes: see `statistics.ranks.estimate_ranking`, from clusters."""
    value = np.where(doubtful, np.nan, [one.value for one in found])
    clusters = np.array([one.clusters for one in found], dtype=float)
    boxes = np.array([one.boxes for one in found], dtype=float)
    prior = np.array([one.prior for one in found])
    with quiet():
        variance = np.array([(one.influence**2).sum() for one in found]) * clusters / (clusters - 1)
        spread = value * (1 - value)
        observed = np.where(spread > 0, variance / spread, 0.0)
        weight = 1 / (1 + boxes * (1 - value))
        size = 1 / ((1 - weight) * observed + weight * prior) / student_factor(clusters - 1)
        error = np.maximum(np.sqrt(variance), np.sqrt(spread / size))
    return effective.Estimate(value, error, size, (0.0, 1.0))


def _few(after: Measured, before: Measured) -> float:
    """What Student's t costs where few images tell two releases apart: as many as their influences' kurtosis says."""
    squares = (after.influence - before.influence) ** 2
    fourth = (squares**2).sum()
    return float(student_factor(max(3 * squares.sum() ** 2 / fourth, 1.0))) if fourth > 0 else 1.0


def _correlation(after: Sequence[Measured], before: Sequence[Measured], scale: np.ndarray) -> np.ndarray:
    """The covariance that is seen, over the product ``scale`` of the errors as they are judged; shape (S,)."""
    shared = np.array([(one.influence * other.influence).sum() for one, other in zip(after, before, strict=True)])
    clusters = np.array([one.clusters for one in after], dtype=float)
    with quiet():
        return np.clip(np.nan_to_num(shared * clusters / (clusters - 1) / scale), -1, 1)
