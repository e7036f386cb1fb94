"""One requirement against what was measured: against its bar, or against another release."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from plainview import narrative
from plainview.quantities import count
from plainview.records import Result
from plainview.requirements.distances import errors_to_break, errors_to_meet, more_for_bar
from plainview.requirements.standing import Standing, Status
from plainview.requirements.unanswered import doubt
from plainview.specification import Requirement, Specification
from plainview.verdicts import Change

BEST = "best"  # no_worse_than: best, the best of the earlier releases

Since = tuple[str, Sequence[Change]] | None  # the baseline's name and the changes since; None: there is no such release


def judge(
    specification: Specification,
    results: Sequence[Result],
    changes_from: Callable[[str], Since],
    best_so_far: Callable[[Requirement], Since] = lambda requirement: None,
    *,
    release: str | None = None,
    unanswered: Callable[[Result], int] = lambda result: 0,
) -> list[Standing]:
    """Every requirement of the specification, in its order, for the release of this name.

    ``changes_from("previous")`` gives the changes since the release of that name, or since the one before;
    ``best_so_far`` those since the earlier release that did best at what a requirement demands. ``unanswered`` is how many
    examples of a result's scenario have a label and no answer: what is met without them may still be unproven.
    """
    found = {(result.scenario, result.metric): result for result in results}
    standings = []
    for requirement in specification.requirements:
        than = requirement.no_worse_than
        blank = _blank(requirement, specification)
        measured = found.get((requirement.scenario, requirement.metric.key))
        missing = unanswered(measured) if measured is not None else 0
        if than is None:
            standings.append(_absolute(blank, requirement, specification, measured, missing))
        elif than == release:
            why = f"{release} is the baseline itself, so there is nothing to compare it with"
            standings.append(_said(blank, specification, why=why))
        else:
            since = best_so_far(requirement) if than == BEST else changes_from(than)
            standings.append(_relative(blank, requirement, specification, since, measured, missing))
    return standings


def _blank(requirement: Requirement, specification: Specification) -> Standing:
    """What is known of a standing before anything was measured."""
    return Standing(
        id=requirement.id,
        title=narrative.demand(requirement, specification),
        status="no evidence",
        value=None,
        low=None,
        high=None,
        bar=requirement.bar,
        distance=None,
        sentence="",
        scenario=requirement.scenario,
        metric=requirement.metric.key,
        behaviour=requirement.behaviour,
        priority=requirement.priority,
        owner=requirement.owner,
        reason=requirement.reason,
        rule=requirement.rule,
        demand=requirement.kind,
    )


def _said(
    standing: Standing, specification: Specification, *, why: str | None = None, change: Change | None = None
) -> Standing:
    """The standing with its sentence."""
    return replace(standing, sentence=narrative.standing_sentence(standing, specification, why=why, change=change))


def _absolute(
    blank: Standing, requirement: Requirement, specification: Specification, result: Result | None, missing: int
) -> Standing:
    if result is None or result.value is None or result.examples == 0:
        why = result.reason if result is not None and result.reason else "nothing was measured"
        return _said(blank, specification, why=why)
    row = replace(blank, value=result.value, low=result.low, high=result.high)
    row = replace(row, distance=_inside(requirement, result.value, result.value))
    low, high = (result.value, result.value) if requirement.rule == "point" else (result.low, result.high)
    if result.status == "too few examples":
        more = specification.minimum_for(requirement.scenario) - int(result.of)
        row = replace(row, status="unproven", more_examples_needed=more, to_judge=True)
        return _said(row, specification, why=result.reason)
    if low is None or high is None:
        why = result.reason or "it has no interval, so nothing can be ruled out"
        return _said(replace(row, status="unproven"), specification, why=why)
    room, best = _inside(requirement, low, high), _at_best(requirement, low, high)
    status: Status = "met" if room >= 0 else "not met" if best < 0 else "unproven"
    bad = float(specification.direction_of(result.metric) == "lower")

    def clears(share: float) -> bool:
        return _inside(requirement, *((1 - share) * end + share * bad for end in (low, high))) >= 0

    if status == "met" and (why := doubt(result, missing, specification, clears)):
        return _said(replace(row, status="unproven"), specification, why=why)
    row = replace(row, status=status, room=room)
    if status == "met":
        row = replace(row, errors_to_flip=errors_to_break(requirement, result, specification))
    else:
        errors, out_of_reach = errors_to_meet(requirement, result, specification)
        row = replace(row, errors_to_meet=errors, out_of_reach=out_of_reach)
    if status == "unproven":
        row = replace(row, more_examples_needed=more_for_bar(result, requirement, specification.confidence))
    return _said(row, specification)


def _inside(requirement: Requirement, low: float, high: float) -> float:
    """How far the worse of two ends lies inside the bar; negative outside."""
    if requirement.at_least is not None:
        return low - requirement.at_least
    if requirement.at_most is not None:
        return requirement.at_most - high
    return (requirement.within or 0.0) - max(abs(low), abs(high))


def _at_best(requirement: Requirement, low: float, high: float) -> float:
    """How far the better of two ends lies inside the bar; negative outside."""
    if requirement.within is not None:
        nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
        return requirement.within - nearest
    return _inside(requirement, high, low)


def _relative(
    blank: Standing,
    requirement: Requirement,
    specification: Specification,
    since: Since,
    result: Result | None,
    missing: int,
) -> Standing:
    if since is None:
        earlier = requirement.no_worse_than in ("previous", BEST)
        what = "earlier release" if earlier else f"release {requirement.no_worse_than!r}"
        return _said(blank, specification, why=f"there is no {what} to compare with")
    baseline, changes = since
    key = (requirement.scenario, requirement.metric.key)
    change = next((row for row in changes if (row.scenario, row.metric) == key), None)
    blank = replace(blank, baseline=baseline)
    if change is None or change.verdict == "not comparable" or change.difference is None:
        return _said(blank, specification, why=change.reason if change is not None else "nothing was measured")
    sign = specification.sign_of(change.metric)
    gain = sign * change.difference
    margin = requirement.margin if requirement.margin is not None else change.margin or 0.0
    row = replace(blank, value=change.candidate, bar=change.baseline, distance=gain + margin)
    least = specification.minimum_for(requirement.scenario)
    if change.examples < least:
        row = replace(row, status="unproven", more_examples_needed=least - change.examples, to_judge=True)
        few = f"only {count(change.examples, *specification.counted_by(change.metric))}, {least} are needed"
        return _said(row, specification, why=few, change=change)
    worst, best = change.one_sided[::sign]
    point = requirement.rule == "point"
    if point:
        worst = best = change.difference
    if worst is None or best is None:
        why = "the difference has no interval, so nothing can be ruled out"
        return _said(replace(row, status="unproven"), specification, why=why, change=change)

    def clears(share: float) -> bool:
        lost = (1 - share) * sign * worst - share
        # By the estimate alone a gain of exactly -margin is met: no more is lost than was allowed.
        return lost >= -margin if point else lost > -margin

    status: Status = "met" if clears(0.0) else "not met" if sign * best < -margin else "unproven"
    if status == "met" and (why := doubt(result, missing, specification, clears)):
        return _said(replace(row, status="unproven"), specification, why=why, change=change)
    if point:
        return _said(replace(row, status=status), specification, change=change)
    more = change.more_examples_needed if status == "unproven" else None
    row = replace(row, status=status, room=sign * worst + margin, more_examples_needed=more)
    return _said(row, specification, change=change)
