"""Planning: how many examples a scenario needs before a change of a given size can be told, and how many it has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.metrics import METRICS, split_key
from plainview.records import Result
from plainview.specification import Specification
from plainview.statistics.levels import normal_quantile
from plainview.statistics.power import examples_needed, paired_deviation
from plainview.verdicts import Change

ASSUMED_FLIPS = 0.1  # share of answers that flip between two releases, where no two were compared yet


@dataclass(frozen=True)
class Plan:
    """What one scenario needs for a verdict on a change of ``margin``, in the metric's own unit."""

    scenario: str
    behaviour: str | None
    examples: int  # now
    needed: int | None  # None: nothing tells how much answers differ
    margin: float
    measured: bool  # whether the spread comes from two releases, and not from ASSUMED_FLIPS

    @property
    def enough(self) -> bool:
        """Whether a change of that size could be told today."""
        return self.needed is not None and self.examples >= self.needed

    @property
    def more(self) -> int | None:
        """How many more examples it takes; 0 where there are enough."""
        return None if self.needed is None else max(0, self.needed - self.examples)


def plan(
    specification: Specification,
    metric: str,
    results: Sequence[Result],
    changes: Sequence[Change] = (),
    *,
    margin: float | None = None,
    power: float = 0.8,
) -> list[Plan]:
    """What each scenario needs to tell a change of ``margin``, or of its own margin where None, with chance ``power``.

    The spread of a difference is taken from ``changes``, the comparison of two releases; without one it is assumed that
    one answer in ten flips, for proportions, and nothing for other metrics. Scenarios without any margin are left out.
    """
    changed = {row.scenario: row for row in changes if row.metric == metric}
    plans = []
    for result in results:
        wanted = margin or specification.margin_for(metric, result.scenario)
        if result.metric != metric or wanted is None:
            continue
        deviation = _deviation(changed.get(result.scenario), specification.confidence)
        measured = deviation is not None
        if not measured and METRICS[split_key(metric)[0]].unit == "proportion":
            deviation = float(paired_deviation(ASSUMED_FLIPS))
        needed = None if deviation is None else float(examples_needed(deviation, wanted, power=power))
        minimum = specification.minimum_for(result.scenario)
        plans.append(
            Plan(
                result.scenario,
                result.behaviour,
                int(result.of),
                None if needed is None or np.isnan(needed) else max(int(needed), minimum),
                wanted,
                measured,
            )
        )
    return plans


def _deviation(change: Change | None, confidence: float) -> float | None:
    """The standard deviation of one example's difference, from the width of the interval it had."""
    if change is None or change.low is None or change.high is None or not change.examples:
        return None
    return float((change.high - change.low) / (2 * normal_quantile(confidence)) * np.sqrt(change.examples))
