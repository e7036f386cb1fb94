"""Parts for metrics that look at every row: numbers a row to add up, or rows carried along because order matters."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
import polars as pl

from plainview.kernel import Cell, Contributions
from plainview.methods.undefined import worst
from plainview.tasks.part import Part

THERE = "there"
EACH, FEW = 8, 1024


class Given(NamedTuple):
    """What a release gives a metric: a number a row, shape (n,), NaN where missing.

    ``source`` is what the cells say of rows that have one. ``problem`` says why no row of the chunk can be used, see
    `methods.undefined`.
    """

    values: np.ndarray
    source: str = THERE
    problem: str = ""


def numbers(values: pl.Series) -> np.ndarray:
    """A column of numbers as floats, NaN where missing."""
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def presence(values: pl.Series, word: str = THERE) -> pl.Series:
    """What cells say of a column where only that counts: that something is there, or None."""
    return pl.Series([None, word], dtype=pl.String)[values.is_not_null().cast(pl.UInt32)]


def averaged(rows: pl.DataFrame, label: pl.Series, sides: Sequence[Given], weight: np.ndarray | None) -> Part:
    """A part to average one number a row: terms x, x², x³, or of two releases b, c, d = c - b, d²; weighted."""
    with np.errstate(over="ignore"):  # a number too large to be summed is refused by the kernel
        if len(sides) == 1:
            x = sides[0].values
            terms = {"x": x, "x²": x**2, "x³": x**3}
        else:
            b, c = (side.values for side in sides)
            terms = {"b": b, "c": c, "d": c - b, "d²": (c - b) ** 2}
    there, w = _there(label, sides), 1.0 if weight is None else weight
    added = {name: w * np.where(there, x, 0.0) for name, x in terms.items()}
    return Part(rows, Contributions(*_cells(label, sides), added | _weights(weight)))


def carried(
    rows: pl.DataFrame,
    label: pl.Series,
    sides: Sequence[Given],
    weight: np.ndarray | None,
    kept: Mapping[str, np.ndarray],
) -> Part:
    """A part whose ``kept`` values, each of shape (n,), are carried along, NaN where a row is missing one; weights as "w"."""
    there = _there(label, sides)
    values = {name: np.where(there, x, np.nan) for name, x in kept.items()}
    return Part(rows, Contributions(*_cells(label, sides), kept=values | ({} if weight is None else {"w": weight})))


def distinct_cells(*columns: pl.Series) -> tuple[tuple[Cell, ...], np.ndarray]:
    """The distinct combinations of the texts in these columns, sorted, and which of them each row is."""
    values, codes = zip(*map(_coded, columns), strict=True)
    sizes = [len(known) for known in values]
    flat = codes[0].astype(np.int64)
    for size, code in zip(sizes[1:], codes[1:], strict=True):
        flat = flat * size + code
    if prod(sizes) > len(flat) + FEW:
        present, flat = np.unique(flat, return_inverse=True)
    else:
        present = np.flatnonzero(np.bincount(flat, minlength=prod(sizes)))
        place = np.zeros(prod(sizes), dtype=np.int64)
        place[present] = np.arange(len(present))
        flat = place[flat]
    combined = zip(*np.unravel_index(present, sizes), strict=True)
    return tuple(tuple(known[at] for known, at in zip(values, cell, strict=True)) for cell in combined), flat


def _coded(values: pl.Series) -> tuple[list[str | None], np.ndarray]:
    """The distinct texts of a column, None first and always, and which of them each row is."""
    known = sorted(values.head(FEW).unique().drop_nulls())
    if len(known) <= EACH:  # a few classes are found faster by asking for each than by hashing every text
        codes, rest = np.zeros(len(values), dtype=np.uint8), values.null_count()
        for code, text in enumerate(known, start=1):
            found = (values == text).fill_null(False)
            codes[found.to_numpy()] = code
            rest += found.sum()
        if rest == len(values):
            return [None, *known], codes
    known = sorted(values.unique().drop_nulls())
    codes = values.cast(pl.Enum(known)).to_physical().cast(pl.Int64) + 1
    return [None, *known], codes.fill_null(0).to_numpy()


def _cells(label: pl.Series, sides: Sequence[Given]) -> tuple[tuple[Cell, ...], np.ndarray]:
    """Cells of (label, source, …, problem), one source a release."""
    sources = [presence(pl.Series(side.values, nan_to_null=True), side.source) for side in sides]
    problem = pl.Series([worst(side.problem for side in sides)], dtype=pl.String)
    return distinct_cells(label, *sources, problem.new_from_index(0, len(label)))


def _there(label: pl.Series, sides: Sequence[Given]) -> np.ndarray:
    usable = [label.is_not_null().to_numpy()]
    return np.logical_and.reduce(usable + [~np.isnan(side.values) & (side.problem == "") for side in sides])


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}
