"""Which class is taken for which, and where errors are: by class and by scenario, with counts and intervals."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from plainview.errors.judged import Judged
from plainview.membership import scenario_masks
from plainview.statistics.intervals import wilson
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION

SHOWN_IDS = 3  # examples that are named for each confusion


def confusions(judged: Judged) -> pl.DataFrame:
    """Wrong answers by label and prediction, the most frequent first.

    Columns label, prediction, examples (n), share (of the label's examples, with ``low`` and ``high``), back (how often the
    two are confused the other way round), ids (the first few). Empty for tasks other than classification.
    """
    if judged.specification.task != "classification":
        return pl.DataFrame(schema=_SCHEMA)
    pairs = _pairs(judged)
    wrong = pairs.filter(pl.col("label") != pl.col("prediction"))
    counted = wrong.group_by("label", "prediction").agg(
        pl.len().cast(pl.Int64).alias("examples"), pl.col("id").sort().head(SHOWN_IDS).alias("ids")
    )
    back = counted.select(prediction="label", label="prediction", back="examples")
    of = pairs.group_by("label").agg(pl.len().cast(pl.Int64).alias("of"))
    found = counted.join(back, on=["label", "prediction"], how="left").join(of, on="label")
    low, high = wilson(found["examples"], found["of"], confidence=judged.specification.confidence)
    return (
        found.with_columns(
            pl.col("back").fill_null(0),
            share=pl.col("examples") / pl.col("of"),
            low=pl.Series(np.atleast_1d(low), dtype=pl.Float64),
            high=pl.Series(np.atleast_1d(high), dtype=pl.Float64),
        )
        .sort(["examples", "label", "prediction"], descending=[True, False, False])
        .select(*_SCHEMA)
    )


def errors_by_class(judged: Judged) -> pl.DataFrame:
    """A row for each class, the most missed first: examples, missed (of them answered otherwise), share with ``low`` and
    ``high``, and taken (how often another class was taken for this one). Empty for tasks other than classification.
    """
    if judged.specification.task != "classification":
        return pl.DataFrame(schema={"class": pl.String, **_SHARES, "taken": pl.Int64})
    pairs = _pairs(judged).with_columns(wrong=pl.col("label") != pl.col("prediction"))
    missed = pairs.group_by("label").agg(pl.len().alias("examples"), pl.col("wrong").sum().alias("errors"))
    taken = pairs.filter("wrong").group_by("prediction").agg(pl.len().cast(pl.Int64).alias("taken"))
    found = missed.join(taken, left_on="label", right_on="prediction", how="full", coalesce=True).fill_null(0)
    masks = [(pairs["label"] == name).to_numpy() for name in found["label"]]
    shares = shares_of(judged, found["label"].to_list(), masks)
    table = shares.rename({"name": "class"}).join(
        found.select(pl.col("label").alias("class"), "taken"), on="class", maintain_order="left"
    )
    return table.sort(["errors", "class"], descending=[True, False])


def errors_by_scenario(judged: Judged) -> pl.DataFrame:
    """A row for each scenario of the specification, most errors first: scenario, examples, errors, share, low, high."""
    scenarios = judged.specification.scenarios
    masks = scenario_masks(judged.rows, scenarios, judged.specification.columns.id)
    found = shares_of(judged, [each.name for each in scenarios], masks)
    return found.rename({"name": "scenario"}).sort(["errors", "scenario"], descending=[True, False])


_SHARES = {"examples": pl.Int64, "errors": pl.Int64, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64}
_SCHEMA = {
    "label": pl.String,
    "prediction": pl.String,
    "examples": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "back": pl.Int64,
    "ids": pl.List(pl.String),
}


def _pairs(judged: Judged) -> pl.DataFrame:
    task, columns = TASKS["classification"], judged.specification.columns
    label, prediction = task.prepare(judged.rows[columns.label]), task.prepare(judged.answers[PREDICTION])
    return pl.DataFrame({"id": judged.rows[columns.id].cast(pl.String), "label": label, "prediction": prediction})


def shares_of(judged: Judged, names: list[str], masks: Iterable[np.ndarray]) -> pl.DataFrame:
    """Of each group its examples, its errors, and their share with Wilson's interval, clusters reckoned with."""
    masks = [*masks]
    n = np.array([int(mask.sum()) for mask in masks], dtype=np.int64)
    k = np.array([int((mask & judged.events).sum()) for mask in masks], dtype=np.int64)
    effects = np.array([judged.design_effect(mask) for mask in masks], dtype=float)
    low, high = wilson(k / effects, n / effects, confidence=judged.specification.confidence)
    with np.errstate(invalid="ignore"):
        columns = {"name": names, "examples": n, "errors": k, "share": k / n, "low": low, "high": high}
    return pl.DataFrame(columns, schema={"name": pl.String, **_SHARES}, nan_to_null=True)
