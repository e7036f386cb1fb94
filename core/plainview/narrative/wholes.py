"""What a whole page says first: about a release, its behaviours, a history, a portfolio."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plainview.narrative.names import metric_title, quoted, spoken_metric
from plainview.quantities import count, listed, margin, value

if TYPE_CHECKING:
    from plainview.comparison import Comparison
    from plainview.report import Report
    from plainview.specification import Specification


def about(report: "Report") -> str:
    """Where and when: the date, the examples, what is missing, and what it is compared with."""
    evaluation, test_set = report.evaluation, report.evaluation.test_set
    said = [dated(evaluation.released), f"{count(test_set.examples, 'example')}"]
    if test_set.missing_labels:
        said.append(f"{test_set.missing_labels:,} without a label")
    if evaluation.missing_predictions:
        said.append(f"{evaluation.missing_predictions:,} without a prediction")
    said.append(f"compared with {report.baseline.release}" if report.baseline else "nothing to compare with")
    return " · ".join(said)


def compared(comparison: "Comparison", specification: "Specification") -> str:
    """On what two releases were compared, and which margin matters."""
    common = f"{count(comparison.examples, 'example')} that both answered, pair by pair"
    said = [common if comparison.paired else "No example in common: two independent samples"]
    if comparison.margin is not None:
        metric = specification.metric_keys[0]
        said.append(f"differences under {margin(comparison.margin, metric, specification.unit or '')} do not matter")
    return " · ".join(said)


def dated(released: date | None) -> str:
    """A release date, or that it is not known."""
    return f"Released {released:%-d %B %Y}" if released else "Release date unknown"


def behaviours_answer(states: Sequence[str], demanded: int, few: int) -> str:
    """How the scenarios of a release do, from the state of each: Pass, Watch, Fail, No evidence, Measured."""
    if not states:
        return "No scenario is specified."
    failing = sum(state == "Fail" for state in states)
    watch = sum(state in ("Watch", "No evidence") for state in states)
    said = f"{count(len(states), 'scenario')} measured, {demanded} of them with a requirement"
    if demanded:
        open_ones = [
            f"{failing} {'fails' if failing == 1 else 'fail'}" if failing else "",
            f"{watch} cannot be told yet" if watch else "",
        ]
        said += ": " + (listed([one for one in open_ones if one]) or "all of those hold")
    sparse = f". {few} {'has' if few == 1 else 'have'} too few examples to be judged" if few else ""
    return f"{said}{sparse}."


def trend_answer(
    metric: str,
    unit: str,
    first: tuple[str, float | None],
    last: tuple[str, float | None],
    releases: int,
    breaks: Sequence[str],
) -> str:
    """Where the headline metric came from and went to over all examples; ``first`` and ``last`` are (release, value)."""
    if releases < 2:
        return (
            f"One release so far: {metric_title(metric).lower()} is {value(last[1], metric, unit)}. A trend needs two."
        )
    said = (
        f"Over {releases} releases, {first[0]} to {last[0]}, {spoken_metric(metric)} went from "
        f"{value(first[1], metric, unit)} to {value(last[1], metric, unit)}"
    )
    if breaks:
        since = listed(list(breaks))
        return f"{said}, but the test set changed at {since}: values before and after are not on the same examples."
    return f"{said}, on the same examples."


def portfolio_answer(states: Sequence[str], urgent: Sequence[str]) -> str:
    """How all projects stand; ``urgent`` names those that fail a must."""
    if not states:
        return "No project is published yet."
    total = len(states)
    passing = sum(state == "Pass" for state in states)
    said = f"{passing} of {count(total, 'project')} {'meets' if passing == 1 else 'meet'} every requirement"
    if urgent:
        failing = listed([quoted(name) for name in urgent])
        return f"{said}; {failing} {'fails' if len(urgent) == 1 else 'fail'} one that is a must."
    watch = total - passing
    return f"{said}; {watch} {'has' if watch == 1 else 'have'} something open." if watch else f"{said}."
