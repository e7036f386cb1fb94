"""Threshold curves: what precision and recall would be at every score from which a class is said, with the counts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from plainview.exceptions import InputError


class ThresholdCurve(NamedTuple):
    """One value a threshold, from the highest down; every array has shape (thresholds,). Counts are weights where given.

    A row counts as said to be of the class where its score is at least the threshold.
    """

    threshold: np.ndarray
    precision: np.ndarray
    recall: np.ndarray  # NaN where no row is of the class
    hits: np.ndarray  # said to be of the class, and are
    false_alarms: np.ndarray  # said to be of the class, and are not
    missed: np.ndarray  # of the class, and not said to be


def threshold_curve(
    scores: ArrayLike, positive: ArrayLike, *, weights: ArrayLike | None = None, most: int | None = None
) -> ThresholdCurve:
    """Precision and recall at every distinct score: ``scores`` and ``positive`` (truths) have shape (n,).

    Rows with a missing score (NaN) are left out. ``most`` keeps that many thresholds at most, evenly spread over the rows
    that are said to be of the class, the first and the last among them: enough for a chart. Raises InputError where the arrays
    differ in length, or ``most`` is below 2.
    """
    scores, positive = np.asarray(scores, float), np.asarray(positive, bool)
    weights = np.ones(len(scores)) if weights is None else np.asarray(weights, float)
    if not scores.shape == positive.shape == weights.shape:
        found = f"{scores.shape}, {positive.shape} and {weights.shape}"
        raise InputError(f"Scores, truths and weights must be as many. Got arrays of shape {found} instead.")
    if most is not None and most < 2:
        raise InputError(f"The 'most' parameter of threshold_curve must be 2 or more. Got {most!r} instead.")
    order = np.argsort(-scores, kind="stable")
    order = order[~np.isnan(scores[order])]
    scores, positive, weights = scores[order], positive[order], weights[order]
    ends = np.flatnonzero(np.append(scores[1:] != scores[:-1], True)[: len(scores)])
    if most is not None and len(ends) > most:
        wanted = np.linspace(ends[0], ends[-1], most)
        ends = np.unique(ends[np.searchsorted(ends, wanted.round())])
    hits, said = np.cumsum(weights * positive)[ends], np.cumsum(weights)[ends]
    of_class = (weights * positive).sum()
    with np.errstate(invalid="ignore"):
        return ThresholdCurve(
            scores[ends], hits / said, hits / of_class, hits, said - hits, np.maximum(of_class - hits, 0)
        )
