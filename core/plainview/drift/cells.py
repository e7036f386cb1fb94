"""Values in cells: categories by name, numbers in bins of about equal counts; a cell does not know which side it is of."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.drift.sides import Side

BINS = 64  # of numbers with more distinct values than that
NAMES = 30  # categories of their own; what is rarer on both sides together shares a cell
OTHERS = "(others)"
DRAWN = 12  # cells of a small chart


@dataclass(frozen=True)
class Cells:
    """One column of both sides in cells; rows without a value are in none."""

    reference: np.ndarray  # the cell of each row, shape (n,); -1: no value
    batch: np.ndarray  # (m,)
    positions: np.ndarray | None  # of the cells of numbers, (cells,), ascending
    names: tuple[str, ...] = ()  # of the cells of categories

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.names) if self.positions is None else len(self.positions)

    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of each cell, (cells,), of the reference and of the batch."""
        return tuple(np.bincount(side[side >= 0], minlength=self.size) for side in (self.reference, self.batch))


def cells_of(side: Side) -> Cells:
    """The cells of a column: of its numbers, or of its categories."""
    return _of_categories(side) if side.kind == "category" else _of_numbers(side)


def missing_cells(side: Side) -> Cells:
    """Two cells: has a value, has none."""
    codes = [column.is_null().cast(pl.Int64).to_numpy() for column in (side.reference, side.batch)]
    return Cells(*codes, None, ("a value", "no value"))


def _of_numbers(side: Side) -> Cells:
    both = np.concatenate([column.drop_nulls().to_numpy() for column in (side.reference, side.batch)])
    distinct = np.unique(both)
    if len(distinct) <= BINS:
        edges = distinct[1:]
    else:
        edges = np.unique(np.quantile(both, np.arange(1, BINS) / BINS))
    inside = np.searchsorted(edges, both, "right")
    size = len(edges) + 1
    total, count = np.bincount(inside, both, size), np.bincount(inside, minlength=size)
    kept = count > 0
    rank = np.cumsum(kept) - 1
    codes = [
        _coded(column, lambda values: rank[np.searchsorted(edges, values, "right")])
        for column in (side.reference, side.batch)
    ]
    return Cells(*codes, total[kept] / count[kept])


def _coded(column: pl.Series, code) -> np.ndarray:
    there = column.is_not_null().to_numpy()
    codes = np.full(len(column), -1)
    codes[there] = code(column.drop_nulls().to_numpy())
    return codes


def _of_categories(side: Side) -> Cells:
    both = pl.concat([side.reference, side.batch]).drop_nulls()
    ranked = both.value_counts().sort(["count", both.name], descending=[True, False])[both.name].to_list()
    names = ranked if len(ranked) <= NAMES + 1 else [*ranked[:NAMES], OTHERS]
    places = {name: min(at, len(names) - 1) for at, name in enumerate(ranked)}
    codes = [
        column.replace_strict(places, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
        for column in (side.reference, side.batch)
    ]
    return Cells(*codes, None, tuple(names))


def drawn(side: Side, cells: Cells) -> pl.DataFrame:
    """What a small chart shows of a column: a row a cell, with its name or its ends, and its share then and now."""
    if side.kind == "category":
        then, now = cells.counts()
        order = np.argsort(-(then / then.sum() + now / now.sum()), kind="stable")[:DRAWN]
        low = high = [None] * len(order)
        names = [cells.names[at] for at in order]
        then, now = then[order] / then.sum(), now[order] / now.sum()
    else:
        both = np.concatenate([column.drop_nulls().to_numpy() for column in (side.reference, side.batch)])
        ends = _ends(both)
        then, now = (_shares(column, ends) for column in (side.reference, side.batch))
        low, high, names = ends[:-1].tolist(), ends[1:].tolist(), [None] * (len(ends) - 1)
    schema = {
        "place": pl.Int64,
        "cell": pl.String,
        "low": pl.Float64,
        "high": pl.Float64,
        "then": pl.Float64,
        "now": pl.Float64,
    }
    return pl.DataFrame(
        {"place": range(len(names)), "cell": names, "low": low, "high": high, "then": then, "now": now}, schema=schema
    )


def _ends(both: np.ndarray) -> np.ndarray:
    """Bins of equal width over all but the farthest hundredth of each side, which the outer bins take in."""
    low, high = np.quantile(both, [0.01, 0.99])
    low, high = (low, high) if high > low else (both.min(), max(both.max(), both.min() + 1))
    whole = bool((both % 1 == 0).all()) and high - low < DRAWN
    if whole:
        return np.arange(np.floor(low), np.floor(high) + 2)
    return np.linspace(low, high, DRAWN + 1)


def _shares(column: pl.Series, ends: np.ndarray) -> np.ndarray:
    values = np.clip(column.drop_nulls().to_numpy(), ends[0], np.nextafter(ends[-1], -np.inf))
    return np.histogram(values, ends)[0] / max(len(values), 1)
