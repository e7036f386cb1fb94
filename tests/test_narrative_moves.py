"""Moves in the words of what moved: classes flip, numbers come closer, grades go up, a bias comes nearer to zero."""

from dataclasses import replace

import pytest
from narrative_cases import MEASURED, SPECIFICATION, change

from plainview import narrative
from plainview.comparison import Comparison
from plainview.narrative.gaps import few_sentence, settling
from plainview.narrative.moves import flip_words, moved_by
from plainview.specification import load_specification

GRADES = load_specification(
    "project: p\ntask: scored\ncolumns: {id: id, prediction: judge, answers: [seconds]}\n"
    "metrics: [mean, {name: mean, column: seconds, better: lower}]\n"
)


@pytest.mark.parametrize(
    ("metric", "better", "words"),
    [
        ("accuracy", "higher", ("fixed", "broke")),
        ("mae", "lower", ("closer", "further off")),
        ("mean[judge]", "higher", ("higher", "lower")),
        ("mean[seconds]", "lower", ("lower", "higher")),
        ("pass_rate[solved]", "higher", ("fixed", "broke")),
    ],
)
def test_what_moved_is_called_by_what_it_is(metric, better, words):
    assert flip_words(metric, better) == words


def test_no_grade_is_said_to_be_fixed():
    numbers = {"metric": "mean", "baseline": 3.1, "candidate": 3.9, "difference": 0.8, "low": 0.5, "high": 1.1}
    row = change("all", "better", **numbers, fixed=40, broke=3, margin=None)
    assert "40 higher, 3 lower" in narrative.change_sentence(row, GRADES)
    found = Comparison("p", "1.0", "2.0", paired=True, examples=100, results=(row,))
    assert "40 answers got higher and 3 lower." in narrative.statements(found, GRADES)


def test_a_difference_from_zero_is_said_to_be_one():
    assert moved_by(-599.0, "bias", "minutes", better="zero") == "nearer to zero by 599 minutes"
    assert moved_by(12.5, "bias", better="zero") == "further from zero by 12.5"
    assert moved_by(-599.0, "mae") == "−599"
    numbers = {"baseline": -1138.0, "candidate": 539.0, "difference": -599.0, "low": -702.0, "high": -496.0}
    row = change("all", "better", metric="bias", better="zero", fixed=None, broke=None, **{**numbers, "margin": 1.0})
    said = narrative.change_sentence(row, MEASURED)
    assert "bias (mean error) got better: −1,138 minutes to 539 minutes" in said
    assert "nearer to zero by 599 minutes, 95% interval of the distance's change about −702 to −496" in said


@pytest.mark.parametrize(
    ("more", "counted", "to_judge", "said"),
    [
        (340, "examples", False, "about 340 more examples would settle it"),
        (6, "boxes", True, "at least 6 more boxes are needed before it can be judged at all"),
        (1, "image", True, "at least 1 more image is needed before it can be judged at all"),
    ],
)
def test_the_minimum_settles_nothing(more, counted, to_judge, said):
    assert settling(more, counted, to_judge=to_judge) == said


def test_a_change_below_the_minimum_needs_that_before_it_can_be_judged():
    row = change("Short", "inconclusive", examples=24, more_examples_needed=6, reason="only 24 examples, 30 are needed")
    said = narrative.change_sentence(row, SPECIFICATION)
    assert said.endswith("At least 6 more are needed before it can be judged at all.")
    assert "settle" not in said
    more = narrative.change_sentence(replace(row, more_examples_needed=340), SPECIFICATION)
    assert more.endswith("About 340 more would settle it.")


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        ([], None),
        ([340], "1 scenario is too uncertain to tell; about 340 more examples would settle it."),
        ([340, 170], "2 scenarios are too uncertain to tell; about 170 more examples would settle the nearest of them, “1”."),
        (
            [None, 170, 340],
            "3 scenarios are too uncertain to tell; about 170 more examples would settle the nearest of those where it can be "
            "said, “1”.",
        ),
        ([None], "1 scenario is too uncertain to tell; how many more examples would settle it cannot be said."),
    ],
)  # fmt: skip
def test_every_scenario_that_is_too_uncertain_is_counted(needed, said):
    rows = [change(str(at), "inconclusive", more_examples_needed=more) for at, more in enumerate(needed)]
    open_ones = [replace(row, scenario="Short") for row in rows]
    found = few_sentence(open_ones, SPECIFICATION)
    assert found == (said and said.replace("“1”", "“Short”"))


def test_what_can_be_settled_is_named_before_what_cannot_be_judged_yet():
    few = change("Short", "inconclusive", examples=24, more_examples_needed=6)
    settled = change("Negated", "inconclusive", more_examples_needed=170)
    assert few_sentence([few, settled], SPECIFICATION) == (
        "2 scenarios are too uncertain to tell; about 170 more examples would settle the nearest of them, “Negated”."
    )
    assert few_sentence([few, few], SPECIFICATION) == (
        "2 scenarios are too uncertain to tell; at least 6 more examples are needed before the nearest of them, “Short”, can "
        "be judged at all."
    )


def test_one_scenario_is_spoken_of_as_one():
    demanded = load_specification(
        "project: p\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
        "behaviours: [{name: A, scenarios: [{name: Short, where: 'c = 1'}]}]\n"
    )
    rows = (change("all", "equivalent"), change("Short", "inconclusive", behaviour="A"))
    said = narrative.headline(Comparison("p", "1.0", "2.0", paired=True, examples=100, results=rows), demanded)
    assert said.endswith("; the only scenario is not shown to be better or worse, and is too uncertain to tell.")
