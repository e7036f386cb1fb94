"""Metrics of scored answers: each of one column of answers, or of the prediction."""

import numpy as np

from plainview.methods.ordered import Quantile
from plainview.methods.proportions import Proportion
from plainview.methods.ratios import Ratio
from plainview.metrics.metric import Metric

_SCORED = ("scored",)
_PASS = "pass"


def _all(labels: np.ndarray, answers: np.ndarray, name: str | None) -> np.ndarray:
    return np.ones(len(labels), dtype=bool)


def _passed(labels, answers, name):
    return answers == _PASS


def _quantile(level: int, share: str) -> Metric:
    return Metric(
        f"p{level}",
        f"p{level} of {{name}}",
        f"What {share} answers stay below.",
        _SCORED,
        Quantile(level / 100, undefined="no answers", signed=True),
        unit="label",
        per_column=True,
        alone=f"p{level}",
        part="ordered[{name}]",
        flips=f"p{level}[{{name}}]",
    )


ROWS = (
    Metric(
        "mean",
        "Mean of {name}",
        "What an answer gets, on average.",
        _SCORED,
        Ratio(),
        unit="label",
        per_column=True,
        alone="Mean",
        part="mean[{name}]",
        flips="mean[{name}]",
    ),
    Metric(
        "pass_rate",
        "Pass rate of {name}",
        "How often an answer passes.",
        _SCORED,
        Proportion(_passed, _all, "no answers"),
        per_column=True,
        alone="Pass rate",
        part="passes[{name}]",
        flips="passes[{name}]",
    ),
    Metric(
        "ratio",
        "{name}",
        "The first of the two summed over all answers, divided by the second: errors for each word.",
        _SCORED,
        Ratio("no answers, or nothing to divide by"),
        unit="label",
        per_column=True,
        alone="Ratio",
        part="ratio[{name}]",
        flips="ratio[{name}]",
    ),
    _quantile(50, "half of the"),
    _quantile(90, "9 in 10"),
    _quantile(95, "19 in 20"),
    _quantile(99, "99 in 100"),
)
