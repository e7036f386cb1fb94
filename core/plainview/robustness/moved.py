"""Two releases on the same checks: how much less often the later one fails, copy by copy.

Only copies that both have are compared. The interval is that of paired proportions (`statistics.differences`) at the
effective number of copies; where many checks are compared, the false discovery rate is held over all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from plainview.statistics.clusters import design_effect_of_mean
from plainview.statistics.differences import paired_proportion_difference, paired_proportion_p
from plainview.statistics.multiple import benjamini_hochberg

MARGIN = 0.01  # a change of the share that fails which would not matter: the specification's default for proportions
Verdict = Literal["better", "worse", "equivalent", "inconclusive", "not comparable"]


@dataclass(frozen=True)
class Moved:
    """What became of one check, or of all checks of a capability; differences of the share that fails, later less earlier."""

    name: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    copies: int  # that both have
    fixed: int  # failed before, pass now
    broke: int
    verdict: Verdict = "inconclusive"


def moved(name: str, before: pl.DataFrame, after: pl.DataFrame, *, margin: float = MARGIN) -> Moved:
    """Compare outcomes (columns check, case, variant, passed) of two releases; not comparable without a copy in common."""
    keys = ["check", "case", "variant"]
    both = before.select(*keys, was="passed").join(after.select(*keys, now="passed"), on=keys)
    if both.is_empty():
        return Moved(name, None, None, None, None, None, None, 0, 0, 0, "not comparable")
    was, now = ~both["was"].to_numpy(), ~both["now"].to_numpy()  # failed
    fixed, broke = int((was & ~now).sum()), int((~was & now).sum())
    effect = _effect(both, now.astype(float) - was.astype(float))
    counts = np.array([(was & now).sum(), broke, fixed, (~was & ~now).sum()]) / effect
    low, high = (float(end) for end in paired_proportion_difference(*counts))
    inner = [float(end) for end in paired_proportion_difference(*counts, confidence=0.9)]
    p = float(paired_proportion_p(counts[1], counts[2]))
    equal = abs(inner[0]) < margin and abs(inner[1]) < margin
    found = Moved(
        name,
        float(was.mean()),
        float(now.mean()),
        float(now.mean() - was.mean()),
        low,
        high,
        p,
        both.height,
        fixed,
        broke,
        "equivalent" if equal else "inconclusive",
    )
    return together({name: found})[name]


def _effect(both: pl.DataFrame, difference: np.ndarray) -> float:
    """The design effect of the examples on the mean difference; 1 where each has one copy."""
    cases = both.select(pl.struct("check", "case").rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    count = np.bincount(cases).astype(float)
    if count.max() <= 1 or len(count) < 2:
        return 1.0
    total, squares = np.bincount(cases, difference), np.bincount(cases, difference**2)
    return float(design_effect_of_mean(count[:, None], total[:, None], squares[:, None])[0])


def together(found: Mapping[str, Moved]) -> dict[str, Moved]:
    """The same with their verdicts: a change is called one where the corrected test finds it and the interval excludes 0."""
    names = [name for name, row in found.items() if row.p is not None]
    adjusted = benjamini_hochberg([found[name].p for name in names])[0] if names else []
    said = dict(found)
    for name, p in zip(names, adjusted, strict=True):
        row = found[name]
        outside = row.low is not None and row.high is not None and (row.low > 0 or row.high < 0)
        if p <= 0.05 and outside and row.verdict != "equivalent":
            said[name] = replace(row, verdict="better" if (row.difference or 0) < 0 else "worse")
        elif row.verdict in ("better", "worse"):
            said[name] = replace(row, verdict="inconclusive")
    return said
