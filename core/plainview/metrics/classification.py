"""Metrics of classification."""

import numpy as np

from plainview.methods import ratio
from plainview.methods.agreement import Agreement, kappa, matthews
from plainview.methods.averages import Average
from plainview.methods.calibrated import CalibrationError
from plainview.methods.proportions import Proportion
from plainview.methods.rankings import RankingMetric, average_precision, roc_auc
from plainview.methods.row_means import RowMean
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
_ONE_CLASS = "labels or predictions are all of one class"
_NO_SCORE = "no examples with a label and a probability"
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
    Metric(
        "balanced_accuracy",
        "Balanced accuracy",
        "How often the answer is right, each class counting the same.",
        _CLASSES,
        Average(_recall),
    ),
    Metric(
        "jaccard",
        "Jaccard index for {name}",
        "Of what is {name}, or is called so, how much is both.",
        _CLASSES,
        Proportion(_right, _either, _NEITHER, shared=False),
        per_class=True,
    ),
    Metric(
        "cohen_kappa",
        "Cohen’s kappa",
        "How much better than guessing the answers agree with the labels: 0 is chance, 1 is perfect.",
        _CLASSES,
        Agreement(kappa, _ONE_CLASS),
        unit="number",
    ),
    Metric(
        "matthews_correlation",
        "Matthews correlation",
        "How closely answers follow labels, rare classes counting too: 0 is chance, 1 is perfect.",
        _CLASSES,
        Agreement(matthews, _ONE_CLASS),
        unit="number",
    ),
    Metric(
        "roc_auc",
        "Area under the ROC curve for {name}",
        "How often one that is {name} is scored above one that is not.",
        _CLASSES,
        RankingMetric(
            roc_auc,
            "examples that are {name} and examples that are not are needed, with scores",
            needs_others=True,
            method="delong at effective size/1",
        ),
        per_class=True,
        part="ranking[{name}]",
    ),
    Metric(
        "average_precision",
        "Average precision for {name}",
        "Going down the list by score, how much of what was passed is {name}, averaged over all that are.",
        _CLASSES,
        RankingMetric(
            average_precision,
            "no example with a score is {name}",
            needs_others=False,
            method="influences at effective size/2",
        ),
        per_class=True,
        part="ranking[{name}]",
    ),
    Metric(
        "log_loss",
        "Log loss",
        "How surprised its probabilities are by what happens; certainty that is wrong costs most.",
        _CLASSES,
        RowMean(_NO_SCORE),
        direction="lower",
        unit="number",
        part="log_loss",
    ),
    Metric(
        "brier_score",
        "Brier score",
        "How far its probabilities are from what happens, squared: 0 is perfect.",
        _CLASSES,
        RowMean(_NO_SCORE),
        direction="lower",
        unit="number",
        part="brier_score",
    ),
    Metric(
        "expected_calibration_error",
        "Calibration error for {name}",
        "How far the stated probability of {name} typically is from how often that happens, chance taken out.",
        _CLASSES,
        CalibrationError(),
        direction="lower",
        per_class=True,
        part="ranking[{name}]",
    ),
)
