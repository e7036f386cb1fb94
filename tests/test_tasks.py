"""The tasks: from columns to contributions, with what is missing kept apart and never guessed."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.exceptions import FrameError
from plainview.kernel import sums
from plainview.tasks import TASKS, classification, regression

NAMES = st.sampled_from(["a", "b", None])
NUMBERS = st.one_of(st.none(), st.floats(-1e6, 1e6, width=32))


def _text(values):
    return classification.prepare(pl.Series("label", values, dtype=pl.String))


def _numbers(values):
    return regression.prepare(pl.Series("label", values, dtype=pl.Float64))


def _totals(contributions):
    return sums(contributions, [np.ones(len(contributions.codes), dtype=bool)]).totals()


def _counts(totals):
    return {cell: count for cell, count in zip(totals.cells, totals.count[:, 0].tolist(), strict=True) if count}


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_the_names_that_the_kernel_calls(name):
    assert {"prepare", "parts", "paired_parts", "right"} <= set(vars(TASKS[name]))


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([1, 0, None]),
        pl.Series([1.0, 0.0, None]),
        pl.Series([1.0, 0.0, float("nan")]),
        pl.Series(["1", "0", ""]),
    ],
    ids=["whole", "decimal", "not a number", "text"],
)
def test_one_and_one_point_nought_and_the_text_1_are_one_class(values):
    assert classification.prepare(values).to_list() == ["1", "0", None]


def test_truths_are_classes_named_true_and_false():
    assert classification.prepare(pl.Series([True, False, None])).to_list() == ["true", "false", None]


@pytest.mark.parametrize("value", [0.5, float("inf"), float("-inf"), 1e19, -1e300])
def test_a_number_that_is_not_whole_is_no_class_and_is_named(value):
    with pytest.raises(
        FrameError, match=r"Column 'p' holds .*a class is a name or a whole number.*task: regression"
    ) as error:
        classification.prepare(pl.Series("p", [1.0, None, value]))
    assert repr(value) in str(error.value)


def test_rows_fall_into_the_cell_of_their_label_and_prediction():
    label, prediction = _text(["a", "a", "b", None, "b", None]), _text(["a", "b", "a", "a", None, None])
    found = _counts(_totals(classification.contributions(label, prediction)))
    cells = [("a", "a"), ("a", "b"), ("b", "a"), (None, "a"), ("b", None), (None, None)]
    assert found == dict.fromkeys(cells, 1.0)


def test_an_example_is_fixed_when_it_was_wrong_and_is_right_and_broke_when_the_other_way_round():
    rows = [("a", "b", "a"), ("a", "a", "b"), ("a", "a", "a"), ("a", "b", "c"), ("b", "c", "b")]
    label, before, after = (_text(list(column)) for column in zip(*rows, strict=True))
    flips = [cell[-1] for cell in classification.paired(label, before, after).cells]
    by_cell = dict(zip([cell[:3] for cell in classification.paired(label, before, after).cells], flips, strict=True))
    assert by_cell == dict(zip(rows, ["fixed", "broke", "same", "same", "fixed"], strict=True))


@given(rows=st.lists(st.tuples(NAMES, NAMES, NAMES, st.integers(1, 9)), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_either_side_of_a_pair_is_that_release_alone(rows):
    label, before, after, weight = (list(column) for column in zip(*rows, strict=True))
    label, before, after, weight = _text(label), _text(before), _text(after), np.array(weight, dtype=float)
    joint = _totals(classification.paired(label, before, after, weight))
    for side, alone in ((1, before), (2, after)):
        projected, single = joint.project(0, side), _totals(classification.contributions(label, alone, weight))
        assert _counts(projected) == _counts(single)
        for term in ("w", "w²"):
            assert projected.terms[term].sum() == single.terms[term].sum()


def test_what_is_missing_is_not_right():
    assert classification.right(_text(["a", "a", None]), _text(["a", None, None])).tolist() == [True, False, False]
    assert regression.right(_numbers([1.0]), _numbers([1.0])) is None


@pytest.mark.parametrize(("value", "found"), [("1", "string"), (True, "boolean"), (date(2024, 1, 1), "date")])
def test_regression_refuses_what_is_no_number(value, found):
    with pytest.raises(FrameError, match=f"Column 'x' holds {found} values, but regression needs numbers"):
        regression.prepare(pl.Series("x", [value]))


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 1e308, -6e69])
def test_regression_refuses_numbers_next_to_infinite_and_names_the_row(value):
    with pytest.raises(FrameError, match=r"Column 'x' holds .* in row 3: nothing, or a number up to 5e\+69"):
        regression.prepare(pl.Series("x", [1.0, None, value]))


def test_not_a_number_is_missing():
    assert regression.prepare(pl.Series([1.0, float("nan"), None])).to_list() == [1.0, None, None]
    assert regression.prepare(pl.Series([None, None])).to_list() == [None, None]


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(1, 9)), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_errors_are_summed_where_both_numbers_are_there(rows):
    label, prediction, weight = (list(column) for column in zip(*rows, strict=True))
    totals = _totals(regression.contributions(_numbers(label), _numbers(prediction), np.array(weight, dtype=float)))
    e = np.array([p - y for y, p, _ in rows if None not in (y, p)])
    w = np.array([weight for y, p, weight in rows if None not in (y, p)], dtype=float)
    there = totals.where(np.array([None not in cell for cell in totals.cells]))
    expected = {"e": w @ e, "abs": w @ np.abs(e), "e²": w @ e**2, "e⁴": w @ e**4, "w": w.sum(), "w²": w @ w}
    assert there.count.sum() == len(e)
    for term, value in expected.items():
        found = there.terms[term].sum() if term in there.terms else 0.0
        assert found == pytest.approx(value, rel=1e-12, abs=1e-9)


def test_a_prediction_came_closer_only_by_more_than_the_margin():
    label = _numbers([0.0] * 6)
    before, after = _numbers([2.0, 2.0, 1.0, 1.0, 1.0, None]), _numbers([1.0, 0.5, 2.0, 2.5, -1.0, 0.0])
    totals = _totals(regression.paired(label, before, after, margin=1.0))
    flips = {}
    for (_, *sides, flip), count in _counts(totals).items():
        flips[flip if None not in sides else "missing"] = flips.get(flip, 0) + count
    assert flips == {"same": 3.0, "fixed": 1.0, "broke": 1.0, "missing": 1.0}


def test_the_terms_of_a_pair_leave_out_what_one_release_did_not_answer():
    totals = _totals(regression.paired(_numbers([0.0, 0.0]), _numbers([3.0, None]), _numbers([-1.0, 100.0])))
    found = {term: values.sum() for term, values in totals.terms.items()}
    assert found == {
        "d": -2.0, "d²": 4.0, "be": 3.0, "ce": -1.0, "b²": 9.0, "c²": 1.0, "bc": -3.0, "|b|": 3.0, "|c|": 1.0,
        "b⁴": 81.0, "c⁴": 1.0, "b²c²": 9.0,
    }  # fmt: skip
