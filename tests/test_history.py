"""The history of a project: as published, and judged anew on today's test set."""

import polars as pl
import pytest

import plainview
from plainview.history import SCHEMA, history, history_on


def _specification(**scenario):
    return {
        "project": "history",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
        "minimum_examples": 1,
        "behaviours": [{"name": "B", "scenarios": [scenario]}],
    }


def _frame(ids, right):
    return pl.DataFrame(
        {
            "id": [str(each) for each in ids],
            "label": ["a"] * len(ids),
            "prediction": ["a" if each in right else "b" for each in ids],
            "size": [each % 3 for each in ids],
        }
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Three releases: the test set grows at the second, and a scenario is renamed and redefined at the third."""
    folder = tmp_path_factory.mktemp("history") / "store"
    small, large = range(10), range(5, 20)
    old, new = (
        _specification(name="Little", where="size = 0"),
        _specification(name="Small", was=["Little"], where="size <= 1"),
    )
    for release, frame, demanded in (
        ("1", _frame(small, range(8)), old),
        ("2", _frame(large, range(5, 18)), old),
        ("3", _frame(large, range(5, 20)), new),
    ):
        plainview.publish(frame, specification=demanded, release=release, released=f"2024-01-0{release}", store=folder)
    return plainview.open_store(folder)


def _values(frame, scenario, column="value"):
    return dict(frame.filter(pl.col("scenario") == scenario).sort("order").select("release", column).iter_rows())


def test_every_release_has_a_row_for_each_result_in_the_order_of_releases(store):
    found = history(store, store.releases("history"))
    assert found.schema == SCHEMA
    assert _values(found, "all") == {"1": 0.8, "2": pytest.approx(13 / 15), "3": 1.0}
    assert _values(found, "all", "order") == {"1": 0, "2": 1, "3": 2}


def test_another_test_set_and_another_definition_show_where_they_begin(store):
    found = history(store, store.releases("history"))
    test_sets = list(_values(found, "all", "test_set").values())
    assert test_sets[0] != test_sets[1] == test_sets[2]
    assert _values(found, "Small", "definition") == {"1": "size = 0", "2": "size = 0", "3": "size <= 1"}


def test_a_scenario_that_was_renamed_has_one_history(store):
    found = history(store, store.releases("history"))
    assert "Little" not in found["scenario"].to_list()
    assert list(_values(found, "Small")) == ["1", "2", "3"]


def test_old_releases_are_judged_on_todays_examples_as_far_as_they_answered_them(store):
    line = store.releases("history")
    found = history_on(store, line, line[-1])
    assert _values(found, "all", "examples") == {"1": 5, "2": 15, "3": 15}
    assert _values(found, "all") == {"1": 0.6, "2": pytest.approx(13 / 15), "3": 1.0}
    assert set(found["definition"]) == {"", "size <= 1"}
    assert found["test_set"].n_unique() == 1


def test_without_releases_the_history_is_empty(store):
    assert history(store, []).schema == SCHEMA
    assert history(store, []).is_empty()
