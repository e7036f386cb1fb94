"""What every adapter must do: one suite, a row per kind of place."""

import contextlib
import os
import stat as modes
import threading
import time
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from servers.fixtures import KINDS, every
from store_cases import FAULTS, FailingAdapter, draft, own_cache  # noqa: F401

from plainview.exceptions import StoreError
from plainview.store.adapters import adapter_for, keys_under
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.identity import identity_of, new_identity
from plainview.store.keys import checked, commit_key, event_key, is_key, specification_key, table_key
from plainview.store.store import Store
from plainview.store.ulids import new_ulid

SHA = "0123456789abcdef" * 4


@pytest.fixture
def adapter(place):
    found = adapter_for(place.url("store"))
    found.initialise()
    found.put("store.json", b"{}")
    return found


def key_of(number: int) -> str:
    return specification_key(f"{number:064x}")


@every()
def test_what_was_put_is_what_is_got(adapter):
    adapter.put(key_of(1), b"one")
    adapter.put(key_of(2), iter([b"two ", b"pieces"]))
    with adapter.staged() as path:
        path.write_bytes(b"a file")
        adapter.put(key_of(3), path)
    assert [adapter.get(key_of(n)) for n in (1, 2, 3)] == [b"one", b"two pieces", b"a file"]
    with adapter.open(key_of(2)) as stream:
        stream.seek(4)
        assert stream.read() == b"pieces"


@every()
def test_put_replaces_and_put_if_absent_never_does(adapter):
    key = commit_key(new_ulid())
    assert adapter.put_if_absent(key, b"first")
    assert not adapter.put_if_absent(key, b"second")
    assert adapter.get(key) == b"first"
    adapter.put(key, b"third")
    assert adapter.get(key) == b"third"


@every()
def test_what_is_not_there_is_said_so(adapter):
    assert adapter.stat(key_of(1)) is None
    assert adapter.delete(key_of(1)) is False
    assert adapter.list("events/") == []
    for verb in (adapter.get, adapter.open):
        with pytest.raises(FileNotFoundError):
            verb(key_of(1))


@every()
def test_stat_tells_the_size_and_another_version_after_a_change(adapter):
    adapter.put(key_of(1), b"one")
    before = adapter.stat(key_of(1))
    adapter.put(key_of(1), b"another")
    after = adapter.stat(key_of(1))
    assert (before.bytes, after.bytes, before.key) == (3, 7, key_of(1))
    assert before.version != after.version
    assert abs(after.modified - time.time()) < 300


@every()
def test_list_finds_all_keys_below_a_folder_and_no_others(adapter):
    events = [event_key(new_ulid(), month) for month in ("2024-12", "2025-01") for _ in range(3)]
    for key in (*events, key_of(1), table_key("examples", SHA)):
        adapter.put(key, b"x")
    assert keys_under(adapter, "events/") == sorted(events)
    assert keys_under(adapter, "specifications/") == [key_of(1)]
    assert keys_under(adapter, "data/") == [table_key("examples", SHA)]


@every()
def test_delete_removes_only_what_was_looked_at(adapter):
    adapter.put(key_of(1), b"old")
    seen = adapter.stat(key_of(1))
    adapter.put(key_of(1), b"new")
    assert adapter.delete(key_of(1), unchanged=seen) is False
    assert adapter.get(key_of(1)) == b"new"
    assert adapter.delete(key_of(1), unchanged=adapter.stat(key_of(1))) is True
    assert adapter.stat(key_of(1)) is None


@every()
def test_a_staged_file_that_was_not_put_is_gone(adapter):
    with adapter.staged() as path:
        path.write_bytes(b"x")
    with pytest.raises(ZeroDivisionError), adapter.staged() as other:
        1 / 0  # noqa: B018
    assert not path.exists()
    assert not other.exists()


@every("folder", "seaweedfs", "azurite", "postgres")  # moto looks first, and then writes: two may win
def test_of_many_that_create_one_key_exactly_one_succeeds(adapter, place):
    for _ in range(25 if place.kind == "folder" else 8):
        key, gate, outcomes = commit_key(new_ulid()), threading.Barrier(8), []

        def create(number, key=key, gate=gate, outcomes=outcomes):
            gate.wait()
            outcomes.append((adapter.put_if_absent(key, b"%d" % number), number))

        threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [number for won, number in outcomes if won]
        assert len(winners) == 1
        assert adapter.get(key) == b"%d" % winners[0]


@every()
def test_a_store_lives_its_whole_life_in_any_place(adapter, tmp_path):
    adapter.delete("store.json")
    identifier, created = new_identity(adapter)
    store = Store(adapter, identifier)
    first, _ = store.publish(draft("1.0"))
    again = store.publish(draft("1.0"))
    second, _ = store.publish(draft("1.0", seed=1, results=2000))
    event = store.append_event("comment", "sentiment", body={"text": "good"})
    assert created
    assert identity_of(adapter) == store.id
    assert again == (first, False)
    reader = Store(adapter, identifier)
    assert reader.revisions("sentiment", "1.0") == [first, second]
    assert_frame_equal(reader.examples(second), draft().examples)
    assert_frame_equal(reader.predictions(second), draft(seed=1).predictions)
    assert len(reader.results(second)) == 2000
    assert reader.events() == [event]

    adapter.put(key_of(9), b"left by a publisher that was stopped")
    assert reader.collect_garbage().keys == ()
    assert reader.collect_garbage(delete=True, grace=-60).keys == (key_of(9),)
    adapter.put(first.predictions_file.key, b"PAR1")
    assert [item.key for item in reader.verify().damaged] == [first.predictions_file.key]
    assert store.publish(draft("1.0")) == (first, False)
    assert reader.verify().ok
    assert reader.verify().orphans == ()


REACHED = [("folder", fault) for fault in FAULTS]  # and each server with one kind of fault: kinds are raised above it
REACHED += zip([kind for kind in KINDS if kind not in ("folder", "google")], FAULTS, strict=False)


@pytest.mark.parametrize(("place", "fault"), REACHED, indirect=["place"])
def test_a_fault_at_any_verb_loses_nothing_acknowledged_in_any_place(adapter, fault, monkeypatch):
    monkeypatch.setattr("plainview.store.commit.PAUSES", (0.0, 0.0))
    adapter.delete("store.json")
    store = Store(adapter, new_identity(adapter)[0])
    for after in (False, True):
        for number in range(1, 20):
            release = f"{number}-{after}"
            faulty = FailingAdapter(adapter, fail_at=number, error=FAULTS[fault], after=after)
            with contextlib.suppress(StoreError, MemoryError):
                evaluation, _ = Store(faulty, store.id).publish(draft(release, seed=number))
                assert evaluation in store.revisions("sentiment", release)
            store.publish(draft(release, seed=number))
            assert len(store.revisions("sentiment", release)) == 1
    assert store.verify().ok
    assert store.verify().twins == ()


OUTSIDE = (
    "../outside", "../../outside", "..\\outside", "/etc/passwd", "\\\\host\\share", "C:\\outside", "C:/outside",
    "~/outside", "file:///etc/passwd", "..", ".", "", " ", "\x00", "a\x00b", "....//outside", "..;/outside",
    "%2e%2e%2foutside", "%252e%252e/outside", "..%c0%afoutside", "..%ef%bc%8foutside", "．．/outside", "‥/outside",
    "con", "nul.json", "a:b", "-rf", "$(id)", "`id`", ";id", "|id", "*", "?", "<script>", "\n", "\r\n", "\t",
    "a" * 5000, "é", "🙂", "\u202egnp.exe",
)  # fmt: skip
TRAVERSALS = [
    prefix + path + suffix
    for path in OUTSIDE
    for prefix in ("", "commits/", "data/examples/", "specifications/", "events/2024-01/")
    for suffix in ("", ".json")
]


@every()
@pytest.mark.parametrize("verb", ["get", "open", "stat", "delete", "put", "put_if_absent"])
def test_no_key_leads_out_of_the_store(adapter, verb, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    assert len(TRAVERSALS) > 200
    for key in TRAVERSALS:
        with pytest.raises(StoreError, match="not a key"):
            getattr(adapter, verb)(key, *([b"x"] if verb.startswith("put") else []))
    assert sorted(tmp_path.rglob("*")) == before


@given(st.text() | st.text(alphabet="./\\%2eE0aA-_:~").map(lambda text: f"commits/{text}.json"))
def test_only_ids_and_digests_make_keys(text):
    if is_key(text):
        assert ".." not in text
        assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHJKMNPQRSTVWXYZ0123456789./-_")
    else:
        with pytest.raises(StoreError):
            checked(text)


@pytest.mark.parametrize(
    "make", [commit_key, specification_key, lambda x: table_key("examples", x), lambda x: event_key(x, "2024-01")]
)
def test_keys_cannot_be_made_of_anything_else(make):
    for text in ("", "x", "../x", SHA[:-1], SHA + "0", SHA.upper(), new_ulid().lower()):
        with pytest.raises(StoreError):
            make(text)


def test_ulids_sort_by_time_and_never_repeat():
    many = [new_ulid() for _ in range(2000)]
    assert len(set(many)) == 2000
    assert new_ulid(1) < new_ulid(2) < new_ulid(1_700_000_000_000) < new_ulid()
    assert new_ulid(1469918176385)[:10] == "01ARYZ6S41"  # the example of the ULID specification


def test_addresses_are_paths_file_urls_or_a_clear_error(tmp_path):
    for url in (tmp_path, str(tmp_path), tmp_path.as_uri(), f"file://localhost{urllib.parse.quote(str(tmp_path))}"):
        assert adapter_for(url).root == tmp_path
    with pytest.raises(StoreError, match="No store can be kept at ftp:// addresses"):
        adapter_for("ftp://host/store")
    with pytest.raises(StoreError, match="another machine"):
        adapter_for("file://host/store")
    with pytest.raises(StoreError, match="empty"):
        adapter_for(" ")


def test_a_folder_keeps_nothing_that_everyone_may_write(tmp_path):
    before = os.umask(0)
    try:
        folder = FolderAdapter(tmp_path / "store")
        folder.initialise()
        folder.put(key_of(1), b"x")
        folder.put_if_absent(event_key(new_ulid(), "2024-01"), b"x")
    finally:
        os.umask(before)
    assert not [path for path in (tmp_path / "store").rglob("*") if path.stat().st_mode & modes.S_IWOTH]


def test_a_folder_without_links_creates_exclusively(tmp_path, monkeypatch):
    def no_link(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    folder = FolderAdapter(tmp_path / "store")
    folder.initialise()
    key = commit_key(new_ulid())
    assert folder.put_if_absent(key, b"first")
    assert not folder.put_if_absent(key, b"second")
    assert folder.get(key) == b"first"
    assert not list((tmp_path / "store" / "_tmp").iterdir())


def test_a_folder_that_is_gone_is_not_an_empty_one(tmp_path):
    folder = FolderAdapter(tmp_path / "store")
    for call in (lambda: folder.list("commits/"), lambda: folder.stat(key_of(1)), lambda: folder.put(key_of(1), b"x")):
        with pytest.raises(FileNotFoundError):
            call()
    assert not (tmp_path / "store").exists()


def test_what_an_editor_left_behind_is_no_record(tmp_path):
    folder = FolderAdapter(tmp_path / "store")
    folder.initialise()
    for name in (".DS_Store", "x.json~", "notes.txt"):
        (tmp_path / "store" / "commits" / name).write_text("x")
    assert keys_under(folder, "commits/") == []
