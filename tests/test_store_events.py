"""What people write: created once, never edited, verified when read; what cannot be read is named and harms nothing else."""

import os
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from store_cases import rewrite

from plainview.exceptions import ConflictError, DamagedError, InputError, NotFoundError
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.events import append, key_of, new_event


@pytest.fixture
def root(tmp_path):
    create_store(tmp_path / "store")
    return tmp_path / "store"


def written(root, number=1, **changes):
    given = {"body": {"n": number}, "release": "1.0", "actor": "ada", **changes}
    return open_store(root).append_event("waiver", "sentiment", **given)


def spoil(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))


def test_an_event_lies_under_its_month_and_its_id_and_no_text_enters_the_key(root):
    event = written(root, actor="../../etc", release="..\\x")
    assert key_of(event) == f"events/{event.at:%Y-%m}/{event.id}.json"
    assert (root / key_of(event)).is_file()
    assert open_store(root).events() == [event]


def test_an_event_is_created_once_and_never_replaced(root):
    event, adapter = written(root), adapter_for(str(root))
    bytes_before = (root / key_of(event)).read_bytes()
    append(adapter, event)  # the same again is there already
    with pytest.raises(ConflictError, match="is taken by another event"):
        append(adapter, event.model_copy(update={"body": {"n": 2}}))
    assert (root / key_of(event)).read_bytes() == bytes_before
    assert open_store(root).events() == [event]


def test_of_writers_with_one_id_one_wins_and_the_others_are_told(root):
    first = new_event("waiver", "p", actor="a", body={"n": 0}, release=None)
    events = [first.model_copy(update={"body": {"n": number}}) for number in range(8)]

    def write(event):
        try:
            append(adapter_for(str(root)), event)
        except ConflictError:
            return None
        return event

    with ThreadPoolExecutor(8) as pool:
        kept = [event for event in pool.map(write, events) if event is not None]
    assert open_store(root).events() == kept
    assert len(kept) == 1


def test_conflicting_events_are_both_kept_oldest_first(root):
    first, second = written(root, 1), written(root, 1)
    assert [event.id for event in open_store(root).events("sentiment", kind="waiver")] == [first.id, second.id]


@pytest.mark.parametrize("position", [0, 40, 70, 100, -2])
def test_a_flipped_byte_is_never_read_as_something_else(root, position, tmp_path, monkeypatch):
    lost, kept = written(root, 1), written(root, 2)
    spoil(root / key_of(lost), position)
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "another"))
    reader = open_store(root)
    assert reader.events() == [kept]
    [item] = reader.damaged()
    assert item.key == key_of(lost)
    assert "damaged" in item.reason
    assert not reader.verify().ok


def test_an_event_of_a_newer_format_is_listed_as_such(root):
    newer, kept = written(root, 1), written(root, 2)
    rewrite(root / key_of(newer), schema_version=9, min_reader=9, shape="ring")
    reader = open_store(root)
    assert reader.events() == [kept]
    [item] = reader.damaged()
    assert (item.key, "written by a newer Plainview: format 9" in item.reason) == (key_of(newer), True)
    assert item.what_to_do == "Upgrade Plainview to read it; nothing is lost."


def test_what_a_newer_plainview_added_without_need_is_passed_over(root):
    event = written(root)
    rewrite(root / key_of(event), schema_version=9, min_reader=1, mood="good")
    found = open_store(root).events()
    assert [(each.id, each.body) for each in found] == [(event.id, {"n": 1})]


def test_an_event_under_the_name_of_another_is_damaged(root):
    event, other = written(root, 1), written(root, 2)
    (root / key_of(other)).chmod(0o644)
    (root / key_of(other)).write_bytes((root / key_of(event)).read_bytes())
    reader = open_store(root)
    assert reader.events() == [event]
    assert [item.key for item in reader.damaged()] == [key_of(other)]


def test_a_copy_in_another_month_is_not_a_second_event(root):
    event = written(root)
    copy = root / "events" / "2001-01" / f"{event.id}.json"
    copy.parent.mkdir()
    copy.write_bytes((root / key_of(event)).read_bytes())
    assert open_store(root).events() == [event]


ROWS = pl.DataFrame({"id": ["a", "b"], "kept": [True, None], "score": [0.5, 1.5]})


def test_an_event_has_tables_that_are_read_as_they_were_written(root):
    event = written(root, tables={"outcomes": ROWS})
    reader = open_store(root)
    (found,) = reader.events()
    assert found == event
    assert reader.attached(found, "outcomes").equals(ROWS)
    assert reader.attached(found, "outcomes", ["score"]).columns == ["score"]
    assert (found.min_reader, written(root).min_reader) == (3, 1)  # events without tables need no newer reader


def test_a_table_that_an_event_does_not_have_is_an_error_with_the_nearest_name(root):
    event = written(root, tables={"outcomes": ROWS})
    with pytest.raises(NotFoundError, match="Did you mean 'outcomes'"):
        open_store(root).attached(event, "outcome")
    with pytest.raises(InputError, match="no column 'kind'"):
        open_store(root).attached(event, "outcomes", ["kind"])
    with pytest.raises(InputError, match="name of a table is empty"):
        written(root, tables={"": ROWS})


def test_a_table_of_an_event_is_no_garbage_and_is_verified(root):
    event = written(root, tables={"outcomes": ROWS})
    path = root / event.tables["outcomes"].key
    os.utime(path, (0, 0))
    store = open_store(root)
    assert store.collect_garbage(delete=True).keys == ()
    assert store.verify().ok
    assert store.verify().orphans == ()
    spoil(path, 10)
    (item,) = store.verify().damaged
    assert (item.key, "the waiver of sentiment 1.0" in item.reason) == (event.tables["outcomes"].key, True)
    with pytest.raises(DamagedError):
        open_store(root).attached(event, "outcomes")


def test_nothing_is_removed_while_an_event_is_damaged(root):
    event = written(root, tables={"outcomes": ROWS})
    os.utime(root / event.tables["outcomes"].key, (0, 0))
    spoil(root / key_of(event), 70)
    with pytest.raises(OSError, match="nothing was removed"):
        open_store(root).collect_garbage(delete=True)
