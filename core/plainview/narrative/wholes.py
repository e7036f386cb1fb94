"""What a whole page says first: about a release, its behaviours, a history, a portfolio."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from plainview.exceptions import nearest
from plainview.narrative.changes import lacking
from plainview.narrative.names import example_of, quoted, spoken_metric, spoken_scenario
from plainview.quantities import count, listed, margin, value

if TYPE_CHECKING:
    from plainview.comparison import Comparison
    from plainview.records import Evaluation
    from plainview.report import Report
    from plainview.specification import Specification


def about(report: "Report") -> str:
    """Where and when: the date, the examples, what is missing, and what it is compared with."""
    evaluation, test_set = report.evaluation, report.evaluation.test_set
    said = [dated(evaluation.released), count(test_set.examples, *example_of(evaluation.task))]
    if test_set.missing_labels:
        said.append(f"{test_set.missing_labels:,} without a label")
    if evaluation.missing_predictions:
        said.append(f"{evaluation.missing_predictions:,} without a prediction")
    said.append(f"compared with {report.baseline.release}" if report.baseline else "nothing to compare with")
    if report.judged > 1:
        said.append(f"{report.judged} releases judged on this test set")
    return " · ".join(said)


def not_drawn(cases: int, where: str = "See the table.") -> str:
    """Why test cases are not in the picture of what changed, and where they are told."""
    was = "is" if cases == 1 else "are"
    return f"{count(cases, 'test case')} {was} not drawn: of a few chosen examples every change is a leap. {where}"


def compared(comparison: "Comparison", specification: "Specification") -> str:
    """On what two releases were compared, and which margin matters."""
    one, many = example_of(specification.task)
    common = f"{count(comparison.examples, one, many)} that both answered, pair by pair"
    apart = "Two independent samples" if comparison.apart else f"No {one} in common: two independent samples"
    said = [common if comparison.paired else apart]
    overall = next(row for row in comparison.results if row.scenario == "all")
    if overall.missing:
        said.append(f"{overall.missing:,} left out, {lacking(comparison, overall)}")
    if comparison.margin is not None:
        metric = specification.metric_keys[0]
        said.append(
            f"differences under {margin(comparison.margin, metric, specification.unit_of(metric))} do not matter"
        )
    return " · ".join(said)


def rows_stay(evaluation: "Evaluation") -> str:
    """Where the rows of an evaluation are that are not in the store."""
    source = evaluation.source
    rows = count(source.rows, "row")
    where = f"in {source.table} ({source.engine.capitalize()})"
    return f"The {rows} of {evaluation.release} stay {where}; the store has their sums. Look at single examples there."


def lasting(line: Sequence["Evaluation"]) -> str:
    """How many releases there are, and from when to when: "5 releases · 13 September 2015 to 22 August 2019"."""
    dates = [f"{one.released:%-d %B %Y}" for one in (line[0], line[-1]) if one.released]
    when = " to ".join(dict.fromkeys(dates)) if line[0].released and line[-1].released else ""
    return " · ".join(filter(None, [count(len(line), "release"), when]))


def reuse_sentence(judged: int, most: int = 20) -> str | None:
    """A warning where so many releases were judged on one test set that it may have been tuned to; else None."""
    if judged <= most:
        return None
    return (
        f"{judged} releases were judged on this test set. Choices made on it look better on it than they are: renew it."
    )


def dated(released: date | None) -> str:
    """A release date, or that it is not known."""
    return f"Released {released:%-d %B %Y}" if released else "Release date unknown"


def behaviours_answer(metric: str, states: Sequence[str], scenarios: int, few: int) -> str:
    """How the scenarios of a release do: ``states`` are those of the demanded ones, Pass, Watch, Fail or No evidence.

    ``few`` counts the scenarios with too few examples to be judged.
    """
    sparse = f" {count(few, 'scenario')} {'has' if few == 1 else 'have'} too few examples to be judged." if few else ""
    spoken = spoken_metric(metric)
    if not states:
        measured = f"{spoken[:1].upper()}{spoken[1:]} was measured on {count(scenarios, 'scenario')}"
        return f"{measured}; no requirement says how good is good enough.{sparse}"
    kinds = ((("Pass",), "holds", "hold"), (("Fail",), "fails", "fail"))
    kinds += ((("Watch", "No evidence"), "cannot be told yet", "cannot be told yet"),)
    counted = [(sum(state in words for state in states), one, many) for words, one, many in kinds]
    said = listed([f"{number} {one if number == 1 else many}" for number, one, many in counted if number])
    have = "has" if len(states) == 1 else "have"
    return f"{len(states)} of {count(scenarios, 'scenario')} {have} a requirement on {spoken}: {said}.{sparse}"


_TURNS = {
    "members": "other examples came into the scenario",
    "redefined": "the scenario was redefined",
    "split": "the scenario was split off",
    "merged": "the scenario was merged",
    "metric": "the metric was measured otherwise",
}


def trend_answer(
    metric: str,
    unit: str,
    first: tuple[str, float | None],
    last: tuple[str, float | None],
    releases: int,
    breaks: Sequence[str],
    *,
    scenario: str = "all",
    turned: Mapping[str, Sequence[str]] = MappingProxyType({}),
    answered: Sequence[int] = (),
) -> str:
    """Where a metric came from and went to on one scenario; ``first`` and ``last`` are (release, value).

    ``breaks`` names the releases at which the test set changed, ``turned`` those at which something else did, by its kind,
    see `breaks.KINDS`. ``answered``, where releases were judged anew on one test set, is how many of its examples each of
    them has an answer for.
    """
    on = "" if scenario == "all" else f" on {spoken_scenario(scenario)}"
    spoken, now = f"{spoken_metric(metric)}{on}", value(last[1], metric, unit)
    if releases < 2:
        return f"One release so far: {spoken} is {now}. A trend needs two."
    if first[1] is None or last[1] is None:
        said = (
            f"{spoken[:1].upper()}{spoken[1:]} has {value(first[1], metric, unit)} in {first[0]} and {now} in {last[0]}"
        )
    else:
        over = f"Over {releases} releases, {first[0]} to {last[0]}"
        start = value(first[1], metric, unit)
        said = f"{over}, {spoken} " + (f"began and ended at {now}" if start == now else f"went from {start} to {now}")
    if answered:
        all_of_them = len(set(answered)) == 1
        some = "on the same examples" if all_of_them else "each on those of them that it answered"
        return f"{said}, all judged on today's test set, {some}."
    changed = [f"the test set changed at {listed(list(breaks))}"] if breaks else []
    changed += [f"{what} at {listed(list(turned[kind]))}" for kind, what in _TURNS.items() if turned.get(kind)]
    if changed:
        same = "are not of the same thing" if turned.get("metric") else "are not on the same examples"
        return f"{said}, but {listed(changed, most=9)}: values before and after {same}."
    return f"{said}, on the same examples."


def portfolio_answer(states: Sequence[str], urgent: Sequence[str]) -> str:
    """How all projects stand, from the state of each; ``urgent`` names those that fail a must."""
    if not states:
        return "No project is published yet."
    total, passing = len(states), sum(state == "Pass" for state in states)
    meets = "meets" if passing == 1 else "meet"
    said = [f"{passing} of {count(total, 'project')} {meets} every requirement"]
    if not passing:
        said = [
            "The only project does not meet every requirement" if total == 1 else "No project meets every requirement"
        ]
    if urgent:
        failing = listed([quoted(clipped(name)) for name in urgent])
        said.append(f"{failing} {'fails' if len(urgent) == 1 else 'fail'} one that is a must")
    for state, what in (("Watch", "something open"), ("No evidence", "no evidence")):
        found = sum(one == state for one in states)
        if found:
            who = "it" if total == 1 else f"{found}"
            said.append(f"{who} {'has' if found == 1 else 'have'} {what}")
    return "; ".join(said) + "."


def not_met_answer(not_met: Mapping[str, int]) -> str:
    """How many requirements of all projects are not met, by priority; empty where each one is."""
    if not any(not_met.values()):
        return ""
    none = "" if not_met.get("must") else "No must requirement fails; "
    said = [count(number, f"{priority} requirement") for priority, number in not_met.items() if number]
    return f"{none}{listed(said)} {'is' if sum(not_met.values()) == 1 else 'are'} not met."


def left_out_sentence(damaged: int, newer: int) -> str:
    """How many records are left out: those that are damaged, and those that a newer version wrote, which are sound."""
    said = [f"{count(damaged, 'damaged record')}"] if damaged else []
    said += [f"{count(newer, 'record')} written by a newer version"] if newer else []
    return f"{' and '.join(said)} {'is' if damaged + newer == 1 else 'are'} left out"


def asked_for(name: str, known: Iterable[str]) -> str:
    """What the address asks for and is not there, with the nearest name."""
    return f"The address asks for {quoted(clipped(name, 80))}. {nearest(name, known)}"


def clipped(name: str, limit: int = 60) -> str:
    """A name where only so many characters have room."""
    return name if len(name) <= limit else f"{name[: limit - 1].rstrip()}…"
