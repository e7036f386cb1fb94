"""What was decided on a release, as the first thing that a report says."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from plainview.narrative.decisions import SPOKEN
from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.narrative.wholes import clipped

if TYPE_CHECKING:
    from plainview.records import Event
    from plainview.report import Report


def decision_sentence(decisions: Sequence["Event"], report: "Report") -> str:
    """The latest of the decisions on a release: what, by whom, when and why, and whether its ground has moved; or that there
    is none.
    """
    release = report.evaluation.release
    if not decisions:
        return f"Nobody has decided on {release}."
    last = decisions[-1]
    what = _text(last.body, "decision", "outcome", "verdict") or "decided"
    why = _text(last.body, "reason", "why").strip().removesuffix(".")  # the sentence that it stands in has its own stop
    said = SPOKEN.get(what) or what[:1].upper() + what[1:]
    said += f" for {release}, decided by {last.actor} on {long_date(last.at.date())}"
    said += f": {quoted(clipped(why, 300))}" if why else ""
    return said + ("; the evidence has moved since." if moved(last.body.get("evidence"), report) else ".")


def moved(evidence: Any, report: "Report") -> bool:
    """Whether a report shows other evidence than a decision was made on, as far as the decision says what that was."""
    if not isinstance(evidence, Mapping):
        return False
    evaluation, before = report.evaluation, report.baseline
    now = {
        "evaluations": {evaluation.test_set.name: evaluation.id},
        "requirements": {row.id: row.measured or row.status for row in report.standings},
        "incidents": {row.incident.code: row.status for row in report.incidents},
    }
    for part, found in now.items():
        then = evidence.get(part)
        if isinstance(then, Mapping) and any(then.get(name) != value for name, value in found.items()):
            return True
    then = evidence.get("baseline_evaluation")
    return isinstance(then, str) and then != (before.id if before else None)


def conditions(decisions: Sequence["Event"], day: date) -> list[str]:
    """What the latest decision makes a condition of, who answers for it, and whether its day is over."""
    found = conditions_in(decisions[-1].body) if decisions else []
    return [
        f"{clipped(what, 300)} (owner: {owner}, {'was due on' if until < day else 'until'} {long_date(until)})."
        for what, owner, until in found
    ]


def conditions_in(body: Mapping[str, Any]) -> list[tuple[str, str, date]]:
    """The conditions in the body of a decision: what, who, the last day. Anyone may have written it."""
    found, listed = [], body.get("conditions")
    for each in listed if isinstance(listed, list) else ():
        with suppress(TypeError, ValueError, AttributeError):
            found.append((_text(each, "condition"), _text(each, "owner"), date.fromisoformat(each.get("until"))))
    return found


def _text(body: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text; anyone may have written the body."""
    return next((str(body[name]) for name in names if isinstance(body.get(name), str) and body[name].strip()), "")
