"""The examples behind a number: those that count for a metric, judged as it does, and no column lost."""

import numpy as np
import polars as pl
import pytest

from plainview import compare, open_store, publish
from plainview.examples import OUTCOME, examples_of

ROWS = 60


def published(tmp_path, specification: dict, **releases: pl.DataFrame):
    """The store, and the evaluations by name (dots written as _)."""
    found = {}
    for number, (name, frame) in enumerate(releases.items()):
        released = f"2026-01-{number + 1:02d}"
        found[name] = publish(
            frame, specification=specification, release=name, released=released, store=tmp_path / "store"
        )
    return open_store(tmp_path / "store"), found


def demanded(**changes) -> dict:
    return {
        "project": "p",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
    } | changes


def sets(seed: int) -> pl.DataFrame:
    truth = np.random.default_rng(1).random((ROWS, 2)) < 0.5
    said = truth ^ (np.random.default_rng(seed).random((ROWS, 2)) < 0.3)
    text = [["|".join(np.array(["cat", "dog"])[row]) or "[]" for row in held] for held in (truth, said)]
    return pl.DataFrame({"id": [f"{n:02d}" for n in range(ROWS)], "label": text[0], "prediction": text[1]})


@pytest.mark.parametrize("metric", ["recall[cat]", "precision[dog]", "f1[cat]", "exact_match"])
def test_of_sets_of_labels_those_are_listed_that_the_metric_counts(tmp_path, metric):
    keys = ["exact_match", "recall[cat]", "precision[dog]", "f1[cat]"]
    store, found = published(tmp_path, demanded(task="multilabel", metrics=keys), before=sets(2), after=sets(3))
    listed = examples_of(store, found["after"], metric=metric)
    [row] = [row for row in store.results(found["after"]) if row.metric == metric]
    assert listed.height == row.of
    share = (listed[OUTCOME] == "right").mean()
    assert (2 * share / (1 + share) if metric.startswith("f1") else share) == pytest.approx(row.value)
    [change] = [row for row in compare(store, "p", "before", "after").results if row.metric == metric]
    for kind, number in (("fixed", change.fixed), ("broke", change.broke)):
        assert examples_of(store, found["after"], metric=metric, kind=kind, baseline=found["before"]).height == number


def test_without_a_metric_every_example_is_listed_and_judged_as_a_whole(tmp_path):
    store, found = published(tmp_path, demanded(task="multilabel", metrics=["recall[cat]"]), one=sets(2))
    listed = examples_of(store, found["one"])
    assert listed.height == ROWS
    assert (listed[OUTCOME] == "right").sum() == (listed["label"] == listed["one"]).sum()


def test_what_lies_in_its_predicted_interval_is_right(tmp_path):
    y = np.random.default_rng(1).normal(0, 1, ROWS)
    frame = pl.DataFrame({"id": [f"{n}" for n in range(ROWS)], "label": y, "prediction": 0.0, "low": -1.0, "high": 1.0})
    columns = {"id": "id", "label": "label", "lower": "low", "upper": "high"}
    text = demanded(task="regression", columns=columns, metrics=["mae", "interval_coverage"], margin=0.1)
    store, found = published(tmp_path, text, one=frame, two=frame.with_columns(high=pl.lit(2.0)))
    assert (examples_of(store, found["one"], metric="interval_coverage")[OUTCOME] == "right").sum() == (
        abs(y) <= 1
    ).sum()
    flipped = examples_of(store, found["two"], metric="interval_coverage", kind="fixed", baseline=found["one"])
    assert sorted(flipped["label"]) == sorted(y[(y > 1) & (y <= 2)])
    assert examples_of(store, found["two"], metric="mae")[OUTCOME].dtype == pl.Float64


def test_numbers_that_moved_by_no_more_than_the_margin_are_neither_fixed_nor_broke(tmp_path):
    frame = pl.DataFrame({"id": list("abcd"), "label": [0.0] * 4, "prediction": [1.0, 1.0, 1.0, None]})
    after = frame.with_columns(prediction=pl.Series([0.2, 0.95, 3.0, 1.0]))
    store, found = published(tmp_path, demanded(task="regression", metrics=["mae"], margin=0.1), one=frame, two=after)

    def ids(kind):
        return examples_of(store, found["two"], kind=kind, baseline=found["one"])["id"].to_list()

    assert (ids("fixed"), ids("broke"), ids("changed"), ids("no answer")) == (["a"], ["c"], ["c", "a"], ["d"])


def test_a_metric_of_another_column_shows_that_column_and_is_judged_by_it(tmp_path):
    frame = pl.DataFrame(
        {"id": list("abc"), "prediction": [1.0, 0.0, 1.0], "seconds": [3.0, 2.0, 9.0], "words": [2, 4, 3]}
    )
    after = frame.with_columns(seconds=pl.Series([1.0, 2.0, 12.0]))
    columns = {"id": "id", "answers": ["seconds"]}
    keys = ["mean", {"name": "mean", "column": "seconds", "better": "lower"}, "ratio[seconds/words]"]
    store, found = published(tmp_path, demanded(task="scored", columns=columns, metrics=keys), one=frame, two=after)
    listed = examples_of(store, found["two"], metric="mean[seconds]", baseline=found["one"])
    assert listed.select("one", "two", OUTCOME).rows() == [(3, 1, "fixed"), (2, 2, "same"), (9, 12, "broke")]
    ratios = examples_of(store, found["one"], metric="ratio[seconds/words]")["one"]
    assert ratios.to_list() == [1.5, 0.5, 3.0]


def answers() -> pl.DataFrame:
    label = ["yes", "no", "yes"]
    return pl.DataFrame(
        {"id": list("abc"), "label": label, "prediction": ["yes", "yes", "no"], "outcome": ["x", "y", "z"]}
    )


@pytest.mark.parametrize("release", ["id", "label", "outcome", "text"])
def test_a_release_that_is_named_like_a_column_hides_none(tmp_path, release):
    frame = answers().with_columns(text=pl.lit("as written"))
    evaluation = publish(frame, specification=demanded(), release=release, store=tmp_path / "store")
    listed = examples_of(open_store(tmp_path / "store"), evaluation)
    assert listed[f"{release} (answer)"].to_list() == ["yes", "yes", "no"]
    assert listed["id"].to_list() == ["a", "b", "c"]
    assert listed["label"].to_list() == ["yes", "no", "yes"]
    assert listed["text"].to_list() == ["as written"] * 3
    assert listed["outcome"].to_list() == ["right", "wrong", "wrong"]
    assert listed["outcome (of the test set)"].to_list() == ["x", "y", "z"]


def test_a_score_beside_a_column_of_that_name_hides_neither(tmp_path):
    text = demanded(columns={"id": "id", "label": "label", "score": "sure"})
    frame = answers().with_columns(sure=pl.Series([0.9, 0.8, 0.1]), score=pl.Series([1, 2, 3]))
    evaluation = publish(frame, specification=text, release="1.0", store=tmp_path / "store")
    listed = examples_of(open_store(tmp_path / "store"), evaluation)
    assert listed["score"].to_list() == [1, 2, 3]
    assert listed["score (answer)"].to_list() == [0.9, 0.8, 0.1]


def test_two_revisions_of_one_release_stand_side_by_side(tmp_path):
    first = publish(answers(), specification=demanded(), release="1.0", store=tmp_path / "store")
    changed = answers().with_columns(prediction=pl.Series(["yes", "no", "no"]))
    second = publish(changed, specification=demanded(), release="1.0", store=tmp_path / "store")
    listed = examples_of(open_store(tmp_path / "store"), second, baseline=first)
    assert listed["1.0 (baseline)"].to_list() == ["yes", "yes", "no"]
    assert listed["1.0 (candidate)"].to_list() == ["yes", "no", "no"]
    assert listed["outcome"].to_list() == ["still right", "fixed", "still wrong"]


BOX = {"yes": [0, 0, 10, 10], "no": [50, 50, 10, 10]}


def boxes(*names: str, score: bool = False) -> str:
    return str([{"class": name, "box": BOX[name]} | ({"score": 0.9} if score else {}) for name in names]).replace(
        "'", '"'
    )


@pytest.mark.parametrize(
    ("metric", "outcomes"),
    [
        ("recall[yes]", {"a": "right", "b": "wrong"}),
        ("precision[yes]", {"a": "right", "c": "wrong"}),
        ("f1[yes]", {"a": "right", "b": "wrong", "c": "wrong"}),
        ("ap[yes]", {"a": "right", "b": "wrong", "c": "wrong"}),
        ("ar[yes]", {"a": "right", "b": "wrong"}),
        ("micro_recall", {"a": "right", "b": "wrong", "d": "right"}),
        ("micro_precision", {"a": "wrong", "c": "wrong", "d": "right"}),
    ],
)
def test_of_images_those_are_listed_whose_boxes_the_metric_counts(tmp_path, metric, outcomes):
    truth = {"a": ["yes"], "b": ["yes"], "c": [], "d": ["no"], "e": []}
    found = {"a": ["yes", "no"], "b": [], "c": ["yes"], "d": ["no"], "e": []}
    frame = pl.DataFrame(
        {
            "id": list(truth),
            "label": [boxes(*names) for names in truth.values()],
            "prediction": [boxes(*names, score=True) for names in found.values()],
        }
    )
    keys = ["micro_recall", "micro_precision", "recall[yes]", "precision[yes]", "f1[yes]", "ap[yes]", "ar[yes]"]
    store, made = published(tmp_path, demanded(task="detection", metrics=keys), one=frame)
    listed = examples_of(store, made["one"], metric=metric)
    assert dict(listed.select("id", OUTCOME).iter_rows()) == outcomes
