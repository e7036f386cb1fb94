"""Mistakes, confusions, errors by class and by scenario: against scikit-learn, statsmodels, and counting by hand."""

import numpy as np
import polars as pl
import pytest
from page_stores import frame as page_frame
from page_stores import publish
from page_stores import specification as page_specification
from sklearn.metrics import confusion_matrix, recall_score
from statsmodels.stats.proportion import proportion_confint
from verb_cases import demo, demo_store  # noqa: F401

from plainview.errors.confusions import confusions, errors_by_class, errors_by_scenario
from plainview.errors.judged import judge
from plainview.errors.mistakes import confident_mistakes
from plainview.exceptions import InputError
from plainview.narrative.suggestions import confusion_sentence, mistakes_order
from plainview.store import open_store

CLASSES = ("blue", "green", "red")
N = 240


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Three classes in two releases, answered at random; with probabilities, with a score of one class, and without."""
    folder = tmp_path_factory.mktemp("errors") / "store"
    random = np.random.default_rng(3)
    labels = random.choice(CLASSES, N)
    frames = []
    for _ in range(2):
        chances = random.dirichlet((1, 1, 1), N).round(6)
        said = np.array(CLASSES)[chances.argmax(axis=1)]
        frames.append(
            page_frame(0, kinds=3).with_columns(
                pl.Series("label", labels),
                pl.Series("prediction", said),
                *(pl.Series(f"p_{name}", chances[:, at]) for at, name in enumerate(CLASSES)),
            )
        )
    columns = {"id": "id", "label": "label", "probabilities": {name: f"p_{name}" for name in CLASSES}}
    publish(folder, page_specification("stated", columns=columns), *frames)
    publish(folder, page_specification("unstated"), *(each.drop([f"p_{name}" for name in CLASSES]) for each in frames))
    boxes = '[{"class": "a", "box": [0, 0, 10, 10]}]'
    found = '[{"class": "a", "box": [0, 0, 10, 10], "score": 0.9}]'
    boxed = frames[0].select("id", "kind").with_columns(label=pl.lit(boxes), prediction=pl.lit(found))
    publish(folder, page_specification("boxes", task="detection", metrics=["micro_recall"]), boxed)
    graded = frames[0].select("id", "kind", prediction="p_red")
    grades = page_specification("graded", task="scored", columns={"id": "id"}, metrics=["mean"])
    publish(folder, grades, graded)
    return folder, frames


@pytest.fixture
def store(root):
    return open_store(root[0])


def test_the_surest_come_first_by_the_probability_of_what_was_said(store, root):
    rows = root[1][1]
    listed = confident_mistakes(store, store.evaluation("stated", "1.1"))
    wrong = rows.filter(pl.col("label") != pl.col("prediction"))
    stated = [row[f"p_{row['prediction']}"] for row in wrong.iter_rows(named=True)]
    assert listed.by == "confidence"
    assert listed.table[listed.order].to_list() == pytest.approx(sorted(stated, reverse=True))
    assert set(listed.table["id"]) == set(wrong["id"])
    assert (listed.table[listed.label] != listed.table[listed.prediction]).all()


def test_without_a_confidence_those_that_stayed_come_first(store, root):
    before, after = (set(each.filter(pl.col("label") != pl.col("prediction"))["id"]) for each in root[1])
    line = store.releases("unstated")
    listed = confident_mistakes(store, line[-1], line=line)
    assert (listed.by, listed.releases) == ("releases in a row", 2)
    stayed = {row["id"]: row[listed.order] for row in listed.table.iter_rows(named=True)}
    assert stayed == {one: 2 if one in before else 1 for one in after}
    assert listed.table[listed.order].is_sorted(descending=True)
    assert "the last 2 releases" in mistakes_order(listed.by, listed.releases)
    assert "order of their ids" in mistakes_order(*_order(confident_mistakes(store, line[0])))


def _order(listed):
    return listed.by, listed.releases


def test_what_was_fixed_or_broke_has_not_stayed(store):
    first, second = store.releases("unstated")
    listed = confident_mistakes(store, second, event="fixed", baseline=first, line=[first, second])
    assert listed.releases == 1
    assert listed.table["id"].is_sorted()


def test_a_score_that_is_no_probability_counts_by_its_size(demo_store):  # noqa: F811
    listed = confident_mistakes(demo_store, demo_store.evaluation("sentiment-afinn", "3.0.1"))
    assert listed.by == "size of the score"
    assert listed.table[listed.order].is_sorted(descending=True)
    assert "no probability" in mistakes_order(*_order(listed))


def test_a_probability_of_one_class_of_two_is_turned_for_the_other(tmp_path):
    rows = pl.DataFrame(
        {"id": ["1", "2", "3"], "label": ["a", "b", "a"], "prediction": ["b", "a", "a"], "p": [0.05, 0.7, 0.9]}
    )
    demanded = {
        "project": "two", "task": "classification", "positive": "a", "metrics": ["accuracy"],
        "columns": {"id": "id", "label": "label", "score": "p"},
    }  # fmt: skip
    publish(tmp_path / "store", demanded, rows)
    store = open_store(tmp_path / "store")
    listed = confident_mistakes(store, store.evaluation("two", "1.0"))
    assert listed.table.select("id", listed.order).rows() == [("1", pytest.approx(0.95)), ("2", pytest.approx(0.7))]


def test_of_numbers_the_largest_errors_come_first(demo_store):  # noqa: F811
    listed = confident_mistakes(demo_store, demo_store.releases("flight-delay")[-1])
    assert listed.by == "error"
    assert listed.table[listed.order].is_sorted(descending=True)
    off = (listed.table[listed.prediction] - listed.table[listed.label]).abs()
    assert off.to_list() == pytest.approx(listed.table[listed.order].to_list())


def test_a_where_keeps_the_mistakes_of_a_group(store):
    everything = confident_mistakes(store, store.evaluation("stated", "1.1"))
    some = confident_mistakes(store, store.evaluation("stated", "1.1"), where="kind = 1")
    assert some.table.equals(everything.table.filter(pl.col("kind") == 1))


def test_confusions_are_those_of_the_confusion_matrix(store, root):
    rows = root[1][1]
    matrix = confusion_matrix(rows["label"], rows["prediction"], labels=CLASSES)
    found = confusions(judge(store, store.evaluation("stated", "1.1")))
    counted = {(row["label"], row["prediction"]): row for row in found.iter_rows(named=True)}
    for i, label in enumerate(CLASSES):
        for j, prediction in enumerate(CLASSES):
            if i == j:
                assert (label, prediction) not in counted
                continue
            row = counted[label, prediction]
            assert (row["examples"], row["back"]) == (matrix[i, j], matrix[j, i])
            low, high = proportion_confint(matrix[i, j], matrix[i].sum(), method="wilson")
            assert (row["share"], row["low"], row["high"]) == pytest.approx((matrix[i, j] / matrix[i].sum(), low, high))
            assert rows.filter(pl.col("id").is_in(row["ids"]))["label"].unique().to_list() == [label]
    assert found["examples"].is_sorted(descending=True)


def test_errors_by_class_are_what_recall_leaves(store, root):
    rows = root[1][1]
    found = errors_by_class(judge(store, store.evaluation("stated", "1.1")))
    recall = dict(
        zip(CLASSES, recall_score(rows["label"], rows["prediction"], average=None, labels=CLASSES), strict=True)
    )
    for row in found.iter_rows(named=True):
        assert row["share"] == pytest.approx(1 - recall[row["class"]])
        taken = rows.filter((pl.col("prediction") == row["class"]) & (pl.col("label") != row["class"]))
        assert row["taken"] == taken.height


def test_errors_by_scenario_add_up(demo_store):  # noqa: F811
    found = errors_by_scenario(judge(demo_store, demo_store.evaluation("sentiment-afinn", "3.0.1")))
    counted = {row["scenario"]: row for row in found.iter_rows(named=True)}
    assert counted["With a negation"]["examples"] == 686
    parts = [counted[name]["errors"] for name in ("With a negation", "Without a negation")]
    assert sum(parts) == counted["all"]["errors"]


def test_tasks_without_right_and_wrong_say_what_they_need(store):
    with pytest.raises(InputError, match="those of detection are not"):
        confident_mistakes(store, store.evaluation("boxes", "1.0"))
    with pytest.raises(InputError, match="from which grade on one is wrong"):
        judge(store, store.evaluation("graded", "1.0"))


def test_a_confusion_is_said_in_one_sentence():
    said = confusion_sentence("why", "unable", 6, 0.15, 3)
    assert said == "“why” is taken for “unable” 6 times, in 15.0% of its examples; the other way round 3 times."
    assert confusion_sentence("a", "b", 1, 1.0, 0) == "“a” is taken for “b” 1 time, in 100.0% of its examples."
