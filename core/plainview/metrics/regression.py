"""Metrics of regression."""

import numpy as np

from plainview.methods.explained import Explained
from plainview.methods.means import Mean, RootMeanSquare
from plainview.methods.ordered import Quantile
from plainview.methods.proportions import Proportion
from plainview.methods.row_means import RowMean
from plainview.metrics.metric import Metric

_NUMBERS = ("regression",)
_NO_INTERVAL = "no examples with a label and a predicted interval"


def _held(labels: np.ndarray, predictions: np.ndarray, name: str | None) -> np.ndarray:
    return predictions == "inside"


def _all(labels: np.ndarray, predictions: np.ndarray, name: str | None) -> np.ndarray:
    return np.ones(len(labels), dtype=bool)


def _within(name: str, level: float, title: str, sentence: str) -> Metric:
    """An error that a share of predictions stay within."""
    return Metric(name, title, sentence, _NUMBERS, Quantile(level), direction="lower", unit="label", part="errors")


ROWS = (
    Metric(
        "mae",
        "Mean absolute error",
        "How far off the predictions are, on average.",
        _NUMBERS,
        Mean("abs", "e²", "abs³"),
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
        Mean("e", "e²", "e³", around_zero=True),
        direction="zero",
        unit="label",
    ),
    _within(
        "median_absolute_error", 0.5, "Median absolute error", "How far off the predictions are, in the middle case."
    ),
    _within("absolute_error_p90", 0.9, "Error of 9 in 10", "How far off 9 of 10 predictions are at most."),
    _within("absolute_error_p95", 0.95, "Error of 19 in 20", "How far off 19 of 20 predictions are at most."),
    Metric(
        "mape",
        "Mean absolute percentage error",
        "How far off the predictions are, as a share of the true number; examples where that is 0 are left out.",
        _NUMBERS,
        RowMean("no examples with a prediction and a label other than 0"),
        direction="lower",
        part="percentage_error",
    ),
    Metric(
        "r2",
        "Share of variation explained (R²)",
        "How much of the differences between examples the predictions explain; below 0 the mean would be better.",
        _NUMBERS,
        Explained(),
        part="errors",
    ),
    Metric(
        "quantile_loss",
        "Quantile loss at {name}",
        "How well the prediction marks the level that a share of {name} stays below; too low and too high cost accordingly.",
        _NUMBERS,
        RowMean("no examples with a label and a prediction"),
        direction="lower",
        unit="label",
        per_quantile=True,
        part="quantile_loss[{name}]",
    ),
    Metric(
        "interval_coverage",
        "Interval coverage",
        "How often the true number lies in the predicted interval.",
        _NUMBERS,
        Proportion(_held, _all, _NO_INTERVAL),
        part="interval",
        flips="interval",
    ),
    Metric(
        "mean_interval_width",
        "Mean interval width",
        "How wide the predicted intervals are, on average: narrower says more, if they still hold the truth.",
        _NUMBERS,
        RowMean(_NO_INTERVAL),
        direction="lower",
        unit="label",
        part="interval_width",
    ),
)
