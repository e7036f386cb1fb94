"""Specifications: what may stand in one, what it then says, and that nothing crashes its reader."""

import copy
import hashlib
import json
import pickle
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from specification_cases import REGRESSION, TEXT, changed, demands, refusal, written

from plainview.exceptions import SpecificationError
from plainview.specification import Specification, load_specification


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


def test_numpy_values_and_dates_in_a_mapping_are_read() -> None:
    values = {"margin": np.float32(0.25), "minimum_examples": np.int64(5), "title": date(2024, 1, 1)}
    pinned = {"name": "Pinned", "scenarios": [{"name": "These", "ids": np.array(["a", "b"])}]}
    specification = load_specification(yaml.safe_load(REGRESSION) | values | {"behaviours": [pinned]})
    assert (specification.margin, specification.minimum_examples, specification.title) == (0.25, 5, "2024-01-01")
    assert specification.scenario("These").ids == ("a", "b")


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


def test_bars_of_numbers_that_are_measured_may_be_any_number() -> None:
    bars = "requirements: [{id: A, metric: mae, at_most: 15.5}, {id: B, metric: bias, at_least: -3}]\n"
    assert [requirement.bar for requirement in load_specification(REGRESSION + bars).requirements] == [15.5, -3]


def test_markup_in_names_is_only_text() -> None:
    name = "<script>alert(1)</script> :red[x] **b** [a](http://x) {{7*7}}"
    text = TEXT.replace("With a negation", f"'{name}'")
    specification = load_specification(text)
    assert specification.scenarios[1].name == name


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
