"""Rows of boxes: every labelled box with what found it, then every false alarm; of one release, or of two side by side.

The false alarms of two releases are matched with each other, as detections with labels are: one that both raise at the
same place is one row, so that a comparison sees what differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Contributions
from plainview.methods.boxes import NOTHING, UNKNOWN
from plainview.tasks.box_membership import Membership
from plainview.tasks.boxes import Boxes
from plainview.tasks.classification import BROKE, FIXED, SAME
from plainview.tasks.matching import NOBODY, match, overlapping

ANY = "box"  # the class of all boxes where classes do not matter
NO_BOX, MAYBE, FIRST = 0, 1, 2  # codes: nothing there; a false alarm that may belong; the first class
FLIPS = (SAME, FIXED, BROKE)


@dataclass(frozen=True)
class BoxRows:
    """n rows; ``label`` and each of ``answers`` are codes of classes, or NO_BOX, arrays of shape (n,)."""

    names: tuple[str, ...]  # what the codes stand for
    image: np.ndarray
    label: np.ndarray
    answers: tuple[np.ndarray, ...]  # of one release, or of two
    inside: np.ndarray  # (scenarios, n)

    @property
    def known(self) -> np.ndarray:
        """Which rows belong to the scenarios they are in without doubt, shape (n,)."""
        return self.label != MAYBE

    @property
    def labelled(self) -> np.ndarray:
        """Which rows are labelled boxes, shape (n,)."""
        return self.label >= FIRST

    def said(self, codes: np.ndarray) -> np.ndarray:
        """The names that codes stand for, text."""
        return np.array(self.names, dtype=np.str_)[codes]

    def of_class(self, name: str) -> "BoxRows":
        """Only what is labelled so, or detected so."""
        code = self.names.index(name) if name in self.names else -1
        keep = np.logical_or.reduce([side == code for side in (self.label, *self.answers)])
        answers = tuple(side[keep] for side in self.answers)
        return BoxRows(self.names, self.image[keep], self.label[keep], answers, self.inside[:, keep])

    def of_any_class(self) -> "BoxRows":
        """The same, all classes counted as one."""
        label, *answers = (np.minimum(side, FIRST) for side in (self.label, *self.answers))
        return BoxRows((NOTHING, UNKNOWN, ANY), self.image, label, tuple(answers), self.inside)

    def flips(self) -> np.ndarray:
        """For two releases the place in FLIPS, (n,): a labelled box that is found now is fixed, one missed now broke."""
        was, now = (side == self.label for side in self.answers)
        return np.where(self.labelled & (was != now), np.where(now, FLIPS.index(FIXED), FLIPS.index(BROKE)), 0)

    def contributions(self, weight: np.ndarray | None) -> Contributions:
        """Cells of (label, answers…), and of two releases the flip; ``weight`` is that of each image."""
        columns = [(self.names, side) for side in (self.label, *self.answers)]
        columns += [(FLIPS, self.flips())] if len(self.answers) > 1 else []
        sizes = [len(names) for names, _ in columns]
        seen, codes = np.unique(np.ravel_multi_index([side for _, side in columns], sizes), return_inverse=True)
        places = zip(*(each.tolist() for each in np.unravel_index(seen, sizes)), strict=True)
        cells = tuple(tuple(names[at] for (names, _), at in zip(columns, cell, strict=True)) for cell in places)
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
    names, counts = (NOTHING, UNKNOWN, *labels.names), ~labels.ignored
    kind = labels.kind + FIRST
    found = tuple(np.where(side.found, kind, NO_BOX)[counts] for side in sides)
    blocks = [BoxRows(names, labels.image[counts], kind[counts], found, inside[:, counts])]
    for number, taken in enumerate(_shared(sides, iou)):
        alarms, member = sides[number].alarms, sides[number].member
        answers = [np.full(len(alarms), NO_BOX) for _ in sides]
        answers[number] = alarms.kind + FIRST
        keep = np.ones(len(alarms), dtype=bool)
        if number == 0 and len(sides) > 1:
            answers[1] = np.where(taken, answers[0], NO_BOX)
        elif number == 1:
            keep = ~taken
        for label, belong in ((NO_BOX, member.inside), (MAYBE, member.unknown)):
            rows = keep if label == NO_BOX else keep & belong.any(axis=0)
            chosen = tuple(answer[rows] for answer in answers)
            blocks.append(BoxRows(names, alarms.image[rows], np.full(rows.sum(), label), chosen, belong[:, rows]))
    return BoxRows(
        names,
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
