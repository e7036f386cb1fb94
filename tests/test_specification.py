"""Specifications: what may stand in one, and that every error says where it is and what was expected."""

import copy
import hashlib
import json
import pickle
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plainview.exceptions import SpecificationError
from plainview.specification import Specification, load_specification

TEXT = """\
project: sentiment
title: Sentiment of customer reviews
task: classification
columns: {id: id, label: label, prediction: prediction, score: score, cluster: customer}
metrics: [accuracy, macro_f1, {name: recall, class: negative}]
margin: 0.01
minimum_examples: 30
behaviours:
  - name: Understands negation
    why: A third of complaints contain one.
    owner: language team
    scenarios:
      - {name: With a negation, where: "has_negation = 1"}
      - {name: Long and negated, where: "has_negation = 1 AND words > 20"}
  - name: Known incidents
    scenarios:
      - {name: The June outage, ids: [a1, 007, 12], why: It must not happen again., minimum_examples: 3, margin: 0.05}
requirements:
  - {id: REQ-1, behaviour: Understands negation, scenario: With a negation, metric: accuracy, at_least: 0.45}
  - {id: REQ-2, scenario: all, metric: accuracy, no_worse_than: previous, margin: 0.01, priority: must}
  - {id: REQ-3, metric: "precision[positive]", at_most: 0.99, rule: point, priority: could, owner: me, reason: Why not}
"""
REGRESSION = """\
project: delays
task: regression
columns: {id: flight, label: delay}
metrics: [mae, bias, {name: rmse, margin: 2.5, title: Large errors}]
unit: minutes
margin: 0.5
behaviours:
  - name: Short hops
    scenarios: [{name: Under an hour, where: "minutes < 60", margin: {rmse: 9}}]
"""


def refusal(source: Any) -> str:
    with pytest.raises(SpecificationError) as caught:
        load_specification(source)
    return str(caught.value)


def demands(specification: Specification) -> dict:
    """All that a specification says, whatever it was read from."""
    return specification.model_dump(by_alias=True)


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def written(folder: Path, content: str | bytes, name: str = "specification.yaml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_specification_says_what_is_demanded() -> None:
    specification = load_specification(TEXT)
    assert (specification.project, specification.task) == ("sentiment", "classification")
    assert specification.title == "Sentiment of customer reviews"
    assert specification.metric_keys == ("accuracy", "macro_f1", "recall[negative]", "precision[positive]")
    assert specification.headline.key == "accuracy"
    assert [behaviour.name for behaviour in specification.behaviours] == ["Understands negation", "Known incidents"]
    assert specification.columns.cluster == "customer"
    assert specification.confidence == 0.95
    first, second, third = specification.requirements
    assert (first.bar, first.scenario, first.priority, first.rule) == (0.45, "With a negation", "must", "interval")
    assert (second.bar, second.no_worse_than, second.margin) == (None, "previous", 0.01)
    assert (third.scenario, third.metric.name, third.metric.of, third.bar) == ("all", "precision", "positive", 0.99)


def test_scenarios_are_flat_with_all_first_and_know_their_behaviour() -> None:
    scenarios = load_specification(TEXT).scenarios
    assert [scenario.name for scenario in scenarios] == [
        "all",
        "With a negation",
        "Long and negated",
        "The June outage",
    ]
    assert [scenario.behaviour for scenario in scenarios] == [None, *["Understands negation"] * 2, "Known incidents"]
    assert scenarios[0].predicate is None
    assert scenarios[0].ids is None
    assert scenarios[2].predicate is not None
    assert scenarios[2].predicate.columns == {"has_negation", "words"}
    assert scenarios[3].ids == ("a1", "007", "12")


def test_a_scenario_is_found_by_name_or_the_nearest_is_named() -> None:
    specification = load_specification(TEXT)
    assert specification.scenario("Long and negated").where == "has_negation = 1 AND words > 20"
    with pytest.raises(SpecificationError, match=r"Did you mean 'With a negation'\?"):
        specification.scenario("With negation")


def test_the_text_and_its_digest_are_those_of_the_file(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf# caf\xc3\xa9\r\n" + TEXT.replace("\n", "\r\n").encode()
    specification = load_specification(written(tmp_path, content))
    assert specification.text.encode() == content
    assert specification.digest == hashlib.sha256(content).hexdigest()
    again = load_specification(specification.text)
    assert (again.digest, demands(again)) == (specification.digest, demands(specification))


def test_a_path_a_text_a_mapping_and_a_specification_are_all_read(tmp_path: Path) -> None:
    mapping = yaml.safe_load(TEXT.replace("007", "'007'"))
    specification = load_specification(TEXT)
    for source in (
        written(tmp_path, TEXT),
        str(written(tmp_path, TEXT)),
        str(written(tmp_path, TEXT, "without an ending")),
        mapping,
        json.dumps(mapping),
    ):
        assert demands(load_specification(source)) == demands(specification)
    assert load_specification(specification) is specification


def test_what_is_read_from_a_mapping_is_kept_as_yaml_that_reads_back() -> None:
    mapping = {
        "project": "p",
        "task": "classification",
        "columns": {"id": "id", "label": "y"},
        "metrics": ("accuracy",),
        "classes": ["no", "yes", "true", "1", "1e3", "~", "null", "007", "a: b", "- c", "é☂", "2024-01-01", " x "],
        "confidence": 0.9,
    }
    specification = load_specification(mapping)
    assert specification.classes == (*mapping["classes"][:-1], "x")
    assert demands(load_specification(specification.text)) == demands(specification)


def test_numpy_numbers_in_a_mapping_are_read() -> None:
    numbers = {"margin": np.float32(0.25), "minimum_examples": np.int64(5)}
    specification = load_specification(yaml.safe_load(TEXT) | numbers)
    assert (specification.margin, specification.minimum_examples) == (0.25, 5)


def test_no_is_a_class_and_a_release_is_called_as_it_is_written() -> None:
    text = changed("metrics:", "classes: [no, yes, on, true, 1, 2.0, 007]\npositive: no\nmetrics:")
    text = changed("{name: recall, class: negative}", "recall", text)
    text = changed("precision[positive]", "f1", text)
    specification = load_specification(changed("no_worse_than: previous", "no_worse_than: 2.10", text))
    assert specification.classes == ("no", "yes", "on", "true", "1", "2", "007")
    assert specification.metric_keys == ("accuracy", "macro_f1", "recall[no]", "f1[no]")
    assert specification.requirements[1].no_worse_than == "2.10"


def test_a_title_that_is_left_out_is_the_projects_name() -> None:
    assert load_specification(changed("title: Sentiment of customer reviews\n", "")).title == "sentiment"


def test_a_specification_cannot_be_changed() -> None:
    specification = load_specification(TEXT)
    with pytest.raises(ValidationError):
        specification.project = "other"
    assert pickle.loads(pickle.dumps(specification)) == specification  # noqa: S301 - our own bytes
    assert copy.deepcopy(specification).digest == specification.digest


@pytest.mark.parametrize(
    ("metric", "scenario", "expected"),
    [
        ("accuracy", "all", 0.01),
        ("macro_f1", "all", 0.01),
        ("recall[negative]", "With a negation", 0.01),
        ("accuracy", "The June outage", 0.05),
    ],
)
def test_the_margin_of_proportions(metric: str, scenario: str, expected: float) -> None:
    assert load_specification(TEXT).margin_for(metric, scenario) == expected


@pytest.mark.parametrize(
    ("margin", "metric", "scenario", "expected"),
    [
        ("0.5", "mae", "all", 0.5),
        ("0.5", "bias", "Under an hour", 0.5),
        ("0.5", "rmse", "all", 2.5),
        ("0.5", "rmse", "Under an hour", 9),
        ("{mae: 0.25, rmse: 3}", "mae", "all", 0.25),
        ("{mae: 0.25, rmse: 3}", "rmse", "all", 2.5),
        ("{mae: 0.25}", "bias", "all", None),
    ],
)
def test_the_margin_is_the_scenarios_else_the_metrics_else_the_specifications(
    margin: str, metric: str, scenario: str, expected: float | None
) -> None:
    specification = load_specification(changed("margin: 0.5", f"margin: {margin}", REGRESSION))
    assert specification.margin_for(metric, scenario) == expected


def test_a_margin_may_be_given_per_metric_and_per_class() -> None:
    specification = load_specification(changed("margin: 0.01\n", "margin: {recall: 0.03, 'recall[negative]': 0.02}\n"))
    assert specification.margin_for("recall[negative]") == 0.02
    assert specification.margin_for("accuracy") == 0.01
    assert load_specification(changed("margin: 0.01\n", "")).margin_for("macro_f1") == 0.01


def test_the_fewest_examples_are_the_scenarios_or_the_specifications() -> None:
    specification = load_specification(TEXT)
    assert specification.minimum_for("The June outage") == 3
    assert specification.minimum_for("all") == 30


def test_every_column_that_is_needed_is_known_with_what_needs_it() -> None:
    specification = load_specification(changed("cluster: customer", "cluster: customer, metadata: [words, source]"))
    assert specification.columns_needed() == {
        "id": "columns.id",
        "label": "columns.label",
        "prediction": "columns.prediction",
        "customer": "columns.cluster",
        "words": "columns.metadata",
        "source": "columns.metadata",
        "has_negation": "scenario 'With a negation'",
    }


def test_columns_that_are_missing_are_named_with_line_and_nearest_name(tmp_path: Path) -> None:
    specification = load_specification(written(tmp_path, TEXT))
    specification.check_columns(["id", "label", "prediction", "customer", "has_negation", "words", "more"])
    with pytest.raises(SpecificationError) as caught:
        specification.check_columns(["id", "label", "prediction", "costumer", "has_negations"])
    message = str(caught.value)
    assert message.startswith("3 errors in ")
    assert "line 4, column 80 (columns.cluster)" in message
    assert "'customer'" in message
    assert "Did you mean 'costumer'?" in message
    assert "line 13, column 40 (behaviours[0].scenarios[0].where): scenario 'With a negation' needs column" in message
    assert "Did you mean 'has_negations'?" in message
    assert "line 14, column 41" in message


def test_with_a_schema_the_kinds_of_values_are_checked_too() -> None:
    specification = load_specification(TEXT)
    schema = {name: pl.String() for name in ("id", "label", "prediction", "customer", "words")} | {
        "has_negation": pl.Int64()
    }
    with pytest.raises(SpecificationError, match=r"line 14, column 41 .*'words' at character 22 is text"):
        specification.check_columns(schema)
    specification.check_columns(schema | {"words": pl.Int64()})


def test_text_in_double_quotes_is_told_from_a_column() -> None:
    specification = load_specification(changed('"has_negation = 1"', "'light = \"night\"'"))
    with pytest.raises(SpecificationError, match="put it in single quotes: 'night'"):
        specification.check_columns(["id", "label", "prediction", "customer", "has_negation", "words", "light"])


ERRORS = [
    ("project: sentiment", "project: My Sentiment!", ["line 1, column 10 (project)", "'My Sentiment!'", "'my-sentiment'"]),
    ("project: sentiment", "project: ''", ["line 1, column 10 (project)"]),
    ("project: sentiment", "project: " + "x" * 65, ["line 1, column 10 (project)"]),
    ("project: sentiment\n", "", ["line 1, column 1", "'project' is missing"]),
    ("title: Sent", "titel: Sent", ["line 2, column 1 (titel)", "unknown key 'titel'", "Did you mean 'title'?"]),
    ("title: Sentiment of customer reviews", "title: " + "x" * 201, ["line 2", "201 characters", "at most 200"]),
    ("title: Sentiment of customer reviews", 'title: "a\\u0007b"', ["line 2", "U+0007", "character 2"]),
    ("title: Sentiment of customer reviews", "title: \u202egnp", ["line 2", "U+202E"]),
    ("title: Sentiment of customer reviews", "title: [a]", ["line 2, column 8 (title)", "a list of 1", "expected text"]),
    ("task: classification", "task: clasification", ["line 3, column 7 (task)", "'clasification'", "'classification'"]),
    ("task: classification", "task: 5", ["line 3", "found 5", "Known: classification, regression, detection, scored"]),
    ("columns: {id: id, ", "columns: {", ["line 4, column 10 (columns)", "'id' is missing"]),
    ("label: label, ", "", ["line 4, column 10 (columns)", "'label' is missing", "classification"]),
    ("label: label", "label: id", ["line 4", "(columns.label)", "both id and label"]),
    ("score: score", "scores: score", ["line 4, column 57 (columns.scores)", "Did you mean 'score'?"]),
    ("columns: {id: id, label: label, prediction: prediction, score: score, cluster: customer}", "columns: id",
     ["line 4, column 10 (columns)", "found 'id'", "a mapping"]),
    ("macro_f1", "macro_f2", ["line 5, column 21 (metrics[1])", "'macro_f2'", "Did you mean 'macro_f1'?"]),
    ("macro_f1", "mae", ["line 5, column 21", "'mae' is not a metric of classification"]),
    ("macro_f1", "accuracy", ["line 5, column 21", "'accuracy' is there already in line 5"]),
    ("macro_f1", "5", ["line 5, column 21", "{name: recall, class: negative}"]),
    ("{name: recall, class: negative}", "recall", ["line 5", "(metrics[2])", "positive"]),
    ("{name: recall, class: negative}", "'macro_recall[x]'", ["line 5", "not measured per class", "'x'"]),
    ("{name: recall, class: negative}", "{name: recall, classs: a}", ["line 5", "(metrics[2].classs)", "'class'"]),
    ("{name: recall, class: negative}", "{name: recall, class: a, margin: -1}", ["(metrics[2].margin)", "above 0"]),
    ("metrics: [accuracy, macro_f1, {name: recall, class: negative}]", "metrics: []", ["line 5", "a list that is not empty"]),
    ("metrics: [accuracy, macro_f1, {name: recall, class: negative}]", "metrics: accuracy", ["line 5", "a list"]),
    ("margin: 0.01\n", "margin: 5\n", ["line 6, column 9 (margin)", "found 5", "Did you mean 0.05?"]),
    ("margin: 0.01\n", "margin: 0\n", ["line 6, column 9 (margin)", "above 0"]),
    ("margin: 0.01\n", "margin: yes\n", ["line 6", "found 'yes'", "a number"]),
    ("margin: 0.01\n", "margin: true\n", ["line 6", "found true", "a number"]),
    ("margin: 0.01\n", "margin: {acuracy: 0.1}\n", ["line 6, column 10 (margin.acuracy)", "Did you mean 'accuracy'?"]),
    ("margin: 0.01\n", "confidence: 95\n", ["line 6, column 13 (confidence)", "found 95", "less than 1"]),
    ("minimum_examples: 30", "minimum_examples: 2.5", ["line 7", "found 2.5", "a whole number"]),
    ("minimum_examples: 30", "minimum_examples: 0", ["line 7", "found 0", "1 or more"]),
    ("minimum_examples: 30", "minimum_examples: '30'", ["line 7", "found '30'", "a whole number"]),
    ("behaviours:", "behaviors:", ["line 8, column 1 (behaviors)", "Did you mean 'behaviours'?"]),
    ("  - name: Understands negation", "  - nam: x", ["line 9, column 5", "'name' is missing", "'nam'"]),
    ("  - name: Known incidents", "  - name: Understands negation", ["line 15", "there already in line 9"]),
    ("{name: With a negation", "{name: All", ["line 13, column 16", "always exists"]),
    ("{name: Long and negated", "{name: With a negation", ["line 14", "there already in line 13"]),
    ("{name: The June outage", "{name: With a negation", ["line 17", "there already in line 13"]),
    ('where: "has_negation = 1"}', 'wher: "has_negation = 1"}', ["line 13, column 33", "'wher'", "'where'"]),
    ('where: "has_negation = 1"}', "ids: []}", ["line 13", "a list that is not empty"]),
    ('where: "has_negation = 1"}', 'where: "x = 1", ids: [a]}', ["line 13, column 9", "both", "exactly one"]),
    (', where: "has_negation = 1"}', "}", ["line 13, column 9", "neither", "exactly one"]),
    ('"has_negation = 1"}', '"lenght(text) = 1"}', ["line 13, column 40", "lenght() at character 1", "'length'"]),
    ('"has_negation = 1"}', '"has_negation = "}', ["line 13, column 40", "character 14"]),
    ('"has_negation = 1"}', "5}", ["line 13, column 40", "found 5", "text"]),
    ('"has_negation = 1"}', '"prediction = 1"}', ["line 13, column 40", "'prediction'", "part of the test set"]),
    ('"has_negation = 1"}', '"score > 0.5"}', ["line 13", "'score'", "part of the test set"]),
    ("minimum_examples: 3,", "minimum_examples: three,", ["line 17", "'three'"]),
    ("{id: REQ-2", "{id: REQ-1", ["line 20, column 10 (requirements[1].id)", "there already in line 19"]),
    ("scenario: With a negation,", "scenario: With a negations,", ["line 19", "Did you mean 'With a negation'?"]),
    ("behaviour: Understands negation,", "behaviour: Understands,", ["line 19", "there is no behaviour 'Understands'"]),
    ("behaviour: Understands negation,", "behaviour: Known incidents,", ["line 19", "is of behaviour 'Understands negation'"]),
    ("scenario: With a negation, ", "", ["line 19", "scenario 'all' is of no behaviour"]),
    ("metric: accuracy, at_least", "metric: acuracy, at_least", ["line 19", "Did you mean 'accuracy'?"]),
    ("at_least: 0.45", "at_least: 45", ["line 19", "(requirements[0].at_least)", "found 45", "0 to 1", "0.45"]),
    ("at_least: 0.45", "at_least: -0.1", ["line 19", "0 to 1"]),
    ("at_least: 0.45", "at_least: 45%", ["line 19", "found '45%'", "a number"]),
    ("at_least: 0.45", "at_least: 0.45, margin: 0.1", ["line 19, column 5", "no_worse_than"]),
    (", at_least: 0.45", "", ["line 19, column 5 (requirements[0])", "found none", "exactly one"]),
    ("at_least: 0.45", "at_least: 0.45, at_most: 1", ["line 19", "at_least and at_most", "exactly one"]),
    ("priority: must", "priority: most", ["line 20", "found 'most'", "Did you mean 'must'?"]),
    ("rule: point", "rule: estimate", ["line 21", "interval, point"]),
    ("metrics:", "classes: [positive, negativ]\nmetrics:", ["line 6", "(metrics[2])", "'negative'", "'negativ'"]),
    ("metrics:", "classes: [a, negative, positive, a]\nmetrics:", ["line 5", "class 'a' is there already"]),
    ("metrics:", "positive: maybe\nclasses: [negative, positive]\nmetrics:", ["line 5, column 11 (positive)", "'maybe'"]),
    ("metrics:", "unit: minutes\nmetrics:", ["line 5, column 1 (unit)"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "named"), ERRORS, ids=[f"{index}-{new[:30]}" for index, (_, new, _) in enumerate(ERRORS)]
)
def test_an_error_names_file_line_column_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, named: list[str]
) -> None:
    path = written(tmp_path, changed(old, new))
    message = refusal(path)
    assert str(path) in message
    assert all(part in message for part in named), message


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("unit: minutes", "classes: [a]", ["line 5, column 1 (classes)", "regression"]),
        ("unit: minutes", "positive: a", ["line 5, column 1 (positive)", "regression"]),
        ("mae, bias", "accuracy, bias", ["'accuracy' is not a metric of regression"]),
        (
            "margin: 0.5",
            "requirements: [{id: R, metric: bias, no_worse_than: previous}]",
            ["line 6", "nothing says", "bias"],
        ),
        ("margin: {rmse: 9}", "margin: {mse: 9}", ["line 9", "'mse'", "Did you mean 'rmse'?"]),
    ],
)
def test_errors_of_a_regression(old: str, new: str, named: list[str]) -> None:
    message = refusal(changed(old, new, REGRESSION))
    assert all(part in message for part in named), message


def test_bars_of_numbers_that_are_measured_may_be_any_number() -> None:
    bars = "requirements: [{id: A, metric: mae, at_most: 15.5}, {id: B, metric: bias, at_least: -3}]\n"
    assert [requirement.bar for requirement in load_specification(REGRESSION + bars).requirements] == [15.5, -3]


def test_several_errors_are_listed_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = TEXT
    for old, new in [("{id: REQ-3", "{idd: REQ-3"), ("macro_f1", "macro_f9"), ("project: sentiment", "project: A B"),
                     ("has_negation = 1 AND", "foo(x) = 1 AND"), ("priority: must", "priority: most")]:  # fmt: skip
        text = changed(old, new, text)
    lines = refusal(written(tmp_path, text)).splitlines()
    assert lines[0].startswith("6 errors in ")
    assert [int(line.split(", line ")[1].split(",")[0]) for line in lines[1:]] == [1, 5, 14, 20, 21, 21]


def test_a_hundred_errors_are_not_all_listed() -> None:
    text = TEXT + "".join(f"key{number}: 1\n" for number in range(100))
    lines = refusal(text).splitlines()
    assert lines[0] == "100 errors in specification:"
    assert len(lines) == 22
    assert lines[-1] == "… and 80 more."


def test_errors_of_a_mapping_name_the_key_and_no_line() -> None:
    mapping = yaml.safe_load(TEXT)
    mapping["behaviours"][0]["scenarios"][1]["where"] = "foo(1) = 1"
    message = refusal(mapping)
    assert message.startswith("specification (behaviours[0].scenarios[1].where): foo() at character 1")
    assert "line" not in message


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", ["line 1, column 1", "found nothing", "a mapping"]),
        (b"# only a comment\n", ["found nothing"]),
        (b"- a\n", ["a list of 1", "a mapping"]),
        (b"just text", ["'just text'", "a mapping"]),
        (b"project: a\nproject: b\n", ["line 2, column 1", "'project'", "twice", "line 1"]),
        (b"columns: {id: a, id: b}\n", ["line 1, column 18", "'id'", "twice"]),
        (b"project: a\ncolumns:\n\tid: id\n", ["line 3", "tab", "spaces"]),
        (b"project: [a\ntask: b\n", ["line 2"]),
        (b"project: 'a\n", ["quoted scalar"]),
        (b"project: a\n---\nproject: b\n", ["line 2, column 1", "second document"]),
        (b"project: !!python/object/apply:os.system [ls]\n", ["line 1, column 10", "tag", "python"]),
        (b"project: &a [*a]\n", ["line 1, column 14", "*a refers to itself"]),
        (b"project: *b\n", ["line 1, column 10", "*b is not defined"]),
        (b"? [a]\n: b\n", ["key must be plain text"]),
        (b"&x a: 1\n*x : 2\n", ["line 2, column 1", "alias"]),
        (b"project: a\x00b\n", ["line 1, column 11"]),
        (b"project: caf\xe9\n", ["line 1, column 13", "0xe9", "UTF-8"]),
        ("project: a\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
        (b"a: " + b"[" * 5000, ["line 1", "deep"]),
        (b"a: " + b"{a: " * 5000, ["line 1", "deep"]),
        (b"<<: {project: a}\n", ["unknown key '<<'"]),
        (b"project: @a\n", ["line 1, column 10"]),
    ],
)
def test_what_is_not_the_yaml_of_a_specification_is_named_with_its_place(
    tmp_path: Path, content: bytes, named: list[str]
) -> None:
    message = refusal(written(tmp_path, content))
    assert "specification.yaml" in message
    assert all(part in message for part in named), message


def test_aliases_are_read_and_a_bomb_of_them_is_refused_at_once() -> None:
    aliased = changed('where: "has_negation = 1"', 'where: &negated "has_negation = 1"')
    aliased = changed('where: "has_negation = 1 AND words > 20"', "where: *negated", aliased)
    assert load_specification(aliased).scenarios[2].where == "has_negation = 1"
    levels = [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    start = time.process_time()
    assert "500,000 values" in refusal("\n".join(["x0: &a0 [a, b]", *levels]))
    assert time.process_time() - start < 1


def test_a_file_of_more_than_five_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT + "#" * 5_000_000)
    assert "5,000,000" in refusal(path)
    assert "5,000,000" in refusal(TEXT + "#" * 5_000_000)


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    assert "Did you mean 'specification.yaml'?" in refusal(tmp_path / "specifications.yaml")
    assert "could not be read" in refusal(str(tmp_path / "nowhere" / "a.yml"))
    assert "could not be read" in refusal(tmp_path)
    assert "could not be read" in refusal("no-such-file.yaml")


@pytest.mark.parametrize("source", [None, 5, ["project"], b"project: a"])
def test_what_is_no_specification_is_named(source: object) -> None:
    assert type(source).__name__ in refusal(source)


def test_a_mapping_of_what_yaml_cannot_hold_is_refused() -> None:
    assert "(columns.id): found object" in refusal({"columns": {"id": object()}})
    endless: dict = {}
    endless["columns"] = endless
    assert "holds itself" in refusal(endless)


def test_markup_in_names_is_only_text() -> None:
    name = "<script>alert(1)</script> :red[x] **b** [a](http://x) {{7*7}}"
    text = TEXT.replace("With a negation", f"'{name}'")
    specification = load_specification(text)
    assert specification.scenarios[1].name == name


def test_a_scenario_name_of_five_thousand_characters_is_refused() -> None:
    assert "found 5,000 characters; expected at most 200" in refusal(changed("The June outage", "x" * 5000))


def test_detection_and_scored_tasks_need_no_label() -> None:
    for task in ("detection", "scored"):
        text = f"project: p\ntask: {task}\ncolumns: {{id: id}}\nmetrics: [accuracy]\n"
        message = refusal(text)
        assert f"is not a metric of {task}" in message
        assert "'label' is missing" not in message


def paths(value: Any, at: tuple = ()) -> list[tuple]:
    """Every path into a nest of mappings and lists."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, item in inner for path in paths(item, (*at, key)))]


def at(value: Any, path: tuple) -> Any:
    for part in path:
        value = value[part]
    return value


MAPPING = yaml.safe_load(TEXT.replace("007", "'007'"))
ALL_PATHS = [path for path in paths(MAPPING) if path]


@pytest.mark.parametrize("path", [path for path in paths(MAPPING) if isinstance(at(MAPPING, path), dict)], ids=str)
def test_an_unknown_key_is_refused_wherever_it_stands(path: tuple) -> None:
    mapping = copy.deepcopy(MAPPING)
    at(mapping, path)["surprise"] = 1
    assert "unknown key 'surprise'" in refusal(mapping)


ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["all", "accuracy"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ALL_PATHS), ANYTHING), min_size=1, max_size=3))
def test_anything_in_any_place_gives_a_specification_or_a_specification_error(edits: list[tuple[tuple, Any]]) -> None:
    mapping = copy.deepcopy(MAPPING)
    for path, value in edits:
        try:
            at(mapping, path[:-1])[path[-1]] = value
        except (KeyError, IndexError, TypeError):  # an edit before took the place away
            continue
    try:
        specification = load_specification(mapping)
    except SpecificationError:
        return
    assert demands(load_specification(specification.text)) == demands(specification)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_bytes_at_all_give_a_specification_error(tmp_path: Path, content: bytes) -> None:
    assert "specification.yaml" in refusal(written(tmp_path, content))


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, len(TEXT) - 1),
    st.sampled_from(["", "x", ":", "{", "}", "[", "'", '"', "\n", "\t", "-", "#", "&a ", "*a", "%", "é"]),
)
def test_one_stroke_of_the_keyboard_never_crashes_the_reader(place: int, stroke: str) -> None:
    try:
        specification = load_specification(TEXT[:place] + stroke + TEXT[place + 1 :])
    except SpecificationError as error:
        assert "line " in str(error)  # noqa: PT017
        return
    assert isinstance(specification, Specification)


def test_two_hundred_scenarios_and_a_hundred_thousand_ids_are_read_quickly() -> None:
    scenarios = "".join(f"      - {{name: s{n}, where: \"words > {n} AND light = 'x{n}'\"}}\n" for n in range(200))
    pinned = "".join(f"          - id-{n}\n" for n in range(100_000))
    text = f"{REGRESSION}  - name: More\n    scenarios:\n{scenarios}      - name: pinned\n        ids:\n{pinned}"
    start = time.process_time()
    specification = load_specification(text)
    assert time.process_time() - start < 5
    assert len(specification.scenarios) == 203
    assert len(specification.scenarios[-1].ids or ()) == 100_000
