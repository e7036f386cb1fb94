"""Regression: every example adds its error, the error's absolute value, and what their variances need."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.kernel import Cell, Contributions
from plainview.tasks.part import PREDICTION, WHOLE, Part

if TYPE_CHECKING:
    from plainview.specification import Specification

FIXED, BROKE, SAME = "fixed", "broke", "same"  # closer, or further off, by more than the margin
LARGEST = 5e69  # the fourth power of an error, twice as large at most, must still be a float
THERE = "there"


def prepare(values: pl.Series) -> pl.Series:
    """Numbers as float64. Raises FrameError for text, for infinities and for what is next to infinite."""
    if not (values.dtype.is_numeric() or values.dtype == pl.Null):
        raise FrameError(
            f"Column {values.name!r} holds {str(values.dtype).lower()} values, but regression needs numbers. "
            "For names of classes, the specification says `task: classification`."
        )
    numbers = values.cast(pl.Float64).fill_nan(None)
    beyond = (numbers.abs() > LARGEST).fill_null(False)
    if beyond.any():
        row = beyond.arg_max()
        raise FrameError(
            f"Column {values.name!r} holds {numbers[row]:g} in row {row + 1}: nothing, or a number up to {LARGEST:g}, "
            "was expected."
        )
    return numbers


def contributions(label: pl.Series, prediction: pl.Series, weight: np.ndarray | None = None) -> Contributions:
    """Terms of the error e = prediction - label, weighted; cells of (label, prediction) say what is there."""
    error = _error(label, prediction)
    w = np.ones(len(error)) if weight is None else weight
    cells, codes = _presence(label, prediction)
    terms = {"e": w * error, "abs": w * np.abs(error), "e²": w * error**2, "e⁴": w * error**4}
    return Contributions(cells, codes, terms | _weights(weight))


def paired(
    label: pl.Series,
    baseline: pl.Series,
    candidate: pl.Series,
    weight: np.ndarray | None = None,
    margin: float | None = None,
) -> Contributions:
    """Terms of both errors and of their products; cells of (label, baseline, candidate, flip).

    An example is fixed when its error shrank by more than ``margin``, in units of the label, and broke when it grew
    by more than that.
    """
    b, c = _error(label, baseline), _error(label, candidate)
    w = np.ones(len(b)) if weight is None else weight
    there, codes = _presence(label, baseline, candidate)
    gap = np.abs(c) - np.abs(b)
    both = codes == len(there) - 1
    flip = np.where(both & (gap < -(margin or 0.0)), 0, np.where(both & (gap > (margin or 0.0)), 1, 2))
    cells = tuple((*cell, name) for cell in there for name in (FIXED, BROKE, SAME))
    terms = {"d": gap, "d²": gap**2, "be": b, "ce": c, "b²": b**2, "c²": c**2, "bc": b * c}
    terms |= {"|b|": np.abs(b), "|c|": np.abs(c), "b⁴": b**4, "c⁴": c**4, "b²c²": b**2 * c**2}
    both_there = {name: np.where(both, w * value, 0.0) for name, value in terms.items()}
    return Contributions(cells, 3 * codes + flip, both_there | _weights(weight))


def parts(
    examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    """One part, a row an example."""
    label, prediction = prepare(examples[specification.columns.label]), prepare(answers[PREDICTION])
    return {WHOLE: Part(examples, contributions(label, prediction, weight))}


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """One part, a row an example; flips are judged by the headline metric's margin."""
    columns = (examples[specification.columns.label], baseline[PREDICTION], candidate[PREDICTION])
    margin = specification.margin_for(specification.metric_keys[0])
    return {WHOLE: Part(examples, paired(*(prepare(values) for values in columns), weight, margin))}


def right(label: pl.Series, prediction: pl.Series) -> None:
    """A number is near or far, not right or wrong."""
    return


def _error(label: pl.Series, prediction: pl.Series) -> np.ndarray:
    """prediction - label, shape (n,), 0 where one of them is missing."""
    return (prediction - label).fill_null(0.0).to_numpy()


def _presence(*columns: pl.Series) -> tuple[tuple[Cell, ...], np.ndarray]:
    """Cells of what is there, the last one having everything; and the cell of each row."""
    cells: tuple[Cell, ...] = ((),)
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        cells = tuple((*cell, value) for cell in cells for value in (None, THERE))
        codes = 2 * codes + column.is_not_null().to_numpy()
    return cells, codes


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}
