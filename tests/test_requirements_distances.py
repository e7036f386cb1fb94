"""Requirements: how far from flipping, in errors or in units; bars around zero; and what can never be met."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from verb_cases import NUMBERS, answers, paired_frame, specification

from plainview.evaluation import evaluate
from plainview.exceptions import SpecificationError
from plainview.requirements import judge, ranked
from plainview.specification import load_specification
from plainview.verdicts import paired_changes


def demanded(*metrics, **requirement):
    return specification(*metrics, requirements=[{"id": "R", "metric": "accuracy", **requirement}])


def standing(right, wrong, demand, **columns):
    rows = paired_frame(right, 0, 0, wrong).with_columns(**columns)
    return judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)[0]


def numbers(errors, demand):
    """Where predictions that are off by ``errors`` stand."""
    text = f"{NUMBERS}requirements:\n  - {{id: R, metric: bias, {demand}}}\n"
    rows = pl.DataFrame(
        {"id": [f"{n:04}" for n in range(len(errors))], "label": 0.0, "distance": 0, "after": np.asarray(errors)}
    )
    specified = load_specification(text)
    return judge(specified, evaluate(rows, answers(rows, "after"), specified), lambda name: None)[0]


# Errors


@given(
    right=st.integers(0, 120),
    wrong=st.integers(0, 120),
    bar=st.integers(1, 99),
    rule=st.sampled_from(["interval", "point"]),
    metric=st.sampled_from(["accuracy", "recall[yes]", "false_positive_rate[no]"]),
)
@settings(max_examples=80, deadline=None)
def test_exactly_so_many_errors_fewer_meet_a_requirement_and_one_more_does_not(right, wrong, bar, rule, metric):
    bound = {"at_most": bar / 100} if metric.startswith("false") else {"at_least": bar / 100}
    requirement = {"id": "R", "metric": metric, "rule": rule, **bound}
    demand = specification(metric, requirements=[requirement], minimum_examples=1)
    found = standing(right, wrong, demand)
    if found.status in ("met", "no evidence"):
        assert (found.errors_to_meet, found.out_of_reach) == (None, False)
    elif found.out_of_reach:
        assert found.errors_to_meet is None
        assert standing(right + wrong, 0, demand).status != "met"
        assert "even without an error it could not be met" in found.sentence
    else:
        errors = found.errors_to_meet
        assert 1 <= errors <= wrong
        assert standing(right + errors, wrong - errors, demand).status == "met"
        assert standing(right + errors - 1, wrong - errors + 1, demand).status != "met"


def test_errors_are_counted_for_a_million_examples_at_once():
    demand = demanded(at_least=0.8)
    low, high = proportion_confint(900_000, 1_000_000, method="wilson")
    many = {"value": 0.9, "of": 1_000_000.0, "examples": 1_000_000, "low": low, "high": high}
    result = evaluate(*_rows(90, 10), demand)[0].model_copy(update=many)
    errors = judge(demand, [result], lambda name: None)[0].errors_to_flip
    lows = [proportion_confint(900_000 - more, 1_000_000, method="wilson")[0] for more in (errors, errors - 1)]
    assert lows[0] < 0.8 <= lows[1]


def _rows(right, wrong):
    rows = paired_frame(right, 0, 0, wrong)
    return rows, answers(rows, "after")


def test_errors_are_not_counted_where_examples_come_in_clusters():
    columns = {"id": "id", "label": "label", "cluster": "who"}
    demand = specification(
        columns=columns, requirements=[{"id": "R", "metric": "accuracy", "at_least": 0.5}], minimum_examples=1
    )
    found = standing(270, 30, demand, who=pl.int_range(300) // 10)
    assert (found.status, found.errors_to_flip) == ("met", None)
    assert found.room == pytest.approx(found.low - 0.5)
    assert "points less would break it" in found.sentence


# Units


@pytest.mark.parametrize(
    ("bar", "status", "said"),
    [
        (3.0, "met", "more would break it"),
        (2.0, "unproven", "less would meet it"),
        (1.0, "not met", "less would meet it"),
    ],
)
def test_a_mean_says_how_much_of_it_would_turn_the_status(bar, status, said):
    error = np.tile([1.0, -3.0], 100)
    text = f"{NUMBERS}requirements:\n  - {{id: R, metric: mae, at_most: {bar}}}\n"
    rows = pl.DataFrame({"id": [f"{n:03}" for n in range(200)], "label": 0.0, "distance": 0, "after": error})
    demand = load_specification(text)
    found = judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)[0]
    assert (found.status, found.errors_to_flip, found.errors_to_meet) == (status, None, None)
    assert found.room == pytest.approx(bar - found.high)
    assert said in found.sentence
    assert "minutes" in found.sentence


def test_no_share_is_asked_for_that_cannot_be():
    demand = demanded("precision[yes]", metric="precision[yes]", at_least=0.99)
    found = standing(40, 10, demand)
    assert found.status != "met"
    assert "would meet it" not in found.sentence


# Around zero


@pytest.mark.parametrize(
    ("shift", "status", "side"),
    [(0.0, "met", 1), (-2.0, "not met", -1), (2.0, "not met", 1), (-0.98, "unproven", -1), (1.02, "unproven", 1)],
)
def test_within_judges_the_distance_from_zero_on_both_sides(shift, status, side):
    found = numbers(np.tile([0.7, -0.7], 100) + shift, "within: 1")
    assert found.status == status
    assert found.value == pytest.approx(shift)
    assert found.distance == pytest.approx(1 - abs(shift))
    assert found.title == "Bias (mean error) on all examples within 1 minutes of zero"
    assert found.room == pytest.approx(1 - max(abs(found.low), abs(found.high)))
    assert (found.more_examples_needed is not None) == (status == "unproven")
    if status == "not met":
        assert "nearer to zero would meet it" in found.sentence


def test_a_bar_on_one_side_of_a_bias_says_that_it_is_on_one_side():
    below = numbers(np.tile([0.7, -0.7], 100) - 30, "at_most: 1")
    assert (below.status, below.title) == (
        "met",
        "Bias (mean error) on all examples at most 1 minutes, however far below",
    )
    above = numbers(np.tile([0.7, -0.7], 100) + 30, "at_least: -1")
    assert (above.status, above.title) == (
        "met",
        "Bias (mean error) on all examples at least −1 minutes, however far above",
    )


def test_within_is_only_for_what_is_best_at_zero():
    with pytest.raises(SpecificationError, match="accuracy is not best at zero; write at_least or at_most"):
        demanded(within=0.1)
    with pytest.raises(SpecificationError, match="found at_most and within; exactly one of"):
        numbers([1.0] * 30, "within: 1, at_most: 1")
    with pytest.raises(SpecificationError, match="above 0"):
        numbers([1.0] * 30, "within: 0")


# No worse than


def test_the_baseline_itself_is_not_said_to_be_missing():
    demand = demanded(no_worse_than="1.0")
    found = judge(demand, [], lambda name: None, release="1.0")[0]
    assert found.status == "no evidence"
    assert "1.0 is the baseline itself, so there is nothing to compare it with" in found.sentence
    assert "there is no release" not in found.sentence


def relative(table, **requirement):
    demand = demanded(no_worse_than="previous", **requirement)
    rows = paired_frame(*table)
    changes = paired_changes(rows, answers(rows, "before"), answers(rows, "after"), demand)
    return judge(demand, [], lambda name: ("1.0", changes))[0], changes[0]


def test_a_release_held_to_another_says_how_much_worse_would_break_it():
    found, change = relative((600, 60, 20, 320))
    assert (found.status, found.baseline, found.demand) == ("met", "1.0", "no_worse_than")
    assert found.room == pytest.approx(change.one_sided[0] + 0.01)
    assert "points worse would break it." in found.sentence


def test_the_estimate_alone_is_named_where_it_decides():
    met, _ = relative((600, 30, 39, 331), rule="point")
    assert "met by the estimate alone, compared with 1.0" in met.sentence
    few, _ = relative((20, 0, 0, 9), rule="point")
    assert few.status == "unproven"
    assert "only 29 examples, 30 are needed" in few.sentence
    assert few.more_examples_needed == 1


def test_an_estimate_without_an_interval_is_unproven_and_says_so():
    demand = demanded(at_least=0.5)
    rows = paired_frame(50)
    results = [row.model_copy(update={"low": None, "high": None}) for row in evaluate(*_rows(50, 0), demand)]
    found = judge(demand, results, lambda name: None)[0]
    assert rows.height == 50
    assert found.status == "unproven"
    assert "it has no interval, so nothing can be ruled out" in found.sentence
    assert "bar lies inside" not in found.sentence


# Which come first


def test_every_open_must_comes_before_every_open_should_and_what_is_met_comes_last():
    row = standing(86, 14, demanded(at_least=0.75))
    kinds = [("met", "must"), ("waived", "must"), ("not met", "should"), ("not met", "must"), ("no evidence", "could")]
    rows = ranked([dataclasses.replace(row, status=status, priority=priority) for status, priority in kinds])
    assert [(each.status, each.priority) for each in rows] == [
        ("not met", "must"), ("waived", "must"), ("not met", "should"), ("no evidence", "could"), ("met", "must"),
    ]  # fmt: skip


# What has no examples


@pytest.mark.parametrize(
    "metric", ["accuracy", "recall[yes]", "precision[yes]", "f1[yes]", "macro_f1", "matthews_correlation"]
)
@pytest.mark.parametrize("bound", [{"at_least": 0.0}, {"at_most": 1.0}])
def test_a_scenario_without_examples_is_never_met(metric, bound):
    requirement = {"id": "R", "metric": metric, "scenario": "Nobody", **bound}
    demand = specification(metric, scenarios={"Nobody": "part = 'z'"}, requirements=[requirement], minimum_examples=1)
    found = standing(50, 5, demand)
    assert (found.status, found.value, found.state) == ("no evidence", None, "No evidence")


@pytest.mark.parametrize("metric", ["recall[no]", "false_positive_rate[yes]", "specificity[yes]"])
def test_a_class_without_examples_is_never_met(metric):
    requirement = {"id": "R", "metric": metric, "at_least": 0.0}
    found = standing(50, 0, specification(metric, requirements=[requirement], minimum_examples=1))
    assert (found.status, found.value) == ("no evidence", None)
