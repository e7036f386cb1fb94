"""Classification: every example falls into the cell of its label and its prediction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.frames import class_text
from plainview.kernel import Contributions
from plainview.metrics import metric_for, split_key
from plainview.tasks.part import PREDICTION, WHOLE, Part
from plainview.tasks.rowwise import Given, averaged, carried, distinct_cells
from plainview.tasks.stated import brier_scores, log_losses, score_of

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


def undeclared(label: pl.Series, classes: Sequence[str]) -> pl.Series:
    """Each label that is none of these classes; None where it is one, or is missing."""
    return label.set(label.is_in([*classes]).fill_null(False), None)


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
    made: dict[str, Part] = {}
    for part, of in dict.fromkeys((row.part_of(of), of) for row, of in keys if row.part != WHOLE):
        if part in _LOSSES:
            made[part] = averaged(
                rows, label, [_LOSSES[part](label, given, specification) for given in answers], weight
            )
        else:
            sides = [score_of(given, specification, of) for given in answers]
            made[part] = _ranking(rows, label, sides, weight, (label == of).fill_null(False).to_numpy())
    return made


def _ranking(rows, label, sides: Sequence[Given], weight, positive: np.ndarray) -> Part:
    """Rows that carry their scores, and whether they are of the class."""
    names = ("score",) if len(sides) == 1 else ("baseline", "candidate")
    scores = {name: side.values for name, side in zip(names, sides, strict=True)}
    return carried(rows, label, sides, weight, {**scores, "positive": positive.astype(float)})


_LOSSES = {"log_loss": log_losses, "brier_score": brier_scores}
