"""Local explanations from elsewhere are read in three shapes, checked against the test set, and refused with a reason."""

import json

import numpy as np
import polars as pl
import pytest
from explanation_cases import published
from typer.testing import CliRunner

import plainview
from plainview.cli import app
from plainview.exceptions import FrameError, InputError
from plainview.explanations.answering import load_predict
from plainview.explanations.attributions import read_attributions
from plainview.explanations.explaining import explain
from plainview.specification import load_specification

NUMBERS = {
    "project": "n",
    "task": "regression",
    "columns": {"id": "id", "label": "y", "prediction": "p"},
    "metrics": ["mae"],
}


@pytest.fixture
def store(tmp_path):
    rows = pl.DataFrame(
        {"id": list("abcd"), "y": [1.0, 2, 3, 4], "p": [1.5, 2, 2.5, 5], "x": [1, 2, 3, 4], "z": [0, 1, 0, 1]}
    )
    plainview.publish(rows, specification=NUMBERS, release="1", store=tmp_path / "store")
    return plainview.open_store(tmp_path / "store")


def read(store, frame):
    evaluation = store.evaluation("n", "1")
    return read_attributions(frame, store, evaluation, load_specification(store.specification_text(evaluation)))


WIDE = {"id": ["a", "b"], "x": [0.5, 1.0], "z": [0.0, 0.5], "base_value": [1.0, 1.0]}


def test_a_column_a_feature_is_checked_against_the_prediction(store):
    found = read(store, pl.DataFrame(WIDE))
    assert (found.examples, found.checked, found.adds_up) == (2, 2, 1)  # b comes to 2.5, and 2 was answered
    assert found.largest_gap == pytest.approx(0.5)
    assert found.rows.filter(pl.col("id") == "b")["value"].to_list() == ["2", "1"]


def test_a_row_a_feature_says_the_same_as_a_column_a_feature(store):
    wide = read(store, pl.DataFrame(WIDE))
    long = pl.DataFrame(WIDE).unpivot(
        ["x", "z"], index=["id", "base_value"], variable_name="feature", value_name="attribution"
    )
    found = read(store, long)
    keys = ["id", "feature", "attribution"]
    assert found.rows.select(keys).sort(keys).equals(wide.rows.select(keys).sort(keys))
    assert found.sums.sort("id").equals(wide.sums.sort("id"))


def test_words_keep_their_order_and_without_a_base_value_nothing_is_said_to_add_up(store):
    tokens = [json.dumps([["not", -0.7], ["very", 0.1], ["good", 0.2]]), json.dumps([{"token": "good", "weight": 0.5}])]
    found = read(store, pl.DataFrame({"id": ["a", "b"], "tokens": tokens}))
    assert found.form == "words"
    assert found.rows.filter(pl.col("id") == "a").sort("place")["feature"].to_list() == ["not", "very", "good"]
    assert (found.checked, found.adds_up) == (0, 0)


def test_features_that_are_no_columns_are_named(store):
    found = read(store, pl.DataFrame({"id": ["a"], "x": [0.5], "z_is_1": [0.2]}))
    assert found.foreign == ("z_is_1",)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ({"id": ["e"], "x": [1.0]}, "no example of the test set: 'e'"),
        ({"ident": ["a"], "x": [1.0]}, "no id column 'id'"),
        ({"id": ["a"], "x": ["much"]}, "column 'x' holds String"),
        ({"id": ["a"], "x": [float("inf")]}, "'x' to example 'a' is no finite number"),
        ({"id": ["a"], "xx": [1.0]}, "No feature is a column of the test set: 'xx'"),
        ({"id": ["a", "a"], "x": [1.0, 2.0]}, "stands twice for example 'a'"),
        ({"id": ["a"], "feature": ["x"]}, "no column 'attribution'"),
        ({"id": ["a"], "tokens": ["not good"]}, "must be JSON"),
        ({"id": ["a"], "tokens": ['[["good", "much"]]']}, "must be JSON"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(store, frame, why):
    with pytest.raises(FrameError, match=why):
        explain(store, "n", "1", attributions=pl.DataFrame(frame))
    assert store.events() == []


def test_what_answers_is_found_by_name_or_refused(tmp_path, monkeypatch):
    (tmp_path / "my_model.py").write_text("def predict(rows):\n    return rows['x'] > 0\n")
    monkeypatch.chdir(tmp_path)
    assert callable(load_predict("my_model:predict"))
    for named, why in (
        ("my_model", "module:function"),
        ("my_model:predic", "'predict'"),
        ("no_such_module:f", "cannot be imported"),
    ):
        with pytest.raises(InputError, match=why):
            load_predict(named)


def test_the_command_line_explains_and_says_how_far_to_trust_it(tmp_path, monkeypatch):
    own = published(tmp_path)
    (tmp_path / "x_alone.py").write_text(
        "def predict(rows):\n    return ['yes' if x > 0 else 'no' for x in rows['x']]\n"
    )
    monkeypatch.chdir(tmp_path)
    line = [
        "explain",
        "known",
        "1.0",
        "--predict",
        "x_alone:predict",
        "--local",
        "0",
        "--store",
        str(tmp_path / "store"),
    ]
    done = CliRunner().invoke(app, [*line, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["answers"][0]["column"] == "x"
    assert told["tells"]
    assert sorted(told["kept"]) == sorted(event.id for event in own.events("known"))
    text = CliRunner().invoke(app, line).stdout
    assert "area under the ROC curve" in text
    assert "not what causes what" in text
    bad = CliRunner().invoke(
        app, ["explain", "known", "1.0", "--attributions", "none.csv", "--store", str(tmp_path / "store")]
    )
    assert bad.exit_code == 2


def test_a_gap_is_small_or_large_beside_how_much_answers_differ(store):
    close = pl.DataFrame(WIDE | {"z": [0.001, 0.001], "x": [0.5, 0.999]})
    assert read(store, close).adds_up == 2
    assert np.isfinite(read(store, close).largest_gap)
