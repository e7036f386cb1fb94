"""Kinds of error that come or go between two releases: which class is taken for which, more often or less often than before.

Every label and wrong answer to it is a kind. On the examples of a label that both releases answered it is counted how many
went into it and how many came out of it; whether that is more than chance is McNemar's test (mid-p). A kind that fewer than
five examples went into or came out of cannot pass that test at 5% whatever happened, so it is not tested; that number says
nothing of the direction, so leaving those out is fair to the others (Tarone 1990). Of those tested the false discovery rate
is held (Benjamini and Hochberg 1995), and a kind is called new, gone, more frequent or rarer only where the interval of the
difference excludes zero too.
"""

from math import ceil, log2

import numpy as np
import polars as pl

from plainview.errors.answered import Answered
from plainview.statistics.differences import paired_proportion_difference, paired_proportion_p
from plainview.statistics.multiple import benjamini_hochberg
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION

RATE = 0.05
LEAST = ceil(-log2(RATE))  # moves in or out, below which McNemar's mid-p cannot be as small as the rate
NEW, GONE, MORE, RARER, UNCLEAR = "new", "gone", "more frequent", "rarer", "cannot tell"

_SCHEMA = {
    "label": pl.String,
    "prediction": pl.String,
    "of": pl.Int64,
    "before": pl.Int64,
    "now": pl.Int64,
    "came": pl.Int64,
    "went": pl.Int64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64,
    "change": pl.String,
}


def kinds_of_error(found: Answered) -> pl.DataFrame:
    """A row for each label and wrong answer that either release gave, those that changed most first.

    Columns label, prediction, of (examples with that label), before and now (how many are taken for it), came and went (how
    many moved in and out), difference (of the share of the label's examples, now minus before, with ``low`` and ``high``), p
    (adjusted; null where not tested), change (new, gone, more frequent, rarer, cannot tell). Empty for tasks other than
    classification.
    """
    if found.specification.task != "classification":
        return pl.DataFrame(schema=_SCHEMA)
    counted = _counted(_codes(found))
    effects = _effects(found, counted)
    level = found.specification.confidence
    came, went, of = (counted[name].to_numpy().astype(float) / effects for name in ("came", "went", "of"))
    low, high = paired_proportion_difference(of - came - went, came, went, np.zeros_like(of), confidence=level)
    p = np.where(counted["came"] + counted["went"] >= LEAST, paired_proportion_p(came, went), np.nan)
    adjusted, passed = benjamini_hochberg(p, rate=RATE) if len(p) else (p, p.astype(bool))
    told = passed & ((low > 0) | (high < 0))
    columns = {
        "difference": (counted["now"] - counted["before"]) / counted["of"],
        "low": low,
        "high": high,
        "p": adjusted,
    }
    table = counted.with_columns(
        *(pl.Series(name, values, dtype=pl.Float64).fill_nan(None) for name, values in columns.items()),
        pl.Series("change", _changes(counted, told), dtype=pl.String),
    )
    moved = (pl.col("now") - pl.col("before")).abs()
    return table.sort(
        pl.col("change") == UNCLEAR, moved, "label", "prediction", descending=[False, True, False, False]
    ).select(*_SCHEMA)


def _codes(found: Answered) -> pl.DataFrame:
    prepare = TASKS["classification"].prepare
    label = prepare(found.rows[found.specification.columns.label])
    before, now = (prepare(side[PREDICTION]) for side in (found.before, found.after))
    return pl.DataFrame({"label": label, "was": before, "is": now})


def _counted(codes: pl.DataFrame) -> pl.DataFrame:
    """Of each kind how many examples are of the label, of the kind before and now, and how many came and went."""
    of = codes.group_by("label").agg(pl.len().alias("of"))
    sides = [
        codes.filter(pl.col(side) != pl.col("label"))
        .group_by("label", pl.col(side).alias("prediction"))
        .agg(pl.len().alias(count), (pl.col("was") != pl.col("is")).sum().alias(moved))
        for side, count, moved in (("was", "before", "went"), ("is", "now", "came"))
    ]
    joined = sides[0].join(sides[1], on=["label", "prediction"], how="full", coalesce=True).join(of, on="label")
    numbers = ("of", "before", "now", "came", "went")
    return joined.with_columns(pl.col(name).fill_null(0).cast(pl.Int64) for name in numbers).sort("label", "prediction")


def _effects(found: Answered, counted: pl.DataFrame) -> np.ndarray:
    """The design effect of each kind's difference, shape (kinds,); 1 throughout where rows are independent."""
    if found.clusters is None:
        return np.ones(counted.height)
    codes = _codes(found)
    label, was, now = (codes[name].to_numpy() for name in ("label", "was", "is"))
    return np.array(
        [
            found.design_effect((now == prediction).astype(float) - (was == prediction), label == name)
            for name, prediction in counted.select("label", "prediction").iter_rows()
        ],
        dtype=float,
    )


def _changes(counted: pl.DataFrame, told: np.ndarray) -> list[str]:
    return [
        _change(*row) if sure else UNCLEAR
        for row, sure in zip(counted.select("before", "now").iter_rows(), told, strict=True)
    ]


def _change(before: int, now: int) -> str:
    if not before or not now:
        return GONE if before else NEW
    return MORE if now > before else RARER
