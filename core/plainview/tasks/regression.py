"""Regression: every example adds its error, the error's absolute value, and what their variances need."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.kernel import Cell, Contributions
from plainview.methods.undefined import worst
from plainview.metrics import metric_for, split_key
from plainview.tasks.part import PREDICTION, WHOLE, Part
from plainview.tasks.rowwise import THERE, Given, averaged, carried, distinct_cells, numbers, presence

if TYPE_CHECKING:
    from plainview.specification import Specification

FIXED, BROKE, SAME = "fixed", "broke", "same"  # closer, or further off, by more than the margin
LARGEST = 5e69  # the fourth power of an error, twice as large at most, must still be a float
INSIDE, OUTSIDE = "inside", "outside"  # where the label lies, of an interval that is predicted


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
    terms = {
        "e": error,
        "abs": np.abs(error),
        "e²": error**2,
        "e³": error**3,
        "abs³": np.abs(error) ** 3,
        "e⁴": error**4,
    }
    return Contributions(cells, codes, {name: w * x for name, x in terms.items()} | _weights(weight))


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
    """The whole, a row an example; and what other metrics of the specification read."""
    label, prediction = prepare(examples[specification.columns.label]), prepare(answers[PREDICTION])
    whole = Part(examples, contributions(label, prediction, weight))
    return {WHOLE: whole} | _more_parts(examples, label, [answers], specification, weight)


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The same for two releases; flips are judged by the headline metric's margin."""
    columns = (examples[specification.columns.label], baseline[PREDICTION], candidate[PREDICTION])
    label, before, after = (prepare(values) for values in columns)
    margin = specification.margin_for(specification.metric_keys[0])
    whole = Part(examples, paired(label, before, after, weight, margin))
    return {WHOLE: whole} | _more_parts(examples, label, [baseline, candidate], specification, weight)


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


def _more_parts(
    rows: pl.DataFrame,
    label: pl.Series,
    answers: Sequence[pl.DataFrame],
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The parts that metrics read besides the whole, each once."""
    keys = ((metric_for(key, specification.task), split_key(key)[1]) for key in specification.metric_keys)
    wanted = dict.fromkeys((row.part_of(of), split_key(row.part)[0], of) for row, of in keys if row.part != WHOLE)
    made: dict[str, Part] = {}
    for part, kind, of in wanted:
        if kind == "errors":
            made[part] = _errors(rows, label, answers, weight)
        elif kind == "interval":
            made[part] = _intervals(rows, label, answers, weight)
        else:
            made[part] = averaged(rows, presence(label), [_LOSSES[kind](label, given, of) for given in answers], weight)
    return made


def _errors(rows, label, answers: Sequence[pl.DataFrame], weight) -> Part:
    """Rows that carry their label and their error, or those of both releases."""
    errors = [Given(numbers(prepare(given[PREDICTION]) - label)) for given in answers]
    names = ("error",) if len(errors) == 1 else ("baseline", "candidate")
    kept = {name: side.values for name, side in zip(names, errors, strict=True)}
    return carried(rows, presence(label), errors, weight, {**kept, "label": numbers(label)})


def _intervals(rows, label, answers: Sequence[pl.DataFrame], weight) -> Part:
    """Cells that say whether the label lies in the interval; of two releases, also which was fixed and which broke."""
    within = []
    for given in answers:
        lower, upper = _ends(given)
        held = (lower <= label) & (label <= upper)  # one that ends before it starts holds nothing
        within.append(pl.Series([OUTSIDE, INSIDE])[held.fill_null(False).cast(pl.UInt32)].set(held.is_null(), None))
    cells, codes = distinct_cells(presence(label), *within)
    if len(within) == 2:
        cells = tuple((*cell, SAME if cell[1] == cell[2] else FIXED if cell[2] == INSIDE else BROKE) for cell in cells)
    return Part(rows, Contributions(cells, codes, _weights(weight)))


def _percentage_errors(label: pl.Series, answers: pl.DataFrame, of: str | None) -> Given:
    """|e / label|; missing where the label is 0."""
    relative = (prepare(answers[PREDICTION]) - label).abs() / label.set((label == 0).fill_null(False), None).abs()
    return Given(numbers(relative))


def _quantile_losses(label: pl.Series, answers: pl.DataFrame, of: str | None) -> Given:
    """What a prediction of the quantile ``of`` costs: of·(y - p) below the label, (1 - of)·(p - y) above (Koenker 1978)."""
    short, level = numbers(label - prepare(answers[PREDICTION])), float(of or 0.5)
    return Given(np.maximum(level * short, (level - 1) * short))


def _widths(label: pl.Series, answers: pl.DataFrame, of: str | None) -> Given:
    """How wide the interval is that is predicted, wherever the label lies."""
    lower, upper = _ends(answers)
    width = numbers(upper - lower)
    crossed = [
        f"lower ends lie above upper ends, by as much as: {-x:g}" for x in [np.nanmin(width, initial=0.0)] if x < 0
    ]
    return Given(width, problem=worst(crossed))


def _ends(answers: pl.DataFrame) -> list[pl.Series]:
    """The ends of the intervals; missing where none were given."""
    nothing = pl.Series("ends", [None], dtype=pl.Float64).new_from_index(0, answers.height)
    return [prepare(answers[end]) if end in answers.columns else nothing for end in ("lower", "upper")]


_LOSSES: dict[str, Callable[[pl.Series, pl.DataFrame, str | None], Given]] = {
    "percentage_error": _percentage_errors,
    "quantile_loss": _quantile_losses,
    "interval_width": _widths,
}
