"""Parts for metrics that look at every row: numbers a row to add up, or rows carried along because order matters."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from plainview.kernel import Cell, Contributions
from plainview.methods.undefined import worst
from plainview.tasks.part import Part

THERE = "there"


class Given(NamedTuple):
    """What a release gives a metric: a number a row, shape (n,), NaN where missing.

    ``source`` is what the cells say of rows that have one, all the same or one each. ``problem`` says why no row of the chunk
    can be used, see `methods.undefined`.
    """

    values: np.ndarray
    source: str | Sequence[str] = THERE
    problem: str = ""

    def cell(self) -> pl.Series:
        """What the cells say, row by row; None where the number is missing."""
        source = [self.source] * len(self.values) if isinstance(self.source, str) else list(self.source)
        return pl.Series(source, dtype=pl.String).set(pl.Series(np.isnan(self.values)), None)


def numbers(values: pl.Series) -> np.ndarray:
    """A column of numbers as floats, NaN where missing."""
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def presence(values: pl.Series) -> pl.Series:
    """What cells say of a column of numbers: that one is there, or None."""
    return pl.Series([None, THERE], dtype=pl.String)[values.is_not_null().cast(pl.UInt32)]


def averaged(rows: pl.DataFrame, label: pl.Series, sides: Sequence[Given], weight: np.ndarray | None) -> Part:
    """A part to average one number a row: terms x, x², x³, or of two releases b, c, d = c - b, d²; weighted."""
    with np.errstate(over="ignore"):  # a number too large to be summed is refused by the kernel
        if len(sides) == 1:
            x = sides[0].values
            terms = {"x": x, "x²": x**2, "x³": x**3}
        else:
            b, c = (side.values for side in sides)
            terms = {"b": b, "c": c, "d": c - b, "d²": (c - b) ** 2}
    return summed(rows, label, sides, weight, terms)


def summed(
    rows: pl.DataFrame,
    label: pl.Series,
    sides: Sequence[Given],
    weight: np.ndarray | None,
    terms: Mapping[str, np.ndarray],
) -> Part:
    """A part with ``terms`` of one's own, each of shape (n,) and weighted here; cells of (label, source, …, problem)."""
    there, w = _there(label, sides), 1.0 if weight is None else weight
    added = {name: np.where(there, w * np.where(there, x, 0.0), 0.0) for name, x in terms.items()}
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
    """The distinct combinations of the columns' values, and which of them each row is."""
    names = [str(position) for position in range(len(columns))]
    frame = pl.DataFrame(dict(zip(names, columns, strict=True)))
    seen = frame.unique().sort(names).with_row_index("code")
    joined = frame.join(seen, on=names, how="left", nulls_equal=True, maintain_order="left")
    return tuple(seen.select(names).iter_rows()), joined["code"].to_numpy().astype(np.int64)


def _cells(label: pl.Series, sides: Sequence[Given]) -> tuple[tuple[Cell, ...], np.ndarray]:
    problem = worst(side.problem for side in sides)
    return distinct_cells(label, *(side.cell() for side in sides), pl.Series([problem]).new_from_index(0, len(label)))


def _there(label: pl.Series, sides: Sequence[Given]) -> np.ndarray:
    usable = [label.is_not_null().to_numpy()]
    return np.logical_and.reduce(usable + [~np.isnan(side.values) & (side.problem == "") for side in sides])


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}
