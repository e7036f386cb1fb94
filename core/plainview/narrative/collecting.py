"""What there is to say to the people who collect and label: what next, how many, why; and what the last list brought."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.names import quoted, spoken_scenario
from plainview.quantities import count, listed, plain, rough, value

if TYPE_CHECKING:
    from plainview.collecting.brought import Brought, Outcome
    from plainview.collecting.wants import Want

NOT_SAID = (
    "New examples must come as they do in use: picked by hand, they would measure something else. What a search found looks "
    "worse than it is, and new examples tell. A doubted label is not yet a wrong one: read it first."
)
KINDS = {
    "too few": "No verdict possible",
    "weak": "Wrong too often",
    "confused": "Classes confused",
    "label errors": "Likely label errors",
    "conflicts": "Conflicting duplicates",
}


def wanted_answer(wants: Sequence["Want"], release: str) -> str:
    """The first thing to do next, and how many follow."""
    if not wants:
        return f"Nothing is wanted for {release}: every scenario can be judged, and nothing stands out."
    rest = len(wants) - 1
    more = (
        f" {count(rest, 'more thing is', 'more things are')} on the list." if rest else " Nothing else is on the list."
    )
    return f"{_asked(wants[0])}.{more}"


def _asked(want: "Want") -> str:
    n = count(want.examples, "example")
    if want.kind == "too few":
        why = f"there are {want.has:,}, and a verdict needs {want.needed:,}"
        return f"Collect {rough(want.examples)} more examples of {spoken_scenario(want.what)} first: {why}"
    if want.kind == "weak":
        return f"Collect {rough(want.examples)} more examples {want.what} first: {_too_often(want)}"
    if want.kind == "confused":
        return (
            f"Collect {rough(want.examples)} more examples that part {' from '.join(map(quoted, want.classes))} first"
        )
    if want.kind == "label errors":
        return f"Check the labels of {n} first: they are likely wrong"
    return f"Check the labels of {n} first: they are equal and have different labels"


def _too_often(want: "Want") -> str:
    share, elsewhere = value(want.share, "accuracy"), value(want.elsewhere, "accuracy")
    return f"{share} of them are {'far off' if want.numbers else 'wrong'}, against {elsewhere} elsewhere"


def want_sentence(want: "Want", unit: str) -> str:
    """Why something is wanted, how many, and what is at stake."""
    return f"{_why(want)} {_stake(want, unit)}"


def _why(want: "Want") -> str:
    if want.kind == "too few":
        whose = f" {listed(list(want.demanded))} cannot be judged without it." if want.demanded else ""
        return f"{count(want.has, 'example')}, and no verdict may rest on fewer than {want.needed:,}.{whose}"
    if want.kind == "weak":
        return f"{_too_often(want)[:1].upper()}{_too_often(want)[1:]}. {_enough(want)}"
    if want.kind == "confused":
        taken = f"{value(want.share, 'accuracy')} of the {want.has:,} examples of the two are taken for the other"
        return f"{taken}. {_enough(want)}"
    if want.kind == "label errors":
        chance = f"if every label were right, about {want.by_chance:,.0f} would be doubted"
        return f"The release is surer of another class than it is as a rule; {chance}."
    return "They are equal in every column: all but one label must be wrong, or what tells them apart is missing."


def _enough(want: "Want") -> str:
    needed = want.needed or 0
    if needed > want.has:
        return f"It takes {rough(needed)} to see half of that fixed, and there are {want.has:,}."
    learn = "new ones are to learn from, as many as it gets wrong too often"
    return f"The {want.has:,} there are would show half of that fixed; {learn}."


def _stake(want: "Want", unit: str) -> str:
    amount = f"{want.weight:,.0f}" if unit == "errors" and want.weight >= 10 else plain(want.weight)
    said = (
        f"about {amount} {unit}"
        if not unit.startswith("cost")
        else f"errors that cost about {amount} {unit.removeprefix('cost ')}"
    )
    return f"Hidden there could be {said}." if want.kind == "too few" else f"At stake: {said}."


def ranked_by(unit: str) -> str:
    """What the list is ranked by."""
    if unit == "errors":
        return "Ranked by errors at stake in this test set; with traffic and cost on scenarios, by what they come to in use."
    return f"Ranked by what is at stake {unit.split(' ', 1)[1]}: errors by the traffic, and cost, that the specification gives."


def not_looked_for(kind: str, reason: str) -> str:
    """Why a kind of want is not on the list."""
    return f"{KINDS[kind]}: not looked for, because {reason.rstrip('.')}."


def brought_answer(found: "Outcome") -> str:
    """What the last list brought, in one sentence."""
    asked = [row for row in found.rows if row.want.action == "collect"]
    checks = [row for row in found.rows if row.want.action != "collect"]
    made = f"The list of {found.kept.at:%-d %B %Y} asked for {count(len(found.rows), 'thing')}"
    came = sum(row.done for row in found.rows)
    said = (
        f"{made}; the test set has {count(found.added, 'example')} more since, and {came} of the things came in full."
    )
    able = [row for row in asked if row.want.kind == "too few" and row.possible]
    silent = [row for row in asked if row.want.kind == "too few"]
    if silent:
        said += f" Verdicts became possible on {len(able)} of {count(len(silent), 'scenario')} that had too few."
    changed = sum(row.arrived or 0 for row in checks)
    if checks:
        said += (
            f" {changed:,} of {sum(row.want.examples for row in checks):,} doubted labels were changed or taken out."
        )
    return said


def brought_note(row: "Brought") -> str:
    """What came of one thing, in words."""
    want = row.want
    if row.arrived is None:
        return f"cannot be told: {row.reason}"
    if want.action != "collect":
        return "all changed" if row.done else f"{row.now or 0:,} are as they were"
    if want.kind == "too few":
        return "a verdict is possible now" if row.possible else "still too few for any verdict"
    if row.new_share is not None and want.share is not None and want.kind == "weak":
        return f"{value(row.new_share, 'accuracy')} of the new ones are errors; it was {value(want.share, 'accuracy')}"
    return "enough to see half of it fixed" if row.possible else ""
