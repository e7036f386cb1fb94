"""Rows of boxes: every labelled box with what found it, then every false alarm; of one release, or of two side by side.

The false alarms of two releases are matched with each other, as detections with labels are: one that both raise at the
same place is one row, so that a comparison sees what differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.kernel import Contributions
from plainview.methods.boxes import NOTHING, UNKNOWN
from plainview.tasks.box_membership import Membership
from plainview.tasks.boxes import Boxes
from plainview.tasks.classification import BROKE, FIXED, SAME
from plainview.tasks.matching import NOBODY, match, overlapping
from plainview.tasks.rowwise import distinct_cells

ANY = "box"  # the class of all boxes where classes do not matter


@dataclass(frozen=True)
class BoxRows:
    """n rows; ``label`` and each of ``answers`` are names of classes or NOTHING, arrays of shape (n,)."""

    image: np.ndarray
    label: np.ndarray
    answers: tuple[np.ndarray, ...]  # of one release, or of two
    inside: np.ndarray  # (scenarios, n)

    def of_class(self, name: str) -> "BoxRows":
        """Only what is labelled so, or detected so."""
        keep = np.logical_or.reduce([side == name for side in (self.label, *self.answers)])
        return BoxRows(
            self.image[keep], self.label[keep], tuple(side[keep] for side in self.answers), self.inside[:, keep]
        )

    def of_any_class(self) -> "BoxRows":
        """The same, all classes counted as one."""
        label, *answers = (
            np.where((side == NOTHING) | (side == UNKNOWN), side, ANY) for side in (self.label, *self.answers)
        )
        return BoxRows(self.image, label, tuple(answers), self.inside)

    def flips(self) -> np.ndarray:
        """For two releases, shape (n,): a labelled box that is found now is fixed, one that is missed now broke."""
        was, now = (side == self.label for side in self.answers)
        labelled = (self.label != NOTHING) & (self.label != UNKNOWN)
        return np.where(labelled & now & ~was, FIXED, np.where(labelled & was & ~now, BROKE, SAME))

    def contributions(self, weight: np.ndarray | None) -> Contributions:
        """Cells of (label, answers…), and of two releases the flip; ``weight`` is that of each image."""
        columns = [self.label, *self.answers, *([self.flips()] if len(self.answers) > 1 else [])]
        cells, codes = distinct_cells(*(pl.Series(column.tolist(), dtype=pl.String) for column in columns))
        terms = {} if weight is None else {"w": weight[self.image], "w²": weight[self.image] ** 2}
        return Contributions(cells, codes, terms)


@dataclass(frozen=True)
class Side:
    """What one release did: for each labelled box whether it found it, and its false alarms with their membership."""

    found: np.ndarray  # (labels,)
    alarms: Boxes
    member: Membership


def box_rows(labels: Boxes, inside: np.ndarray, sides: Sequence[Side], *, iou: float) -> BoxRows:
    """Every labelled box that counts, then every false alarm; one that may belong to a scenario has a second row for it."""
    counts = ~labels.ignored
    blocks = [
        BoxRows(
            labels.image[counts],
            labels.name[counts],
            tuple(np.where(side.found, labels.name, NOTHING)[counts] for side in sides),
            inside[:, counts],
        )
    ]
    for number, taken in enumerate(_shared(sides, iou)):
        side = sides[number]
        answers = [np.full(len(side.alarms), NOTHING, dtype=side.alarms.name.dtype) for _ in sides]
        answers[number] = side.alarms.name
        keep = np.ones(len(side.alarms), dtype=bool)
        if number == 0 and len(sides) > 1:
            answers[1] = np.where(taken, side.alarms.name, NOTHING)
        elif number == 1:
            keep = ~taken
        for label, member in ((NOTHING, side.member.inside), (UNKNOWN, side.member.unknown)):
            rows = keep if label == NOTHING else keep & member.any(axis=0)
            blocks.append(
                BoxRows(
                    side.alarms.image[rows],
                    np.full(rows.sum(), label),
                    tuple(answer[rows] for answer in answers),
                    member[:, rows],
                )
            )
    return BoxRows(
        np.concatenate([block.image for block in blocks]),
        np.concatenate([block.label for block in blocks]),
        tuple(np.concatenate([block.answers[at] for block in blocks]) for at in range(len(sides))),
        np.concatenate([block.inside for block in blocks], axis=1),
    )


def _shared(sides: Sequence[Side], iou: float) -> list[np.ndarray]:
    """For each side, which of its false alarms the other raises at the same place, and in the same scenarios."""
    if len(sides) == 1:
        return [np.zeros(len(sides[0].alarms), dtype=bool)]
    before, after = sides
    pairs = overlapping(before.alarms, after.alarms, least=iou)
    partner = match(pairs, before.alarms, thresholds=[iou], ignored=before.alarms.ignored)[:, 0]
    both = partner != NOBODY
    for one, other in zip(before.member, after.member, strict=True):
        both[both] = (one[:, partner[both]] == other[:, both]).all(axis=0)
    taken = np.zeros(len(before.alarms), dtype=bool)
    taken[partner[both]] = True
    return [taken, both]
