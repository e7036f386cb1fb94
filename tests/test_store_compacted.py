"""Copies of many results in one file: faster to read, never believed over a record, and no loss where they are damaged."""

import os
import random
import threading
from contextlib import suppress

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from store_cases import FAULTS, FailingAdapter, draft, own_cache  # noqa: F401

from plainview.exceptions import StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.cache import Cache
from plainview.store.compacted import ID, PUBLISH_KEY, group_of, read_compacted
from plainview.store.keys import compacted_key
from plainview.store.segments import member
from plainview.store.store import Store
from plainview.store.tables import write_table

RELEASES = 9


@pytest.fixture(autouse=True)
def small_files(monkeypatch):
    monkeypatch.setattr("plainview.store.compacted.WORTHWHILE", 2)


@pytest.fixture
def root(tmp_path):
    store = create_store(tmp_path / "store")
    for number in range(RELEASES):
        store.publish(draft(f"1.{number}", seed=number, results=3 + 600 * (number == 4)))
    return tmp_path / "store"


def copies(root):
    return sorted(path for path in (root / "compacted").rglob("*.parquet"))


def table(root):
    """What a reader sees that starts from nothing."""
    store = open_store(root)
    Cache(store.id).path.unlink(missing_ok=True)
    return store.results_table(store.releases("sentiment"))


def age(root):
    for path in copies(root):
        os.utime(path, (0, 0))


def test_who_starts_from_nothing_reads_the_copies_and_no_results_of_their_own(root, monkeypatch):
    truth = table(root)
    assert open_store(root).compact("sentiment") == 1
    assert open_store(root).compact("sentiment") == 0
    store, read = open_store(root), []
    Cache(store.id).path.unlink()
    line = store.releases("sentiment")
    for verb in ("get", "open"):
        real = getattr(store._adapter, verb)
        monkeypatch.setattr(store._adapter, verb, lambda key, real=real: (read.append(key), real(key))[1])
    assert_frame_equal(store.results_table(line), truth)
    assert read == [copies(root)[0].relative_to(root).as_posix()]


def test_only_what_has_no_copy_yet_is_copied_and_only_where_it_is_worthwhile(root):
    store = open_store(root)
    store.compact("sentiment")
    store.publish(draft("2.0", seed=50))
    assert store.compact("sentiment") == 0
    store.publish(draft("2.1", seed=51))
    assert store.compact("sentiment") == 1
    members = [each for segment in read_compacted(FolderAdapter(root), "sentiment") for each in segment.members]
    assert sorted(members) == sorted(member(each) for each in store.evaluations())


def test_a_file_has_no_more_rows_than_it_may(root, monkeypatch):
    truth = table(root)
    monkeypatch.setattr("plainview.store.compacted.LARGEST", 7)
    assert open_store(root).compact("sentiment") == 4
    assert_frame_equal(table(root), truth)


def test_publishing_makes_copies_once_in_a_while_and_their_failure_is_none_of_its_business(root, monkeypatch):
    monkeypatch.setattr("plainview.store.store.COMPACT_EVERY", 5)
    store = open_store(root)
    store.publish(draft("2.0", seed=60))  # the tenth
    assert len(copies(root)) == 1
    monkeypatch.setattr("plainview.store.store.compact", lambda *_: (_ for _ in ()).throw(TimeoutError("no answer")))
    for number in range(5):
        assert store.publish(draft(f"3.{number}", seed=70 + number))[1]
    assert len(copies(root)) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_while_copying_loses_nothing(root, fault):
    truth = table(root)
    for number in range(1, 60):
        adapter = FailingAdapter(FolderAdapter(root), fail_at=number, error=FAULTS[fault])
        store = Store(adapter, open_store(root).id)
        with suppress(StoreError, MemoryError):
            store.compact("sentiment")
        assert_frame_equal(table(root), truth)
        assert open_store(root).verify().ok
        for path in copies(root):
            path.unlink()
        if len(adapter.calls) < number:
            break
    assert 10 < number < 59


def test_no_flipped_byte_or_cut_of_a_copy_changes_a_number_and_verify_tells(root):
    truth = table(root)
    open_store(root).compact("sentiment")
    [path] = copies(root)
    sound, chance = path.read_bytes(), random.Random(11)
    for number in range(40):
        data = bytearray(sound)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data if number % 4 else sound[: chance.randrange(len(sound))])
        assert_frame_equal(table(root), truth)
        [item] = open_store(root).verify().damaged
        assert item.key == path.relative_to(root).as_posix()
        assert "nothing is lost" in item.what_to_do
    age(root)
    assert open_store(root).collect_garbage(delete=True).keys == (path.relative_to(root).as_posix(),)
    assert open_store(root).compact("sentiment") == 1
    assert path.read_bytes() == sound
    assert open_store(root).verify().ok


def forged(root, change):
    """A copy with a right name and false content, as only someone who may write to the store can make it."""
    open_store(root).compact("sentiment")
    [path] = copies(root)
    rows = pl.read_parquet(path)
    path.unlink()
    return write_table(FolderAdapter(root), group_of("sentiment"), change(rows), key=compacted_key)


def test_a_copy_that_does_not_say_what_the_records_say_is_found_by_verify(root):
    file = forged(root, lambda rows: rows.with_columns(pl.lit(0.99).alias("value")))
    [item] = open_store(root).verify().damaged
    assert item.key == file.key
    assert "does not say of" in item.reason


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.with_columns(pl.lit("f" * 64).alias(PUBLISH_KEY)),
        lambda rows: rows.reverse().gather_every(2),
        lambda rows: pl.concat([rows, rows.head(1)]),
        lambda rows: rows.drop("value"),
        lambda rows: rows.with_columns(pl.col("examples").cast(pl.String)),
        lambda rows: rows.drop(ID),
        lambda rows: rows.clear(),
    ],
    ids=["of other content", "of others", "not together", "a column short", "another type", "of nobody", "empty"],
)
def test_a_copy_that_is_not_whole_is_not_read(root, change):
    truth = table(root)
    ids = {member(each) for each in open_store(root).evaluations()}
    shuffled = forged(root, change)
    found = [each for segment in read_compacted(FolderAdapter(root), "sentiment") for each in segment.members]
    if not set(found) & ids:
        assert_frame_equal(table(root), truth)
    else:  # rows are missing, which no reader can see: verify does
        assert [item.key for item in open_store(root).verify().damaged] == [shuffled.key]


def test_a_deleted_evaluation_does_not_come_back_through_a_copy(root):
    store = open_store(root)
    store.compact("sentiment")
    gone = store.evaluation("sentiment", "1.3")
    (root / "commits" / f"{gone.id}.json").unlink()
    assert open_store(root).results_table(open_store(root).releases("sentiment"))["order"].n_unique() == RELEASES - 1
    assert open_store(root).verify().ok


def test_racing_copiers_leave_readers_right_and_garbage_collection_one_copy_of_each(root):
    truth = table(root)
    stores = [open_store(root) for _ in range(4)]
    for number, store in enumerate(stores):  # each has seen another history
        store._commits.contents()
        if number < 3:
            open_store(root).publish(draft(f"2.{number}", seed=80 + number))
    truth = table(root)
    barrier, failures = threading.Barrier(len(stores)), []

    def copy(store):
        barrier.wait()
        try:
            store.compact("sentiment")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=copy, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert_frame_equal(table(root), truth)
    assert open_store(root).verify().ok
    for number in range(3, 6):  # one that has everything again
        open_store(root).publish(draft(f"2.{number}", seed=80 + number))
    age(root)
    open_store(root).collect_garbage(delete=True)
    members = [each for segment in read_compacted(FolderAdapter(root), "sentiment") for each in segment.members]
    assert len(members) == len(set(members)) == RELEASES + 3
    assert open_store(root).verify().ok


def test_a_copy_without_anything_that_is_left_is_garbage(root):
    store = open_store(root)
    store.compact("sentiment")
    kept = copies(root)
    age(root)
    assert store.collect_garbage(delete=True).keys == ()
    assert copies(root) == kept
    for path in (root / "commits").iterdir():
        path.unlink()
    assert kept[0].relative_to(root).as_posix() in open_store(root).collect_garbage(delete=True).keys


def test_the_name_of_a_project_leads_nowhere(root):
    store = open_store(root)
    for name in ("../../..", "a/b", "\x00"):
        for number in range(2):
            store.publish(draft(str(number), project=name, seed=number))
        assert store.compact(name) == 1
    assert {path.parent.parent for path in copies(root)} == {root / "compacted"}
    assert open_store(root).verify().ok
