"""Answers that are missing: a release that leaves its hard examples out must not look good by it."""

import polars as pl
import pytest
from verb_cases import answers, numbers, paired_frame, put, specification

from plainview.evaluation import evaluate
from plainview.publishing import publish
from plainview.report import release_report
from plainview.requirements import judge
from plainview.store import open_store
from plainview.verdicts import paired_changes

CLASSES = """
project: reviews
task: classification
columns: {id: id, label: label}
metrics: [accuracy]
requirements:
  - {id: A, metric: accuracy, at_least: 0.9}
  - {id: B, metric: accuracy, no_worse_than: previous}
  - {id: C, metric: accuracy, at_least: 0.5}
  - {id: D, metric: accuracy, no_worse_than: previous, rule: point}
"""


def rows_with(wrong: int, blank: int, size: int = 1500, unlabelled: int = 0) -> pl.DataFrame:
    """So many wrong answers at the front, or none at all."""
    answered = ["no"] * wrong + ["yes"] * (size - wrong - 1) + ["no"]
    return pl.DataFrame(
        {
            "id": [f"{n:05}" for n in range(size)],
            "label": [None if n < unlabelled else "yes" for n in range(size - 1)] + ["no"],
            "prediction": [None if n < blank else answer for n, answer in enumerate(answered)],
        }
    )


def reported(tmp_path, before: pl.DataFrame, after: pl.DataFrame):
    put(before, tmp_path, specification=CLASSES, release="2.0", released="2024-01-01")
    put(after, tmp_path, specification=CLASSES, release="3.0", released="2024-02-01")
    report = release_report(open_store(tmp_path), "reviews", "3.0")
    return report, {row.id: row for row in report.standings}


def test_wrong_answers_that_are_left_out_make_no_release_perfect(tmp_path):
    report, found = reported(tmp_path, rows_with(213, 0), rows_with(213, 213))
    assert report.headline.endswith("; 3.0 left 213 of 1,500 examples unanswered.")
    assert report.standing.endswith("; 3.0 left 213 of 1,500 examples unanswered.")
    assert {name: row.status for name, row in found.items()} == {
        "A": "unproven", "B": "unproven", "C": "met", "D": "unproven",
    }  # fmt: skip
    for name in ("A", "B", "D"):
        assert "213 examples have no answer; with them as wrong it would not be met" in found[name].sentence
        assert (found[name].errors_to_flip, found[name].more_examples_needed) == (None, None)


def test_up_to_one_in_a_hundred_is_let_pass_and_said_where_it_is_more_than_before(tmp_path):
    report, found = reported(tmp_path, rows_with(20, 0), rows_with(20, 15))
    assert "3.0 left 15 of 1,500 examples unanswered" in report.headline
    assert found["A"].status == "met"
    alike, _ = reported(tmp_path / "b", rows_with(20, 15), rows_with(20, 15))
    assert "unanswered" not in alike.headline + alike.standing


def test_an_example_without_a_label_is_no_answer_that_is_missing(tmp_path):
    report, found = reported(tmp_path, rows_with(20, 0, unlabelled=300), rows_with(20, 0, unlabelled=300))
    assert found["A"].status == "met"
    assert "unanswered" not in report.headline + report.standing


@pytest.mark.parametrize(("bar", "status"), [(0.8, "met"), (0.9, "unproven")])
def test_a_proportion_is_judged_with_the_missing_ones_as_wrong(bar, status):
    demand = specification("accuracy", requirements=[{"id": "R", "metric": "accuracy", "at_least": bar}])
    rows = paired_frame(900, 0, 0, 0)
    results = evaluate(rows, answers(rows, "after"), demand)
    assert judge(demand, results, lambda name: None, unanswered=lambda result: 100)[0].status == status


def test_a_share_of_errors_is_judged_with_the_missing_ones_as_errors():
    metric = "false_positive_rate[yes]"
    demand = specification(metric, requirements=[{"id": "R", "metric": metric, "at_most": 0.1}])
    rows = paired_frame(900, 0, 0, 0).with_columns(label=pl.lit("no"), before=pl.lit("no"), after=pl.lit("no"))
    results = evaluate(rows, answers(rows, "after"), demand)
    assert judge(demand, results, lambda name: None)[0].status == "met"
    found = judge(demand, results, lambda name: None, unanswered=lambda result: 120)[0]
    assert (found.status, "might not be met" in found.sentence) == ("unproven", False)
    assert "it would not be met" in found.sentence


def test_what_no_bound_is_known_of_is_unproven(tmp_path):
    demand = """
project: delays
task: regression
columns: {id: id, label: label}
metrics: [mae]
requirements: [{id: R, metric: mae, at_most: 1000000}]
"""
    rows = numbers()
    whole = publish(rows, specification=demand, release="1.0", store=tmp_path)
    holes = rows.with_columns(prediction=pl.when(pl.int_range(pl.len()) < 6).then(None).otherwise("prediction"))
    publish(holes, specification=demand, release="2.0", store=tmp_path)
    store = open_store(tmp_path)
    assert release_report(store, whole.project, "1.0").standings[0].status == "met"
    row = release_report(store, whole.project, "2.0").standings[0]
    assert row.status == "unproven"
    assert "6 examples have no answer, and how much that hides is not known" in row.sentence


def test_not_met_stays_not_met():
    demand = specification("accuracy", requirements=[{"id": "R", "metric": "accuracy", "at_least": 0.99}])
    rows = paired_frame(500, 0, 0, 400)
    results = evaluate(rows, answers(rows, "after"), demand)
    assert judge(demand, results, lambda name: None, unanswered=lambda result: 100)[0].status == "not met"


@pytest.mark.parametrize(("missing", "status"), [(0, "met"), (9, "met"), (60, "unproven")])
def test_no_worse_than_is_judged_as_if_every_missing_one_had_broken(missing, status):
    demand = specification(
        "accuracy", requirements=[{"id": "R", "metric": "accuracy", "no_worse_than": "previous", "margin": 0.03}]
    )
    rows = paired_frame(900, 20, 20, 60)
    changes = paired_changes(rows, answers(rows, "before"), answers(rows, "after"), demand)
    results = evaluate(rows, answers(rows, "after"), demand)
    found = judge(demand, results, lambda name: ("1.0", changes), unanswered=lambda result: missing)[0]
    assert found.status == status
