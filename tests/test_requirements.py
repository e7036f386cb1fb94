"""Requirements: every status on each side of the bar, by either rule, and how many errors would undo it."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from verb_cases import NUMBERS, answers, paired_frame, specification

from plainview.evaluation import evaluate
from plainview.requirements import by_priority, counts, judge
from plainview.specification import load_specification
from plainview.verdicts import paired_changes


def demanded(*metrics, **requirement):
    return specification(*metrics, requirements=[{"id": "R", "metric": "accuracy", **requirement}])


def standing(right, wrong, demand):
    """Where a release with so many right and wrong answers stands on its one requirement."""
    rows = paired_frame(right, 0, 0, wrong)
    return judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)[0]


@pytest.mark.parametrize(
    ("right", "rule", "status"),
    [
        (86, "interval", "met"), (85, "interval", "met"), (81, "interval", "unproven"), (75, "interval", "unproven"),
        (63, "interval", "not met"), (64, "interval", "not met"), (75, "point", "met"), (74, "point", "not met"),
        (99, "point", "met"), (10, "point", "not met"),
    ],
)  # fmt: skip
def test_at_least_is_met_when_the_low_end_clears_the_bar_or_by_the_estimate_alone(right, rule, status):
    found = standing(right, 100 - right, demanded(at_least=0.75, rule=rule))
    assert found.status == status
    low, high = proportion_confint(right, 100, method="wilson")
    assert (found.value, found.low, found.high, found.bar) == (
        right / 100, pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12), 0.75,
    )  # fmt: skip
    assert found.distance == pytest.approx(right / 100 - 0.75)
    assert found.rule == rule
    assert (found.more_examples_needed is not None) == (status == "unproven")


def _false_alarms(wrong, demand):
    rows = paired_frame(0, 0, 0, 100 - wrong).with_columns(label=pl.lit("no"))
    alarms = paired_frame(wrong, part="b").with_columns(label=pl.lit("no"))
    rows = pl.concat([rows, alarms])
    return judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)[0]


@pytest.mark.parametrize(
    ("wrong", "rule", "status"),
    [
        (12, "interval", "met"),
        (25, "interval", "unproven"),
        (36, "interval", "not met"),
        (25, "point", "met"),
        (26, "point", "not met"),
    ],
)
def test_at_most_is_met_when_the_high_end_stays_under_the_bar(wrong, rule, status):
    metric = "false_positive_rate[yes]"
    found = _false_alarms(wrong, demanded(metric, metric=metric, at_most=0.25, rule=rule))
    assert (found.status, found.distance) == (status, pytest.approx(0.25 - wrong / 100))


@pytest.mark.parametrize("rule", ["interval", "point"])
def test_too_few_examples_can_neither_pass_nor_fail(rule):
    for right, wrong in ((29, 0), (0, 29)):
        found = standing(right, wrong, demanded(at_least=0.5, rule=rule))
        assert (found.status, found.more_examples_needed, found.errors_to_flip) == ("unproven", 1, None)
        assert "29 examples" in found.sentence


def test_what_was_not_measured_is_no_evidence_and_says_why():
    demand = specification("accuracy", scenarios={"Nobody": "part = 'z'"}, requirements=[
        {"id": "A", "metric": "accuracy", "scenario": "Nobody", "at_least": 0.5},
        {"id": "B", "metric": "recall[no]", "at_least": 0.5},
    ])  # fmt: skip
    rows = paired_frame(50)
    found = judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)
    assert [(row.status, row.value, row.distance) for row in found] == [("no evidence", None, None)] * 2
    assert "no examples with a label and a prediction" in found[0].sentence
    assert "no example is no" in found[1].sentence
    assert judge(demand, [], lambda name: None)[0].status == "no evidence"


# How many more errors would undo it


@given(
    right=st.integers(0, 150),
    wrong=st.integers(0, 150),
    bar=st.integers(1, 99),
    rule=st.sampled_from(["interval", "point"]),
    metric=st.sampled_from(["accuracy", "recall[yes]", "false_positive_rate[no]"]),
    confidence=st.sampled_from([0.8, 0.95]),
)
@settings(max_examples=120, deadline=None)
def test_exactly_so_many_more_errors_break_a_requirement_and_one_fewer_does_not(
    right, wrong, bar, rule, metric, confidence
):
    bound = {"at_most": bar / 100} if metric.startswith("false") else {"at_least": bar / 100}
    requirement = {"id": "R", "metric": metric, "rule": rule, **bound}
    demand = specification(metric, confidence=confidence, requirements=[requirement], minimum_examples=1)
    found = standing(right, wrong, demand)
    if found.status != "met":
        assert found.errors_to_flip is None
        return
    errors = found.errors_to_flip
    if errors is None:  # no number of errors does it
        assert standing(0, right + wrong, demand).status == "met"
        return
    assert 1 <= errors <= right
    assert standing(right - errors, wrong + errors, demand).status != "met"
    assert standing(right - errors + 1, wrong + errors - 1, demand).status == "met"


@pytest.mark.parametrize(
    ("metric", "bound"),
    [
        ("precision[yes]", {"at_least": 0.5}), ("f1[yes]", {"at_least": 0.5}), ("macro_f1", {"at_least": 0.2}),
        ("accuracy", {"at_most": 1.0}), ("false_positive_rate[no]", {"at_least": 0.0}),
    ],
)  # fmt: skip
def test_errors_are_not_counted_where_an_error_does_not_simply_cost_a_hit(metric, bound):
    found = standing(95, 5, specification(metric, requirements=[{"id": "R", "metric": metric, **bound}]))
    assert (found.status, found.errors_to_flip) == ("met", None)


def test_weighted_errors_are_not_counted():
    demand = specification(
        requirements=[{"id": "R", "metric": "accuracy", "at_least": 0.5}],
        columns={"id": "id", "label": "label", "weight": "w"},
    )
    rows = paired_frame(90, 0, 0, 10).with_columns(w=pl.int_range(1, 101))
    found = judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)[0]
    assert (found.status, found.errors_to_flip) == ("met", None)


# About how many more examples


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_examples_asked_for_mostly_settle_a_bar(confidence):
    demand = specification(confidence=confidence, requirements=[{"id": "R", "metric": "accuracy", "at_least": 0.7}])
    generator = np.random.default_rng(3)
    settled = tried = 0
    while tried < 40:
        right = int(generator.binomial(100, 0.8))
        found = standing(right, 100 - right, demand)
        if found.status == "unproven" and found.more_examples_needed and found.more_examples_needed < 5000:
            tried += 1
            more = int(generator.binomial(found.more_examples_needed, 0.8))
            settled += (
                standing(right + more, 100 + found.more_examples_needed - right - more, demand).status != "unproven"
            )
    assert settled >= 24


def test_numbers_have_bars_too():
    error = np.random.default_rng(1).normal(0, 2.5, 300)
    mean = np.abs(error).mean()
    bars = "".join(
        f"  - {{id: {bar:.3f}, metric: mae, at_most: {bar}}}\n" for bar in (mean + 0.5, mean + 0.05, mean - 0.5)
    )
    demand = load_specification(
        f"{NUMBERS}requirements:\n{bars}  - {{id: D, metric: rmse, at_most: 9, scenario: Far}}\n"
    )
    rows = pl.DataFrame({"id": [f"{n:03}" for n in range(300)], "label": 0.0, "distance": 0, "after": error})
    found = judge(demand, evaluate(rows, answers(rows, "after"), demand), lambda name: None)
    assert [row.status for row in found] == ["met", "unproven", "not met", "no evidence"]
    assert found[1].more_examples_needed > 0
    assert [row.errors_to_flip for row in found] == [None] * 4
    assert "minutes" in found[0].sentence


# No worse than


def relative(table, metric="accuracy", **requirement):
    demand = specification(
        metric, requirements=[{"id": "R", "metric": metric, "no_worse_than": "previous", **requirement}]
    )
    rows = paired_frame(*table)
    changes = paired_changes(rows, answers(rows, "before"), answers(rows, "after"), demand)
    asked = []
    found = judge(demand, [], lambda name: asked.append(name) or ("1.0", changes))[0]
    assert asked == [requirement.get("no_worse_than", "previous")]
    return found, changes[0]


@pytest.mark.parametrize(
    ("table", "more", "status"),
    [
        ((600, 60, 20, 320), {}, "met"),
        ((700, 5, 5, 1290), {}, "met"),
        ((600, 30, 30, 340), {}, "unproven"),
        ((600, 30, 30, 340), {"margin": 0.03}, "met"),
        ((600, 20, 60, 320), {}, "not met"),
        ((600, 20, 60, 320), {"margin": 0.2}, "met"),
        ((600, 30, 39, 331), {"rule": "point"}, "met"),
        ((600, 30, 41, 329), {"rule": "point"}, "not met"),
        ((20, 0, 0, 9), {}, "unproven"),
        ((20, 0, 9, 0), {"rule": "point"}, "unproven"),
        ((600, 20, 60, 320), {"no_worse_than": "2.0"}, "not met"),
    ],
)
def test_no_worse_than_is_met_when_a_loss_as_large_as_the_margin_is_ruled_out(table, more, status):
    found, change = relative(table, **more)
    assert found.status == status
    assert (found.value, found.bar) == (change.candidate, change.baseline)
    assert found.distance == pytest.approx(change.difference + more.get("margin", 0.01))
    assert "compared with 1.0" in found.sentence


def test_no_worse_than_a_release_that_is_not_there_is_no_evidence():
    relative_ones = [{"id": name, "metric": "accuracy", "no_worse_than": name} for name in ("previous", "0.9")]
    demand = specification(requirements=relative_ones)
    found = judge(demand, [], lambda name: None)
    assert [row.status for row in found] == ["no evidence"] * 2
    assert "there is no earlier release to compare with" in found[0].sentence
    assert "there is no release '0.9' to compare with" in found[1].sentence


def test_no_worse_than_is_no_evidence_where_nothing_can_be_compared():
    found, change = relative((0, 0, 0, 0))
    assert (found.status, found.value, found.distance) == ("no evidence", None, None)
    assert change.reason in found.sentence


def test_no_worse_than_is_unproven_where_the_difference_has_no_interval():
    demand = load_specification(NUMBERS + "requirements:\n  - {id: R, metric: rmse, no_worse_than: previous}\n")
    rows = pl.DataFrame(
        {"id": [f"{n:03}" for n in range(60)], "label": 0.0, "distance": 0, "before": 1.0, "after": 0.0}
    )
    changes = paired_changes(rows, answers(rows, "before"), answers(rows, "after"), demand)
    found = judge(demand, [], lambda name: ("1.0", changes))[0]
    assert found.status in ("met", "unproven")


@pytest.mark.parametrize(("shift", "status"), [(-0.5, "met"), (0.05, "met"), (0.5, "unproven"), (1.5, "not met")])
def test_smaller_errors_are_no_worse(shift, status):
    demand = load_specification(
        NUMBERS + "requirements:\n  - {id: R, metric: mae, no_worse_than: previous, margin: 0.5}\n"
    )
    before = np.abs(np.random.default_rng(4).normal(5, 1, 100))
    after = before + shift + np.tile([0.3, -0.3], 50)
    rows = pl.DataFrame(
        {"id": [f"{n:03}" for n in range(100)], "label": 0.0, "distance": 0, "before": before, "after": after}
    )
    changes = paired_changes(rows, answers(rows, "before"), answers(rows, "after"), demand)
    found = judge(demand, [], lambda name: ("1.0", changes))[0]
    assert found.status == status
    assert found.distance == pytest.approx(0.5 - changes[0].difference)


# All of them


def test_what_needs_attention_comes_first():
    row = standing(86, 14, demanded(at_least=0.75))
    kinds = [
        (status, priority)
        for status in ("met", "unproven", "waived", "not met", "no evidence")
        for priority in ("could", "must")
    ]
    rows = [dataclasses.replace(row, status=status, priority=priority) for status, priority in kinds]
    assert [(one.status, one.priority) for one in by_priority(rows)] == [
        (status, priority)
        for status in ("not met", "no evidence", "unproven", "waived", "met")
        for priority in ("must", "could")
    ]
    assert counts(rows) == {"met": 2, "no evidence": 2, "not met": 2, "unproven": 2, "waived": 2}


def test_a_standing_carries_what_the_specification_said():
    behaviours = [{"name": "Copes", "scenarios": [{"name": "A", "where": "part = 'a'"}]}]
    requirement = {
        "id": "REQ-7", "metric": "accuracy", "behaviour": "Copes", "scenario": "A", "at_least": 0.5, "priority": "should",
        "owner": "us", "reason": "because",
    }  # fmt: skip
    found = standing(86, 14, specification(behaviours=behaviours, requirements=[requirement]))
    assert (found.id, found.behaviour, found.scenario, found.metric) == ("REQ-7", "Copes", "A", "accuracy")
    assert (found.priority, found.owner, found.reason) == ("should", "us", "because")
    assert found.to_dict()["title"] == found.title
