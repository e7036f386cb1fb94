"""METRICS: the table. Adding a metric is adding a row; the tests hold their properties for every row.

Names are scikit-learn's where it has the metric: ``*_error`` and the error rates are to be small, the others large.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from plainview.methods import ratio
from plainview.methods.averages import Average
from plainview.methods.means import Mean, RootMeanSquare
from plainview.methods.proportions import Proportion

Direction = Literal["higher", "lower", "zero"]


@dataclass(frozen=True)
class Metric:
    """A row of the table."""

    name: str
    title: str  # for people; {name} is the class of a per-class metric
    sentence: str  # what it says, for a product manager
    tasks: tuple[str, ...]
    family: Proportion | Average | Mean | RootMeanSquare
    direction: Direction = "higher"  # which values are better; "zero": the nearer to zero
    unit: Literal["proportion", "label"] = "proportion"  # "label": the units of what is predicted
    per_class: bool = False
    part: str = ""  # which part of the task's contributions it reads; {name} is the class

    def part_of(self, name: str | None) -> str:
        """The part that it reads, for a class where it is measured per class."""
        return self.part.format(name=name)

    @property
    def sign(self) -> int:
        """+1 where a larger difference is better, -1 where a smaller one is."""
        return 1 if self.direction == "higher" else -1

    def heading(self, name: str | None = None) -> str:
        """The title, with the class of a per-class metric."""
        return self.title.format(name=name)


def metric_key(name: str, of: str | None = None) -> str:
    """How a metric is written in results and requirements: ``accuracy``, ``recall[negative]``."""
    return name if of is None else f"{name}[{of}]"


def split_key(key: str) -> tuple[str, str | None]:
    """The name and the class of a key: ("recall", "negative") for ``recall[negative]``."""
    name, bracket, rest = key.partition("[")
    return (name, rest[:-1]) if bracket and rest.endswith("]") else (key, None)


def _all(labels: np.ndarray, predictions: np.ndarray, name: str | None) -> np.ndarray:
    return np.ones(len(labels), dtype=bool)


def _right(labels, predictions, name):
    return labels == predictions


def _labelled(labels, predictions, name):
    return labels == name


def _predicted(labels, predictions, name):
    return predictions == name


def _unlabelled(labels, predictions, name):
    return labels != name


def _unpredicted(labels, predictions, name):
    return predictions != name


def _either(labels, predictions, name):
    return (labels == name) | (predictions == name)


def _precision(right, predicted, labelled):
    return ratio(right, predicted)


def _recall(right, predicted, labelled):
    return ratio(right, labelled)


def _f1(right, predicted, labelled):
    return ratio(2 * right, predicted + labelled)


_CLASSES, _NUMBERS = ("classification",), ("regression",)
_NONE, _NO_LABEL, _NO_OTHER = (
    "no examples with a label and a prediction",
    "no example is {name}",
    "every example is {name}",
)
_NO_PREDICTION, _NEITHER = "nothing was predicted {name}", "no example is {name}, and nothing was predicted so"

_ROWS = (
    Metric("accuracy", "Accuracy", "How often the answer is right.", _CLASSES, Proportion(_right, _all, _NONE)),
    Metric(
        "precision",
        "Precision for {name}",
        "When it says {name}, how often that is right.",
        _CLASSES,
        Proportion(_labelled, _predicted, _NO_PREDICTION, shared=False),
        per_class=True,
    ),
    Metric(
        "recall",
        "Recall for {name}",
        "Of those that are {name}, how many it finds.",
        _CLASSES,
        Proportion(_predicted, _labelled, _NO_LABEL),
        per_class=True,
    ),
    Metric(
        "f1",
        "F1 for {name}",
        "Finding {name} and being right about it, in one number.",
        _CLASSES,
        Proportion(_right, _either, _NEITHER, shared=False, jaccard=True),
        per_class=True,
    ),
    Metric(
        "specificity",
        "Specificity for {name}",
        "Of those that are not {name}, how many it leaves alone.",
        _CLASSES,
        Proportion(_unpredicted, _unlabelled, _NO_OTHER),
        per_class=True,
    ),
    Metric(
        "false_positive_rate",
        "False-positive rate for {name}",
        "Of those that are not {name}, how many it wrongly calls so.",
        _CLASSES,
        Proportion(_predicted, _unlabelled, _NO_OTHER),
        direction="lower",
        per_class=True,
    ),
    Metric(
        "macro_precision", "Macro precision", "Precision, each class counting the same.", _CLASSES, Average(_precision)
    ),
    Metric("macro_recall", "Macro recall", "Recall, each class counting the same.", _CLASSES, Average(_recall)),
    Metric("macro_f1", "Macro F1", "F1, each class counting the same.", _CLASSES, Average(_f1)),
    Metric(
        "weighted_precision",
        "Weighted precision",
        "Precision, each class counting by how common it is.",
        _CLASSES,
        Average(_precision, by_support=True),
    ),
    Metric(
        "weighted_recall",
        "Weighted recall",
        "Recall, each class counting by how common it is.",
        _CLASSES,
        Average(_recall, by_support=True),
    ),
    Metric(
        "weighted_f1",
        "Weighted F1",
        "F1, each class counting by how common it is.",
        _CLASSES,
        Average(_f1, by_support=True),
    ),
    Metric(
        "mae",
        "Mean absolute error",
        "How far off the predictions are, on average.",
        _NUMBERS,
        Mean("abs", "e²"),
        direction="lower",
        unit="label",
    ),
    Metric(
        "rmse",
        "Root mean square error",
        "How far off the predictions are, large errors counting more.",
        _NUMBERS,
        RootMeanSquare(),
        direction="lower",
        unit="label",
    ),
    Metric(
        "bias",
        "Bias (mean error)",
        "Whether the predictions are too high (above zero) or too low, on average.",
        _NUMBERS,
        Mean("e", "e²", around_zero=True),
        direction="zero",
        unit="label",
    ),
)

METRICS: dict[str, Metric] = {row.name: row for row in _ROWS}
