"""Sentences: a golden one for every situation."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from narrative_cases import MEASURED, SPECIFICATION, change, result
from verb_cases import specification

from plainview import narrative
from plainview.comparison import Comparison
from plainview.requirements import Standing


def said_of(overall, negated, long, short, **numbers):
    """The headline of 2.0 against 1.0, from the verdicts of all examples and of the three scenarios."""
    rows = [
        change("all", overall, **numbers.get("all", {})),
        change("Negated", negated, behaviour="Understands negation"),
        change("Long and negated", long, behaviour="Understands negation", **numbers.get("long", {})),
        change("Short", short, behaviour="Short texts", **numbers.get("short", {})),
    ]
    found = Comparison("reviews", "1.0", "2.0", paired=True, examples=1000, results=tuple(rows), margin=0.01)
    return narrative.headline(found, SPECIFICATION)


EVIDENCE = "+7.6 points, 95% interval about +4.8 to +10.3, 686 examples; 74 fixed, 22 broke"


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        (
            ("equivalent", "better", "equivalent", "equivalent"),
            f"2.0 understands negation better than 1.0 ({EVIDENCE}), without sacrificing the other 2 scenarios (none "
            f"worse by more "
            "than 1 point).",
        ),
        (
            ("equivalent", "better", "equivalent", "inconclusive"),
            f"2.0 understands negation better than 1.0 ({EVIDENCE}); no loss was found elsewhere, but 1 of 2 other "
            f"scenarios has too "
            "few examples to rule one out.",
        ),
        (
            ("equivalent", "equivalent", "equivalent", "better"),
            f"2.0 is better than 1.0 on “Short texts” ({EVIDENCE}), without sacrificing the other 2 scenarios (none "
            f"worse by more "
            "than 1 point).",
        ),
        (
            ("equivalent", "better", "equivalent", "worse"),
            "Overall accuracy did not change (84.1% to 84.2%), but that hides opposite moves: “Negated” improved by "
            "7.6 points, "
            "“Short” got worse by 5.4 points.",
        ),
        (
            ("better", "equivalent", "equivalent", "equivalent"),
            f"2.0 is better than 1.0 overall in accuracy ({EVIDENCE}), without sacrificing the other 3 scenarios "
            f"(none worse by more "
            "than 1 point).",
        ),
        (
            ("equivalent", "equivalent", "equivalent", "equivalent"),
            "2.0 is as good as 1.0 overall: accuracy did not change by more than 1 point (84.1% to 84.2%); none of 3 "
            "scenarios is "
            "shown to be better or worse.",
        ),
        (
            ("inconclusive", "inconclusive", "equivalent", "inconclusive"),
            "Nobody can tell yet whether 2.0 is better or worse than 1.0 (61.0% to 63.0%); none of 3 scenarios is "
            "shown to be better "
            "or worse, and 2 of them are too uncertain to tell.",
        ),
        (
            ("not comparable", "not comparable", "not comparable", "not comparable"),
            "2.0 and 1.0 cannot be compared: no examples with a label and a prediction.",
        ),
    ],
)
def test_a_headline_says_what_changed(verdicts, headline):
    assert said_of(*verdicts) == headline


def test_a_loss_is_never_left_out_of_a_gain():
    said = said_of("worse", "better", "equivalent", "equivalent")
    assert said.startswith("2.0 is worse than 1.0 overall in accuracy (−5.4 points")
    assert "; it is better on “Negated” (+7.6 points" in said
    both = said_of("worse", "better", "equivalent", "worse")
    assert "most on “Short” (−5.4 points" in both
    assert "; it is better on “Negated” (+7.6 points" in both
    assert "but is worse on “Short” (−5.4 points" in said_of("better", "better", "equivalent", "worse")


def test_only_losses_are_told_as_losses():
    said = said_of("equivalent", "equivalent", "worse", "worse")
    assert said.startswith(
        "2.0 is worse than 1.0 on “Long and negated” (−5.4 points, 95% interval about −8.0 to −2.1, 555 examples"
    )
    assert "and on 1 more scenario" in said


def test_a_loss_of_the_whole_is_in_the_headline():
    assert "−5.4 points" in said_of("worse", "equivalent", "equivalent", "equivalent")
    assert "overall" in said_of("worse", "equivalent", "equivalent", "equivalent")


def test_nothing_is_called_sacrificed_or_not_where_a_loss_is_not_ruled_out():
    assert "sacrific" not in said_of("inconclusive", "better", "equivalent", "equivalent")
    assert "sacrific" not in said_of("equivalent", "better", "inconclusive", "equivalent")


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("better", f"On “Short”, accuracy got better: 37.2% to 44.8% ({EVIDENCE})."),
        (
            "equivalent",
            "On “Short”, accuracy did not change: 84.1% to 84.2% (+0.1 points, 95% interval about −0.4 to +0.6, "
            "1,000 examples; "
            "3 fixed, 2 broke; within 1 point).",
        ),
        (
            "inconclusive",
            "On “Short”, accuracy went from 61.0% to 63.0%, too uncertain to tell (+2.0 points, 95% interval about "
            "−5.0 to +9.0, "
            "41 examples; 9 fixed, 8 broke). About 340 more would settle it.",
        ),
        ("not comparable", "On “Short”, accuracy cannot be compared: no examples with a label and a prediction."),
    ],
)
def test_a_scenario_is_told_in_a_sentence(verdict, sentence):
    assert narrative.change_sentence(change("Short", verdict), SPECIFICATION) == sentence


def test_numbers_are_told_in_their_unit():
    moved = {
        "difference": -1.879,
        "low": -2.788,
        "high": -0.97,
        "baseline": 17.506,
        "candidate": 15.627,
        "fixed": 172,
        "broke": 126,
    }
    row = change("Far", "better", metric="mae", **moved, examples=318, margin=0.5)
    assert narrative.change_sentence(row, MEASURED) == (
        "On “Far”, mean absolute error got better: 17.5 minutes to 15.6 minutes (−1.9 minutes, 95% interval about "
        "−2.8 to −1.0, "
        "318 examples; 172 closer, 126 further off)."
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Accuracy on all examples is 63.2% (95% interval about 61.5% to 64.9%), from 3,000 examples."),
        ({"scenario": "Short", "value": None, "low": None, "high": None, "reason": "no example is no", "metric": "recall[no]"},
         "Recall for no on “Short” has no value: no example is no."),
        ({"of": 12, "missing": 1, "low": None, "high": None, "reason": "only 12 examples, 30 are needed"},
         "Accuracy on all examples is 63.2%, from 12 examples; only 12 examples, 30 are needed; "
         "1 example left out, without a label or an answer that can be used."),
    ],
)  # fmt: skip
def test_a_result_is_told_in_a_sentence(fields, sentence):
    assert narrative.result_sentence(result(**fields), SPECIFICATION) == sentence


def test_the_first_release_has_nothing_to_be_compared_with():
    said = narrative.first_release(SimpleNamespace(release="1.0"), [result()], SPECIFICATION)
    assert said.startswith("1.0 is the first release")
    assert said.endswith("accuracy on all examples is 63.2% (95% interval about 61.5% to 64.9%), from 3,000 examples.")


def _demanded(**requirement):
    return specification(
        "accuracy", scenarios={"Short": "c = 1"}, requirements=[{"id": "R", "metric": "accuracy", **requirement}]
    )


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ({"at_least": 0.45}, "Accuracy on all examples at least 45%"),
        ({"at_least": 0.455, "scenario": "Short"}, "Accuracy on “Short” at least 45.5%"),
        ({"at_most": 0.9}, "Accuracy on all examples at most 90%"),
        (
            {"no_worse_than": "previous"},
            "Accuracy on all examples no worse than the previous release by more than 1 point",
        ),
        ({"no_worse_than": "1.0", "margin": 0.02}, "Accuracy on all examples no worse than 1.0 by more than 2 points"),
    ],
)
def test_a_demand_is_told_in_words(requirement, said):
    demanded = _demanded(**requirement)
    assert narrative.demand(demanded.requirements[0], demanded) == said


STANDING = Standing(
    id="R", title="T", status="met", value=0.632, low=0.6146, high=0.6491, bar=0.6, distance=0.032, sentence="", scenario="all",
    metric="accuracy", behaviour=None, priority="must", owner="us", reason=None, errors_to_flip=44,
)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "why", "sentence"),
    [
        ({}, None, "T: met, 63.2% (95% interval about 61.5% to 64.9%), 3.2 points inside the bar; 44 more errors "
         "would break it."),
        ({"errors_to_flip": 1}, None, "T: met, 63.2% (95% interval about 61.5% to 64.9%), 3.2 points inside the bar; "
         "1 more error would break it."),
        ({"rule": "point", "errors_to_flip": None}, None,
         "T: met by the estimate alone, 63.2% (95% interval about 61.5% to 64.9%), 3.2 points inside the bar."),
        ({"status": "not met", "distance": -0.053}, None, "T: not met, 63.2% (95% interval about 61.5% to 64.9%), "
         "5.3 points short (owner: us)."),
        ({"status": "unproven", "more_examples_needed": 8512}, None,
         "T: unproven, 63.2% (95% interval about 61.5% to 64.9%); the bar lies inside the interval. About 8,500 more "
         "examples would settle it."),
        ({"status": "unproven"}, "only 29 examples, 30 are needed",
         "T: unproven, 63.2% (95% interval about 61.5% to 64.9%); only 29 examples, 30 are needed."),
        ({"status": "no evidence"}, "No example is no", "T: no evidence, no example is no."),
    ],
)  # fmt: skip
def test_a_standing_is_told_with_its_distance(fields, why, sentence):
    assert narrative.standing_sentence(replace(STANDING, **fields), SPECIFICATION, why=why) == sentence


def test_all_requirements_together():
    assert (
        narrative.standing(0, [], [], [], 0)
        == "No requirements are set, so nothing says whether this release is good enough."
    )
    assert narrative.standing(1, [], [], [], 1) == "The only requirement is met."
    assert narrative.standing(3, [], [], [], 3) == "All 3 requirements are met."
    said = narrative.standing(11, ["Accuracy on “A” at least 45%"], ["F1 for yes on “B” at least 9%"], [], 13)
    assert said.startswith("11 of 13 requirements are met")
    assert said.index("not met") < said.index("45%") < said.index("unproven") < said.index("F1 for yes")


def test_hostile_names_stand_in_sentences_as_they_are():
    name = "<script>alert(1)</script> :red[x] $1 {0} %s"
    demanded = specification("accuracy", scenarios={name: "c = 1"})
    row = change(name, "better", behaviour="Does its work")
    assert f"“{name}”" in narrative.change_sentence(row, demanded)
    found = Comparison("p", name, name, paired=True, examples=1, results=(change("all", "equivalent"), row))
    assert name in narrative.headline(found, demanded)


def test_what_a_release_page_says_of_itself():
    judged = SimpleNamespace(examples=3000, missing_labels=2)
    evaluation = SimpleNamespace(released=date(2024, 5, 1), missing_predictions=0, test_set=judged, task="regression")
    said = narrative.about(SimpleNamespace(evaluation=evaluation, baseline=None, judged=1))
    assert said == "Released 1 May 2024 · 3,000 examples · 2 without a label · nothing to compare with"
