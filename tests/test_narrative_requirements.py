"""What is said of all requirements of a release: how many are met, which are not, and what would settle the rest."""

from dataclasses import replace

import pytest
from verb_cases import specification

from plainview import narrative
from plainview.requirements import Standing

SPECIFICATION = specification("accuracy")
ROW = Standing(
    id="R", title="Accuracy on “A” at least 60%", status="met", value=0.632, low=0.6146, high=0.6491, bar=0.6, distance=0.032,
    sentence="", scenario="all", metric="accuracy", behaviour=None, priority="must", owner="us", reason=None,
)  # fmt: skip


def rows(*kinds):
    return [
        replace(ROW, priority=priority, status=status, more_examples_needed=340 if status == "unproven" else None)
        for priority, status in kinds
    ]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([], "No requirements are set, so nothing says whether this release is good enough."),
        ([("must", "met")], "The only requirement is met."),
        ([("must", "met"), ("should", "met")], "Every requirement is met: 1 of 1 must and 1 of 1 should."),
        (
            [("must", "met"), ("must", "not met")],
            "1 of 2 musts is met; not met: accuracy on “A” at least 60%.",
        ),
        (
            [("could", "waived"), ("must", "unproven"), ("must", "no evidence"), ("must", "not met")],
            "0 of 3 musts and 0 of 1 could are met; not met: accuracy on “A” at least 60%; no evidence: accuracy on “A” at "
            "least 60%; unproven: accuracy on “A” at least 60% (about 340 more examples would settle it); waived: accuracy "
            "on “A” at least 60%.",
        ),
        (
            [("must", "not met")] * 4,
            "0 of 4 musts are met; not met: accuracy on “A” at least 60%, accuracy on “A” at least 60% and 2 more.",
        ),
    ],
)
def test_each_priority_is_counted_and_what_is_open_is_named(kinds, said):
    assert narrative.requirements_answer(rows(*kinds), SPECIFICATION) == said


def test_what_is_waived_is_not_said_to_be_met():
    said = narrative.standing(3, [], [], [], 4, ["Accuracy on “A” at least 45%"])
    assert said == "3 of 4 requirements are met; waived: accuracy on “A” at least 45%."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"room": 0.0146}, "; 1.5 points less would break it."),
        ({"room": 0.0001}, "; any less would break it."),
        ({"room": 0.0146, "demand": "no_worse_than"}, "; 1.5 points worse would break it."),
        ({"status": "not met", "room": -0.2}, "; 20.0 points more would meet it (owner: us)."),
        ({"status": "not met", "room": -0.6}, "short (owner: us)."),  # no share is above 1
        ({"status": "not met", "errors_to_meet": 1, "room": -0.2}, "; 1 error fewer would meet it (owner: us)."),
        ({"status": "unproven", "errors_to_meet": 12}, "; the bar lies inside the interval; 12 errors fewer would meet it."),
        (
            {"status": "not met", "out_of_reach": True, "room": -0.2},
            "; even without an error it could not be met on so few examples (owner: us).",
        ),
        ({"rule": "point", "room": 0.032}, "3.2 points inside the bar."),
    ],
)  # fmt: skip
def test_a_standing_says_what_would_turn_it(fields, said):
    assert narrative.standing_sentence(replace(ROW, **fields), SPECIFICATION).endswith(said)


def test_a_minimum_that_is_not_reached_is_not_said_to_settle_anything():
    few = replace(ROW, status="unproven", more_examples_needed=6, to_judge=True)
    assert narrative.requirements_answer([few], SPECIFICATION) == (
        "0 of 1 must are met; unproven: accuracy on “A” at least 60% (at least 6 more examples are needed before it can be "
        "judged at all)."
    )
