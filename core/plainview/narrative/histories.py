"""What there is to say behind a line of releases: whether it is of the same thing throughout, and what it hides."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.changes import change_sentence
from plainview.narrative.names import example_of, lower_first, quoted, spoken_metric, spoken_scenario
from plainview.quantities import count, difference, listed, value

if TYPE_CHECKING:
    from plainview.comparison import Comparison
    from plainview.continuity import Continuity, Turn
    from plainview.mix import Mix, TestSetChange
    from plainview.specification import Specification
    from plainview.verdicts import Change

MOST = 6  # scenarios that are named one by one


def continuity_statements(found: "Continuity", metric: str, *, scenario: str = "all", task: str = "") -> list[str]:
    """Whether the values are of the same examples, scenarios and metric; with a ``scenario``, of that one alone."""
    turns = [turn for turn in found.turns if scenario in ("all", turn.scenario)]
    said = [_test_sets(found, task)]
    if not turns and len(found.turns) == 0:
        said.append("No scenario was redefined.")
    said += [_turn_sentence(turn, task) for turn in turns[:MOST]]
    if len(turns) > MOST:
        said.append(f"{count(len(turns) - MOST, 'more scenario')} changed; the table names the releases.")
    spoken = spoken_metric(metric)
    for release, before, after in found.remeasured:
        then, now = _apart(before, after)
        said.append(f"{_capital(spoken)} was measured otherwise before {release}: by {then}, since then by {now}.")
    if found.dropped and scenario == "all":
        names = listed([quoted(name) for name in found.dropped])
        dropped = count(len(found.dropped), "scenario")
        said.append(f"{dropped} of earlier releases {_is(len(found.dropped))} measured no more: {names}.")
    return said + [f"Nothing is known of {release}: {reason}." for release, reason in found.unread]


def _apart(before: str, after: str) -> tuple[str, str]:
    """What differs between two definitions of a metric, without what they share."""
    parts = before.split("; "), after.split("; ")
    shared = set(parts[0]) & set(parts[1])
    return tuple("; ".join(part for part in side if part not in shared) or "nothing of the kind" for side in parts)


def _test_sets(found: "Continuity", task: str) -> str:
    examples = count(found.examples, *example_of(task))
    if found.versions == 1:
        every = {1: "The only release was", 2: "Both releases were"}.get(
            found.releases, f"All {found.releases:,} releases were"
        )
        return f"{every} judged on the same {examples}, with the same labels."
    return (
        f"The {found.releases} releases were judged on {found.versions} versions of the test set, which changed at "
        f"{listed(list(found.moved), most=6)}; today's, of {examples}, has judged {found.judged} of them."
    )


def _turn_sentence(turn: "Turn", task: str) -> str:
    name, was = quoted(turn.scenario), listed([quoted(one) for one in turn.was], most=6)
    called = f", then {was}," if turn.was not in ((turn.scenario,), ()) else ""
    return {
        "renamed": f"{name} was called {was} until {turn.release}.",
        "redefined": f"{name}{called} was redefined at {turn.release}: {turn.before} became {turn.after}.",
        "split": f"{name} was split from {was} at {turn.release}: before, its values are those of {was}.",
        "merged": f"{name} was merged from {was} at {turn.release}: before, it has no value of its own.",
        "members": f"At {turn.release}, {name} came to hold other {example_of(task)[1]}: their columns changed, "
        "ids and labels did not.",
    }[turn.kind]


def since_first(
    change: "TestSetChange", metric: str, unit: str, first: str, last: str, *, scenario: str = "all", task: str = ""
) -> list[str]:
    """What the first release would score on today's test set, and how much of the way to the last one is the model's.

    Empty where the test set is the same: then nothing but the model changed.
    """
    if not (change.added or change.removed or change.relabelled):
        return []
    row = next((each for each in change.parts if (each.scenario, each.metric) == (scenario, metric)), None)
    if row is None:
        return []
    many, today = example_of(task)[1], change.common + change.added
    if not change.common:
        return [
            f"Not one of today's {today:,} {many} was in the test set of {first}: what it would score is not known."
        ]
    on = "" if scenario == "all" else f" on {spoken_scenario(scenario)}"
    shared = f"Of today's {today:,} {many} {change.common:,} were in the test set of {first}"
    shared += f", {change.relabelled:,} of them with another label" if change.relabelled else ""
    if row.before_common is None or row.after_common is None:
        return [f"{shared}; on those, {spoken_metric(metric)}{on} has no value."]
    said = f"{first} scores {value(row.before_common, metric, unit)} and {last} {value(row.after_common, metric, unit)}"
    return [
        f"{shared}: on those, by today's labels and definitions, {said}{on}.",
        *_parts(row, metric, unit, on, change.relabelled),
    ]


def _parts(row: "Mix", metric: str, unit: str, on: str, relabelled: int) -> list[str]:
    if row.model is None or row.test_set is None or row.labels is None:
        return []
    parts = [(row.model, "from the model"), (row.test_set, "from other examples")]
    parts += [(row.labels, "from other labels")] if relabelled else []
    said = listed([f"{difference(part, metric, unit)} {source}" for part, source in parts])
    went = f"{value(row.before, metric, unit)} to {value(row.after, metric, unit)}"
    return [f"So of {spoken_metric(metric)}{on} going from {went}, {said}."]


def underneath(
    rows: Sequence["Change"], specification: "Specification", comparison: "Comparison", *, scenario: str = "all"
) -> str:
    """What moved between the first release and the last, under a line that may look flat; ``rows`` are of one metric."""
    mine = next((row for row in rows if row.scenario == scenario), None)
    if comparison.apart:
        return comparison.apart
    if mine is None or not comparison.examples:
        return f"{comparison.baseline} and {comparison.candidate} have no example in common to be held side by side."
    both = f"On the {count(comparison.examples, *example_of(specification.task))} that both answered, pair by pair"
    if scenario != "all":
        return f"{both}: {lower_first(change_sentence(mine, specification))}"
    parts = [row for row in rows if row.scenario != "all"]
    moved = {verdict: [row for row in parts if row.verdict == verdict] for verdict in ("better", "worse")}
    unsure = sum(row.verdict == "inconclusive" for row in parts)
    said = [
        f"{listed([_moved(row, specification) for row in _largest(found)], most=MOST)} got {verdict}"
        for verdict, found in moved.items()
        if found
    ]
    overall = f"from {comparison.baseline} to {comparison.candidate}, {_overall(mine, specification)}"
    if not parts:
        return f"{both}, {overall}."
    under = f"underneath, {', '.join(said)}" if said else "underneath, no scenario is shown to be better or worse"
    more = f"; {count(unsure, 'scenario')} cannot be told" if unsure else ""
    return f"{both}, {overall}; {under}{more}."


def not_followed(reason: str, first: str, last: str) -> str:
    """Why nothing is said of what changed from the first release to the last."""
    return f"{first} and {last} cannot be held side by side: {reason.rstrip('.')}."


def _overall(row: "Change", specification: "Specification") -> str:
    spoken, unit = spoken_metric(row.metric), specification.unit_of(row.metric)
    if row.difference is None:
        return f"{spoken} cannot be compared"
    moved = f"({value(row.baseline, row.metric, unit)} to {value(row.candidate, row.metric, unit)})"
    words = {"better": "got better", "worse": "got worse", "equivalent": "did not change"}
    return f"{spoken} {words.get(row.verdict, 'shows no clear change')} {moved}"


def _largest(rows: Sequence["Change"]) -> list["Change"]:
    return sorted(rows, key=lambda row: -abs(row.difference or 0.0))


def _moved(row: "Change", specification: "Specification") -> str:
    by = difference(row.difference or 0.0, row.metric, specification.unit_of(row.metric))
    return f"{quoted(row.scenario)} ({by})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
