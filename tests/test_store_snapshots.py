"""Snapshots: readers far away start from one item, and nothing that a snapshot says is believed against a record."""

import pytest
from servers.fixtures import every
from store_cases import draft, own_cache  # noqa: F401

from plainview.exceptions import DamagedError
from plainview.store import create_store, index, open_store, snapshots
from plainview.store import store as stores
from plainview.store.adapters import adapter_for, keys_under
from plainview.store.keys import SNAPSHOTS, commit_key

FAR = every("moto", "postgres")


@pytest.fixture(autouse=True)
def small(monkeypatch, tmp_path):
    """Everything is worth a snapshot, and every reader starts from nothing."""
    monkeypatch.setattr(index, "WORTHWHILE", 3)
    monkeypatch.setattr(stores, "SNAPSHOT_EVERY", 5)
    numbers = iter(range(1000))
    return lambda: monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / f"cache-{next(numbers)}"))


class Counting:
    """An adapter that remembers what was read."""

    def __init__(self, inner):
        self.inner, self.read = inner, []

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def get(self, key):
        self.read.append(key)
        return self.inner.get(key)


def filled(place, count=7):
    store = create_store(place.url("store"))
    kept = [store.publish(draft(str(number), seed=number))[0] for number in range(count)]
    store.append_event("comment", "sentiment", body={"text": "good"})
    return store, kept


@FAR
def test_a_reader_that_starts_from_nothing_reads_one_snapshot_and_what_came_after_it(place, small):
    store, kept = filled(place)
    small()
    adapter = Counting(adapter_for(place.url("store")))
    reader = stores.Store(adapter, store.id)
    assert reader.evaluations() == kept
    assert reader.events() == store.events()
    commits = [key for key in adapter.read if key.startswith("commits/")]
    assert sorted(commits) == sorted(commit_key(each.id) for each in kept[5:])
    assert len([key for key in adapter.read if key.startswith(SNAPSHOTS)]) == 1


@FAR
def test_what_a_snapshot_holds_counts_only_while_its_record_is_listed(place, small):
    _, kept = filled(place)
    adapter = adapter_for(place.url("store"))
    adapter.delete(commit_key(kept[1].id))
    small()
    assert open_store(place.url("store")).evaluations() == [each for each in kept if each != kept[1]]


@FAR
@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "gone", "bomb"])
def test_a_damaged_snapshot_costs_time_and_nothing_else(place, small, damage, monkeypatch):
    store, kept = filled(place)
    adapter = adapter_for(place.url("store"))
    key = keys_under(adapter, SNAPSHOTS)[-1]
    data = adapter.get(key)
    middle = len(data) // 2
    if damage == "gone":
        adapter.delete(key)
    elif damage == "bomb":
        monkeypatch.setattr(snapshots, "LARGEST", 100)
    else:
        flipped = data[:middle] + bytes([data[middle] ^ 16]) + data[middle + 1 :]
        adapter.put(key, {"flipped": flipped, "cut": data[:middle], "empty": b""}[damage])
    small()
    assert open_store(place.url("store")).evaluations() == kept
    report = store.verify()
    assert [item.key for item in report.damaged] == ([] if damage == "gone" else [key])
    assert all("nothing is lost" in item.what_to_do for item in report.damaged)


@FAR
def test_a_snapshot_that_says_something_else_than_a_record_is_found(place, small):
    store, kept = filled(place)
    adapter = adapter_for(place.url("store"))
    records = dict(snapshots.copies_in(adapter, keys_under(adapter, SNAPSHOTS)[-1]))
    key = commit_key(kept[0].id)
    records[key] = index.seal(kept[0].model_copy(update={"actor": "someone else"}))
    forged = snapshots.write_snapshot(adapter, records)
    assert [item.key for item in store.verify().damaged] == [forged]


@FAR
def test_only_the_newest_snapshots_are_kept(place):
    store, _ = filled(place, count=5)
    for _ in range(4):
        store.snapshot()
    assert len(keys_under(adapter_for(place.url("store")), SNAPSHOTS)) == snapshots.KEPT
    assert store.verify().ok


def test_a_folder_needs_none(tmp_path):
    store = create_store(tmp_path / "store")
    for number in range(6):
        store.publish(draft(str(number), seed=number))
    assert not (tmp_path / "store" / "snapshots").exists()


@FAR
def test_what_is_no_snapshot_is_refused(place):
    store, _ = filled(place, count=5)
    adapter = adapter_for(place.url("store"))
    key = keys_under(adapter, SNAPSHOTS)[-1]
    adapter.put(key, b"not packed")
    with pytest.raises(DamagedError, match="cannot be unpacked"):
        list(snapshots.copies_in(adapter, key))
    assert store.evaluations()


@FAR
def test_a_reader_whose_server_goes_away_says_so_and_marks_nothing_as_damaged(place, small, monkeypatch):
    store, kept = filled(place)
    small()

    class Leaving(Counting):
        def get(self, key):
            if len(self.read) > 2:
                raise ConnectionError("nobody is there")
            return super().get(key)

    reader = stores.Store(Leaving(adapter_for(place.url("store"))), store.id)
    monkeypatch.setattr(index, "WORTHWHILE", 1000)
    with pytest.raises(stores.StoreError, match="nobody is there"):
        reader.evaluations()
    assert stores.Store(adapter_for(place.url("store")), store.id).evaluations() == kept
