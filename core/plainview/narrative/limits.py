"""What a report cannot tell its reader: never left out, whatever else a report says."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plainview.narrative.gaps import few_sentence
from plainview.narrative.names import example_of, spoken_metric, spoken_scenario
from plainview.narrative.wholes import reuse_sentence
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.report import Report

NAMED = 3  # scenarios that a sentence names; the others are counted


def limits(report: "Report") -> list[str]:
    """What the evidence behind a report does not show, the most particular first; at least two sentences."""
    return [said for part in (_changes, _results, _demands, _examples, _always) for said in part(report) if said]


def verdicts_answer(verdicts: Sequence[str]) -> str:
    """How many scenarios have which verdict: "Of 15 scenarios 10 are better, none is worse and 3 are too uncertain to tell"."""
    kinds = (
        ("better", "better"),
        ("worse", "worse"),
        ("equivalent", "unchanged"),
        ("inconclusive", "too uncertain to tell"),
    )
    found = [(verdicts.count(verdict), word) for verdict, word in kinds]
    said = [
        f"{number or 'none'} {'is' if number < 2 else 'are'} {word}"
        for number, word in found
        if number or word == "worse"
    ]
    return f"Of {count(len(verdicts), 'scenario')} {listed(said, most=4)}."


def limits_answer(found: Sequence[str]) -> str:
    """How many there are, for a heading."""
    return f"{count(len(found), 'thing')} that this report cannot tell you"


def _changes(report: "Report") -> Iterator[str | None]:
    metric, comparison = report.specification.metric_keys[0], report.comparison
    if comparison is None:
        release = report.evaluation.release
        yield f"Whether {release} is better or worse than another release: it is the first on this test set."
        return
    rows = [row for row in comparison.results if row.metric == metric]
    few = few_sentence([row for row in rows if row.scenario != "all"], report.specification)
    yield few and f"Whether anything changed where examples are few: {few}"
    apart = [row for row in rows if row.verdict == "not comparable"]
    if apart:
        yield f"What changed on {_named([row.scenario for row in apart])}: {apart[0].reason}."
    if not comparison.paired and len(apart) < len(rows):
        many = example_of(report.specification.task)[1]
        yield (
            f"How much of a difference is the release's: the two answered different {many}, so a part of it may be of these."
        )
    if only := comparison.only_baseline + comparison.only_candidate:
        one, many = example_of(report.specification.task)
        yield f"What changed on {count(only, one, many)} that only one of the two test sets has."


def _results(report: "Report") -> Iterator[str]:
    metric = report.specification.metric_keys[0]
    rows = [row for row in report.results if row.metric == metric]
    few = [row.scenario for row in rows if row.status == "too few examples"]
    if few:
        have = "has" if len(few) == 1 else "have"
        yield f"How well {_named(few)} {'works' if len(few) == 1 else 'work'}: {_it(few)} {have} too few examples to be judged."
    without = [row for row in rows if row.value is None and row.status != "too few examples"]
    if without:
        yield f"What {spoken_metric(metric)} is on {_named([row.scenario for row in without])}: {without[0].reason}."


def _demands(report: "Report") -> Iterator[str]:
    if not report.standings:
        yield "Whether this release is good enough: no requirement says what that would be."
    measured = [row.measured or row.status for row in report.standings]
    if unproven := measured.count("unproven"):
        hold, it, they = ("holds", "it is", "it holds") if unproven == 1 else ("hold", "they are", "they hold")
        said = f"Whether {count(unproven, 'requirement')} {hold}: {it} unproven"
        yield f"{said}, the evidence shows neither that {they} nor the contrary."
    if without := measured.count("no evidence"):
        are = "is" if without == 1 else "are"
        yield f"Whether {count(without, 'requirement')} {are} met: nothing was measured that could show it."
    if waived := sum(row.status == "waived" for row in report.standings):
        are, them = ("is", "it") if waived == 1 else ("are", "them")
        yield (
            f"That what is waived is good enough: {count(waived, 'requirement')} {are} waived, "
            f"which says who answers for {them}, and changes nothing that was measured."
        )


def _examples(report: "Report") -> Iterator[str | None]:
    evaluation, columns = report.evaluation, report.specification.columns
    one, many = example_of(evaluation.task)
    if missing := evaluation.missing_predictions:
        yield f"What the answer would be to {count(missing, one, many)} that {evaluation.release} left unanswered."
    if missing := evaluation.test_set.missing_labels:
        yield f"Whether the answers to {count(missing, one, many)} without a label are right."
    reused = reuse_sentence(report.judged)
    yield reused and f"How well it does on examples that nobody has looked at: {reused}"
    if columns.cluster is None:
        yield (
            f"Whether {many} belong together: none are said to, so each counts as independent of the others. "
            "If several come from one source, intervals are too narrow."
        )


def _always(report: "Report") -> Iterator[str]:
    size = count(report.evaluation.test_set.examples, *example_of(report.evaluation.task))
    level = f"{100 * report.specification.confidence:g}%"
    yield f"How {report.evaluation.release} does on what is not like the {size} of this test set."
    yield (
        f"The truth, for certain: a {level} interval misses it about {_one_in(report.specification.confidence)} times, "
        "and no number here says why something changed."
    )


def _one_in(confidence: float) -> str:
    """How often an interval misses: "1 in 20"."""
    return f"1 in {round(1 / (1 - confidence))}"


def _it(rows: Sequence[object]) -> str:
    return "it" if len(rows) == 1 else "they"  # of scenarios


def _named(scenarios: Sequence[str]) -> str:
    return listed([spoken_scenario(name) for name in scenarios], most=NAMED)
