"""Lineage: renamed, split, merged, redefined scenarios, and metrics that are measured otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainview.specification import load_specification
from plainview.specification.lineage import ancestors, meaning, metric_definition


def _specification(*scenarios, **changes):
    written = [{"name": name, "where": where} | ({"was": was} if was else {}) for name, where, was in scenarios]
    demanded = {
        "project": "lineage",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
        "behaviours": [{"name": "B", "scenarios": written}],
    }
    return load_specification(demanded | changes)


def _named(*line):
    """What today's scenarios were called under the first specification."""
    found = dict(ancestors([_specification(*scenarios) for scenarios in line])[0])
    found.pop("all")
    return found


def test_a_scenario_that_keeps_its_name_is_the_same_one():
    assert _named([("A", "x = 1", [])], [("A", "x = 2", [])]) == {"A": ("A",)}


def test_a_name_may_change_more_than_once():
    line = [("A", "x = 1", [])], [("B", "x = 1", ["A"])], [("C", "x = 1", ["B"])]
    assert _named(*line) == {"C": ("A",)}


def test_what_it_was_may_be_said_later_than_at_the_change():
    assert _named([("A", "x = 1", [])], [("B", "x = 1", [])], [("B", "x = 1", ["A"])]) == {"B": ("A",)}


def test_of_a_split_every_part_was_the_whole():
    parts = [("Dusk", "x = 1 AND y = 1", ["Dark"]), ("Night", "x = 1 AND y = 2", ["Dark"])]
    assert _named([("Dark", "x = 1", [])], parts) == {"Dusk": ("Dark",), "Night": ("Dark",)}


def test_what_was_merged_was_several():
    assert _named([("A", "x = 1", []), ("B", "x = 2", [])], [("C", "x < 3", ["A", "B"])]) == {"C": ("A", "B")}
    assert _named([("A", "x = 1", []), ("B", "x = 2", [])], [("A", "x < 3", ["B"])]) == {"A": ("A", "B")}


def test_a_name_that_is_given_to_another_scenario_does_not_take_the_history_along():
    now = [("B", "x = 1", ["A"]), ("A", "x = 2", [])]
    assert _named([("A", "x = 1", [])], now) == {"B": ("A",), "A": ()}


def test_what_a_scenario_was_and_lives_on_beside_it_is_not_a_part_of_it():
    now = [("A", "x = 1", []), ("B", "x = 3", ["A"])]
    assert _named([("A", "x = 1", []), ("B", "x = 2", [])], now) == {"A": ("A",), "B": ("B",)}


def test_a_scenario_that_was_left_out_for_a_while_goes_on():
    assert _named([("A", "x = 1", [])], [("Z", "x = 1", [])], [("A", "x = 1", [])]) == {"A": ("A",)}


def test_a_scenario_that_is_new_was_nothing():
    assert _named([("A", "x = 1", [])], [("A", "x = 1", []), ("B", "x = 2", [])]) == {"A": ("A",), "B": ()}


names = st.sampled_from("ABCD")
scenario = st.tuples(names, st.integers(0, 2).map("x = {}".format), st.lists(names, max_size=2))
versions = st.lists(st.lists(scenario, min_size=1, max_size=4, unique_by=lambda each: each[0]), min_size=1, max_size=5)


@given(versions=versions)
@settings(max_examples=60, deadline=None)
def test_every_name_that_is_found_is_one_that_was_there(versions):
    line = [_specification(*each) for each in versions]
    for one, found in zip(line, ancestors(line), strict=True):
        there = {each.name for each in one.scenarios}
        assert set(found) == {each.name for each in line[-1].scenarios}
        assert all(set(called) <= there and len(set(called)) == len(called) for called in found.values())
        assert found["all"] == ("all",)


def test_without_specifications_there_is_no_lineage():
    assert ancestors([]) == []


@pytest.mark.parametrize("other", ["x=1  AND y IN ('a')", "x = 1 and y in ('a')", "x = 1\n  AND y IN('a')"])
def test_a_condition_that_is_written_otherwise_means_the_same(other):
    one, two = (_specification(("A", where, [])).scenarios[1] for where in ("x = 1 AND y IN ('a')", other))
    assert meaning(one) == meaning(two)


@pytest.mark.parametrize("other", ["x = 1 AND y IN ('A')", "X = 1 AND y IN ('a')", "x = 1 OR y IN ('a')"])
def test_another_value_column_or_word_means_another_scenario(other):
    one, two = (_specification(("A", where, [])).scenarios[1] for where in ("x = 1 AND y IN ('a')", other))
    assert meaning(one) != meaning(two)


def test_pinned_ids_mean_the_same_in_any_order():
    pinned = [
        _specification(behaviours=[{"name": "B", "scenarios": [{"name": "P", "ids": list(ids)}]}])
        for ids in ("ab", "ba")
    ]
    assert len({meaning(each.scenarios[1]) for each in pinned}) == 1


def _detection(**changes):
    demanded = {"project": "d", "task": "detection", "columns": {"id": "id", "label": "label"}}
    return load_specification(demanded | {"metrics": ["micro_recall", "map50"]} | changes)


def test_a_threshold_is_part_of_what_counts_boxes_and_not_of_average_precision():
    one, two = _detection(), _detection(score_threshold=0.3)
    assert metric_definition(one, "micro_recall") != metric_definition(two, "micro_recall")
    assert metric_definition(one, "map50") == metric_definition(two, "map50")


def test_the_classes_are_part_of_an_average_over_them_and_not_of_accuracy():
    metrics = ["accuracy", "macro_f1"]
    one, two = (_specification(("A", "x = 1", []), metrics=metrics, classes=list(of)) for of in ("ab", "abc"))
    assert metric_definition(one, "macro_f1") != metric_definition(two, "macro_f1")
    assert metric_definition(one, "accuracy") == metric_definition(two, "accuracy")


def test_which_column_is_scored_is_part_of_its_mean():
    scored = [
        load_specification(
            {"project": "s", "task": "scored", "columns": {"id": "id", "score": column}, "metrics": ["mean"]}
        )
        for column in ("fluency", "truth")
    ]
    assert len({metric_definition(each, "mean") for each in scored}) == 2
