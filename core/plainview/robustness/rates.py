"""How often copies fail, with an interval that knows which copies are of one example; and whether that is few enough.

The interval is Wilson's at the effective number of copies: their number divided by the design effect of the examples that
they come from (`statistics.clusters`). Twenty copies of one sentence that fail together tell little more than one.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from plainview.statistics.clusters import design_effect_of_proportion
from plainview.statistics.intervals import wilson

CONFIDENCE = 0.95
Status = Literal["met", "not met", "unproven", "no bar"]


@dataclass(frozen=True)
class Rate:
    """How often copies fail."""

    tested: int  # copies
    failed: int
    cases: int  # examples that they are of
    cases_failed: int  # examples of which some copy failed
    low: float | None  # ends of the interval of the share; None where it has none: fewer than two examples
    high: float | None

    @property
    def value(self) -> float:
        """The share of copies that failed."""
        return self.failed / self.tested


def failure_rate(outcomes: pl.DataFrame, *, confidence: float = CONFIDENCE) -> Rate:
    """The rate of a table of outcomes (columns case, passed), which has one row or more."""
    by_case = outcomes.group_by("case", maintain_order=True).agg(tested=pl.len(), failed=(~pl.col("passed")).sum())
    tested, failed = by_case["tested"].to_numpy().astype(float), by_case["failed"].to_numpy().astype(float)
    effect = 1.0
    if tested.max() > 1:
        effect = float(design_effect_of_proportion(failed[:, None], tested[:, None])[0])
    low, high = (float(end) for end in wilson(failed.sum() / effect, tested.sum() / effect, confidence=confidence))
    known = np.isfinite(low) and np.isfinite(high)
    return Rate(
        int(tested.sum()),
        int(failed.sum()),
        by_case.height,
        int((failed > 0).sum()),
        low if known else None,
        high if known else None,
    )


def judged(rate: Rate, may_fail: float | None, *, rule: str = "interval", minimum: int = 30) -> tuple[Status, str]:
    """Whether so many may fail, and where that is unproven why; by the interval, or with ``rule`` "point" by the share.

    Fewer than ``minimum`` examples can neither pass nor fail.
    """
    if may_fail is None:
        return "no bar", ""
    if rule == "point":
        return ("met" if rate.value <= may_fail else "not met"), ""
    if rate.cases < minimum:
        return "unproven", f"only {rate.cases} of the {minimum} examples that are needed"
    if rate.low is None or rate.high is None:
        return "unproven", "one example alone has no interval"
    if rate.high <= may_fail:
        return "met", ""
    return ("not met", "") if rate.low > may_fail else ("unproven", "the bar lies inside the interval")
