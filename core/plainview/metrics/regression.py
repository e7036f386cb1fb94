"""Metrics of regression."""

from plainview.methods.means import Mean, RootMeanSquare
from plainview.metrics.metric import Metric

_NUMBERS = ("regression",)

ROWS = (
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
