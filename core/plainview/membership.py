"""Membership: which rows of a frame each scenario holds."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa

from plainview.masks import Masks
from plainview.predicates import Predicate
from plainview.specification import Scenario


def scenario_masks(frame: pl.DataFrame, scenarios: Sequence[Scenario], id_column: str) -> Masks:
    """Which rows each scenario holds: as a sequence, one boolean array of shape (rows,) each."""
    rows = _without_nan(frame, {name for one in scenarios if one.predicate for name in one.predicate.columns})
    schema = rows.schema
    conditions = [_condition(one, schema, id_column).alias(str(at)) for at, one in enumerate(scenarios)]
    masks = Masks.none(len(scenarios), frame.height)
    for mask, column in zip(masks.octets, rows.select(conditions).rechunk().to_arrow().columns, strict=bool(scenarios)):
        mask[: -(-frame.height // 8)] = _octets(column.combine_chunks())
    return masks.trimmed()


def _without_nan(frame: pl.DataFrame, named: set[str]) -> pl.DataFrame:
    """The frame with NaN as missing in the columns that predicates name: once, and not in every predicate."""
    return frame.with_columns(pl.col(name).fill_nan(None) for name in named if frame.schema[name].is_float())


def _condition(scenario: Scenario, schema: Mapping[str, pl.DataType], id_column: str) -> pl.Expr:
    if scenario.predicate is not None:
        needed = tuple((name, schema[name]) for name in sorted(scenario.predicate.columns))
        return _expression(scenario.predicate, needed)
    if scenario.ids is None:
        return pl.repeat(True, pl.len())
    return pl.col(id_column).is_in(list(scenario.ids))


@lru_cache(maxsize=4096)
def _expression(predicate: Predicate, schema: tuple[tuple[str, pl.DataType], ...]) -> pl.Expr:
    """The predicate's expression, made once for all chunks of one frame."""
    return predicate.truth(dict(schema), nan=False)


def _octets(truths: pa.BooleanArray) -> np.ndarray:
    """Truths as the bits that they are stored as, the first row the lowest; what is unknown is not true."""
    if truths.offset % 8:
        return np.packbits(truths.fill_null(False).to_numpy(zero_copy_only=False), bitorder="little")
    known, true = (
        None if buffer is None else np.frombuffer(buffer, np.uint8, -(-len(truths) // 8), truths.offset // 8)
        for buffer in truths.buffers()
    )
    return true if known is None else true & known
