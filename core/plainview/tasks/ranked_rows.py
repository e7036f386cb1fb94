"""Rows for average precision: every labelled box that counts, and every detection with what became of it at ten overlaps.

A scenario of boxes (the small ones) is evaluated as COCO evaluates a range of areas: labelled boxes outside it are ignored,
and so are detections that match one of them, or that match nothing and are outside it themselves. That changes the matching,
so each such scenario is matched anew; a row is in the scenarios in which the same became of the detection.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.kernel import Contributions
from plainview.methods.ranked_boxes import LABEL, OVERLAPS
from plainview.tasks.box_membership import Membership
from plainview.tasks.boxes import Boxes
from plainview.tasks.matching import NOBODY, Pairs, match, overlapping

MOST = 100  # detections of a class in an image that are looked at, the highest scores first
_BITS = 1 << np.arange(len(OVERLAPS))


@dataclass(frozen=True)
class RankedRows:
    """n rows; arrays of shape (n,), and ``inside`` of shape (scenarios, n)."""

    image: np.ndarray
    kind: np.ndarray  # the class: the place of its name among those of the boxes
    side: np.ndarray  # LABEL, or the release: 0, 1
    score: np.ndarray  # 0 for a labelled box
    rank: np.ndarray  # among the image's detections of its class, from 0
    hits: np.ndarray  # a bit for each overlap at which it found a box that counts
    ignored: np.ndarray  # a bit for each at which it does not count
    doubtful: np.ndarray  # whether it is a false alarm that may or may not belong
    inside: np.ndarray

    def of_class(self, kind: int) -> "RankedRows":
        """Only the labelled and detected boxes of a class."""
        keep = self.kind == kind
        arrays = (self.image, self.kind, self.side, self.score, self.rank, self.hits, self.ignored, self.doubtful)
        return RankedRows(*(array[keep] for array in arrays), self.inside[:, keep])

    def contributions(self, names: Sequence[str], ids: np.ndarray, weight: np.ndarray | None) -> Contributions:
        """All in one cell, carried along row by row; ``ids`` and ``weight`` are those of each image."""
        kept = {"class": np.array(names, dtype=np.str_)[self.kind], "score": self.score}
        kept |= {name: getattr(self, name).astype(np.int16) for name in ("side", "rank", "hits", "ignored", "doubtful")}
        kept |= {"image": ids[self.image]}
        kept["w"] = np.ones(len(self.image)) if weight is None else weight[self.image]
        return Contributions((("there", "there"),), np.zeros(len(self.image), dtype=np.int64), {}, kept)


def ranked_rows(
    labels: Boxes, inside: np.ndarray, sides: Sequence[tuple[Boxes, Membership]], about_boxes: Sequence[bool]
) -> RankedRows:
    """The rows of one release or two. ``inside`` is the membership of labels, ``about_boxes`` tells the scenarios of boxes."""
    blocks = [_labelled(labels, inside)]
    for number, (detections, member) in enumerate(sides):
        blocks += _detected(labels, inside, detections, member, about_boxes, number)
    *arrays, masks = zip(*(vars(block).values() for block in blocks), strict=True)
    return RankedRows(*(np.concatenate(part) for part in arrays), np.concatenate(masks, axis=1))


def _labelled(labels: Boxes, inside: np.ndarray) -> RankedRows:
    counts = ~labels.ignored
    zeros = np.zeros(counts.sum(), dtype=np.int64)
    image, kind = labels.image[counts], labels.kind[counts]
    return RankedRows(image, kind, zeros + LABEL, zeros * 0.0, zeros, zeros, zeros, zeros, inside[:, counts])


@dataclass(frozen=True)
class _Outcome:
    """What became of each detection, arrays of shape (detections,): the last three columns of `RankedRows`."""

    hits: np.ndarray
    ignored: np.ndarray
    doubtful: np.ndarray

    def same(self, other: "_Outcome") -> np.ndarray:
        """Where both say the same."""
        return (self.hits == other.hits) & (self.ignored == other.ignored) & (self.doubtful == other.doubtful)

    @property
    def matters(self) -> np.ndarray:
        """Which detections count at some overlap, or may."""
        return (self.ignored != _BITS.sum()) | (self.doubtful > 0)


def _outcome(pairs: Pairs, labels: Boxes, ignored: np.ndarray, outside: np.ndarray, unknown: np.ndarray) -> _Outcome:
    found = match(pairs, labels, thresholds=OVERLAPS, ignored=ignored)
    nothing = found == NOBODY
    skipped = np.where(nothing, outside[:, None], np.append(ignored, False)[found])
    doubtful = (nothing & unknown[:, None]).any(axis=1).astype(np.int64)
    return _Outcome((~nothing & ~skipped) @ _BITS, skipped @ _BITS, doubtful)


def _detected(
    labels: Boxes,
    inside: np.ndarray,
    detections: Boxes,
    member: Membership,
    about_boxes: Sequence[bool],
    number: int,
) -> Iterator[RankedRows]:
    """The rows that all scenarios share, then for each scenario of boxes those of which something else became there."""
    pairs = overlapping(labels, detections, least=OVERLAPS[0])
    looked_at, nowhere = pairs.rank < MOST, np.zeros(len(detections), dtype=bool)
    shared = _outcome(pairs, labels, labels.ignored, nowhere, nowhere)
    masks, others = member.inside.copy(), []
    for at in np.flatnonzero(about_boxes):
        own = _outcome(pairs, labels, labels.ignored | ~inside[at], ~member.inside[at], member.unknown[at])
        masks[at] = own.matters & own.same(shared)
        others.append((own, own.matters & ~masks[at] & looked_at, np.arange(len(masks)) == at))

    def rows(outcome: _Outcome, keep: np.ndarray, inside: np.ndarray) -> RankedRows:
        side = np.full(keep.sum(), number)
        plain = (detections.image[keep], detections.kind[keep], side, detections.score[keep], pairs.rank[keep])
        return RankedRows(*plain, *(part[keep] for part in vars(outcome).values()), inside)

    keep = shared.matters & looked_at & masks.any(axis=0)
    yield rows(shared, keep, masks[:, keep])
    for own, kept, scenario in others:
        yield rows(own, kept, np.repeat(scenario[:, None], kept.sum(), axis=1))
