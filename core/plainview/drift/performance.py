"""Where labels have arrived: the metrics of the specification on the batch, against the test set, with intervals.

The two are different examples, so they are compared as independent samples, by the same five verdicts as two releases.
"""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import yaml

from plainview.evaluation import measure, totals_of
from plainview.verdicts import Change, independent_changes

if TYPE_CHECKING:
    from plainview.specification import Specification

FEWEST = 2  # labelled rows


def performance(
    reference: tuple[pl.DataFrame, pl.DataFrame],
    batch: tuple[pl.DataFrame, pl.DataFrame],
    specification: "Specification",
) -> tuple[list[Change], str]:
    """Every change of a metric from the reference to the batch, each as (examples, answers); or none, and why.

    Scenarios are compared where the batch has every column that they read; else all examples alone.
    """
    label = specification.columns.label
    judged = specification.task == "scored" or (label is not None and label in batch[0].columns)
    if not judged:
        return [], "No labels have arrived."
    if "prediction" not in batch[1].columns:
        return [], "The batch has no predictions."
    there = batch[0] if specification.task == "scored" else batch[0].filter(pl.col(label).is_not_null())
    answers = batch[1] if specification.task == "scored" else batch[1].filter(batch[0][label].is_not_null())
    if there.height < FEWEST:
        return [], "No labels have arrived."
    demanded = _narrowed(specification, there)
    totals = [totals_of(measure(*side, demanded)) for side in (reference, (there, answers))]
    with np.errstate(all="ignore"):  # a scenario without rows has no value, and says so
        return independent_changes(*totals, demanded), ""


def _narrowed(specification: "Specification", batch: pl.DataFrame) -> "Specification":
    """The specification, without scenarios where the batch lacks a column that one of them reads."""
    from plainview.specification import load_specification

    needed = {name for scenario in specification.scenarios if scenario.predicate for name in scenario.predicate.columns}
    pinned = any(scenario.ids for scenario in specification.scenarios)
    if needed <= set(batch.columns) and not pinned:
        return specification
    written = yaml.safe_load(specification.text)
    return load_specification(
        {key: value for key, value in written.items() if key not in ("behaviours", "requirements")}
    )
