"""Threshold curves: what precision and recall would be if a class were said from another score on, with their intervals.

At each threshold the measures are those of the table of metrics, with their intervals: weights and clusters count as there.
The intervals are pointwise: each holds its own truth as often as it says, not all of them at once. A threshold that was
picked because it does well on these examples does a little worse on others.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from plainview.exceptions import InputError
from plainview.kernel import Totals
from plainview.methods.calibrated import BANDS
from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for
from plainview.scores import Scored

_EVEN, _CROWDED = (
    100,
    0.2,
)  # steps over the range of scores; more where a step holds a larger share of the rows than this
MEASURES = {
    "precision": "When it says {name}, how often that is right.",
    "recall": "Of those that are {name}, how many it finds.",
    "f1": "Finding {name} and being right about it, in one number.",
    "specificity": "Of those that are not {name}, how many it leaves alone.",
    "flagged": "Of all, how many it says are {name}.",
}


def _labelled(labels: np.ndarray, said: np.ndarray, name: str | None) -> np.ndarray:
    return labels == name


def _said(labels: np.ndarray, said: np.ndarray, name: str | None) -> np.ndarray:
    return said == name


def _all(labels: np.ndarray, said: np.ndarray, name: str | None) -> np.ndarray:
    return np.ones(len(labels), dtype=bool)


_FLAGGED = Proportion(_said, _all, "no examples")
_HAPPENED = Proportion(_labelled, _said, "no examples")


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


def threshold_grid(sides: Sequence[Scored], *, also: Sequence[float] = ()) -> np.ndarray:
    """Thresholds to look at, rising: even steps over the scores of all ``sides``, finer where many rows fall into one."""
    scores = np.concatenate([side.scores for side in sides])
    extra = [*also, *(side.in_use for side in sides if side.in_use is not None)]
    if not len(scores):
        return np.unique(extra)
    low, high = (0.0, 1.0) if all(side.probabilities for side in sides) else (float(scores.min()), float(scores.max()))
    step = _nice((high - low) / _EVEN)
    even = np.round(np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step, 12)
    if np.histogram(scores, even)[0].max(initial=0) > _CROWDED * len(scores):
        finer = np.quantile(scores, np.linspace(0, 1, _EVEN // 2 + 1))
        extra += [float(f"{number:.3g}") for number in finer]
    return np.unique([*even, *extra])


def measures_at(side: Scored, thresholds: ArrayLike, *, confidence: float = 0.95) -> pl.DataFrame:
    """Every measure at every threshold: columns threshold, then for each of MEASURES its value and its ``_low`` and ``_high``.

    ``thresholds`` are rising, shape (t,). Shares, 0…1; null where undefined.
    """
    thresholds = np.asarray(thresholds, float)
    totals = _totals(side, thresholds)
    found = {"threshold": thresholds}
    for name in MEASURES:
        family = _FLAGGED if name == "flagged" else metric_for(name, "classification").family
        one = family.estimate(totals, name=side.of, classes=(), confidence=confidence)
        found |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
    return pl.DataFrame(found, nan_to_null=True)


def reliability(side: Scored, *, bands: int = BANDS, confidence: float = 0.95) -> pl.DataFrame:
    """How often the class was right for what was stated: a row for each band of probability that holds a row.

    Columns stated (the mean probability), happened with ``_low`` and ``_high``, rows. Bands are of equal width, those of
    `methods.calibrated`. Shares, 0…1.
    """
    band = np.minimum((side.scores * bands).astype(int), bands - 1)
    totals = _banded(side, band, bands)
    found = _HAPPENED.estimate(totals, name=side.of, classes=(), confidence=confidence)
    w = np.ones(len(band)) if side.weight is None else side.weight
    with np.errstate(invalid="ignore"):
        stated = np.bincount(band, w * side.scores, bands) / np.bincount(band, w, bands)
    columns = {"stated": stated, "happened": found.value, "happened_low": found.low, "happened_high": found.high}
    return pl.DataFrame(columns | {"rows": found.of.astype(int)}, nan_to_null=True).filter(pl.col("rows") > 0)


def _totals(side: Scored, thresholds: np.ndarray) -> Totals:
    """Counts of (truth, said) at each threshold: a column each."""
    reached = np.searchsorted(thresholds, side.scores, side="right")  # said at so many thresholds, the lowest ones

    def counts(code: np.ndarray, codes: int, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        added = np.zeros((codes, len(thresholds) + 1))
        np.add.at(added, (code, reached), amount)
        said = added[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
        return said, np.maximum(added.sum(axis=1, keepdims=True) - said, 0.0)

    return _with_terms(side, counts)


def _banded(side: Scored, band: np.ndarray, bands: int) -> Totals:
    """Counts of the truth in each band: a column each, in which everything else is not said."""

    def counts(code: np.ndarray, codes: int, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        added = np.zeros((codes, bands))
        np.add.at(added, (code, band), amount)
        return added, np.zeros_like(added)

    return _with_terms(side, counts)


def _with_terms(side: Scored, counts: Callable[..., tuple[np.ndarray, np.ndarray]]) -> Totals:
    """Totals from ``counts(code, codes, amount)``: for each code what was said and what was not, (codes, columns) each."""
    groups = 1 if side.clusters is None else int(side.clusters.max(initial=-1)) + 1
    group = 0 if side.clusters is None else side.clusters
    code = 2 * group + ~side.positive
    amounts = {"": np.ones(len(side.scores))}
    if side.weight is not None:
        amounts |= {"w": side.weight, "w²": side.weight**2}
    added = {name: np.concatenate(counts(code, 2 * groups, amount)) for name, amount in amounts.items()}
    labels = [side.of, ""] * groups
    cells = tuple((label, said) for said in (side.of, "") for label in labels)
    clusters = None if side.clusters is None else np.tile(np.repeat(np.arange(groups), 2), 2)
    return Totals(cells, added.pop(""), added, clusters)


def _nice(step: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least ``step``; 1 for none."""
    if step <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next((power * factor for factor in (1, 2, 5) if power * factor >= step * (1 - 1e-9)), 10 * power)
