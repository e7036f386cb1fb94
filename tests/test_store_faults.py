"""Whatever fails, and wherever: what was acknowledged is complete, what was not can be published again."""

import errno
import multiprocessing
import os
import random
import resource
import shutil
import tempfile
from pathlib import Path

import polars as pl
import pytest
from store_cases import FAULTS, FailingAdapter, draft, own_cache, publish_as_nobody  # noqa: F401

from plainview.exceptions import ConflictError, StoreError
from plainview.records import Evaluation
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.commit import Deadline, commit, create_record
from plainview.store.index import read_record
from plainview.store.keys import commit_key
from plainview.store.store import Store
from plainview.store.ulids import new_ulid

PUBLISH_CALLS = 20  # more than a publish makes; the tests look that it is so


@pytest.fixture
def root(tmp_path):
    """A store with one evaluation and one event in it."""
    store = create_store(tmp_path / "store")
    store.publish(draft("0.9"))
    store.append_event("comment", "sentiment", body={})
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr("plainview.store.commit.PAUSES", (0.0, 0.0, 0.0))


def failing(root, **how):
    adapter = FailingAdapter(FolderAdapter(root), **how)
    return adapter, Store(adapter, open_store(root).id)


def attempt(work):
    """What ``work`` returned, or None where it failed as it may: with a StoreError, or for want of memory."""
    try:
        return work()
    except (StoreError, MemoryError):
        return None


def releases(store):
    return [each.release for each in store.evaluations()]


@pytest.mark.parametrize("times", [1, 1000], ids=["once", "for good"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_publish(root, tmp_path, fault, after, times):
    pristine = shutil.copytree(root, tmp_path / "pristine")
    for number in range(1, PUBLISH_CALLS):
        shutil.rmtree(root)
        shutil.copytree(pristine, root)
        adapter, store = failing(root, fail_at=number, error=FAULTS[fault], after=after, times=times)
        done = attempt(lambda: store.publish(draft("1.0")))  # noqa: B023
        after_crash = open_store(root)
        assert after_crash.damaged() == []
        assert after_crash.verify().ok
        if done is not None:
            assert "1.0" in releases(after_crash)
            assert done[1] is True
        there = "1.0" in releases(after_crash)
        assert after_crash.publish(draft("1.0"))[1] is not there
        assert releases(after_crash) == ["0.9", "1.0"]
        assert list((root / "_tmp").iterdir()) == []
        if len(adapter.calls) < number:
            break
    assert done is not None
    assert 10 < number < PUBLISH_CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_an_event(root, fault, after):
    for number in range(1, 4):
        _, store = failing(root, fail_at=number, error=FAULTS[fault], after=after)
        before = len(open_store(root).events())
        done = attempt(lambda: store.append_event("comment", "sentiment", body={}))  # noqa: B023
        events = open_store(root).events()
        assert done is None or done == events[-1]
        assert len(events) <= before + 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_garbage_collection_removes_nothing_alive(root, fault):
    orphan = root / "specifications" / f"{1:064x}.yaml"
    for number in range(1, 30):
        orphan.write_text("left by a publisher that was stopped")
        os.utime(orphan, (0, 0))
        adapter, store = failing(root, fail_at=number, error=FAULTS[fault])
        attempt(lambda: store.collect_garbage(delete=True))  # noqa: B023
        assert open_store(root).verify().ok
    assert len(adapter.calls) < number
    assert open_store(root).verify().orphans == ()


def test_lost_acknowledgements_neither_lose_nor_repeat(root):
    """A bucket behind a bad line: a third of the answers never arrive."""

    class BadLine(FolderAdapter):
        chance = random.Random(5)

        def put_if_absent(self, key, data):
            done = super().put_if_absent(key, data)
            if self.chance.random() < 0.33:
                raise TimeoutError("no answer")
            return done

    store = Store(BadLine(root), open_store(root).id)
    for number in range(40):
        assert store.publish(draft(f"1.{number}"))[1]
    assert len(open_store(root).evaluations()) == 41
    assert open_store(root).verify().twins == ()


def test_an_id_that_is_taken_by_another_evaluation_is_a_conflict(root):
    adapter, store = FolderAdapter(root), open_store(root)
    kept = read_record(adapter, commit_key(store.evaluations()[0].id), Evaluation)
    other = kept.model_copy(update={"publish_key": "0" * 64, "release": "other"})
    assert create_record(adapter, commit_key(kept.id), kept)
    assert not create_record(adapter, commit_key(kept.id), other)
    with pytest.raises(ConflictError, match="is taken by another evaluation"):
        commit(adapter, other, deadline=Deadline())
    commit(adapter, kept.model_copy(update={"actor": "a retry"}), deadline=Deadline())
    assert store.evaluations()[0].actor == kept.actor


def test_a_publish_that_takes_too_long_stops_before_its_files_may_be_collected(root, monkeypatch):
    monkeypatch.setattr("plainview.store.publishing.Deadline", lambda: Deadline(seconds=-1))
    with pytest.raises(StoreError, match="was stopped; nothing was published"):
        open_store(root).publish(draft("1.0"))
    assert releases(open_store(root)) == ["0.9"]


SYSTEM_CALLS = ("open", "fsync", "link", "replace", "mkdir", "scandir", "unlink")


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_a_fault_at_any_system_call_of_a_folder(root, monkeypatch, number):
    """One level below the verbs: each call of the operating system fails in turn."""
    calls, fail_at = 0, 0

    def guarded(real):
        def call(*arguments, **options):
            nonlocal calls
            calls += 1
            if calls == fail_at:
                raise OSError(number, os.strerror(number))
            return real(*arguments, **options)

        return call

    store, at = open_store(root), 0
    while at == 0 or calls >= at:
        at += 1
        expected = [*releases(open_store(root)), f"1.{at}"]
        with monkeypatch.context() as patched:
            calls, fail_at = 0, at
            for name in SYSTEM_CALLS:
                patched.setattr(os, name, guarded(getattr(os, name)))
            done = attempt(lambda: store.publish(draft(f"1.{at}", seed=at)))  # noqa: B023
        after = open_store(root)
        assert after.damaged() == []
        assert done is None or releases(after) == expected
        after.publish(draft(f"1.{at}", seed=at))
        assert releases(after) == expected
    assert done is not None
    assert at > 20
    assert open_store(root).verify().ok


def test_a_disk_that_fills_up_at_any_size(root):
    """The kernel refuses to let a file grow: at every 64 KiB of what a publish writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    chance = random.Random(3)
    scores = pl.DataFrame({"score": [chance.random() for _ in range(50_000)]})
    store, big, refused = open_store(root), draft("1.0", rows=50_000, predictions=scores), []
    for limit in range(0, 40 << 16, 1 << 16):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            store.publish(big)
            break
        except StoreError as error:
            refused.append(str(error))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert releases(open_store(root)) == ["0.9"]
        assert list((root / "_tmp").iterdir()) == []
    assert len(refused) > 5
    assert all("a file would be larger than this place allows" in message for message in refused)
    assert releases(open_store(root)) == ["0.9", "1.0"]
    assert open_store(root).verify().ok


def test_a_read_only_store_can_be_read_and_says_that_it_cannot_be_written():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "store"
        create_store(root).publish(draft("0.9"))
        Path(folder).chmod(0o755)
        folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(0o555)
        context = multiprocessing.get_context("spawn")
        outcome = context.Queue()
        process = context.Process(target=publish_as_nobody, args=(str(root), outcome))
        process.start()
        read, published, commented, created = outcome.get(timeout=60)
        process.join()
        for path in folders:
            path.chmod(0o755)
    assert read == 24
    for message in (published, commented, created):
        assert "permission is denied. Choose another place with --store" in message
    assert "Cannot publish to the store at" in published


def test_a_missing_answer_to_a_creation_that_did_not_happen_is_an_error(root):
    _, store = failing(root, fail_at=1, error=TimeoutError("no answer"), times=1000)
    with pytest.raises(StoreError, match="no answer"):
        store.append_event("comment", "sentiment", body={})
    adapter = FailingAdapter(FolderAdapter(root), fail_at=1, error=TimeoutError("no answer"), times=4)
    event = open_store(root).events()[0].model_copy(update={"id": new_ulid()})
    with pytest.raises(TimeoutError, match="it is not there"):
        create_record(adapter, f"events/2024-01/{event.id}.json", event)
