"""What whole pages say first, sentence by sentence."""

from datetime import date
from types import SimpleNamespace

import pytest

from plainview import narrative
from plainview.narrative.wholes import asked_for, clipped, lasting, left_out_sentence

PASS, WATCH, FAIL, NONE = "Pass", "Watch", "Fail", "No evidence"


@pytest.mark.parametrize(
    ("states", "scenarios", "few", "sentence"),
    [
        ([], 16, 0, "Accuracy was measured on 16 scenarios; no requirement says how good is good enough."),
        ([], 1, 1, "Accuracy was measured on 1 scenario; no requirement says how good is good enough. "
                   "1 scenario has too few examples to be judged."),
        ([PASS], 16, 0, "1 of 16 scenarios has a requirement on accuracy: 1 holds."),
        ([PASS, PASS, FAIL, WATCH, NONE], 16, 0,
         "5 of 16 scenarios have a requirement on accuracy: 2 hold, 1 fails and 2 cannot be told yet."),
        ([FAIL, FAIL], 300, 111, "2 of 300 scenarios have a requirement on accuracy: 2 fail. "
                                 "111 scenarios have too few examples to be judged."),
    ],
)  # fmt: skip
def test_behaviours_count_what_holds_what_fails_and_what_cannot_be_told(states, scenarios, few, sentence):
    assert narrative.behaviours_answer("accuracy", states, scenarios, few) == sentence


@pytest.mark.parametrize(
    ("states", "urgent", "sentence"),
    [
        ([], [], "No project is published yet."),
        ([PASS], [], "1 of 1 project meets every requirement."),
        ([WATCH], [], "The only project does not meet every requirement; it has something open."),
        ([WATCH, WATCH, NONE], [], "No project meets every requirement; 2 have something open; 1 has no evidence."),
        ([PASS, PASS, FAIL], ["Night"], "2 of 3 projects meet every requirement; “Night” fails one that is a must."),
    ],
)
def test_a_portfolio_counts_no_evidence_apart_and_never_as_met(states, urgent, sentence):
    assert narrative.portfolio_answer(states, urgent) == sentence


@pytest.mark.parametrize(
    ("first", "last", "releases", "more", "sentence"),
    [
        (0.582, 0.634, 5, {}, "Over 5 releases, a to z, accuracy went from 58.2% to 63.4%, on the same examples."),
        (0.5, 0.5, 1, {}, "One release so far: accuracy is 50.0%. A trend needs two."),
        (0.5, 0.6, 2, {"scenario": "At night"},
         "Over 2 releases, a to z, accuracy on “At night” went from 50.0% to 60.0%, on the same examples."),
        (None, 0.6, 2, {}, "Accuracy has no value in a and 60.0% in z, on the same examples."),
    ],
)  # fmt: skip
def test_a_trend_says_where_it_came_from_and_where_it_went(first, last, releases, more, sentence):
    assert narrative.trend_answer("accuracy", "", ("a", first), ("z", last), releases, [], **more) == sentence


def test_a_trend_over_another_test_set_is_not_called_one_on_the_same_examples():
    said = narrative.trend_answer("mae", "minutes", ("a", 3.0), ("z", 2.0), 4, ["c"])
    assert said.endswith("but the test set changed at c: values before and after are not on the same examples.")


def test_a_trend_that_begins_and_ends_alike_is_not_said_to_have_gone_anywhere():
    said = narrative.trend_answer("accuracy", "", ("a", 0.9801), ("z", 0.9799), 24, [])
    assert said == "Over 24 releases, a to z, accuracy began and ended at 98.0%, on the same examples."


def test_a_trend_names_every_reason_why_its_ends_do_not_compare():
    turned = {"redefined": ["d"], "metric": ["e"], "split": []}
    said = narrative.trend_answer("accuracy", "", ("a", 0.5), ("z", 0.6), 9, ["c"], scenario="Night", turned=turned)
    assert said.endswith(
        "but the test set changed at c, the scenario was redefined at d and the metric was measured otherwise at e: "
        "values before and after are not of the same thing."
    )


def test_records_of_a_newer_version_are_not_called_damaged():
    assert left_out_sentence(1, 0) == "1 damaged record is left out"
    assert left_out_sentence(0, 1) == "1 record written by a newer version is left out"
    assert left_out_sentence(2, 1) == "2 damaged records and 1 record written by a newer version are left out"


def test_what_the_address_asks_for_is_shown_with_the_nearest_name_and_not_at_any_length():
    assert asked_for("accuraccy", ["accuracy", "f1"]) == "The address asks for “accuraccy”. Did you mean 'accuracy'?"
    assert len(asked_for("x" * 5000, ["accuracy"])) < 150


def test_names_are_clipped_only_where_they_are_too_long():
    assert clipped("a" * 60) == "a" * 60
    assert clipped("a b" * 60, 10) == "a ba ba b…"


def test_how_long_a_line_of_releases_lasted():
    first, last, undated = (SimpleNamespace(released=day) for day in (date(2016, 2, 1), date(2019, 8, 22), None))
    assert lasting([first, last]) == "2 releases · 1 February 2016 to 22 August 2019"
    assert lasting([first]) == "1 release · 1 February 2016"
    assert lasting([first, undated]) == "2 releases"
