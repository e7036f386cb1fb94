"""Matching: which labelled box each detection has found, as the COCO evaluation matches them.

Within an image and a class, detections choose in the order of their scores (of equal ones, in the order given). Each takes
the labelled box that it overlaps most, that is not taken, and that it overlaps enough; one that counts before one to
ignore. A crowd is never used up, and a detection lies in it by the share of its own area (COCO evaluation, Lin et al. 2014;
`pycocotools.cocoeval.COCOeval.evaluateImg`).

All images and classes are matched at once: in round k the k-th detections of all of them choose. Only pairs that overlap
enough for the lowest threshold are ever looked at, and a pair of two that overlap nothing else needs no round.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.tasks.boxes import Boxes, together

NOBODY = -1
_BLOCK = 2_000_000  # pairs whose overlap is held in memory at a time


@dataclass(frozen=True)
class Pairs:
    """Pairs of a detection and a labelled box, of one image and class, that overlap: shape (pairs,) each.

    Sorted by detection, then by overlap, then by the place of the labelled box. ``rank`` has shape (detections,): the place
    of each among those of its image and class, the highest score first, from 0.
    """

    detection: np.ndarray
    label: np.ndarray
    overlap: np.ndarray
    rank: np.ndarray


def overlapping(labels: Boxes, detections: Boxes, *, least: float) -> Pairs:
    """Every pair with an intersection over union of ``least`` or more."""
    groups = _groups(labels, detections)
    of_label, of_detection = groups[: len(labels)], groups[len(labels) :]
    order = np.lexsort([-detections.score, of_detection])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = _places(of_detection[order])
    by_group = np.argsort(of_label, kind="stable")
    first = np.searchsorted(of_label[by_group], of_detection, "left")
    many = np.searchsorted(of_label[by_group], of_detection, "right") - first
    found = []
    for block in _blocks(many):
        detection = np.repeat(block, many[block])
        label = by_group[np.repeat(first[block], many[block]) + _places(detection)]
        overlap = _overlap(labels, detections, label, detection)
        near = overlap >= least
        found.append((detection[near], label[near], overlap[near]))
    detection, label, overlap = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort([label, overlap, detection])
    return Pairs(detection[order], label[order], overlap[order], rank)


def match(pairs: Pairs, labels: Boxes, *, thresholds: Sequence[float], ignored: np.ndarray) -> np.ndarray:
    """The labelled box that each detection found, or NOBODY: shape (detections, thresholds).

    ``ignored``, shape (labels,), says which labelled boxes do not count.
    """
    needed = np.minimum(np.asarray(thresholds, dtype=float), 1 - 1e-10)
    found = np.full((len(pairs.rank), len(needed)), NOBODY, dtype=np.int64)
    free = np.ones((len(labels), len(needed)), dtype=bool)
    counts = ~ignored
    start = np.flatnonzero(np.diff(pairs.detection, prepend=-1))  # the first pair of each detection that has any
    size = np.diff(np.append(start, len(pairs.detection)))
    alone = (size == 1) & (np.bincount(pairs.label)[pairs.label[start]] == 1)  # nobody else may find that box
    pair, start, size = start[alone], start[~alone], size[~alone]
    near = pairs.overlap[pair, None] >= needed
    found[pairs.detection[pair]] = np.where(near, pairs.label[pair, None], NOBODY)
    rounds = pairs.rank[pairs.detection[start]]
    order = np.argsort(rounds, kind="stable")
    edges = np.searchsorted(rounds[order], np.arange(rounds.max(initial=-1) + 2))
    for one in (order[low:high] for low, high in zip(edges[:-1], edges[1:], strict=True)):
        if not len(one):
            continue
        begin = np.cumsum(size[one]) - size[one]
        at = np.repeat(start[one] - begin, size[one]) + np.arange(size[one].sum())  # this round's pairs
        label = pairs.label[at]
        able = (pairs.overlap[at, None] >= needed) & (free[label] | labels.crowd[label, None])
        worth = np.where(able, at[:, None] + 1 + counts[label, None] * len(pairs.label), 0)
        best = np.maximum.reduceat(worth, begin, axis=0)
        chosen = np.where(best > 0, pairs.label[(best - 1) % max(len(pairs.label), 1)], NOBODY)
        found[pairs.detection[start[one]]] = chosen
        row, column = np.nonzero(chosen >= 0)
        free[chosen[row, column], column] = False
    return found


def _groups(labels: Boxes, detections: Boxes) -> np.ndarray:
    """A number for the image and class of each box: labelled ones first, then detections."""
    both = together(labels, detections) if labels.names != detections.names else (labels, detections)
    return np.concatenate([boxes.image * max(len(boxes.names), 1) + boxes.kind for boxes in both])


def _places(groups: np.ndarray) -> np.ndarray:
    """The place of each in its group, from 0, where groups lie together."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))


def _blocks(many: np.ndarray) -> list[np.ndarray]:
    """Positions of the detections, in blocks of about as many pairs."""
    block = np.cumsum(many) // _BLOCK
    edges = np.flatnonzero(np.diff(block)) + 1
    return np.split(np.arange(len(many)), edges)


def _overlap(labels: Boxes, detections: Boxes, label: np.ndarray, detection: np.ndarray) -> np.ndarray:
    """Intersection over union; of a crowd, over the detection's own area."""
    a, b = labels.corners[label], detections.corners[detection]
    sides = [
        np.minimum(a[:, at] + a[:, at + 2], b[:, at] + b[:, at + 2]) - np.maximum(a[:, at], b[:, at]) for at in (0, 1)
    ]
    shared = np.maximum(sides[0], 0) * np.maximum(sides[1], 0)
    own, other = b[:, 2] * b[:, 3], a[:, 2] * a[:, 3]
    whole = np.where(labels.crowd[label], own, own + other - shared)
    return np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)
