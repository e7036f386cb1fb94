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


def _published(folder, *releases):
    """A store with a release for each (frame, specification)."""
    for number, (frame, demanded) in enumerate(releases, start=1):
        plainview.publish(
            frame, specification=demanded, release=f"{number}", released=f"2024-01-0{number}", store=folder / "store"
        )
    return plainview.open_store(folder / "store")


def _two_scenarios(*scenarios, **changes):
    return (
        _specification(name="x", where="size = 0")
        | {"behaviours": [{"name": "B", "scenarios": list(scenarios)}]}
        | changes
    )


FRAME = _frame(range(12), range(9))
LITTLE, LARGE = {"name": "Little", "where": "size = 0"}, {"name": "Large", "where": "size > 0"}


def _breaks(frame, scenario):
    return list(_values(frame.filter(metric="accuracy"), scenario, "breaks").values())


def test_each_part_of_a_split_begins_with_the_values_of_the_whole_and_breaks(tmp_path):
    parts = (
        {"name": "One", "where": "size = 1", "was": ["Large"]},
        {"name": "Two", "where": "size = 2", "was": ["Large"]},
    )
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE, LARGE)), (FRAME, _two_scenarios(LITTLE, *parts)))
    found = history(store, store.releases("history"))
    assert [_breaks(found, name) for name in ("One", "Two", "Little")] == [[[], ["split"]], [[], ["split"]], [[], []]]
    assert _values(found, "One")["1"] == _values(found, "Two")["1"] == 0.75
    assert _values(found, "One", "was") == {"1": ["Large"], "2": ["One"]}


def test_what_was_merged_has_no_value_before_and_says_why(tmp_path):
    whole = {"name": "Any", "where": "size >= 0", "was": ["Little", "Large"]}
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE, LARGE)), (FRAME, _two_scenarios(whole)))
    found = history(store, store.releases("history"))
    assert _values(found, "Any") == {"1": None, "2": 0.75}
    assert _values(found, "Any", "reason")["1"] == "it was 2 scenarios then: Little, Large"
    assert _breaks(found, "Any") == [[], ["merged"]]


def test_a_condition_that_is_only_written_otherwise_breaks_nothing(tmp_path):
    again = LITTLE | {"where": "size=0"}
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE)), (FRAME, _two_scenarios(again)))
    assert _breaks(history(store, store.releases("history")), "Little") == [[], []]


def test_a_scenario_that_holds_other_examples_breaks_although_ids_and_labels_are_the_same(tmp_path):
    moved = FRAME.with_columns(size=(pl.col("size") + (pl.col("id") == "3").cast(pl.Int64) * 3))
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE, LARGE)), (moved, _two_scenarios(LITTLE, LARGE)))
    found = history(store, store.releases("history"))
    assert [_breaks(found, name) for name in ("all", "Little", "Large")] == [
        [[], []],
        [[], ["members"]],
        [[], ["members"]],
    ]


def test_a_column_that_was_only_added_breaks_nothing(tmp_path):
    wider = FRAME.with_columns(note=pl.lit("new"))
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE)), (wider, _two_scenarios(LITTLE)))
    assert _breaks(history(store, store.releases("history")), "Little") == [[], []]


def test_classes_that_changed_break_an_average_over_them_and_not_accuracy(tmp_path):
    demanded = [_two_scenarios(LITTLE, metrics=["accuracy", "macro_f1"], classes=list(of)) for of in ("ab", "abc")]
    store = _published(tmp_path, *((FRAME, each) for each in demanded))
    found = history(store, store.releases("history"))
    assert _breaks(found, "all") == [[], []]
    assert found.filter(metric="macro_f1", scenario="all")["breaks"].to_list() == [[], ["metric"]]


def _flip(path):
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_a_release_that_cannot_be_read_is_a_gap_with_a_reason_and_not_a_break(tmp_path):
    changed = _two_scenarios(LITTLE, margin=0.02)
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE)), (FRAME, changed), (FRAME, _two_scenarios(LITTLE)))
    line = store.releases("history")
    _flip(tmp_path / "store" / line[1].specification.key)
    store = plainview.open_store(tmp_path / "store")
    found = history(store, store.releases("history"))
    assert _values(found, "Little") == {"1": 0.75, "2": None, "3": 0.75}
    assert "could not be read" in _values(found, "Little", "reason")["2"]
    assert _breaks(found, "Little") == [[], [], []]


def test_judged_anew_a_release_whose_answers_cannot_be_read_says_so(tmp_path):
    other = _frame(range(12), range(6))
    store = _published(tmp_path, (FRAME, _two_scenarios(LITTLE)), (other, _two_scenarios(LITTLE)))
    line = store.releases("history")
    _flip(tmp_path / "store" / line[0].predictions_file.key)
    store = plainview.open_store(tmp_path / "store")
    found = history_on(store, line, line[1], common=True)
    assert _values(found, "all") == {"1": None, "2": 0.5}
    assert "could not be read" in _values(found, "all", "reason")["1"]


def test_judged_anew_a_release_of_other_examples_or_another_task_says_so(tmp_path):
    graded = {
        "project": "history", "task": "scored", "columns": {"id": "id"}, "metrics": ["pass_rate"]
    }  # fmt: skip
    passed = pl.DataFrame({"id": ["1"], "prediction": [True]})
    elsewhere = _frame(range(50, 60), range(50, 60))
    store = _published(tmp_path, (passed, graded), (elsewhere, _two_scenarios(LITTLE)), (FRAME, _two_scenarios(LITTLE)))
    line = store.releases("history")
    reasons = _values(history_on(store, line, line[-1]), "all", "reason")
    assert reasons["1"] == "the task was scored, and is classification"
    assert reasons["2"] == "it has no answer to any of these examples"


def test_judged_on_what_all_answered_every_value_is_of_the_same_examples(store):
    line = store.releases("history")
    found = history_on(store, line, line[-1], common=True)
    assert _values(found, "all", "examples") == {"1": 5, "2": 5, "3": 5}
    assert _values(found, "all") == {"1": 0.6, "2": 1.0, "3": 1.0}
