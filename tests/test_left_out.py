"""What is missing: counted for each release and metric, told in sentences, and never taken for an answer."""

import polars as pl
import pytest

from plainview import narrative
from plainview.comparison import compare
from plainview.metrics import METRICS, split_key
from plainview.publishing import publish
from plainview.report import release_report
from plainview.specification import load_specification
from plainview.store import open_store

DEMANDED = {
    "project": "delays",
    "task": "classification",
    "positive": "late",
    "columns": {"id": "id", "label": "label", "score": "score"},
    "metrics": ["accuracy", "roc_auc"],
}


def frame(*, unlabelled=0, first=0, last=0, unscored=0) -> pl.DataFrame:
    """100 examples: so many without a label, the first and the last without a prediction, and some without a score."""
    row = pl.int_range(100)
    late = row % 2 == 0
    words = pl.when(late).then(pl.lit("late")).otherwise(pl.lit("on time"))
    return pl.select(
        id=row.cast(pl.String).str.zfill(3),
        label=pl.when((row < 50) | (row >= 50 + unlabelled)).then(words),
        prediction=pl.when((row >= first) & (row < 100 - last)).then(pl.lit("late")),
        score=pl.when((row < 20) | (row >= 20 + unscored)).then(0.4 + 0.2 * late + row / 1000),
    )  # fmt: skip


def put(root, before: pl.DataFrame, after: pl.DataFrame, **more):
    for release, rows in (("1", before), ("2", after)):
        publish(rows, specification=DEMANDED | more, release=release, released=f"2024-01-0{release}", store=root)
    return open_store(root)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"first": 3}, {}, "3 examples left out: 3 without an answer of 1."),
        ({"first": 3}, {"last": 4}, "7 examples left out: 3 without an answer of 1 and 4 without an answer of 2."),
        (
            {"first": 3},
            {"first": 5},
            "5 examples left out: 3 without an answer of 1 and 5 without an answer of 2, some of them without both.",
        ),
        (
            {"unlabelled": 2, "first": 1},
            {"unlabelled": 2},
            "3 examples left out: 2 without a label and 1 without an answer of 1.",
        ),
    ],
)
def test_a_comparison_says_which_release_lacks_what(tmp_path, before, after, said):
    store = put(tmp_path / "store", frame(**before), frame(**after))
    found = compare(store, "delays", "1", "2")
    assert said in found.sentences
    left = int(said.split()[0])
    assert found.examples == 100 - left
    assert {row.missing for row in found.results if row.metric == "accuracy"} == {left}
    assert f"{left} left out" in narrative.compared(found, load_specification(DEMANDED))


def test_nothing_is_said_where_nothing_is_missing(tmp_path):
    found = compare(put(tmp_path / "store", frame(), frame(unscored=3)), "delays", "1", "2")
    assert not any("left out" in sentence for sentence in found.sentences)


def test_a_missing_score_is_missing_for_the_metrics_of_scores_alone(tmp_path):
    store = put(tmp_path / "store", frame(unscored=4), frame(first=2, unscored=6), metrics=["roc_auc", "accuracy"])
    found = {row.metric: row for row in store.results(store.evaluation("delays", "2"))}
    assert (found["roc_auc[late]"].missing, found["accuracy"].missing) == (6, 2)
    change = compare(store, "delays", "1", "2")
    assert {row.metric: row.missing for row in change.results} == {"roc_auc[late]": 6, "accuracy": 2}
    assert "6 examples left out: without a label or without answers that can be used." in change.sentences
    assert change.examples == 98


def test_a_report_counts_what_is_missing(tmp_path):
    report = release_report(put(tmp_path / "store", frame(), frame(unlabelled=3, first=2)), "delays", "2")
    assert "3 without a label · 2 without a prediction" in narrative.about(report)
    accuracy = next(row for row in report.results if row.metric == "accuracy")
    assert (accuracy.of, accuracy.missing) == (95, 5)
    said = narrative.result_sentence(accuracy, report.specification)
    assert said.endswith("from 95 examples; 5 examples left out, without a label or an answer that can be used.")


def test_results_and_changes_name_the_method_that_made_them_with_its_version(tmp_path):
    store = put(tmp_path / "store", frame(), frame(first=1))
    for row in store.results(store.evaluation("delays", "2")):
        assert row.method == METRICS[split_key(row.metric)[0]].family.method
    for row in compare(store, "delays", "1", "2").results:
        assert row.method == METRICS[split_key(row.metric)[0]].family.paired_method
    other = frame().with_columns(pl.format("other {}", "id").alias("id"))
    publish(other, specification=DEMANDED, release="3", released="2024-01-03", store=tmp_path / "store")
    apart = compare(open_store(tmp_path / "store"), "delays", "2", "3")
    assert not apart.paired
    assert {row.method for row in apart.results} == {"square-and-add of separate samples/1"}
