"""Where a release stands, in sentences: one result, one requirement, all of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.metrics import METRICS, split_key
from plainview.narrative.changes import evidence
from plainview.narrative.gaps import settling
from plainview.narrative.names import example_of, lower_first, spoken_metric, spoken_scenario
from plainview.narrative.wholes import clipped
from plainview.quantities import count, listed, size, span, value
from plainview.specification import Specification

if TYPE_CHECKING:
    from plainview.records import Evaluation, Result
    from plainview.requirements import Standing
    from plainview.verdicts import Change


def standing_sentence(
    row: "Standing", specification: Specification, *, why: str | None = None, change: "Change | None" = None
) -> str:
    """Where a release stands on one requirement as measured: the numbers, the distance, and what would settle it.

    ``why`` is the reason where that is not for the numbers to say; ``change`` is since the release it is held to.
    """
    unit = specification.unit_of(row.metric)
    if row.status == "no evidence":
        return f"{row.title}: no evidence, {lower_first(why or 'nothing was measured')}."
    judged = " by the estimate alone" if row.rule == "point" and row.status != "unproven" else ""
    said = f"{row.title}: {row.status}{judged}, "
    if change is not None:
        said += f"compared with {row.baseline} ({evidence(change, specification)})"
    else:
        said += _measured(row, specification)
        away = size(row.distance or 0.0, row.metric, unit)
        said += {"met": f", {away} inside the bar", "not met": f", {away} short"}.get(row.status, "")
    if row.status == "unproven":
        inside = "" if change is not None else "; the bar lies inside the interval"
        return f"{said}; {why}." if why else f"{said}{inside}{_flip(row, unit)}.{_settle(row, specification)}"
    return f"{said}{_flip(row, unit)}{_owned(row) if row.status == 'not met' else ''}."


def _measured(row: "Standing", specification: Specification) -> str:
    """The value with its interval."""
    unit = specification.unit_of(row.metric)
    measured = value(row.value, row.metric, unit)
    if row.low is None or row.high is None:
        return measured
    level = f"{100 * specification.confidence:g}%"
    return f"{measured} ({level} interval about {span(row.low, row.high, row.metric, unit)})"


_TURNS = {  # what would break a requirement, and what would meet it
    "at_least": ("less", "more"),
    "at_most": ("more", "less"),
    "within": ("further from zero", "nearer to zero"),
    "no_worse_than": ("worse", "better"),
}


def _flip(row: "Standing", unit: str) -> str:
    """What would turn the status: so many errors, or so much of the metric with an interval as wide as now."""
    met = row.status == "met"
    errors = row.errors_to_flip if met else row.errors_to_meet
    if errors:
        return f"; {count(errors, 'more error')} would break it" if met else f"; {_fewer(errors)} would meet it"
    if row.out_of_reach:
        return "; even without an error it could not be met on so few examples"
    if (
        row.room is None or row.rule == "point" or (not met and _beyond(row))
    ):  # by the estimate alone, the distance says it
        return ""
    away = size(row.room, row.metric, unit)
    much = away if away.strip("0.").strip() != unit and not away.startswith("0.0 point") else "any"
    worse, better = _TURNS[row.demand]
    return f"; {much} {worse} would break it" if met else f"; {much} {better} would meet it"


def _beyond(row: "Standing") -> bool:
    """Whether a proportion would have to leave 0 to 1 for the interval, as wide as it is now, to clear the bar."""
    share = METRICS[split_key(row.metric)[0]].unit == "proportion" and row.demand in ("at_least", "at_most")
    if not share or row.value is None or row.room is None:
        return False
    reached = row.value - row.room if row.demand == "at_least" else row.value + row.room
    return not 0 <= reached <= 1


def _fewer(errors: int) -> str:
    return f"{errors:,} {'error' if errors == 1 else 'errors'} fewer"


def result_sentence(row: "Result", specification: Specification) -> str:
    """What was measured on one scenario."""
    unit = specification.unit_of(row.metric)
    subject = f"{spoken_metric(row.metric)} on {spoken_scenario(row.scenario)}"
    subject = subject[:1].upper() + subject[1:]
    if row.value is None:
        return f"{subject} has no value: {row.reason}."
    said = f"{subject} is {value(row.value, row.metric, unit)}"
    if row.low is not None and row.high is not None:
        level = f"{100 * specification.confidence:g}%"
        said += f" ({level} interval about {span(row.low, row.high, row.metric, unit)})"
    few = f"; {row.reason}" if row.reason else ""
    missing = count(row.missing, *example_of(specification.task))
    left = f"; {missing} left out, without a label or an answer that can be used" if row.missing else ""
    return f"{said}, from {count(row.of, *specification.counted_by(row.metric))}{few}{left}."


def standing(
    met: int,
    not_met: Sequence[str],
    unproven: Sequence[str],
    without: Sequence[str],
    total: int,
    waived: Sequence[str] = (),
) -> str:
    """Where a release stands against its requirements: how many are met, and which are not, by title."""
    if not total:
        return "No requirements are set, so nothing says whether this release is good enough."
    if met == total:
        return {1: "The only requirement is met.", 2: "Both requirements are met."}.get(
            total, f"All {total} requirements are met."
        )
    groups = (("not met", not_met), ("unproven", unproven), ("without evidence", without), ("waived", waived))
    said = [f"; {word}: {listed([lower_first(name) for name in names])}" for word, names in groups if names]
    return f"{met} of {count(total, 'requirement')} {'is' if met == 1 else 'are'} met{''.join(said)}."


def requirements_answer(rows: Sequence["Standing"], specification: Specification) -> str:
    """How many of each priority are met, which are not, and what would settle those that are unproven."""
    if not rows:
        return standing(0, [], [], [], 0)
    said = [_of_priority(rows, priority) for priority in _PRIORITIES if any(row.priority == priority for row in rows)]
    open_ones = [row for row in rows if row.status != "met"]
    if not open_ones:
        return "The only requirement is met." if len(rows) == 1 else f"Every requirement is met: {listed(said)}."
    groups = [
        (status, [row for row in open_ones if row.status == status])
        for status in ("not met", "no evidence", "unproven", "waived")
    ]
    named = [f"; {status}: {_named(found, specification)}" for status, found in groups if found]
    are = "is" if len(said) == 1 and _met(rows) == 1 else "are"
    answer = f"{listed(said)} {are} met{''.join(named)}"
    return answer if answer.endswith("…") else f"{answer}."


_PRIORITIES = ("must", "should", "could")


def _met(rows: Sequence["Standing"]) -> int:
    return sum(row.status == "met" for row in rows)


def _of_priority(rows: Sequence["Standing"], priority: str) -> str:
    """How many of a priority are met: "3 of 4 musts", "the only should"."""
    mine = [row for row in rows if row.priority == priority]
    return f"{_met(mine)} of {count(len(mine), priority)}"


def _named(rows: Sequence["Standing"], specification: Specification) -> str:
    """The titles of some requirements; of one that is unproven also what would settle it."""
    names = [
        lower_first(clipped(row.title, 120)) + (f" ({settling})" if (settling := _settling(row, specification)) else "")
        for row in rows
    ]
    return listed(names, most=2)


def _settling(row: "Standing", specification: Specification) -> str:
    more, counted = row.more_examples_needed, specification.counted_by(row.metric)
    return settling(more, counted[more != 1], to_judge=row.to_judge) if more and row.status == "unproven" else ""


def open_requirements(statuses: Sequence[str]) -> str:
    """What is not met, in a few words: "2 not met, 1 unproven"; empty where all are."""
    counted = [(statuses.count(status), status) for status in ("not met", "unproven", "no evidence", "waived")]
    return ", ".join(f"{number} {status}" for number, status in counted if number)


def _settle(row: "Standing", specification: Specification) -> str:
    said = _settling(row, specification)
    return f" {said[:1].upper()}{said[1:]}." if said else ""


def _owned(row: "Standing") -> str:
    return f" (owner: {row.owner})" if row.owner else ""


def first_release(evaluation: "Evaluation", results: Sequence["Result"], specification: Specification) -> str:
    """What there is to say of a release that has none before it."""
    overall = next(row for row in results if row.scenario == "all" and row.metric == specification.metric_keys[0])
    said = lower_first(result_sentence(overall, specification))
    return f"{evaluation.release} is the first release on this test set, so there is nothing to compare it with: {said}"
