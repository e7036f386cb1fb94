"""Are the classes mixed as declared? Intervals decide, so that a small test set is not called right, or wrong, by chance.

Each class's share has Wilson's interval, at a confidence that covers all classes together (Bonferroni). The mix is right
where every interval lies within the tolerance of what was declared, wrong where one lies wholly outside of it, and not
proven otherwise. Pearson's chi-square test against the declared mix is kept beside it: it says whether there is a
difference at all, which in a large test set there always is.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import chdtrc

from plainview.data_tests.outcomes import DataTest
from plainview.frames import class_text
from plainview.statistics.clusters import design_effect_of_proportion
from plainview.statistics.intervals import wilson

if TYPE_CHECKING:
    from plainview.specification import Specification

METHOD = "simultaneous wilson/1"
LEVEL = 0.05  # the share of right mixes that are called wrong, at most


def mix_test(frame: pl.DataFrame, specification: "Specification") -> DataTest | None:
    """The test of the declared mix of classes; None where none is declared."""
    declared, within = specification.data.class_mix, specification.data.class_mix_within
    label = specification.columns.label
    if declared is None or label is None:
        return None
    told = class_text(frame[label])
    known, n = told.is_not_null(), len(told) - told.null_count()
    if not n:
        return DataTest("class mix", "no evidence", label, reason="No example has a label.")
    expected = {**dict.fromkeys(sorted(told.drop_nulls().unique()), 0.0), **declared}
    counts = np.array([(told == name).sum() for name in expected])
    size = n / _design_effect(frame, told, list(expected), known, specification)
    low, high = wilson(counts / n * size, size, confidence=1 - LEVEL / len(expected))
    shares = {
        name: {"count": int(count), "share": float(count / n), "low": float(a), "high": float(b), "declared": share}
        for (name, share), count, a, b in zip(expected.items(), counts, low, high, strict=True)
    }
    outcome = _outcome(shares, within)
    strange = sum(row["count"] for name, row in shares.items() if name not in declared)
    return DataTest(
        "class mix", outcome, label, strange, n, within, shares=shares, p_value=_chi_square(shares, size), method=METHOD
    )


def _outcome(shares: Mapping[str, Mapping], within: float) -> str:
    off = [(row["low"] - row["declared"], row["high"] - row["declared"]) for row in shares.values()]
    if any(low > within or high < -within for low, high in off):
        return "fail"
    return "pass" if all(low >= -within and high <= within for low, high in off) else "not proven"


def _design_effect(
    frame: pl.DataFrame, told: pl.Series, names: list[str], known: pl.Series, specification: "Specification"
) -> np.ndarray:
    """How many times fewer independent examples each share is worth, shape (classes,); 1 without clusters."""
    cluster = specification.columns.cluster
    if cluster is None or cluster not in frame.columns:
        return np.ones(len(names))
    marks = pl.DataFrame([(told == name).cast(pl.Float64).alias(f"{at}") for at, name in enumerate(names)])
    each = marks.with_columns(frame[cluster].alias("cluster")).filter(known)
    sums = each.group_by("cluster").agg(pl.len().alias("n"), pl.all().exclude("n").sum())
    successes = sums.select(f"{at}" for at in range(len(names))).to_numpy()
    effect = design_effect_of_proportion(successes, np.repeat(sums["n"].to_numpy()[:, None], len(names), axis=1))
    return np.where(np.isfinite(effect), np.maximum(effect, 1), 1.0)


def _chi_square(shares: Mapping[str, Mapping], size: np.ndarray) -> float | None:
    """The p of Pearson's test at the smallest effective size; 0 where a class occurs that was declared never to."""
    found = np.array([row["share"] for row in shares.values()])
    declared = np.array([row["declared"] for row in shares.values()])
    if ((declared == 0) & (found > 0)).any():
        return 0.0
    kept = declared > 0
    if kept.sum() < 2:
        return None
    statistic = float(size.min() * ((found[kept] - declared[kept]) ** 2 / declared[kept]).sum())
    return float(chdtrc(int(kept.sum()) - 1, statistic))
