"""Requirements: what was demanded, and whether the evidence shows that it holds.

`met` when the pessimistic end of the interval clears the bar, `not met` when the optimistic end fails it, `unproven` when
the bar lies inside the interval, `no evidence` when nothing was measured. With ``rule: point`` the estimate alone decides.
"No worse than" is a non-inferiority test: met when a loss as large as the margin is ruled out (one-sided 5%).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from plainview import narrative
from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for
from plainview.records import Result
from plainview.specification import Requirement, Specification
from plainview.statistics import intervals, power
from plainview.statistics.levels import normal_quantile
from plainview.verdicts import Change

Status = Literal["met", "not met", "unproven", "no evidence", "waived"]


BEST = "best"  # no_worse_than: best, the best of the earlier releases
STATES = {"met": "Pass", "not met": "Fail", "unproven": "Watch", "waived": "Watch", "no evidence": "No evidence"}


@dataclass(frozen=True)
class Standing:
    """Where one release stands on one requirement."""

    id: str
    title: str  # what is demanded, in words
    status: Status
    value: float | None
    low: float | None
    high: float | None
    bar: float | None  # for "no worse than": the baseline's value
    distance: float | None  # how far the value lies on the good side of the bar; negative on the bad side
    sentence: str
    scenario: str
    metric: str
    behaviour: str | None
    priority: str
    owner: str | None
    reason: str | None
    errors_to_flip: int | None = None  # more errors that would undo "met", where the metric counts errors
    more_examples_needed: int | None = None
    rule: str = "interval"

    @property
    def state(self) -> str:
        """The state that pages show: Pass, Watch, Fail or No evidence."""
        return STATES[self.status]

    def to_dict(self) -> dict:
        """The standing as plain values, as ``plainview show --json`` prints it."""
        return asdict(self)


Since = tuple[str, Sequence[Change]] | None  # the baseline's name and the changes since; None: there is no such release


def judge(
    specification: Specification,
    results: Sequence[Result],
    changes_from: Callable[[str], Since],
    best_so_far: Callable[[Requirement], Since] = lambda requirement: None,
) -> list[Standing]:
    """Every requirement of the specification, in its order.

    ``changes_from("previous")`` gives the changes since the release of that name, or since the one before;
    ``best_so_far`` those since the earlier release that did best at what a requirement demands.
    """
    found = {(result.scenario, result.metric): result for result in results}
    standings = []
    for requirement in specification.requirements:
        than = requirement.no_worse_than
        if than is None:
            measured = found.get((requirement.scenario, requirement.metric.key))
            standings.append(_absolute(requirement, specification, measured))
        else:
            since = best_so_far(requirement) if than == BEST else changes_from(than)
            standings.append(_relative(requirement, specification, since))
    return standings


def by_priority(standings: Sequence[Standing]) -> list[Standing]:
    """What needs attention first: not met, no evidence, unproven, and within each the must before the should."""
    order = {"not met": 0, "no evidence": 1, "unproven": 2, "waived": 3, "met": 4}
    priorities = {"must": 0, "should": 1, "could": 2}
    return sorted(standings, key=lambda row: (order[row.status], priorities.get(row.priority, 3)))


def _absolute(requirement: Requirement, specification: Specification, result: Result | None) -> Standing:
    at_least, bar = requirement.at_least is not None, requirement.bar
    if result is None or result.value is None or result.examples == 0:
        why = result.reason if result is not None and result.reason else "nothing was measured"
        return _standing(requirement, specification, "no evidence", bar=bar, why=why)
    low, high = result.low, result.high
    if requirement.rule == "point":
        low = high = result.value
    more = None
    if result.status == "too few examples":
        status: Status = "unproven"
        more = specification.minimum_for(requirement.scenario) - int(result.of)
    elif low is None or high is None:
        status = "unproven"
    elif low >= bar if at_least else high <= bar:
        status = "met"
    elif high < bar if at_least else low > bar:
        status = "not met"
    else:
        status = "unproven"
        more = _more_for_bar(result, bar, specification.confidence)
    sign = 1 if at_least else -1
    return _standing(
        requirement,
        specification,
        status,
        value=result.value,
        low=result.low,
        high=result.high,
        bar=bar,
        distance=sign * (result.value - bar),
        errors=_errors_to_flip(requirement, result, specification) if status == "met" else None,
        more=more,
        why=result.reason,
    )


def _relative(
    requirement: Requirement, specification: Specification, since: tuple[str, Sequence[Change]] | None
) -> Standing:
    if since is None:
        what = (
            "an earlier release"
            if requirement.no_worse_than == "previous"
            else f"release {requirement.no_worse_than!r}"
        )
        return _standing(
            requirement, specification, "no evidence", why=f"there is no {what.removeprefix('an ')} to compare with"
        )
    baseline, changes = since
    change = next(
        (row for row in changes if (row.scenario, row.metric) == (requirement.scenario, requirement.metric.key)), None
    )
    if change is None or change.verdict == "not comparable" or change.difference is None:
        why = change.reason if change is not None else "nothing was measured"
        return _standing(requirement, specification, "no evidence", why=why, baseline=baseline)
    sign = specification.sign_of(change.metric)
    gain = sign * change.difference
    low, high = change.one_sided[::sign]
    margin = requirement.margin if requirement.margin is not None else change.margin or 0.0
    if change.examples < specification.minimum_for(requirement.scenario):
        status: Status = "unproven"
    elif requirement.rule == "point":
        status = "met" if gain >= -margin else "not met"
    elif low is None or high is None:
        status = "unproven"
    else:
        status = "met" if sign * low > -margin else "not met" if sign * high < -margin else "unproven"
    return _standing(
        requirement,
        specification,
        status,
        value=change.candidate,
        bar=change.baseline,
        distance=gain + margin,
        more=change.more_examples_needed if status == "unproven" else None,
        baseline=baseline,
        change=change,
    )


def _standing(
    requirement: Requirement,
    specification: Specification,
    status: Status,
    *,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    bar: float | None = None,
    distance: float | None = None,
    errors: int | None = None,
    more: int | None = None,
    why: str | None = None,
    baseline: str | None = None,
    change: Change | None = None,
) -> Standing:
    standing = Standing(
        id=requirement.id,
        title=narrative.demand(requirement, specification),
        status=status,
        value=value,
        low=low,
        high=high,
        bar=bar,
        distance=distance,
        sentence="",
        scenario=requirement.scenario,
        metric=requirement.metric.key,
        behaviour=requirement.behaviour,
        priority=requirement.priority,
        owner=requirement.owner,
        reason=requirement.reason,
        errors_to_flip=errors,
        more_examples_needed=more,
        rule=requirement.rule,
    )
    sentence = narrative.standing_sentence(standing, specification, why=why, baseline=baseline, change=change)
    return Standing(**(asdict(standing) | {"sentence": sentence}))


def _more_for_bar(result: Result, bar: float, confidence: float) -> int | None:
    """About how many more examples until the interval no longer holds the bar."""
    if result.low is None or result.high is None or result.value is None:
        return None
    if result.method.startswith("wilson/"):
        needed = power.more_examples_for_bar_proportion(result.value * result.of, result.of, bar)
    else:
        deviation = (result.high - result.low) / (2 * normal_quantile(confidence)) * np.sqrt(result.of)
        needed = power.more_examples_for_bar(result.of, result.value, bar, deviation)
    return int(needed) if np.isfinite(needed) and needed > 0 else None


def _errors_to_flip(requirement: Requirement, result: Result, specification: Specification) -> int | None:
    """How many right answers would have to become wrong before the requirement is no longer met.

    None where that is not to be said: precision and F1 lose examples as well as hits, weighted errors are not alike.
    """
    family = metric_for(result.metric, specification.task).family
    wanted = "higher" if requirement.at_least is not None else "lower"
    better = specification.direction_of(result.metric)
    counts_errors = isinstance(family, Proportion) and family.shared and better == wanted
    if not counts_errors or specification.columns.weight:
        return None
    hits = round((result.value or 0.0) * result.of)
    errors = np.arange(1, (hits if requirement.at_least is not None else int(result.of) - hits) + 1)
    if requirement.at_least is not None:
        ends = intervals.wilson(hits - errors, result.of, confidence=specification.confidence)[0]
        if requirement.rule == "point":
            ends = (hits - errors) / result.of
        broken = np.flatnonzero(ends < requirement.at_least)
    else:
        ends = intervals.wilson(hits + errors, result.of, confidence=specification.confidence)[1]
        if requirement.rule == "point":
            ends = (hits + errors) / result.of
        broken = np.flatnonzero(ends > requirement.at_most)
    return int(errors[broken[0]]) if len(broken) else None


def counts(standings: Sequence[Standing]) -> Mapping[str, int]:
    """How many requirements have each status, those without any left out."""
    return {
        status: sum(row.status == status for row in standings) for status in sorted({row.status for row in standings})
    }
