"""Where a release stands, in sentences: one result, one requirement, all of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.changes import evidence
from plainview.narrative.names import lower_first, spoken_metric, spoken_scenario
from plainview.quantities import bar, count, listed, margin, rough, size, span, value
from plainview.specification import Requirement, Specification

if TYPE_CHECKING:
    from plainview.records import Evaluation, Result
    from plainview.requirements import Standing
    from plainview.verdicts import Change


_BASELINES = {"previous": "the previous release", "best": "the best release so far"}


def demand(requirement: Requirement, specification: Specification) -> str:
    """What a requirement demands: "Accuracy on “With a negation” at least 45%"."""
    metric, unit = requirement.metric.key, specification.unit or ""
    spoken = spoken_metric(metric)
    subject = f"{spoken[:1].upper()}{spoken[1:]} on {spoken_scenario(requirement.scenario)}"
    if requirement.at_least is not None:
        return f"{subject} at least {bar(requirement.at_least, metric, unit)}"
    if requirement.at_most is not None:
        return f"{subject} at most {bar(requirement.at_most, metric, unit)}"
    than = _BASELINES.get(str(requirement.no_worse_than), str(requirement.no_worse_than))
    allowed = requirement.margin
    if allowed is None:
        allowed = specification.margin_for(metric, requirement.scenario)
    return f"{subject} no worse than {than}" + (f" by more than {margin(allowed, metric, unit)}" if allowed else "")


def standing_sentence(
    row: "Standing",
    specification: Specification,
    *,
    why: str | None = None,
    baseline: str | None = None,
    change: "Change | None" = None,
) -> str:
    """Where a release stands on one requirement, with the numbers, the distance and what would settle it."""
    unit = specification.unit or ""
    if row.status == "no evidence":
        return f"{row.title}: no evidence, {lower_first(why or 'nothing was measured')}."
    if row.status == "waived":
        return f"{row.title}: waived, {why or 'no reason was given'}."
    if change is not None and baseline is not None:
        return f"{row.title}: {row.status}, compared with {baseline} ({evidence(change, specification)}).{_settle(row)}"
    measured = value(row.value, row.metric, unit)
    if row.low is not None and row.high is not None:
        level = f"{100 * specification.confidence:g}%"
        measured += f" ({level} interval about {span(row.low, row.high, row.metric, unit)})"
    away = size(row.distance or 0.0, row.metric, unit)
    judged = " by the estimate alone" if row.rule == "point" else ""
    if row.status == "met":
        flip = f"; {count(row.errors_to_flip, 'more error')} would break it" if row.errors_to_flip else ""
        return f"{row.title}: met{judged}, {measured}, {away} inside the bar{flip}."
    if row.status == "not met":
        return f"{row.title}: not met{judged}, {measured}, {away} short{_owned(row)}."
    if why:
        return f"{row.title}: unproven, {measured}; {why}."
    return f"{row.title}: unproven, {measured}; the bar lies inside the interval.{_settle(row)}"


def result_sentence(row: "Result", specification: Specification) -> str:
    """What was measured on one scenario."""
    unit = specification.unit or ""
    subject = f"{spoken_metric(row.metric)} on {spoken_scenario(row.scenario)}"
    subject = subject[:1].upper() + subject[1:]
    if row.value is None:
        return f"{subject} has no value: {row.reason}."
    said = f"{subject} is {value(row.value, row.metric, unit)}"
    if row.low is not None and row.high is not None:
        level = f"{100 * specification.confidence:g}%"
        said += f" ({level} interval about {span(row.low, row.high, row.metric, unit)})"
    few = f"; {row.reason}" if row.reason else ""
    left = f"; {count(row.missing, 'example')} left out, without a label or a prediction" if row.missing else ""
    return f"{said}, from {count(row.of, 'example')}{few}{left}."


def standing(met: int, not_met: Sequence[str], unproven: Sequence[str], without: Sequence[str], total: int) -> str:
    """Where a release stands against its requirements: how many are met, and which are not, by title."""
    if not total:
        return "No requirements are set, so nothing says whether this release is good enough."
    if met == total:
        return "The only requirement is met." if total == 1 else f"All {total} requirements are met."
    groups = (("not met", not_met), ("unproven", unproven), ("without evidence", without))
    said = [f"; {word}: {listed([lower_first(name) for name in names])}" for word, names in groups if names]
    return f"{met} of {count(total, 'requirement')} {'is' if met == 1 else 'are'} met{''.join(said)}."


def open_requirements(statuses: Sequence[str]) -> str:
    """What is not met, in a few words: "2 not met, 1 unproven"; empty where all are."""
    counted = [(statuses.count(status), status) for status in ("not met", "unproven", "no evidence", "waived")]
    return ", ".join(f"{number} {status}" for number, status in counted if number)


def _settle(row: "Standing") -> str:
    more = row.more_examples_needed
    return f" {rough(more).capitalize()} more examples would settle it." if more else ""


def _owned(row: "Standing") -> str:
    return f" (owner: {row.owner})" if row.owner else ""


def first_release(evaluation: "Evaluation", results: Sequence["Result"], specification: Specification) -> str:
    """What there is to say of a release that has none before it."""
    overall = next(row for row in results if row.scenario == "all" and row.metric == specification.metric_keys[0])
    said = lower_first(result_sentence(overall, specification))
    return f"{evaluation.release} is the first release on this test set, so there is nothing to compare it with: {said}"
