"""The doctor finds each thing that can be wrong with a store, says what to do, and leaves nothing behind."""

import dataclasses
import errno
import json
import os
import sqlite3
import threading

import pytest
from store_cases import FailingAdapter, draft, own_cache  # noqa: F401
from typer.testing import CliRunner

from plainview.cli import app
from plainview.records import Evaluation
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.cache import Cache
from plainview.store.index import read_record
from plainview.store.keys import commit_key
from plainview.store.sealed import seal
from plainview.store.store import Store
from plainview.store.ulids import new_ulid

LOOKS = [
    "The store", "Writing", "Conditional writes", "The clock", "The records", "The files", "Repeated content",
    "The local index",
]  # fmt: skip


@pytest.fixture
def root(tmp_path):
    store = create_store(tmp_path / "store")
    for number in range(4):
        store.publish(draft(f"1.{number}", seed=number))
    return tmp_path / "store"


def examined(root, adapter=None):
    store = Store(adapter or FolderAdapter(root), open_store(root).id)
    return {each.what: each for each in store.examine(rounds=5)}


def ailing(found):
    return {each.what: each.status for each in found.values() if each.status != "fine"}


def test_a_sound_store_is_fine_in_every_respect_and_left_as_it_was(root):
    before = sorted(root.rglob("*"))
    found = examined(root)
    assert list(found) == LOOKS
    assert ailing(found) == {}
    assert all(each.what_to_do == "" for each in found.values())
    assert sorted(root.rglob("*")) == before


def test_an_empty_store_is_fine(tmp_path):
    create_store(tmp_path / "empty")
    assert ailing(examined(tmp_path / "empty")) == {}


def test_a_place_that_does_not_answer_is_one_problem(root):
    adapter = FailingAdapter(FolderAdapter(root), fail_at=1, error=TimeoutError("no answer"), times=1000)
    found = examined(root, adapter)
    assert ailing(found) == {"The store": "problem"}
    assert list(found) == ["The store"]
    assert "no answer" in found["The store"].found


def test_a_place_that_cannot_be_written_can_be_read(root):
    class ReadOnly(FolderAdapter):
        def put(self, key, source):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    found = examined(root, ReadOnly(root))
    assert ailing(found) == {"Writing": "warning"}
    assert "read-only" in found["Writing"].found
    assert "Conditional writes" not in found


def test_a_place_that_ignores_conditions_is_found_out(root):
    class Ignoring(FolderAdapter):
        def put_if_absent(self, key, data):
            self.put(key, data)
            return True

    found = examined(root, Ignoring(root))
    assert ailing(found) == {"Conditional writes": "warning"}
    assert "In 5 of 5 races" in found["Conditional writes"].found
    assert "If-None-Match" in found["Conditional writes"].what_to_do


def test_a_place_that_checks_before_it_writes_is_found_out_too(root):
    """Not atomic: whoever looks before another has written wins as well."""

    class Careless(FolderAdapter):
        looked = threading.Barrier(8)

        def put_if_absent(self, key, data):
            there = self.stat(key) is not None
            self.looked.wait(timeout=10)
            if not there:
                self.put(key, data)
            return not there

    assert ailing(examined(root, Careless(root))) == {"Conditional writes": "warning"}


def test_a_race_that_breaks_off_is_a_problem_and_not_a_verdict(root):
    class Cut(FolderAdapter):
        def put_if_absent(self, key, data):
            raise ConnectionResetError("connection reset")

    found = examined(root, Cut(root))
    assert ailing(found) == {"Conditional writes": "problem"}
    assert "connection reset" in found["Conditional writes"].found


@pytest.mark.parametrize(("hours", "status"), [(0, None), (2, "warning"), (-2, "warning"), (0.001, None)])
def test_a_clock_that_is_off_is_said(root, hours, status):
    class Elsewhen(FolderAdapter):
        def stat(self, key):
            stat = super().stat(key)
            return stat and dataclasses.replace(stat, modified=stat.modified + 3600 * hours)

    assert ailing(examined(root, Elsewhen(root))).get("The clock") == status


def test_a_damaged_record_and_a_damaged_file_are_named_with_their_release(root):
    one, other = (open_store(root).evaluation("sentiment", name) for name in ("1.1", "1.3"))
    for key in (commit_key(one.id), other.predictions_file.key):
        path = root / key
        path.write_bytes(path.read_bytes()[:-1])
    Cache(open_store(root).id).path.unlink()
    found = examined(root)
    assert ailing(found) == {"The records": "problem", "The files": "problem"}
    assert "sentiment 1.1" in found["The records"].found
    assert "sentiment 1.3" in found["The files"].found
    assert "publish sentiment 1.3 again" in found["The files"].what_to_do


def test_content_that_is_there_twice_is_counted(root):
    whole = read_record(FolderAdapter(root), commit_key(open_store(root).evaluations()[0].id), Evaluation)
    twin = whole.model_copy(update={"id": new_ulid()})
    (root / commit_key(twin.id)).write_bytes(seal(twin))
    found = examined(root)
    assert ailing(found) == {"Repeated content": "warning"}
    assert twin.id in found["Repeated content"].found


def test_a_cache_that_cannot_be_kept_or_is_wrong_is_said(root, tmp_path, monkeypatch):
    store = open_store(root)
    store.evaluations()
    one = store.evaluation("sentiment", "1.2")
    false = one.model_copy(update={"title": "Another"})
    for sample in (one, false):
        with sqlite3.connect(Cache(store.id).path) as connection:
            connection.execute("UPDATE record SET sealed = ? WHERE key = ?", (seal(sample), commit_key(one.id)))
        connection.close()
        expected = {} if sample is one else {"The local index": "problem"}
        assert ailing(examined(root)) == expected
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "a file"))
    found = examined(root)
    assert ailing(found) == {"The local index": "warning"}
    assert "PLAINVIEW_CACHE" in found["The local index"].what_to_do


def test_the_verb_prints_what_was_found_and_exits_1_on_a_problem(root, monkeypatch):
    monkeypatch.setattr(Store.examine, "__kwdefaults__", {"rounds": 3})
    sound = CliRunner().invoke(app, ["doctor", "--store", str(root)])
    assert (sound.exit_code, "This store can be relied on." in sound.stdout) == (0, True)
    assert all(what in sound.stdout for what in LOOKS)
    record = root / commit_key(open_store(root).evaluations()[0].id)
    record.write_bytes(record.read_bytes()[:-1])
    Cache(open_store(root).id).path.unlink()
    sick = CliRunner().invoke(app, ["doctor", "--store", str(root)])
    assert (sick.exit_code, "cannot be relied on" in sick.stdout, "backup" in sick.stdout) == (1, True, True)
    done = CliRunner().invoke(app, ["doctor", "--json", "--store", str(root)])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["ok"]) == (1, False)
    assert [each["what"] for each in found["findings"]] == LOOKS
    assert {each["status"] for each in found["findings"]} == {"fine", "problem"}
