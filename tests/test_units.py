"""What a metric is counted in: its own unit, and what its denominator counts, wherever a number is said or drawn."""

import numpy as np
import polars as pl
import pytest

from plainview import narrative, open_store, publish
from plainview.charts.estimates import estimates
from plainview.charts.forest import forest
from plainview.comparison import compare
from plainview.evaluation import evaluate
from plainview.exceptions import FrameError, SpecificationError, nearest
from plainview.metrics import METRICS, ROWS
from plainview.report import judged_on, release_report
from plainview.specification import load_specification

BASE = {
    "project": "p",
    "task": "scored",
    "columns": {"id": "id", "prediction": "judge", "answers": ["seconds", "tokens"]},
}
SECONDS = {"name": "p95", "column": "seconds", "unit": "s", "better": "lower"}


def demanded(*metrics, **changes):
    return load_specification(BASE | {"metrics": list(metrics)} | changes)


def test_a_metric_has_its_own_unit_else_that_of_what_is_predicted():
    specification = demanded("mean", SECONDS, "mean[tokens]", "pass_rate", unit="points of 10")
    assert [specification.unit_of(key) for key in specification.metric_keys] == ["points of 10", "s", "", ""]
    other = load_specification(
        "{project: p, task: regression, columns: {id: i, label: l}, unit: minutes, metrics: [mae, r2, {name: rmse, unit: min}]}"
    )
    assert [other.unit_of(key) for key in other.metric_keys] == ["minutes", "", "min"]


def test_bare_numbers_have_no_unit():
    plain = {row.name for row in ROWS if row.unit == "number"}
    assert plain == {"cohen_kappa", "matthews_correlation", "log_loss", "brier_score"}
    rows = [{"scenario": "all", "value": 0.4, "low": 0.3, "high": 0.5, "state": "Pass"}]
    assert "units of" not in str(estimates(rows, metric="cohen_kappa")[0])


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "cohen_kappa"])
def test_a_share_or_a_bare_number_with_a_unit_is_refused_with_its_line(metric):
    text = (
        f"project: p\ntask: classification\ncolumns: {{id: i, label: l}}\nmetrics:\n  - {{name: {metric}, unit: s}}\n"
    )
    with pytest.raises(SpecificationError, match=rf"line 5.*{metric} is a .*, which has no unit; leave it out"):
        load_specification(text)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("units") / "store"
    rng = np.random.default_rng(1)
    requirement = {"id": "R", "metric": {"name": "p95", "column": "seconds"}, "scenario": "all", "at_most": 9}
    text = BASE | {"metrics": ["mean", SECONDS], "unit": "points", "requirements": [requirement], "margin": 0.1}
    for release, slower in (("1.0", 1.0), ("2.0", 1.5)):
        frame = pl.DataFrame(
            {
                "id": [f"{n:03d}" for n in range(300)],
                "judge": np.random.default_rng(2).random(300) * 10,
                "seconds": slower * (1 + rng.random(300)),
                "tokens": rng.integers(1, 9, 300),
            }
        )
        publish(frame, specification=text, release=release, store=folder)
    return open_store(folder)


def test_every_sentence_names_the_unit_of_its_own_metric(store):
    report = release_report(store, "p", "2.0")
    [row] = [row for row in report.results if row.metric == "p95[seconds]"]
    said = narrative.result_sentence(row, report.specification)
    assert " s (95% interval about" in said
    assert "points" not in said
    [change] = [row for row in report.comparison.results if row.metric == "p95[seconds]"]
    assert " s (" in narrative.change_sentence(change, report.specification)
    assert "at most 9 s: " in report.standings[0].sentence
    assert report.comparison.unit == "points"
    assert report.comparison.units == {"mean": "points", "p95[seconds]": "s"}
    spec, alt = forest([vars(change)], metric="p95[seconds]", unit="s")
    assert "change in s" in str(spec)
    assert " s" in alt


def box(name: str, *, score: bool = False) -> str:
    return f'[{{"class": "{name}", "box": [0, 0, 9, 9]' + (', "score": 0.9}]' if score else "}]")


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("boxes") / "store"
    text = {"project": "p", "task": "detection", "columns": {"id": "id", "label": "label"}, "metrics": ["micro_recall"]}
    text |= {"requirements": [{"id": "R", "scenario": "all", "metric": "micro_recall", "at_least": 0.5}]}
    for release, found in (("1.0", 20), ("2.0", 24)):
        frame = pl.DataFrame(
            {
                "id": [f"{n:02d}" for n in range(40)],
                "label": [box("car")] * 40,
                "prediction": [box("car", score=True)] * found + ["[]"] * (38 - found) + [None, None],
            }
        )
        publish(frame, specification=text, release=release, store=folder)
    return open_store(folder)


def test_detection_counts_boxes_where_boxes_are_and_images_where_images_are(images):
    report = release_report(images, "p", "2.0")
    [row] = report.results
    said = narrative.result_sentence(row, report.specification)
    assert ", from 38 boxes" in said
    assert "2 images left out" in said
    assert "40 images" in narrative.about(report)
    assert "38 images that both answered" in narrative.compared(report.comparison, report.specification)
    [change] = report.comparison.results
    assert "38 boxes" in narrative.change_sentence(change, report.specification)
    assert "boxes" in report.standings[0].sentence
    everything = [report.headline, report.standing, *report.comparison.sentences, report.standings[0].sentence]
    assert not [text for text in everything if " examples" in text.replace("all examples", "")]


def test_few_boxes_are_said_to_be_boxes(tmp_path):
    text = {"project": "p", "task": "detection", "columns": {"id": "id", "label": "label"}, "metrics": ["recall[car]"]}
    frame = pl.DataFrame({"id": ["a"], "label": [box("car")], "prediction": [box("car", score=True)]})
    evaluation = publish(frame, specification=text, release="1", store=tmp_path / "s")
    [row] = open_store(tmp_path / "s").results(evaluation)
    assert row.reason == "only 1 box, 30 are needed"


def test_charts_say_what_a_value_is_from():
    rows = [{"scenario": "all", "value": 0.4, "state": "Pass", "of": 1204, "counted": ("box", "boxes")}]
    assert estimates(rows, metric="recall[car]")[0]["datasets"]["rows"][0]["examples"] == "1,204 boxes"
    change = {"scenario": "all", "difference": 0.1, "verdict": "better", "examples": 1, "counted": ("box", "boxes")}
    assert forest([change], metric="recall[car]")[0]["datasets"]["rows"][0]["examples"] == "1 box"


def test_every_metric_says_what_it_counts():
    for row in ROWS:
        assert row.counted == (("box", "boxes") if row.tasks == ("detection",) else ("example", "examples"))
    assert METRICS["accuracy"].counted == ("example", "examples")


@pytest.mark.parametrize(
    ("asked", "known", "said"),
    [
        ("ACCURACY", ["accuracy", "recall"], "Did you mean 'accuracy'?"),
        ("night", ["At NIGHT", "Night"], "Did you mean 'Night'?"),
        ("with a Negatio", ["WITH A NEGATION"], "Did you mean 'WITH A NEGATION'?"),
        ("zzz", ["Night"], "Known: Night."),
    ],
)
def test_the_nearest_name_is_found_whatever_its_capitals(asked, known, said):
    assert nearest(asked, known) == said


def test_frames_of_different_heights_are_refused_with_both_heights():
    specification = load_specification(
        "{project: p, task: classification, columns: {id: id, label: label}, metrics: [accuracy]}"
    )
    examples = pl.DataFrame({"id": ["a", "b"], "label": ["x", "y"]})
    with pytest.raises(FrameError, match=r"one prediction an example.* Got 2 examples and 1 predictions"):
        evaluate(examples, pl.DataFrame({"prediction": ["x"]}), specification)


def test_past_twenty_releases_the_test_set_is_said_to_be_worn(tmp_path):
    text = {
        "project": "p",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
    }
    for number in range(21):
        said = ["x"] * 40
        said[number] = "y"
        frame = pl.DataFrame({"id": [f"{n:02d}" for n in range(40)], "label": ["x"] * 39 + ["y"], "prediction": said})
        publish(frame, specification=text, release=f"1.{number}", store=tmp_path / "s")
    opened = open_store(tmp_path / "s")
    line = opened.releases("p")
    assert judged_on(line, line[-1]) == 21
    report = release_report(opened, "p", "1.20")
    assert "21 releases judged on this test set" in narrative.about(report)
    assert narrative.reuse_sentence(report.judged).startswith("21 releases were judged on this test set.")
    assert narrative.reuse_sentence(20) is None
    assert compare(opened, "p", "1.0", "1.20").paired
