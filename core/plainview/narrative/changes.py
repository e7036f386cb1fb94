"""What changed between two releases, in sentences; under the wording guide of the package."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from plainview.narrative.gaps import few_sentence, reaches_minimum, settling
from plainview.narrative.moves import flip_words, gain_of
from plainview.narrative.names import VERBS, example_of, lower_first, quoted, spoken_metric, spoken_scenario
from plainview.quantities import count, ends, listed, margin, size, value
from plainview.specification import Specification

if TYPE_CHECKING:
    from plainview.comparison import Comparison
    from plainview.verdicts import Change


def headline(comparison: "Comparison", specification: Specification) -> str:
    """The one sentence that says what changed from the baseline to the candidate."""
    rows = _headline_rows(comparison, specification)
    overall = next(row for row in rows if row.scenario == "all")
    new, old = comparison.candidate, comparison.baseline
    if all(row.verdict == "not comparable" for row in rows):
        return f"{new} and {old} cannot be compared: {overall.reason or 'no scenario has a value in both'}."
    parts = [row for row in rows if row is not overall]
    better, worse = ([row for row in parts if row.verdict == verdict] for verdict in ("better", "worse"))
    if better and worse and overall.verdict in ("equivalent", "inconclusive"):
        return _hidden(overall, better, worse, specification)
    if not better and not worse and overall.verdict in ("better", "worse"):
        rest = _elsewhere(parts, specification) if overall.verdict == "better" else ""
        return f"{_overall_moved(overall, comparison, specification)}{rest}."
    if better and not worse and _everywhere(overall, better):
        rest = _elsewhere([row for row in parts if row not in better], specification)
        return f"{_overall_moved(overall, comparison, specification)}{_most(better, specification)}{rest}."
    if better and overall.verdict == "worse":
        return _worse_but(overall, better, worse, comparison, specification)
    if better:
        lost = f", but is worse on {_worst(worse, specification)}" if worse else ""
        rest = lost or _elsewhere([row for row in rows if row not in better], specification)
        return f"{_improved(better, worse, comparison, specification)}{rest}."
    if worse:
        return f"{_lost_only(overall, worse, comparison, specification)}."
    return _unchanged(overall, parts, comparison, specification)


def statements(comparison: "Comparison", specification: Specification) -> list[str]:
    """What else there is to know, one sentence a statement: overall, flips, each behaviour, and what is missing."""
    first, last = whole_statements(comparison, specification)
    return first + [said for _, _, said in behaviour_statements(comparison, specification)] + last


def whole_statements(comparison: "Comparison", specification: Specification) -> tuple[list[str], list[str]]:
    """What there is to say of all examples together; and what is too uncertain, or was left out."""
    overall, *parts = _headline_rows(comparison, specification)
    first = [overall_sentence(overall, specification), flips_sentence(overall, specification)]
    last = [few_sentence(parts, specification), *_left_out(comparison, overall, specification)]
    return [said for said in first if said], [said for said in last if said]


def behaviour_statements(comparison: "Comparison", specification: Specification) -> list[tuple[str, str, str]]:
    """Each behaviour with its verdict (worse if any scenario is, then better, …) and its sentence."""
    rows = _headline_rows(comparison, specification)
    said = []
    for behaviour in specification.behaviours:
        mine = [row for row in rows if row.behaviour == behaviour.name]
        ranks = ("worse", "better", "inconclusive", "equivalent", "not comparable")
        verdict = next(word for word in ranks if any(row.verdict == word for row in mine))
        said.append((behaviour.name, verdict, behaviour_sentence(behaviour.name, mine, specification)))
    return said


def change_sentence(row: "Change", specification: Specification) -> str:
    """What happened on one scenario, in one sentence."""
    name = f"On {spoken_scenario(row.scenario)}, {spoken_metric(row.metric)}"
    unit = specification.unit_of(row.metric)
    if row.verdict == "not comparable":
        return f"{name} cannot be compared: {row.reason}."
    moved = f"{value(row.baseline, row.metric, unit)} to {value(row.candidate, row.metric, unit)}"
    if row.verdict in ("better", "worse"):
        return f"{name} got {row.verdict}: {moved} ({evidence(row, specification)})."
    if row.verdict == "equivalent":
        return f"{name} did not change: {moved} ({evidence(row, specification)}; within {_margin(row, unit)})."
    settle = _settle(row, specification)
    if _still(row):
        none = f"none of {count(row.examples, *specification.counted_by(row.metric))} {_flip_verbs(row)}"
        stays = f"{name} stays {value(row.candidate, row.metric, unit)}: {none}"
        return f"{stays}, too few to rule a change out.{settle}"
    why = f"; {row.reason}" if row.reason else ""
    return f"{name} went from {moved}, too uncertain to tell ({evidence(row, specification)}{why}).{settle}"


def evidence(row: "Change", specification: Specification, *, flips: bool = True) -> str:
    """The numbers behind a verdict: difference, interval, examples, and how many were fixed and broke."""
    unit = specification.unit_of(row.metric)
    level = f"{100 * specification.confidence:g}%"
    within = (row.low, row.high) if row.low is not None and row.high is not None else None
    parts = [gain_of(row, unit, within=within)]
    if within is not None:
        of = " of the distance's change" if row.better == "zero" else ""
        parts.append(f"{level} interval{of} about {ends(*within, row.metric)}")
    parts.append(count(row.examples, *specification.counted_by(row.metric)))
    flipped = row.fixed is not None and row.fixed + (row.broke or 0) > 0
    return ", ".join(parts) + (f"; {_flips(row)}" if flips and flipped else "")


def overall_sentence(row: "Change", specification: Specification) -> str:
    """What happened over all examples; what was fixed and broke is `flips_sentence`'s to say."""
    unit, name = specification.unit_of(row.metric), spoken_metric(row.metric)
    if row.verdict == "not comparable":
        return f"Overall {name} cannot be compared: {row.reason}."
    moved = f"{value(row.baseline, row.metric, unit)} to {value(row.candidate, row.metric, unit)}"
    said = {
        "better": f"Overall {name} is better: {moved}",
        "worse": f"Overall {name} is worse: {moved}",
        "equivalent": f"Overall {name} did not change by more than {_margin(row, unit)}: {moved}",
        "inconclusive": f"Overall {name} went from {moved}, which is too uncertain to call a change or no change",
    }[row.verdict]
    return f"{said} ({evidence(row, specification, flips=False)})."


def flips_sentence(row: "Change", specification: Specification) -> str | None:
    """How many answers lie behind a net change; None where nothing flipped or nothing can."""
    if row.fixed is None or row.broke is None or not row.fixed + row.broke:
        return None
    good, bad = flip_words(row.metric, row.better)
    by = f" by more than {_margin(row, specification.unit_of(row.metric))}" if row.margin else ""
    if specification.task == "regression":
        return f"{count(row.fixed, 'prediction')} came closer and {row.broke:,} went further off{by}."
    if good != "fixed":
        return f"{count(row.fixed, 'answer')} got {good} and {row.broke:,} {bad}{by}."
    return f"{count(row.fixed + row.broke, 'answer')} flipped: {row.fixed:,} fixed, {row.broke:,} broke."


def behaviour_sentence(name: str, rows: Sequence["Change"], specification: Specification) -> str:
    """One behaviour: what its scenarios say together."""
    if not rows:
        return f"{name}: no scenario is defined."
    kinds = [(word, [row for row in rows if row.verdict == verdict]) for verdict, word in _OUTCOMES.items()]
    if len(rows) == 1:
        return f"{name}: {lower_first(change_sentence(rows[0], specification).removeprefix('On '))}"
    said = [f"{len(found)} of {len(rows)} {word} ({_moves(found, specification)})" for word, found in kinds if found]
    return f"{name}: {'; '.join(said)}."


_OUTCOMES = {
    "worse": "worse",
    "better": "better",
    "equivalent": "unchanged",
    "inconclusive": "too uncertain to tell",
    "not comparable": "not comparable",
}


def _headline_rows(comparison: "Comparison", specification: Specification) -> list["Change"]:
    return [row for row in comparison.results if row.metric == specification.metric_keys[0]]


def _everywhere(overall: "Change", better: Sequence["Change"]) -> bool:
    """Whether a gain is that of the whole, not of one part: overall is better, and no behaviour gained twice as much."""
    if overall.verdict != "better":
        return False
    return abs(_ranked(better)[0].difference or 0.0) < 2 * abs(overall.difference or 0.0)


def _most(better: Sequence["Change"], specification: Specification) -> str:
    first = _ranked(better)[0]
    gain = gain_of(first, specification.unit_of(first.metric))
    return f", most on {quoted(first.behaviour or first.scenario)} ({gain})"


def _ranked(better: Sequence["Change"]) -> list["Change"]:
    """For each behaviour its broadest scenario that is better; the one that gained most first."""
    broadest: dict[str | None, Change] = {}
    for row in better:
        if row.behaviour not in broadest or row.examples > broadest[row.behaviour].examples:
            broadest[row.behaviour] = row
    return sorted(broadest.values(), key=lambda row: -abs(row.difference or 0.0))


def _improved(
    better: Sequence["Change"], worse: Sequence["Change"], comparison: "Comparison", specification: Specification
) -> str:
    """The behaviour that gained most, spoken for by its broadest scenario that is better; then how many more.

    A behaviour that is worse somewhere else has not improved: its scenario is named instead.
    """
    mixed = {row.behaviour for row in worse}
    names = [row.scenario if row.behaviour in mixed else row.behaviour or row.scenario for row in _ranked(better)]
    first, others = _ranked(better)[0], names[1:]
    spoken = _spoken(names[0], comparison.candidate, comparison.baseline)
    also = f", and also improves on {listed([quoted(name) for name in others])}" if others else ""
    return f"{spoken} ({evidence(first, specification)}){also}"


def _spoken(behaviour: str, new: str, old: str) -> str:
    first = behaviour.split(" ", 1)[0].lower()
    if first in VERBS and not behaviour.endswith((".", "!", "?")):
        return f"{new} {lower_first(behaviour)} better than {old}"
    return f"{new} is better than {old} on {quoted(behaviour)}"


def _elsewhere(others: Sequence["Change"], specification: Specification) -> str:
    """What the others paid for it: nothing, or nobody can tell. Overall must not have lost either."""
    judged = [row for row in others if row.verdict != "not comparable"]
    compared = [row for row in judged if row.scenario != "all"]
    if not compared:
        return ""
    doubtful = [row for row in compared if not row.not_worse]
    if not doubtful and not all(row.not_worse for row in judged):
        return "; no scenario lost, but a loss over all examples is not ruled out"
    if doubtful:
        have = "has" if len(doubtful) == 1 else "have"
        return (
            f"; no loss was found elsewhere, but {len(doubtful)} of {count(len(compared), 'other scenario')} "
            f"{have} too few {specification.counted_by(compared[0].metric)[1]} to rule one out"
        )
    same = len({row.margin for row in compared}) == 1
    by = _margin(compared[0], specification.unit_of(compared[0].metric)) if same else "its margin"
    other = "the other scenario" if len(compared) == 1 else f"the other {len(compared)} scenarios"
    none = "not" if len(compared) == 1 else "none"
    return f", without sacrificing {other} ({none} worse by more than {by})"


def _lost_only(
    overall: "Change", worse: Sequence["Change"], comparison: "Comparison", specification: Specification
) -> str:
    """Scenarios are worse and none is better; the whole may be either."""
    where = _worst(worse, specification)
    if overall.verdict == "better":
        return f"{_overall_moved(overall, comparison, specification)}, but is worse on {where}"
    if overall.verdict == "worse":
        return f"{_overall_moved(overall, comparison, specification)}, and on {where}; nothing is shown to be better"
    return f"{comparison.candidate} is worse than {comparison.baseline} on {where}; nothing is shown to be better"


def _worse_but(
    overall: "Change",
    better: Sequence["Change"],
    worse: Sequence["Change"],
    comparison: "Comparison",
    specification: Specification,
) -> str:
    """The whole is worse, and something is better: the loss first, with the scenario that lost most, then the gain."""
    where = f", most on {_worst(worse, specification)}" if worse else ""
    gained = _largest(better)
    return (
        f"{_overall_moved(overall, comparison, specification)}{where}; "
        f"it is better on {spoken_scenario(gained.scenario)} ({evidence(gained, specification)})."
    )


def _hidden(overall: "Change", better: list["Change"], worse: list["Change"], specification: Specification) -> str:
    unit = specification.unit_of(overall.metric)
    moved = f"{value(overall.baseline, overall.metric, unit)} to {value(overall.candidate, overall.metric, unit)}"
    still = "did not change" if overall.verdict == "equivalent" else "shows no clear change"
    up, down = _largest(better), _largest(worse)
    return (
        f"Overall {spoken_metric(overall.metric)} {still} ({moved}), but that hides opposite moves: "
        f"{spoken_scenario(up.scenario)} improved by {size(up.difference or 0, up.metric, unit)}, "
        f"{spoken_scenario(down.scenario)} got worse by {size(down.difference or 0, down.metric, unit)}."
    )


def _overall_moved(overall: "Change", comparison: "Comparison", specification: Specification) -> str:
    return (
        f"{comparison.candidate} is {overall.verdict} than {comparison.baseline} overall in {spoken_metric(overall.metric)} "
        f"({evidence(overall, specification)})"
    )


def _unchanged(
    overall: "Change", parts: Sequence["Change"], comparison: "Comparison", specification: Specification
) -> str:
    unit = specification.unit_of(overall.metric)
    moved = f"{value(overall.baseline, overall.metric, unit)} to {value(overall.candidate, overall.metric, unit)}"
    unsure = [row for row in parts if row.verdict == "inconclusive"]
    none = _none_shown(len(parts), len(unsure)) if parts else ""
    if _still(overall):
        none = "was fixed and none broke" if flip_words(overall.metric)[0] == "fixed" else _flip_verbs(overall)
        said = f"No answer {none} from {comparison.baseline} to {comparison.candidate}"
        return f"{said}: {spoken_metric(overall.metric)} stays {value(overall.candidate, overall.metric, unit)}."
    if overall.verdict == "equivalent":
        said = (
            f"{comparison.candidate} is as good as {comparison.baseline} overall: {spoken_metric(overall.metric)} "
            f"did not change by more than {_margin(overall, unit)} ({moved})"
        )
    else:
        said = f"Nobody can tell yet whether {comparison.candidate} is better or worse than {comparison.baseline} ({moved})"
    return f"{said}; {none}." if none else f"{said}."


def _none_shown(scenarios: int, unsure: int) -> str:
    if scenarios == 1:
        few = ", and is too uncertain to tell" if unsure else ""
        return f"the only scenario is not shown to be better or worse{few}"
    few = f", and {unsure} of them {'is' if unsure == 1 else 'are'} too uncertain to tell" if unsure else ""
    return f"none of {scenarios:,} scenarios is shown to be better or worse{few}"


def _still(row: "Change") -> bool:
    """Whether nothing moved at all: then that is the news, and not what it might have hidden."""
    return row.difference == 0 and row.fixed == 0 and row.broke == 0


def _worst(worse: Sequence["Change"], specification: Specification) -> str:
    first = _largest(worse)
    others = f" and on {count(len(worse) - 1, 'more scenario')}" if len(worse) > 1 else ""
    return f"{spoken_scenario(first.scenario)} ({evidence(first, specification)}){others}"


def _left_out(comparison: "Comparison", overall: "Change", specification: Specification) -> Iterable[str]:
    one, many = example_of(specification.task)
    if not comparison.paired and overall.verdict != "not comparable":
        different = (
            f"The two releases were judged on different {many}, so differences are less certain than on the same ones."
        )
        yield comparison.apart or different
    if comparison.paired and (only := comparison.only_baseline + comparison.only_candidate):
        yield f"{count(only, one, many)} that only one of the test sets has {'is' if only == 1 else 'are'} left out."
    if comparison.relabelled:
        yield f"{count(comparison.relabelled, one, many)} whose label changed between the test sets left out."
    if overall.missing:
        yield f"{count(overall.missing, one, many)} left out: {lacking(comparison, overall)}."


def lacking(comparison: "Comparison", overall: "Change") -> str:
    """What the examples lack that are left out; one may lack more than one of these."""
    without = {
        "a label": comparison.unlabelled,
        f"an answer of {comparison.baseline}": comparison.unanswered_baseline,
        f"an answer of {comparison.candidate}": comparison.unanswered_candidate,
    }
    if sum(without.values()) < overall.missing:
        return "without a label or without answers that can be used"
    told = listed([f"{number:,} without {what}" for what, number in without.items() if number])
    return told + (", some of them without both" if sum(without.values()) > overall.missing else "")


def _moves(rows: Sequence["Change"], specification: Specification) -> str:
    names = [
        f"{spoken_scenario(row.scenario)} {gain_of(row, specification.unit_of(row.metric))}"
        if row.verdict in ("better", "worse") and row.difference is not None
        else spoken_scenario(row.scenario)
        for row in sorted(rows, key=lambda row: -abs(row.difference or 0.0))
    ]
    return listed(names)


def _flips(row: "Change") -> str:
    good, bad = flip_words(row.metric, row.better)
    return f"{row.fixed:,} {good}, {row.broke:,} {bad}"


def _flip_verbs(row: "Change") -> str:
    good, bad = flip_words(row.metric, row.better)
    return "was fixed or broke" if good == "fixed" else f"got {good} or {bad}"


def _settle(row: "Change", specification: Specification) -> str:
    if not row.more_examples_needed:
        return ""
    said = settling(row.more_examples_needed, to_judge=reaches_minimum(row, specification))
    return f" {said[:1].upper()}{said[1:]}."


def _margin(row: "Change", unit: str) -> str:
    return margin(row.margin or 0.0, row.metric, unit)


def _largest(rows: Sequence["Change"]) -> "Change":
    return max(rows, key=lambda row: abs(row.difference or 0.0))
