"""What is said of a decision: who decided what and why, what must still be done, and what has moved since."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.narrative.wholes import clipped
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.decisions.records import Condition, Decision

SPOKEN: dict[str, str] = {"go": "Go", "conditional go": "Go with conditions", "no-go": "No-go"}
_GATES = {"pass": "passed the gate", "fail": "failed the gate", "not proven": "was not proven by the gate"}


def decision_sentence(found: "Decision | None", release: str, *, moves: int = 0, overdue: int = 0) -> str:
    """What was decided on a release, by whom, when and why; and whether that still stands on the same ground."""
    if found is None:
        return f"Nobody has decided on {release}."
    said = f"{SPOKEN[found.decision]} for {release}, decided by {found.by} on {long_date(found.at.date())}"
    said += f": {_because(found)}"
    after = [
        f"{count(overdue, 'condition is', 'conditions are')} past the day" if overdue else "",
        f"the evidence has moved since ({count(moves, 'change')})" if moves else "",
    ]
    return "; ".join(filter(None, [said, *after])) + "."


def gate_then(outcome: str, release: str) -> str:
    """How the gate stood when it was decided."""
    return f"When it was decided, {release} {_GATES.get(outcome, 'had not been judged by the gate')}."


def condition_sentence(condition: "Condition", today: date) -> str:
    """One condition, who answers for it, and whether its day is over."""
    over = "was due on" if condition.until < today else "until"
    said = f"{clipped(condition.condition, 300)} (owner: {condition.owner}, {over} {long_date(condition.until)})"
    return said if condition.until >= today else f"{said}. A new decision says what became of it."


def superseded(found: "Decision") -> str:
    """An earlier decision, in one line."""
    said = f"{SPOKEN[found.decision]}, decided by {found.by} on {long_date(found.at.date())}"
    return f"{said}: {_because(found)}."


def _because(found: "Decision") -> str:
    """The reason as it was given, without its last stop: the sentence that it stands in has its own."""
    return quoted(clipped(found.reason, 200).removesuffix("."))


def may_not_decide(names: Sequence[str], person: str, release: str) -> str:
    """Why a person is offered no form."""
    if person in names:
        return f"{person} published {release}, and nobody signs off their own work: someone else has to decide."
    return f"{listed(sorted(names))} published {release}; approvers of this project decide on it."


def evaluation_moved(test_set: str, *, new: bool, gone: bool) -> str:
    """That the release was evaluated again, or elsewhere."""
    if new:
        return f"It was evaluated on another test set too, {quoted(test_set)}."
    gone_or_not = "is no longer in the store" if gone else "was replaced by a new revision"
    return f"Its evaluation on {quoted(test_set)} {gone_or_not}."


def specification_moved() -> str:
    """That something else is demanded."""
    return "It is judged by another specification now."


def baseline_moved(before: str | None, now: str | None) -> str:
    """That it is compared with another release."""
    return f"It is compared with {now or 'nothing'} now, and was with {before or 'nothing'}."


def baseline_revised(baseline: str) -> str:
    """That the release it is compared with was published anew."""
    return f"{baseline}, which it is compared with, has a new revision."


def status_moved(requirement: str, before: str, now: str) -> str:
    """What became of a requirement."""
    if not before:
        return f"{requirement} is demanded since: {now}."
    return f"{requirement} was {before} and is {now} now." if now else f"{requirement} is no longer demanded."


def incident_moved(code: str, before: str, now: str) -> str:
    """What became of an incident."""
    if not before:
        return f"The incident {code} was reported since: {now}."
    return f"The incident {code} was {before} and is {now} now." if now else f"The incident {code} was withdrawn."


def waiver_lapsed(requirement: str) -> str:
    """That a waiver is over."""
    return f"A waiver of {requirement}, in force when it was decided, has lapsed."


def waived_since(requirement: str) -> str:
    """That something was waived later."""
    return f"{requirement} was waived since."


def assessed_since(number: int) -> list[str]:
    """That answers to a readiness framework came later."""
    return [f"{count(number, 'assessment')} {'was' if number == 1 else 'were'} submitted since."] if number else []


def gate_moved(before: str, now: str) -> str:
    """That the gate says otherwise."""
    return f"The gate said {before or 'nothing'} when it was decided, and says {now} now."


def something_moved() -> str:
    """Where only digests differ."""
    return "Its numbers are no longer those that it was decided on."
