"""Small changes of a table's cells that should not matter: ``(value, column, random, options) -> value or None``.

None: there is nothing to change in this cell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl


@dataclass(frozen=True)
class Options:
    """What a check says of how to change."""

    strength: float
    digits: int = 2
    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class CellChange:
    """A row of `CELLS`."""

    change: Callable[[Any, pl.Series, np.random.Generator, Options], Any]
    said: str
    numbers: bool  # whether it is for columns of numbers, or for those of categories


def noise(value: Any, column: pl.Series, random: np.random.Generator, options: Options) -> Any:
    """Normal noise with a standard deviation of ``strength`` times the column's; whole numbers stay whole."""
    spread = float(column.std() or 0.0)
    new = value + random.normal(0, options.strength * spread)
    low, high = column.min(), column.max()
    new = min(max(new, low), high)
    return round(new) if column.dtype.is_integer() else float(new)


def rounding(value: Any, column: pl.Series, random: np.random.Generator, options: Options) -> Any:
    """So many significant digits."""
    if value == 0:
        return value
    new = round(value, options.digits - 1 - int(np.floor(np.log10(abs(value)))))
    return int(new) if column.dtype.is_integer() else float(new)


def units(value: Any, column: pl.Series, random: np.random.Generator, options: Options) -> Any:
    """The same quantity in another unit: times ``factor`` plus ``offset``."""
    new = value * options.factor + options.offset
    return int(new) if column.dtype.is_integer() and float(new).is_integer() else float(new)


def swap(value: Any, column: pl.Series, random: np.random.Generator, options: Options) -> Any:
    """Another category, as often as it occurs."""
    others = column.filter(column != value).drop_nulls()
    return others[int(random.integers(len(others)))] if len(others) else value


CELLS: dict[str, CellChange] = {
    "noise": CellChange(noise, "noise", True),
    "rounding": CellChange(rounding, "rounding", True),
    "units": CellChange(units, "another unit", True),
    "category swap": CellChange(swap, "another category", False),
}
