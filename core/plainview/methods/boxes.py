"""Metrics of boxes that are found or not: recall, precision and F1 of detections, from cells of boxes.

The cells are (label, detection) with the classes' names: a labelled box is its class, or NOTHING for what was detected where
nothing is; a detection is the class of its box, or NOTHING for what was missed. Estimates and intervals are those of
proportions and averages, with the images as clusters.

Where it is unknown whether a false alarm belongs to the scenario (the occluded boxes: nothing says whether what is not
there is occluded), its label is UNKNOWN, and a metric that counts false alarms has no value: recall has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate, column
from plainview.methods.averages import Average
from plainview.methods.proportions import Proportion

NOTHING = ""  # no box: a false alarm has no label, a miss no detection
UNKNOWN = " "  # no class has such a name: a false alarm that may or may not belong to the scenario
NOBODY_KNOWS = "nobody knows which false alarms belong here"


@dataclass(frozen=True)
class BoxProportion(Proportion):
    """A proportion of boxes; ``false_alarms`` says whether it counts them."""

    false_alarms: bool = True

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The proportion and its interval; no value where it is unknown what to count."""
        known, doubtful = _known(totals, name, self.false_alarms)
        found = super().estimate(known, name=name, classes=classes, confidence=confidence)
        return _estimate_without(found, doubtful)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, over all boxes."""
        known, doubtful = _known(totals, name, self.false_alarms)
        found = super().difference(known, name=name, classes=classes, levels=levels)
        return _difference_without(found, doubtful)


@dataclass(frozen=True)
class BoxAverage(Average):
    """An average over the classes that boxes have; ``false_alarms`` says whether it counts them."""

    false_alarms: bool = True
    undefined: str = "no boxes"

    def estimate(self, totals: Totals, *, name: str | None, classes: Sequence[str], confidence: float) -> Estimate:
        """The average and its interval; no value where it is unknown what to count."""
        known, doubtful = _known(totals, None, self.false_alarms)
        found = super().estimate(known, name=name, classes=_classes(known), confidence=confidence)
        return _estimate_without(found, doubtful)

    def difference(
        self, totals: Totals, *, name: str | None, classes: Sequence[str], levels: Sequence[float]
    ) -> Difference:
        """Candidate minus baseline, over all boxes."""
        known, doubtful = _known(totals, None, self.false_alarms)
        found = super().difference(known, name=name, classes=_classes(known), levels=levels)
        return _difference_without(found, doubtful)


def _known(totals: Totals, name: str | None, false_alarms: bool) -> tuple[Totals, np.ndarray]:
    """The cells that are known, and in which scenarios others matter, shape (S,); of one class where ``name`` says."""
    labels = column(totals, 0)
    known = labels != UNKNOWN
    if not false_alarms:
        return totals.where(known & (labels != NOTHING)), np.zeros(totals.count.shape[1], dtype=bool)
    mine = np.array([name is None or name in cell for cell in totals.cells], dtype=bool)
    return totals.where(known), totals.count[~known & mine].sum(axis=0) > 0


def _classes(totals: Totals) -> list[str]:
    return sorted({value for cell in totals.cells for value in cell[:3] if value} - {NOTHING})


def _estimate_without(found: Estimate, doubtful: np.ndarray) -> Estimate:
    blank = {part: np.where(doubtful, np.nan, getattr(found, part)) for part in ("value", "low", "high")}
    reason = why_not(found.reason, found.value, doubtful)
    return replace(found, **blank, of=np.where(doubtful, 0, found.of), reason=reason)


def _difference_without(found: Difference, doubtful: np.ndarray) -> Difference:
    parts = ("baseline", "candidate", "difference", "p")
    blank = {part: np.where(doubtful, np.nan, getattr(found, part)) for part in parts}
    reason = why_not(found.reason, found.difference, doubtful)
    return replace(found, **blank, of=np.where(doubtful, 0, found.of), reason=reason)


def why_not(reason: str, value: np.ndarray, doubtful: np.ndarray) -> str:
    """Why there is no value in some scenario: for want of boxes, because of doubtful false alarms, or one of the two."""
    if not doubtful.any():
        return reason
    return f"{reason}, or {NOBODY_KNOWS}" if (np.isnan(value) & ~doubtful).any() else NOBODY_KNOWS
