"""What is said of test sets and of batches, word for word, and what their charts say aloud."""

from datetime import date

import pytest

from plainview.charts.shifts import shifts
from plainview.charts.then_and_now import then_and_now
from plainview.data_tests import DataTest, DataTests
from plainview.drift import Batch, Shift
from plainview.narrative.data_tests import data_answer, data_test_sentence
from plainview.narrative.drift import drift_answer, history_sentence, shift_phrase
from plainview.specification import load_specification

SPECIFICATION = load_specification(
    {"project": "p", "task": "classification", "columns": {"id": "id", "label": "y"}, "metrics": ["accuracy"]}
)


def shift(**changes):
    fields = {
        "column": "temp",
        "role": "column",
        "aspect": "values",
        "kind": "number",
        "verdict": "moved",
        "measure": "median",
    }
    return Shift(**{**fields, "then": 64.04, "now": 37.9, "distance": 0.4, "threshold": 0.1, "at_most": 0.5, **changes})


def batch(*found):
    return Batch("p", "1", "May", date(2026, 5, 31), 900, "the test set", 2_000, "0" * 64, found)


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({}, "temp fell (median 64.0 to 37.9)"),
        ({"now": 70.0}, "temp rose (median 64.0 to 70)"),
        ({"now": 64.04}, "temp spread differently around the same median"),
        ({"kind": "category", "measure": "EWR", "then": 0.1, "now": 0.25}, "temp is “EWR” more often (10.0% to 25.0%)"),
        ({"aspect": "missing", "then": 0.0002, "now": 0.1}, "temp is missing more often (under 0.1% of rows to 10.0%)"),
        ({"kind": "words", "then": 9.0, "now": 14.0}, "temp got longer (median 9 to 14 words)"),
        ({"role": "prediction", "kind": "category", "measure": "yes", "then": 0.5, "now": 0.2},
         "the predictions are “yes” less often (50.0% to 20.0%)"),
        ({"role": "label", "column": "y"}, "the labels (y) fell (median 64.0 to 37.9)"),
        ({"verdict": "not there"}, "temp is not there as in the test set"),
    ],
)  # fmt: skip
def test_what_a_column_did(changes, phrase):
    assert shift_phrase(shift(**changes)) == phrase


def test_what_moved_is_said_in_one_sentence():
    others = [shift(column=name, distance=0.2) for name in ("visib", "wind")]
    said = drift_answer(batch(shift(), *others), SPECIFICATION)
    assert said == (
        "In the batch “May”, temp fell (median 64.0 to 37.9) and visib fell (median 64.0 to 37.9), against the test set; "
        "wind moved too."
    )


def test_no_change_is_said_only_where_it_is_known():
    known = drift_answer(batch(shift(verdict="as before")), SPECIFICATION)
    assert known == "The batch “May” is like the test set: a shift that matters is ruled out in every column."
    open_ = drift_answer(batch(shift(verdict="as before"), shift(column="x", verdict="too few rows")), SPECIFICATION)
    assert open_.endswith("as far as can be told, but there are too few rows to rule out that 1 column moved.")


def test_how_the_batches_came_out():
    until = date(2026, 5, 31)
    assert history_sentence(["alarm"], until) == "This is the first batch."
    assert history_sentence(["alarm", "as before", "cannot tell"], until) == (
        "Of 3 batches until 31 May 2026, 1 raised an alarm."
    )


def ran(*tests):
    return DataTests("p", "1", "0" * 64, 100, tests)


def test_a_test_set_is_never_called_fit_where_something_is_open():
    passed, leak = (
        DataTest("duplicates", "pass", of=100),
        DataTest("leak", "no evidence", reason="No training data was given."),
    )
    failed = DataTest("missing values", "fail", "age", 3, 100, 0.0)
    assert data_answer(ran(passed)) == "The test set passes the one data test."
    assert data_answer(ran(passed, leak)) == (
        "No data test fails: 1 of 2 data tests passes, and there is no verdict on leak."
    )
    assert data_answer(ran(failed, passed)) == (
        "Look at the test set before its numbers: 1 of 2 data tests fails: missing values (age)."
    )
    assert data_test_sentence(failed) == "3 of 100 examples have no value of age; none may lack it."
    assert data_test_sentence(leak) == "No training data was given."


def test_the_charts_say_aloud_what_they_show():
    cells = [
        {"cell": name, "low": None, "high": None, "then": then, "now": 1 - then}
        for name, then in (("a", 0.9), ("b", 0.1))
    ]
    _, alt = then_and_now(cells, column="region", then="the test set", now="May")
    assert alt == "region most often: in the test set a (90.0%), in May b (90.0%)."
    verdicts = (("a", "moved"), ("b", "as before"))
    rows = [{"column": "temp", "batch": name, "verdict": verdict, "read": ""} for name, verdict in verdicts]
    assert shifts(rows, now="b")[1] == "1 column over 2 batches. Moved: temp in 1."
