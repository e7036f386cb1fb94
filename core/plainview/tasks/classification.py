"""Classification: every example falls into the cell of its label and its prediction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.frames import class_text
from plainview.kernel import Contributions
from plainview.metrics import metric_for, split_key
from plainview.methods.calibrated import BANDS
from plainview.tasks.part import PREDICTION, WHOLE, Part
from plainview.tasks.rowwise import Given, averaged, carried, distinct_cells, summed
from plainview.tasks.stated import brier_scores, log_losses, probability_of, score_of

if TYPE_CHECKING:
    from plainview.specification import Specification

FIXED, BROKE, SAME = "fixed", "broke", "same"


def prepare(values: pl.Series) -> pl.Series:
    """Class names as text: 1, 1.0 and "1" are one class. Raises FrameError for numbers that are not whole."""
    if values.dtype.is_float():
        broken = values.filter(((values != values.round()) | (values.abs() >= 2.0**63)) & values.is_not_nan())
        if len(broken):
            raise FrameError(
                f"Column {values.name!r} holds {broken[0]!r}: a class is a name or a whole number. "
                "For numbers that are measured, the specification says `task: regression`."
            )
    return class_text(values)


def contributions(label: pl.Series, prediction: pl.Series, weight: np.ndarray | None = None) -> Contributions:
    """Cells of (label, prediction); None where one is missing. Series of shape (n,), as `prepare` gives them."""
    cells, codes = distinct_cells(label, prediction)
    return Contributions(cells, codes, _weights(weight))


def paired(
    label: pl.Series,
    baseline: pl.Series,
    candidate: pl.Series,
    weight: np.ndarray | None = None,
    margin: float | None = None,
) -> Contributions:
    """Cells of (label, baseline, candidate, flip), for two releases on the same rows. ``margin`` is not used here."""
    cells, codes = distinct_cells(label, baseline, candidate)
    return Contributions(tuple((*cell, _flip(*cell)) for cell in cells), codes, _weights(weight))


def parts(
    examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    """The whole, a row an example; and of scores and probabilities what the specification's metrics read."""
    label, prediction = prepare(examples[specification.columns.label]), prepare(answers[PREDICTION])
    whole = Part(examples, contributions(label, prediction, weight))
    return {WHOLE: whole} | _scored(examples, label, [answers], specification, weight)


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The same for two releases."""
    columns = (examples[specification.columns.label], baseline[PREDICTION], candidate[PREDICTION])
    label, before, after = (prepare(values) for values in columns)
    whole = Part(examples, paired(label, before, after, weight))
    return {WHOLE: whole} | _scored(examples, label, [baseline, candidate], specification, weight)


def right(label: pl.Series, prediction: pl.Series) -> np.ndarray:
    """Which predictions equal their label, shape (n,); a missing one is not right."""
    return (label == prediction).fill_null(False).to_numpy()


def _flip(label: str | None, baseline: str | None, candidate: str | None) -> str:
    was, now = label == baseline, label == candidate
    return SAME if was == now else FIXED if now else BROKE


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}


def _scored(
    rows: pl.DataFrame,
    label: pl.Series,
    answers: Sequence[pl.DataFrame],
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The parts of scores that metrics read, each once."""
    keys = ((metric_for(key, specification.task), split_key(key)[1]) for key in specification.metric_keys)
    wanted = {metric.part_of(of): (split_key(metric.part)[0], of) for metric, of in keys if metric.part != WHOLE}
    made: dict[str, Part] = {}
    for part, (kind, of) in wanted.items():
        if kind in _LOSSES:
            sides = [_LOSSES[kind](label, given, specification) for given in answers]
            made[part] = averaged(rows, label, sides, weight)
        else:
            read, build = _OF_A_CLASS[kind]
            sides = [read(given, specification, of) for given in answers]
            made[part] = build(rows, label, sides, weight, (label == of).fill_null(False).to_numpy())
    return made


def _ranking(rows, label, sides: Sequence[Given], weight, positive: np.ndarray) -> Part:
    """Rows that carry their scores, and whether they are of the class."""
    names = ("score",) if len(sides) == 1 else ("baseline", "candidate")
    scores = {name: side.values for name, side in zip(names, sides, strict=True)}
    return carried(rows, label, sides, weight, {**scores, "positive": positive.astype(float)})


def _calibration(rows, label, sides: Sequence[Given], weight, positive: np.ndarray) -> Part:
    """Residuals r (1 or 0 that happened, less what was stated) by band of what was stated; b and c of two releases."""
    residuals = [positive - side.values for side in sides]
    names = ("r",) if len(sides) == 1 else ("b", "c")
    terms = {name: r for name, r in zip(names, residuals, strict=True)}
    terms |= {f"{name}²": r**2 for name, r in terms.items()}
    if len(residuals) == 2:
        terms["bc"] = residuals[0] * residuals[1]
    banded = [side._replace(source=_bands(side.values)) for side in sides]
    return summed(rows, label.is_not_null().cast(pl.Utf8).set(label.is_null(), None), banded, weight, terms)


def _bands(stated: np.ndarray) -> np.ndarray:
    """The band of each probability, as text."""
    inside = np.clip(np.nan_to_num(stated), 0, 1)
    return np.minimum((inside * BANDS).astype(int), BANDS - 1).astype(str)


_LOSSES = {"log_loss": log_losses, "brier_score": brier_scores}
_OF_A_CLASS = {"ranking": (score_of, _ranking), "calibration": (probability_of, _calibration)}
