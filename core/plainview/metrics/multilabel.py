"""Metrics of multilabel classification, where an example has a set of classes."""

import numpy as np

from plainview.methods.label_averages import LabelAverage
from plainview.methods.label_sets import LabelRatio
from plainview.methods.proportions import Proportion
from plainview.metrics.metric import Metric


def _all(labels: np.ndarray, predictions: np.ndarray, name: str | None) -> np.ndarray:
    return np.ones(len(labels), dtype=bool)


def _exact(labels, predictions, name):
    """All the labels are right and nothing else is said, as the cells of `tasks.multilabel` write it."""
    return predictions == np.array([f"{label} right, 0 wrong" for label in labels], dtype=object)


def _has(labels, predictions, name):
    return labels == name


def _said(labels, predictions, name):
    return predictions == name


def _either(labels, predictions, name):
    return (labels == name) | (predictions == name)


def _both(labels, predictions, name):
    return (labels == name) & (predictions == name)


def _of_said(right, wrong, missed, classes):
    return right, right + wrong


def _of_labels(right, wrong, missed, classes):
    return right, right + missed


def _of_both(right, wrong, missed, classes):
    return 2 * right, 2 * right + wrong + missed


def _of_all_classes(right, wrong, missed, classes):
    return wrong + missed, np.full(len(right), float(classes))


def _shared(right, wrong, missed, classes):
    """Two sets that are empty are alike."""
    either = right + wrong + missed
    return np.where(either > 0, right / np.maximum(either, 1), 1.0), np.ones(len(right))


_SETS = ("multilabel",)
_OF_CLASS = "class[{name}]"
_NONE = "no examples with labels and a prediction"

ROWS = (
    Metric("exact_match", "Exact match", "How often the whole set is right.", _SETS, Proportion(_exact, _all, _NONE)),
    Metric(
        "micro_f1",
        "Micro F1",
        "Finding labels and being right about them, in one number, every label counting the same.",
        _SETS,
        LabelRatio(_of_both, "no labels, and nothing was predicted"),
    ),
    Metric(
        "micro_precision",
        "Micro precision",
        "When it says something, how often that is right.",
        _SETS,
        LabelRatio(_of_said, "nothing was predicted"),
    ),
    Metric(
        "micro_recall",
        "Micro recall",
        "Of all labels, how many it finds.",
        _SETS,
        LabelRatio(_of_labels, "no example has a label"),
    ),
    Metric(
        "macro_f1",
        "Macro F1",
        "F1, each class counting the same.",
        _SETS,
        LabelAverage("no labels, and nothing was predicted"),
        part="sets",
    ),
    Metric(
        "hamming_loss",
        "Hamming loss",
        "Of all decisions, one for each class of each example, how many are wrong.",
        _SETS,
        LabelRatio(_of_all_classes, _NONE, needs_classes=True),
        direction="lower",
    ),
    Metric(
        "jaccard_samples",
        "Overlap of sets (Jaccard)",
        "How much of what is labelled or predicted is both, example by example; two empty sets are alike.",
        _SETS,
        LabelRatio(_shared, _NONE, whole=True),
    ),
    Metric(
        "precision",
        "Precision for {name}",
        "When it says {name}, how often that is right.",
        _SETS,
        Proportion(_both, _said, "nothing was predicted {name}", shared=False),
        per_class=True,
        part=_OF_CLASS,
        flips=_OF_CLASS,
    ),
    Metric(
        "recall",
        "Recall for {name}",
        "Of those that are {name}, how many it finds.",
        _SETS,
        Proportion(_both, _has, "no example is {name}"),
        per_class=True,
        part=_OF_CLASS,
        flips=_OF_CLASS,
    ),
    Metric(
        "f1",
        "F1 for {name}",
        "Finding {name} and being right about it, in one number.",
        _SETS,
        Proportion(_both, _either, "no example is {name}, and nothing was predicted so", shared=False, jaccard=True),
        per_class=True,
        part=_OF_CLASS,
        flips=_OF_CLASS,
    ),
)
