"""What was decided on a release, as the first thing that a report says."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.narrative.wholes import clipped

if TYPE_CHECKING:
    from plainview.records import Event


def decision_sentence(decisions: Sequence["Event"], release: str) -> str:
    """The latest of the decisions on a release: what, by whom, when and why; or that nobody has decided."""
    if not decisions:
        return f"Nobody has decided on {release} yet."
    last = decisions[-1]
    what = _text(last.body, "decision", "outcome", "verdict") or "decided"
    why = _text(last.body, "reason", "why")
    said = f"{what[:1].upper()}{what[1:]} for {release}, by {last.actor} on {long_date(last.at.date())}"
    return said + (f": {quoted(clipped(why, 300))}." if why else ".")


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
