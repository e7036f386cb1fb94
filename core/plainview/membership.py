"""Membership: which rows of a frame each scenario holds."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from plainview.specification import Scenario

_MASK = "__plainview_mask_"


def scenario_masks(frame: pl.DataFrame, scenarios: Sequence[Scenario], id_column: str) -> list[np.ndarray]:
    """Which rows each scenario holds: one boolean array of shape (rows,) each."""
    if not scenarios:
        return []
    schema = dict(frame.schema)
    chosen = frame.with_columns(
        _condition(scenario, schema, id_column).alias(f"{_MASK}{position}")
        for position, scenario in enumerate(scenarios)
    )
    return [chosen[f"{_MASK}{position}"].to_numpy() for position in range(len(scenarios))]


def _condition(scenario: Scenario, schema: dict[str, pl.DataType], id_column: str) -> pl.Expr:
    if scenario.predicate is not None:
        return scenario.predicate.expression(schema)
    return pl.lit(True) if scenario.ids is None else pl.col(id_column).is_in(list(scenario.ids))
