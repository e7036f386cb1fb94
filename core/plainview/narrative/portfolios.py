"""What there is to say of the readiness of many projects: claims that nothing shows, who was not assessed, the spread."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plainview.narrative.readiness import ago
from plainview.quantities import count

if TYPE_CHECKING:
    from plainview.readiness.overview import Gap
    from plainview.records import Event

NO_AVERAGE = "These are the projects of this store. There is no industry average here: nobody has measured one."


def gap_words(gap: "Gap | None") -> str:
    """Claimed beside evidenced, for a cell: "claimed L3, evidenced L1"."""
    if gap is None:
        return "nothing published yet"
    claimed = f"claimed {gap.claimed.label}" if gap.answered else "not assessed"
    shown = gap.evidenced.label
    return f"{claimed}, evidenced {'nothing' if shown == 'not assessed' else shown}"


def readiness_answer(gaps: Sequence["Gap"]) -> str:
    """How many projects are assessed, and how many claim more than artifacts show."""
    if not gaps:
        return ""
    assessed = [gap for gap in gaps if gap.answered]
    if not assessed:
        return "It has not been assessed." if len(gaps) == 1 else "No project has been assessed."
    bare = sum(gap.inflated for gap in assessed)
    claims = f"{bare} {'claims' if bare == 1 else 'claim'} what artifacts do not show"
    more = claims if bare else "none claims what artifacts could show and do not"
    return f"{len(assessed)} of {len(gaps)} {'is' if len(assessed) == 1 else 'are'} assessed, {more}."


def claims_sentence(title: str, gap: "Gap") -> str:
    """What a project's claims rest on; empty where nothing is amiss."""
    if gap.inflated:
        answers = count(gap.unsupported, "answer is", "answers are")
        return f"{title}: {gap_words(gap)}; {answers} not shown by artifacts that could."
    if gap.expired:
        return f"{title}: {count(gap.expired, 'answer has', 'answers have')} expired; {gap_words(gap)}."
    return "" if gap.answered else f"{title} has not been assessed; evidenced {gap.evidenced.label}."


def age_words(days: int | None) -> str:
    """How old the newest evidence is."""
    return "no evidence" if days is None else ago(days)


def moved_words(before: "Gap | None", after: "Gap | None") -> str:
    """What became of the evidenced score between two quarters: "up", "down", "the same", or that it cannot be said."""
    if before is None or after is None or before.evidenced.value is None or after.evidenced.value is None:
        return "cannot be compared"
    one, other = before.evidenced.value, after.evidenced.value
    way = "up" if other > one else "down"
    return "the same" if one == other else f"{way}, {before.evidenced.label} to {after.evidenced.label}"


def decision_words(event: "Event | None") -> str:
    """A decision as a cell has it: what, by whom; or that there is none."""
    if event is None:
        return "none yet"
    names = ("decision", "verdict", "outcome")
    made = next((event.body[name] for name in names if isinstance(event.body.get(name), str)), "made")
    return f"{made.replace('_', ' ')} ({event.actor})"


def spread_answer(numbers: Mapping[str, int]) -> str:
    """How many projects are evidenced at each level: "3 below L0, 2 at L1"."""
    named = {name: name if name.startswith(("below", "not")) else f"at {name}" for name in numbers}
    said = [f"{number:,} {named[name]}" for name, number in numbers.items() if number]
    return f"Evidenced: {', '.join(said)}." if said else ""
