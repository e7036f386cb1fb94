"""Garbage is what no record names and no publisher can still be about to name; nothing else is ever removed."""

import json
import os
import time

import pytest
from store_cases import draft, own_cache  # noqa: F401

from plainview.exceptions import StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.commit import LONGEST_PUBLISH
from plainview.store.gc import GRACE, collect
from plainview.store.keys import specification_key, table_key
from plainview.store.sealed import seal_line
from plainview.store.store import Store
from plainview.store.ulids import new_ulid

DAY = 24 * 3600


@pytest.fixture
def root(tmp_path):
    create_store(tmp_path / "store").publish(draft())
    return tmp_path / "store"


def orphan(root, key, *, age):
    path = root / key
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"left behind")
    os.utime(path, (time.time() - age,) * 2)
    return key


def test_only_old_files_without_a_record_are_collected_and_only_when_told(root):
    for path in root.rglob("*.*"):
        os.utime(path, (0, 0))
    old = [
        orphan(root, key, age=DAY + 60)
        for key in (table_key("examples", "0" * 64), specification_key("1" * 64), f"_tmp/{new_ulid()}")
    ]
    young = orphan(root, table_key("predictions", "2" * 64), age=DAY - 60)
    store = open_store(root)
    report = store.collect_garbage()
    assert (sorted(report.keys), report.bytes, report.deleted) == (sorted(old), 33, False)
    assert all((root / key).exists() for key in old)
    assert store.collect_garbage(delete=True).keys == report.keys
    assert not any((root / key).exists() for key in old)
    assert (root / young).exists()
    assert store.collect_garbage().keys == ()
    assert store.verify().ok
    assert store.verify().orphans == (young,)


def test_the_grace_is_longer_than_any_publish():
    assert GRACE >= 2 * LONGEST_PUBLISH


def test_clocks_may_differ_by_a_day_without_a_loss(root):
    for hours in (-24, -1, 0, 1, 23):
        collect(FolderAdapter(root), delete=True, now=time.time() + hours * 3600)
    young = orphan(root, table_key("predictions", "2" * 64), age=0)
    assert collect(FolderAdapter(root), delete=True, now=time.time() - DAY).keys == ()
    assert (root / young).exists()
    assert open_store(root).verify().ok


def test_nothing_is_removed_while_a_record_is_damaged(root):
    old = orphan(root, specification_key("1" * 64), age=2 * DAY)
    record = next((root / "commits").iterdir())
    sound = record.read_bytes()
    for damage in (sound[:-9], b"", seal_line(b"not json")):
        record.write_bytes(damage)
        with pytest.raises(StoreError, match="cannot be known which files it names: nothing was removed"):
            open_store(root).collect_garbage(delete=True)
        assert (root / old).exists()


def test_what_a_newer_record_names_is_not_garbage(root):
    kept = orphan(root, table_key("explanations", "1" * 64), age=2 * DAY)
    identifier = new_ulid()
    record = {"schema_version": 9, "min_reader": 9, "id": identifier, "parts": [{"of": {"it": kept}}]}
    (root / "commits" / f"{identifier}.json").write_bytes(seal_line(json.dumps(record).encode()))
    assert open_store(root).collect_garbage(delete=True).keys == ()
    assert (root / kept).exists()


def test_a_file_that_is_published_while_it_is_collected_stays(root):
    """The publisher writes the same content between the look and the removal."""
    store = create_store(root.parent / "other")
    evaluation, _ = store.publish(draft("2.0", seed=9))
    key = evaluation.predictions_file.key
    orphan(root, key, age=2 * DAY)

    class LatePublisher(FolderAdapter):
        def delete(self, key, **options):
            open_store(root).publish(draft("2.0", seed=9))
            return super().delete(key, **options)

    adapter = LatePublisher(root)
    assert Store(adapter, open_store(root).id).collect_garbage(delete=True).keys == ()
    assert open_store(root).verify().ok
    assert len(open_store(root).evaluations()) == 2
