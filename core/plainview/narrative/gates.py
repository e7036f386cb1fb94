"""What a gate says: the outcome in one sentence, and what is missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.names import lower_first, quoted, spoken_metric, spoken_scenario
from plainview.narrative.wholes import clipped
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.gate.findings import Finding, Outcome
    from plainview.verdicts import Change

WORDS = {"pass": "passes", "fail": "fails", "not proven": "is not proven"}


def gate_sentence(release: str, outcome: "Outcome", findings: Sequence["Finding"]) -> str:
    """Whether a release passes, why not, and how much else there is to read."""
    asked = [row for row in findings if row.kind == "requirement"]
    open_ones = [row for row in findings if row.follows == "not proven"]
    told = sum(row.follows == "report" for row in findings)
    if outcome == "fail":
        failed = [row for row in findings if row.follows == "fail"]
        also = f"; {count(len(open_ones), 'finding is', 'findings are')} not proven" if open_ones else ""
        return f"{release} fails the gate: {_named(failed)}{also}."
    if outcome == "not proven":
        why = _named(open_ones) if open_ones else "no requirement is set, so nothing was asked"
        return f"{release} is not proven: {why}."
    met = sum(row.status == "met" for row in asked)
    waived = sum(row.status == "waived" for row in asked)
    said = f"{met} of {count(len(asked), 'requirement')} {'is' if met == 1 else 'are'} met"
    said = "the only requirement is met" if met == len(asked) == 1 else said
    said += f", {waived} waived" if waived else ""
    more = f"; {count(told, 'thing')} to know {'is' if told == 1 else 'are'} told below" if told else ""
    return f"{release} passes the gate: {said}{more}."


def _named(rows: Sequence["Finding"]) -> str:
    return listed([_short(row) for row in rows])


def _short(row: "Finding") -> str:
    title = clipped(row.title, 120)
    if row.kind == "requirement":
        return f"{lower_first(title)} ({row.status})"
    if row.kind == "missing requirement":
        return f"the requirement {quoted(clipped(row.name))} is missing"
    if row.kind == "missing scenario":
        return f"the scenario {quoted(clipped(row.name))} is missing"
    if row.kind == "incident":
        return f"the incident {quoted(title)} {'came back' if row.status == 'came back' else f'is {row.status}'}"
    return f"{lower_first(title)}"


def worse_title(row: "Change") -> str:
    """A scenario that is worse, as a title."""
    spoken = spoken_metric(row.metric)
    return f"{spoken[:1].upper()}{spoken[1:]} on {spoken_scenario(row.scenario)} got worse"


def missing_sentence(kind: str, name: str, title: str, baseline: str) -> str:
    """That something the baseline had is gone, and how to say that it is meant."""
    said = f"{quoted(name)} ({title})" if title != name else quoted(name)
    return (
        f"The {kind} {said} was there for {baseline} and is not in this specification. "
        "Put it back, or say why it was dropped under gate: dropped."
    )


def dropped_sentence(kind: str, name: str, title: str, baseline: str, reason: str) -> str:
    """That something was dropped on purpose, and why."""
    said = f"{quoted(name)} ({title})" if title != name else quoted(name)
    return f"The {kind} {said} was there for {baseline} and was dropped on purpose: {quoted(clipped(reason, 200))}."


def emptied_sentence(name: str, baseline: str) -> str:
    """That a scenario holds nothing any more."""
    return f"The scenario {quoted(name)} had examples for {baseline}, and not one example of this test set is in it."
