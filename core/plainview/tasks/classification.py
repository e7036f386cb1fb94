"""Classification: every example falls into the cell of its label and its prediction."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.frames import class_text
from plainview.kernel import Cell, Contributions
from plainview.tasks.part import PREDICTION, WHOLE, Part

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
    cells, codes = _cells(label, prediction)
    return Contributions(cells, codes, _weights(weight))


def paired(
    label: pl.Series,
    baseline: pl.Series,
    candidate: pl.Series,
    weight: np.ndarray | None = None,
    margin: float | None = None,
) -> Contributions:
    """Cells of (label, baseline, candidate, flip), for two releases on the same rows. ``margin`` is not used here."""
    cells, codes = _cells(label, baseline, candidate)
    return Contributions(tuple((*cell, _flip(*cell)) for cell in cells), codes, _weights(weight))


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
    """One part, a row an example."""
    columns = (examples[specification.columns.label], baseline[PREDICTION], candidate[PREDICTION])
    return {WHOLE: Part(examples, paired(*(prepare(values) for values in columns), weight))}


def right(label: pl.Series, prediction: pl.Series) -> np.ndarray:
    """Which predictions equal their label, shape (n,); a missing one is not right."""
    return (label == prediction).fill_null(False).to_numpy()


def _flip(label: str | None, baseline: str | None, candidate: str | None) -> str:
    was, now = label == baseline, label == candidate
    return SAME if was == now else FIXED if now else BROKE


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}


def _cells(*columns: pl.Series) -> tuple[tuple[Cell, ...], np.ndarray]:
    """The distinct combinations of the columns' values, and which of them each row is."""
    names = [str(position) for position in range(len(columns))]
    frame = pl.DataFrame(dict(zip(names, columns, strict=True)))
    seen = frame.unique().sort(names).with_row_index("code")
    joined = frame.join(seen, on=names, how="left", nulls_equal=True, maintain_order="left")
    return tuple(seen.select(names).iter_rows()), joined["code"].to_numpy().astype(np.int64)
