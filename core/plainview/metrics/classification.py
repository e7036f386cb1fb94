"""Metrics of classification."""

import numpy as np

from plainview.methods import ratio
from plainview.methods.averages import Average
from plainview.methods.proportions import Proportion
from plainview.metrics.metric import Metric


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


_CLASSES = ("classification",)
_NONE, _NO_LABEL, _NO_OTHER = (
    "no examples with a label and a prediction",
    "no example is {name}",
    "every example is {name}",
)
_NO_PREDICTION, _NEITHER = "nothing was predicted {name}", "no example is {name}, and nothing was predicted so"

ROWS = (
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
)
