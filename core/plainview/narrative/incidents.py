"""What is said of incidents: one by one, all together, and of the release that brings one back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.narrative.wholes import clipped
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.incidents import Followed, Step


def incident_sentence(row: "Followed") -> str:
    """What became of one incident, and whether a test case guards it."""
    one = row.incident
    where = f" in {one.release}" if one.release else ""
    happened = f"{quoted(clipped(one.name, 120))} ({long_date(one.happened)}{where})"
    return f"{happened} {_became(row)}; {_guarded(row)}."


def _became(row: "Followed") -> str:
    last = next((each for each in reversed(row.steps) if each.state != "not tested"), None)
    if row.status == "open":
        return f"is open: {_answers(last)}" if last else "is open"
    if row.status == "fixed":
        return f"is fixed since {row.since}"
    if row.status == "came back":
        return f"came back in {row.since} after {row.fixed_before} had fixed it: {_answers(last)}"
    if row.status == "not reproduced":
        return f"is not reproduced: {last.release if last else row.since} answers {_its(row)} right"
    unreadable = next((each.reason for each in reversed(row.steps) if each.reason), "")
    return f"is not tested: {unreadable or f'no test set has all of {_its(row)}'}"


def _its(row: "Followed") -> str:
    number = len(row.incident.ids)
    return "its example" if number == 1 else f"its {number:,} examples"


def _answers(step: "Step | None") -> str:
    if step is None:
        return ""
    total = step.right + step.wrong
    if total == 1:
        return f"{step.release} answers it wrong"
    return f"{step.release} answers {step.wrong:,} of {count(total, 'example')} wrong"


def _guarded(row: "Followed") -> str:
    if row.guard is None:
        late = f", {count(row.days_open, 'day')} after the report" if row.days_open else " yet"
        return f"no test case guards it{late}"
    days = (
        "on the day it was reported" if not row.days_to_guard else f"{count(row.days_to_guard, 'day')} after the report"
    )
    unasked = "" if row.guard.demanded else ", with no requirement on it"
    return f"guarded by {quoted(clipped(row.guard.scenario, 80))} since {row.guard.release}, {days}{unasked}"


_UNSEEN = ("not tested", "not reproduced")


def incidents_answer(rows: Sequence["Followed"]) -> str:
    """How all incidents of a project stand, what came back and what nothing guards first."""
    if not rows:
        return "No incident was reported."
    back = [row for row in rows if row.status == "came back"]
    unguarded = sum(row.guard is None for row in rows)
    said = []
    if back:
        names = listed([f"{quoted(clipped(row.incident.name))} (in {row.since})" for row in back])
        said.append(f"{names} came back")
    counted = [(sum(row.status == word for row in rows), word) for word in ("open", "fixed", *_UNSEEN)]
    told = listed([f"{number} {'is' if number == 1 else 'are'} {word}" for number, word in counted if number], most=4)
    of = "the one incident" if len(rows) == 1 else f"of {count(len(rows), 'incident')}"
    told = told.removeprefix("1 ") if len(rows) == 1 else told
    said += [f"{of} {told}"] if told else []
    text = "; ".join([*said, _guards(len(rows), unguarded)])
    return f"{text[:1].upper()}{text[1:]}."


def _guards(total: int, unguarded: int) -> str:
    if total == 1:
        return "no test case guards it" if unguarded else "a test case guards it"
    return f"{unguarded} {'has' if unguarded == 1 else 'have'} no test case" if unguarded else "a test case guards each"


def brought_back(rows: Sequence["Followed"], release: str) -> str:
    """The end of a headline: which incidents a release brings back, or still has; empty where none."""
    back = [row for row in rows if row.status == "came back"]
    if not back:
        return ""
    now, still = [row for row in back if row.since == release], [row for row in back if row.since != release]
    said = [f"it brings back {_incidents(now)}"] if now else []
    said += (
        [f"{_incidents(still)}, back since {still[0].since}, {'is' if len(still) == 1 else 'are'} still wrong"]
        if still
        else []
    )
    return "; ".join(said)


def _incidents(rows: Sequence["Followed"]) -> str:
    names = listed([quoted(clipped(row.incident.name, 80)) for row in rows])
    return f"the {'incident' if len(rows) == 1 else 'incidents'} {names}"
