"""The test set's columns as numbers that a tree can part, each with the name of the column that it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from plainview.errors.conditions import conditions_of
from plainview.membership import scenario_masks
from plainview.specification import Scenario, Specification

ALIKE = 0.7  # Spearman's correlation from which on two columns are said to move together
_TEXT = (pl.String, pl.Categorical, pl.Enum)


@dataclass(frozen=True)
class Matrix:
    """The columns of n examples as k numbers each; NaN where there is no value."""

    numbers: np.ndarray  # shape (n, k)
    owners: np.ndarray  # the column that each number comes from, places in ``columns``; shape (k,)
    columns: tuple[str, ...]
    left_out: dict[str, str] = field(default_factory=dict)  # columns that are not in it, and why

    def shuffled(self, column: int, order: np.ndarray) -> np.ndarray:
        """The numbers with those of one column taken from other examples, in ``order``; shape (n, k)."""
        mixed, mine = self.numbers.copy(), self.owners == column
        mixed[:, mine] = self.numbers[order][:, mine]
        return mixed

    def alike(self) -> list[tuple[str, str, float]]:
        """Pairs of columns whose numbers rise or fall together (Spearman's correlation of ALIKE or more in size)."""
        found = []
        single = [place for place in range(len(self.columns)) if (self.owners == place).sum() == 1]
        ranks = {place: _ranks(self.numbers[:, self.owners == place][:, 0]) for place in single}
        for at, one in enumerate(single):
            for other in single[at + 1 :]:
                size = _correlation(ranks[one], ranks[other])
                if abs(size) >= ALIKE:
                    found.append((self.columns[one], self.columns[other], size))
        return sorted(found, key=lambda row: -abs(row[2]))


def explainable(specification: Specification, columns: Sequence[str]) -> list[str]:
    """The columns of a test set that something may depend on: not its id, label, cluster or weight."""
    parts = specification.columns
    own = {parts.id, parts.label, parts.cluster, parts.weight}
    return [name for name in columns if name not in own]


def matrix_of(rows: pl.DataFrame, columns: Sequence[str], *, id_column: str, minimum: int) -> Matrix:
    """Numbers, truths and dates as they are; categories and texts by their frequent values, lengths and words.

    A value or word needs ``minimum`` examples. Columns without any two values that differ are left out.
    """
    kept, left_out, parts, owners = [], {}, [], []
    for name in columns:
        block = _numbers_of(rows[name], rows, id_column, minimum)
        if block.shape[1] == 0:
            left_out[name] = "it has one value alone, or none that enough examples share"
            continue
        owners += [len(kept)] * block.shape[1]
        kept.append(name)
        parts.append(block)
    numbers = np.concatenate(parts, axis=1) if parts else np.zeros((rows.height, 0))
    return Matrix(numbers, np.array(owners, dtype=np.int64), tuple(kept), left_out)


def _numbers_of(values: pl.Series, rows: pl.DataFrame, id_column: str, minimum: int) -> np.ndarray:
    kind = values.dtype
    if kind.base_type() in _TEXT:
        return _of_text(values, rows, id_column, minimum)
    if kind.base_type() in (pl.Date, pl.Datetime):
        values = values.cast(pl.Date).to_physical()
    elif not (kind.is_numeric() or kind == pl.Boolean):
        return np.zeros((len(values), 0))
    found = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    found = np.where(np.isinf(found), np.nan, found)
    return found[:, None] if len(np.unique(found[~np.isnan(found)])) > 1 else np.zeros((len(values), 0))


def _of_text(values: pl.Series, rows: pl.DataFrame, id_column: str, minimum: int) -> np.ndarray:
    """A truth for each frequent value, length and word, as a search for scenarios would cut them."""
    cut, _ = conditions_of(rows, [values.name], minimum=minimum)
    scenarios = [Scenario(name=f"condition {place}", where=each.where) for place, each in enumerate(cut)]
    if not scenarios:
        return np.zeros((rows.height, 0))
    masks = np.stack([*scenario_masks(rows, scenarios, id_column)], axis=1).astype(float)
    return masks[:, (masks.mean(axis=0) > 0) & (masks.mean(axis=0) < 1)]


def _ranks(values: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    return rankdata(values, nan_policy="omit")


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    there = ~(np.isnan(one) | np.isnan(other))
    if there.sum() < 3 or np.ptp(one[there]) == 0 or np.ptp(other[there]) == 0:
        return 0.0
    return float(np.corrcoef(one[there], other[there])[0, 1])
