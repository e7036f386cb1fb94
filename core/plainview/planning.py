"""Planning: how many examples a scenario needs before a change of a given size can be told, and how many it has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plainview.metrics import METRICS, split_key
from plainview.records import Result
from plainview.specification import Specification
from plainview.statistics.levels import normal_quantile
from plainview.statistics.power import examples_needed, paired_deviation, smallest_difference
from plainview.verdicts import Change

ASSUMED_FLIPS = 0.1  # share of answers that flip between two releases, where no two were compared yet


@dataclass(frozen=True)
class Plan:
    """What one scenario needs for a verdict on a change of ``margin``, in the metric's own unit."""

    scenario: str
    behaviour: str | None
    examples: int  # now, in the metric's own denominator
    needed: int | None  # None: nothing tells how much answers differ
    margin: float
    measured: bool  # whether the spread comes from two releases, and not from ASSUMED_FLIPS
    minimum: int = 0  # the fewest examples that any verdict may rest on
    smallest: float | None = None  # the smallest change that the present examples can tell; None: none at all

    @property
    def enough(self) -> bool:
        """Whether a change of that size could be told today."""
        return self.needed is not None and self.examples >= self.needed

    @property
    def mute(self) -> bool:
        """Whether no verdict at all may rest on it today, however large the change."""
        return self.examples < self.minimum

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
    tests: int | None = None,
) -> list[Plan]:
    """What each scenario needs to tell a change of ``margin``, or of its own margin where None, with chance ``power``.

    To tell is to find the change where it is there and nothing else changed, among all ``tests`` of a comparison (None: every
    scenario and metric that may be judged), and to show that there is none where there is none. The spread of a difference
    is taken from ``changes``, the comparison of two releases; without one it is assumed that one answer in ten flips, for
    proportions, and nothing for other metrics. Scenarios without any margin are left out.
    """
    changed = {row.scenario: row for row in changes if row.metric == metric}
    among = tests or max(1, sum(row.of >= specification.minimum_for(row.scenario) for row in results))
    plans = []
    for result in results:
        wanted = margin or specification.margin_for(metric, result.scenario)
        if result.metric == metric and wanted is not None:
            measured = _deviation(changed.get(result.scenario), specification.confidence)
            assumed = float(paired_deviation(ASSUMED_FLIPS)) if _is_share(metric) else None
            deviation = assumed if measured is None else measured
            plans.append(_plan(specification, result, wanted, deviation, measured is not None, power, among))
    return plans


def _plan(
    specification: Specification,
    result: Result,
    margin: float,
    deviation: float | None,
    measured: bool,
    power: float,
    tests: int,
) -> Plan:
    minimum, has = specification.minimum_for(result.scenario), int(result.of)
    needed = smallest = None
    if deviation is not None:
        asked = float(examples_needed(deviation, margin, power=power, tests=tests))
        needed = None if np.isnan(asked) else max(int(asked), minimum)
        smallest = float(smallest_difference(has, deviation, power=power, tests=tests)) if has >= minimum else None
    return Plan(result.scenario, result.behaviour, has, needed, margin, measured, minimum, smallest)


def _is_share(metric: str) -> bool:
    return METRICS[split_key(metric)[0]].unit == "proportion"


def _deviation(change: Change | None, confidence: float) -> float | None:
    """The standard deviation of one example's difference, from the width of the interval it had."""
    if change is None or change.low is None or change.high is None or not change.examples:
        return None
    return float((change.high - change.low) / (2 * normal_quantile(confidence)) * np.sqrt(change.examples))
