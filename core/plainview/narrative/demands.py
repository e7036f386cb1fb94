"""What a requirement demands, in words; how that moved from release to release; and who waived it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plainview.narrative.names import quoted, spoken_metric, spoken_scenario
from plainview.narrative.wholes import clipped
from plainview.quantities import bar, count, margin
from plainview.specification import Requirement, Specification

if TYPE_CHECKING:
    from plainview.requirements import Standing
    from plainview.waivers import Waiver

_BASELINES = {"previous": "the previous release", "best": "the best release so far"}
Demanded = tuple[Requirement, Specification]  # a requirement, and the specification that it is of


def demand(requirement: Requirement, specification: Specification) -> str:
    """What a requirement demands: "Accuracy on “With a negation” at least 45%"."""
    metric, unit = requirement.metric.key, specification.unit_of(requirement.metric.key)
    spoken = spoken_metric(metric)
    subject = f"{spoken[:1].upper()}{spoken[1:]} on {spoken_scenario(requirement.scenario)}"
    around_zero = specification.direction_of(metric) == "zero"
    if requirement.at_least is not None:
        above = ", however far above" if around_zero else ""  # a bar on one side says nothing of the other
        return f"{subject} at least {bar(requirement.at_least, metric, unit)}{above}"
    if requirement.at_most is not None:
        below = ", however far below" if around_zero else ""
        return f"{subject} at most {bar(requirement.at_most, metric, unit)}{below}"
    if requirement.within is not None:
        return f"{subject} within {bar(requirement.within, metric, unit)} of zero"
    than = _BASELINES.get(str(requirement.no_worse_than), str(requirement.no_worse_than))
    allowed = _allowed(requirement, specification)
    return f"{subject} no worse than {than}" + (f" by more than {margin(allowed, metric, unit)}" if allowed else "")


def demand_moved(before: Demanded | None, now: Demanded | None, release: str) -> str:
    """What became of a requirement with a release: "the bar moved from 45% to 50% with 3.0.0"; empty where nothing did."""
    if before is None or now is None:
        return f"set with {release}" if now else f"no longer set since {release}" if before else ""
    if before[1].digest == now[1].digest:
        return ""
    return "; ".join(filter(None, [_moved(before, now, release), *_otherwise(before, now, release)]))


def _moved(before: Demanded, now: Demanded, release: str) -> str:
    """The bar or the margin, where the rest is demanded as before; else what was demanded."""
    (old, then), (new, today) = before, now
    if demand(old, then) == demand(new, today):
        return ""
    renamed = old.scenario in today.scenario(new.scenario).was
    alike = (old.metric.key, old.kind, old.no_worse_than) == (new.metric.key, new.kind, new.no_worse_than)
    if not alike or not (renamed or old.scenario == new.scenario):
        return f"until {release} it was {quoted(demand(old, then))}"
    metric = new.metric.key
    if new.kind == "no_worse_than":
        ends = [margin(_allowed(*each) or 0.0, metric, each[1].unit_of(metric)) for each in (before, now)]
    else:
        ends = [bar(each[0].bar or 0.0, metric, each[1].unit_of(metric)) for each in (before, now)]
    what = "margin" if new.kind == "no_worse_than" else "bar"
    return f"the {what} moved from {ends[0]} to {ends[1]} with {release}" if ends[0] != ends[1] else ""


def _otherwise(before: Demanded, now: Demanded, release: str) -> list[str]:
    """What else decides: the rule, the priority, and which examples the scenario has."""
    old, (new, today) = before[0], now
    said = []
    if old.rule != new.rule:
        by = "the estimate alone" if new.rule == "point" else "the whole interval"
        said.append(f"judged by {by} since {release}")
    if old.priority != new.priority:
        said.append(f"a {old.priority} until {release}, a {new.priority} since")
    defined = [each.scenario(one.scenario).definition for one, each in (before, now)]
    if defined[0] != defined[1] and (old.scenario == new.scenario or old.scenario in today.scenario(new.scenario).was):
        said.append(f"its scenario was redefined with {release}")
    return said


def _allowed(requirement: Requirement, specification: Specification) -> float | None:
    """How much worse it may be."""
    if requirement.margin is not None:
        return requirement.margin
    return specification.margin_for(requirement.metric.key, requirement.scenario)


def waived_sentence(row: "Standing", waivers: Sequence["Waiver"]) -> str:
    """A standing as measured, with its waivers, the latest first: waived by whom until when and why, or that it lapsed."""
    in_force = [each for each in waivers if each.in_force]
    if not in_force:
        return f"{row.sentence} {lapsed(waivers[0])}"
    measured = row.sentence.removeprefix(f"{row.title}: ")
    others = "" if len(in_force) == 1 else f" {count(len(in_force), 'waiver')} are in force; the latest counts."
    return f"{row.title}: {waiver_words(in_force[0])}; measured: {measured}{others}"


def waiver_words(waiver: "Waiver") -> str:
    """Who waived, who answers for it, until when, and why: "waived by ada until 31 March 2026 (owner: …, reason: “…”)"."""
    every = "" if waiver.release else ", for every release"
    why = f"owner: {waiver.owner}, reason: {quoted(clipped(waiver.reason, 200))}"
    return f"waived by {waiver.by} until {long_date(waiver.until)}{every} ({why})"


def lapsed(waiver: "Waiver") -> str:
    """That a waiver is over: "The waiver by ada lapsed on 31 March 2026."."""
    return f"The waiver by {waiver.by} lapsed on {long_date(waiver.until)}."


def long_date(day: date) -> str:
    """A day as it is read: 31 March 2026."""
    return f"{day.day} {day:%B %Y}"
