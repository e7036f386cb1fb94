"""The store through its one face: what is published is found again, under its names, in its order, or is an error."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from store_cases import draft, names, own_cache, result, rewrite  # noqa: F401

from plainview.exceptions import (
    ConflictError,
    DamagedError,
    FrameError,
    InputError,
    NewerFormatError,
    NotFoundError,
    StoreError,
    StoreMissingError,
)
from plainview.records import SCHEMA_VERSION
from plainview.store import create_store, open_store
from plainview.store.keys import STORE
from plainview.store.sealed import seal_line


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def store(root):
    return create_store(root)


# Opening and creating


def test_opening_never_creates(root, tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    for missing in (root, str(root), tmp_path, file, root.as_uri()):
        with pytest.raises(StoreMissingError, match=r"There is no store at .* create one"):
            open_store(missing)
    assert not root.exists()


def test_a_store_is_created_once(root):
    first = create_store(root)
    assert open_store(root).id == create_store(root, exist_ok=True).id == first.id
    assert repr(first) == f"Store({str(root)!r})"
    with pytest.raises(ConflictError, match="There is a store"):
        create_store(root)


@pytest.mark.parametrize("content", [b"", b"{}", b"x\n{}\n", seal_line(b"{}"), seal_line(b'{"id": "../../outside"}')])
def test_a_store_whose_name_plate_is_damaged_is_not_taken_for_an_empty_one(store, root, content):
    (root / STORE).write_bytes(content)
    for call in (open_store, create_store):
        with pytest.raises(DamagedError, match=STORE):
            call(root)


def test_a_store_of_a_newer_format_is_refused(store, root):
    rewrite(root / STORE, schema_version=9, min_reader=9, shape="ring")
    with pytest.raises(NewerFormatError, match=f"format 9, this one reads up to {SCHEMA_VERSION}"):
        open_store(root)


def test_a_store_that_vanished_is_an_error_and_not_an_empty_store(store, root, tmp_path):
    store.publish(draft())
    root.rename(tmp_path / "elsewhere")
    for call in (store.projects, lambda: store.publish(draft("2.0")), store.fingerprint, store.events):
        with pytest.raises(StoreError, match=r"is gone that was there"):
            call()
    assert not root.exists()
    assert names(open_store(tmp_path / "elsewhere").evaluations()) == ["1.0"]


# Publishing


def test_what_was_published_is_found_again(root, store):
    given = draft("1.0", released=date(2024, 5, 1), notes="First", source_revision="abc", missing_labels=1)
    evaluation, created = store.publish(given, actor="ada")
    found = open_store(root).evaluation("sentiment", "1.0")
    assert created
    assert found == evaluation
    assert (found.actor, found.released, found.notes, found.test_set.missing_labels) == (
        "ada",
        date(2024, 5, 1),
        "First",
        1,
    )
    assert found.test_set.columns == ("id", "label", "words")
    assert_frame_equal(store.examples(found), given.examples)
    assert_frame_equal(store.examples(found, ["words", "id"]), given.examples.select("words", "id"))
    assert_frame_equal(store.predictions(found), given.predictions)
    assert store.results(found) == tuple(given.results)
    assert store.specification_text(found) == "project: sentiment\n"


def test_lists_come_without_results(store):
    evaluation, _ = store.publish(draft(results=5))
    assert evaluation.results is None
    assert [item.scenario for item in store.results(evaluation)] == [f"Scenario {number}" for number in range(5)]


def test_many_results_are_kept_as_a_table(store):
    many = [result(f"Scenario {number}" * 20, value=None if number % 3 else number / 3000) for number in range(2_000)]
    evaluation, _ = store.publish(draft(results=many))
    assert evaluation.results_file.rows == 2_000
    assert store.results(evaluation) == tuple(many)


def test_the_same_content_again_is_the_same_evaluation(root, store):
    evaluation, _ = store.publish(draft(), actor="ada")
    files = sorted(root.rglob("*.*"))
    assert store.publish(draft(), actor="bob") == (evaluation, False)
    assert open_store(root).publish(draft()) == (evaluation, False)
    assert sorted(root.rglob("*.*")) == files


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1}, {"rows": 25}, {"results": 3}, {"notes": "x"}, {"source_revision": "x"}, {"title": "x"},
        {"task": "regression"}, {"released": date(2024, 1, 1)}, {"specification": b"project: other\n"},
        {"missing_labels": 1}, {"missing_predictions": 1}, {"core_columns": ("id",)},
    ],
)  # fmt: skip
def test_other_content_under_the_same_names_is_a_new_revision(store, change):
    first, _ = store.publish(draft())
    second, created = store.publish(draft(**change))
    assert created
    assert [each.id for each in store.revisions("sentiment", "1.0")] == [first.id, second.id]
    assert store.evaluation("sentiment", "1.0").id == second.id
    assert [each.id for each in store.releases("sentiment")] == [second.id]
    assert store.publish(draft()) == (first, False)
    assert_frame_equal(store.predictions(first), draft().predictions)


def test_a_test_set_is_kept_once_for_all_releases_and_projects(root, store):
    columns = draft().examples.columns
    for release in ("1.0", "2.0", "3.0"):
        store.publish(draft(release, seed=int(release[0])))
    other, _ = store.publish(draft(project="other", examples=draft().examples.select(reversed(columns))))
    assert len(list((root / "data" / "examples").iterdir())) == 1
    assert store.examples(other).columns == columns
    assert other.test_set.digest == store.evaluation("sentiment", "1.0").test_set.digest


def test_added_metadata_changes_the_digest_and_not_the_digest_of_ids_and_labels(store):
    one = store.publish(draft())[0].test_set
    other = store.publish(draft(examples=draft().examples.with_columns(lighting=pl.lit("night"))))[0].test_set
    assert one.digest != other.digest
    assert one.examples_digest == other.examples_digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project": " "}, "The project of the evaluation is empty"),
        ({"release": ""}, "The release of the evaluation is empty"),
        ({"test_set": ""}, "The test set of the evaluation is empty"),
        ({"predictions": pl.DataFrame({"prediction": ["a"]})}, "1 rows of predictions for 24 examples"),
        ({"core_columns": ("id", "lable")}, "no column 'lable'. Did you mean 'label'"),
        ({"examples": pl.DataFrame({"id": [b"x"] * 24}), "core_columns": ("id",)}, "Column 'id' has the type"),
        ({"notes": "\ud800"}, "notes of the evaluation holds half a character at position 0"),
        ({"release": "\ud800"}, "release of the evaluation holds half"),
        ({"title": None}, "title of the evaluation must be text. Got None"),
        ({"released": "2024-01-01"}, "must be a date without a time. Got '2024-01-01'"),
        ({"results": [result("\ud800")]}, "results cannot be written as JSON"),
    ],
)
def test_what_cannot_be_kept_is_an_error_and_nothing_is_written(root, store, change, message):
    before = sorted(root.rglob("*"))
    with pytest.raises(InputError, match=message):
        store.publish(draft(**change))
    assert [path for path in sorted(root.rglob("*")) if path.is_file()] == [path for path in before if path.is_file()]
    assert issubclass(FrameError, InputError)


HOSTILE = [
    "../../outside",
    "/etc/passwd",
    "..",
    "a/b",
    "a\\b",
    "C:\\x",
    "\x00",
    "con",
    "x" * 5000,
    "<script>",
    ":red[x]",
    "é🙂\u202e",
    "'; DROP",
]


@pytest.mark.parametrize("field", ["project", "release", "test_set", "title", "notes", "source_revision"])
def test_names_may_be_anything_and_lead_nowhere(root, store, tmp_path, field):
    for name in HOSTILE:
        evaluation, created = store.publish(draft(**{field: name}), actor=name)
        assert created
        assert (evaluation.test_set.name if field == "test_set" else getattr(evaluation, field)) == name
    store.append_event("comment", "../..", release="../..", body={"../..": "../.."}, actor="../..")
    assert {path.name for path in tmp_path.iterdir()} == {"store", "cache"}
    assert {path.name for path in root.iterdir()} == {
        "store.json",
        "claims",
        "commits",
        "data",
        "specifications",
        "events",
        "_tmp",
    }
    assert store.verify().ok


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_any_text_survives_as_it_was(tmp_path_factory, name, notes, title):
    store = create_store(tmp_path_factory.mktemp("text") / "store")
    store.publish(draft(name, project=name, notes=notes, title=title))
    found = store.evaluation(name, name)
    assert (found.release, found.notes, found.title) == (name, notes, title)


# Finding


def test_releases_stand_by_their_date_then_by_publication(store):
    dates = {
        "a": date(2024, 3, 1),
        "b": None,
        "c": date(2023, 1, 1),
        "d": date(2024, 3, 1),
        "e": None,
        "f": date(2999, 1, 1),
    }
    for release, released in dates.items():
        store.publish(draft(release, released=released))
    assert names(store.releases("sentiment")) == ["c", "a", "d", "b", "e", "f"]
    store.publish(draft("b", seed=1))
    store.publish(draft("a", seed=1, released=date(2024, 3, 1)))
    assert names(store.releases("sentiment")) == ["c", "a", "d", "b", "e", "f"]
    assert names(store.evaluations("sentiment")) == ["c", "a", "a", "d", "b", "b", "e", "f"]


def test_a_release_on_two_test_sets_is_shown_on_both(store):
    small, _ = store.publish(draft(test_set="small", rows=5))
    default, _ = store.publish(draft())
    large, _ = store.publish(draft(test_set="large", rows=50))
    assert store.evaluation("sentiment", "1.0") == default
    assert store.evaluation("sentiment", "1.0", test_set="small") == small
    assert store.releases("sentiment") == [default, large, small]
    with pytest.raises(NotFoundError, match=r"'smal'.* Did you mean 'small'"):
        store.evaluation("sentiment", "1.0", test_set="smal")


def test_without_a_default_test_set_the_last_published_counts(store):
    store.publish(draft(test_set="b"))
    last, _ = store.publish(draft(test_set="a"))
    assert store.evaluation("sentiment", "1.0") == last


def test_unknown_names_name_the_nearest(store):
    with pytest.raises(NotFoundError, match=r"no project 'sentiment' in this store\. There are none"):
        store.releases("sentiment")
    store.publish(draft())
    with pytest.raises(NotFoundError, match=r"no project 'sentimnt'.* Did you mean 'sentiment'"):
        store.evaluations("sentimnt")
    with pytest.raises(NotFoundError, match=r"no release '1.O' of sentiment. Did you mean '1.0'"):
        store.evaluation("sentiment", "1.O")


def test_the_fingerprint_changes_with_every_new_evaluation_and_no_other_time(root, store):
    prints = [store.fingerprint()]
    for release in ("1.0", "2.0"):
        store.publish(draft(release))
        prints.append(store.fingerprint())
    store.publish(draft("2.0"))
    store.append_event("comment", "sentiment", body={})
    assert len(set(prints)) == 3
    assert open_store(root).fingerprint() == store.fingerprint() == prints[-1]


def test_a_reader_sees_what_others_publish_at_once(root, store):
    reader = open_store(root)
    for number in range(3):
        store.publish(draft(str(number)))
        assert len(reader.evaluations()) == number + 1
    next((root / "commits").iterdir()).unlink()
    assert len(reader.evaluations()) == 2


# What people write


def test_events_are_kept_and_found_by_project_release_and_kind(root, store):
    first = store.append_event("comment", "sentiment", body={"text": "good", "n": [1, None, {"x": 0.5}]}, actor="ada")
    second = store.append_event("decision", "sentiment", release="1.0", body={"go": True})
    third = store.append_event("decision", "other", release="1.0", body={"go": False})
    assert open_store(root).events() == [first, second, third]
    assert store.events("sentiment") == [first, second]
    assert store.events(release="1.0", kind="decision") == [second, third]
    assert store.events("sentiment", kind="review") == []
    assert (root / "events" / f"{first.at:%Y-%m}" / f"{first.id}.json").is_file()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "kind of the event is empty"),
        ({"project": " "}, "project of the event is empty"),
        ({"body": {"x": "\ud800"}}, "cannot be written as JSON"),
        ({"body": {"x": object()}}, "cannot be written as JSON"),
        ({"body": ["x"]}, "body of the event must be a mapping"),
        ({"release": 1}, "release of the event must be text"),
    ],
)
def test_an_event_that_cannot_be_kept_is_an_error(root, store, change, message):
    with pytest.raises(InputError, match=message):
        store.append_event(**{"kind": "comment", "project": "sentiment", "body": {}, **change})
    assert store.events() == []
