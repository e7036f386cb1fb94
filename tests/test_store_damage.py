"""What is damaged, or from the future, is said to be so, and hides nothing else; publishing again mends it."""

import random

import pytest
from polars.testing import assert_frame_equal
from store_cases import draft, names, own_cache, rewrite  # noqa: F401

from plainview.exceptions import DamagedError
from plainview.store import create_store, open_store


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def store(root):
    return create_store(root)


def create_reader(root):
    """A reader that remembers nothing."""
    for file in root.parent.glob("cache/**/*.sqlite"):
        file.unlink()
    return open_store(root)


def test_a_damaged_record_is_shown_as_damaged_and_hides_no_other(root, store):
    for release in ("1.0", "2.0", "3.0"):
        store.publish(draft(release))
    evaluation = store.evaluation("sentiment", "2.0")
    record = root / "commits" / f"{evaluation.id}.json"
    sound = record.read_bytes()
    for damage in (b"", sound[:-1], sound[:100], sound.replace(b"2.0", b"2.1"), b"\n" + sound, sound + b"\n", b"{}"):
        record.write_bytes(damage)
        reader = create_reader(root)
        assert names(reader.evaluations()) == ["1.0", "3.0"]
        [item] = reader.damaged()
        assert (item.key, "is damaged" in item.reason) == (f"commits/{evaluation.id}.json", True)
        assert ("It seems to belong to sentiment 2." in item.reason) is (b'"release"' in damage)
        assert "backup" in item.what_to_do
    record.write_bytes(sound)
    assert names(reader.evaluations()) == ["1.0", "2.0", "3.0"]
    assert reader.damaged() == []


def path_key(root, path):
    return path.relative_to(root).as_posix()


def everything(root):
    """By release, all that a reader gets of it, or the word "damaged"."""
    try:
        store = create_reader(root)
    except DamagedError:
        return {}
    found = {item.key: "damaged" for item in store.damaged()}
    for each in store.evaluations():
        try:
            tables = [frame.to_dicts() for frame in (store.examples(each), store.predictions(each))]
            found[each.release] = each, store.results(each), store.specification_text(each), tables
        except DamagedError:
            found[each.release] = "damaged"
    return found


def test_no_flipped_bit_and_no_cut_anywhere_gives_another_answer(root, store):
    for number in range(3):
        store.publish(draft(f"1.{number}", seed=number, rows=20 + number, results=2 + 1500 * (number == 2)))
    expected, chance, noticed = everything(root), random.Random(17), 0
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    for number in range(120):
        path = paths[number % len(paths)]
        sound = path.read_bytes()
        data = bytearray(sound)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data if chance.random() < 0.8 else sound[: chance.randrange(len(sound))])
        found = everything(root)
        assert all(answer in ("damaged", expected.get(name)) for name, answer in found.items())
        noticed += found != expected or [item.key for item in open_store(root).verify().damaged] == [
            path_key(root, path)
        ]
        path.write_bytes(sound)
    assert noticed == 120
    assert everything(root) == expected


def test_a_record_under_another_name_counts_once(root, store):
    evaluation, _ = store.publish(draft())
    copy = evaluation.id[:-1] + ("0" if evaluation.id[-1] != "0" else "1")
    (root / "commits" / f"{copy}.json").write_bytes((root / "commits" / f"{evaluation.id}.json").read_bytes())
    assert len(store.evaluations()) == 1
    assert "holds the record of" in store.damaged()[0].reason


def test_a_newer_record_is_listed_as_such_and_an_addition_is_read(root, store):
    for release in ("1.0", "2.0", "3.0"):
        store.publish(draft(release))
    newer, added = (root / "commits" / f"{store.evaluation('sentiment', name).id}.json" for name in ("2.0", "3.0"))
    rewrite(newer, schema_version=7, min_reader=7, results="elsewhere", shape={"of": "the future"})
    rewrite(added, schema_version=7, min_reader=1, mood="good")
    reader = create_reader(root)
    assert names(reader.evaluations()) == ["1.0", "3.0"]
    [item] = reader.damaged()
    assert "written by a newer Plainview: format 7" in item.reason
    assert "Upgrade" in item.what_to_do
    assert len(reader.results(reader.evaluation("sentiment", "3.0"))) == 2
    assert reader.publish(draft("4.0"))[1]


def test_an_unknown_field_of_our_own_format_is_damage(root, store):
    evaluation, _ = store.publish(draft())
    rewrite(root / "commits" / f"{evaluation.id}.json", mood="good")
    assert "mood" in create_reader(root).damaged()[0].reason


def test_damaged_files_are_errors_and_publishing_again_mends_them(root, store):
    evaluation, _ = store.publish(draft())
    reads = {
        evaluation.specification: store.specification_text,
        evaluation.examples_file: store.examples,
        evaluation.predictions_file: store.predictions,
    }
    for file, read in reads.items():
        path = root / file.key
        for damage in (None, path.read_bytes()[:-1], bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]):
            path.unlink() if damage is None else path.write_bytes(damage)
            with pytest.raises(
                DamagedError, match=f"{file.key}.* belongs to sentiment 1.0. Restore it from a backup, or"
            ):
                read(evaluation)
            assert [item.key for item in store.verify().damaged] == [file.key]
            assert "belongs to sentiment 1.0" in store.verify().damaged[0].reason
            assert "publish sentiment 1.0 again" in store.verify().damaged[0].what_to_do
            assert store.publish(draft()) == (evaluation, False)
            read(evaluation)
    assert store.verify().ok


def test_a_record_that_rots_after_it_was_seen_is_published_anew(root, store):
    evaluation, _ = store.publish(draft())
    record = root / "commits" / f"{evaluation.id}.json"
    record.write_bytes(record.read_bytes()[:-5])
    again, created = store.publish(draft())
    assert created
    assert create_reader(root).evaluations() == [again]
    assert [item.key for item in create_reader(root).damaged()] == [f"commits/{evaluation.id}.json"]


def test_content_that_another_version_published_is_known_again(root, store):
    evaluation, _ = store.publish(draft())
    rewrite(root / "commits" / f"{evaluation.id}.json", schema_version=7, mood="good", plainview_version="9.9")
    found, created = create_reader(root).publish(draft())
    assert (found.id, created) == (evaluation.id, False)
    assert create_reader(root).verify().twins == ()


def test_what_cannot_be_mended_is_published_anew(root, store, monkeypatch):
    evaluation, _ = store.publish(draft())
    (root / evaluation.predictions_file.key).unlink()
    monkeypatch.setattr("plainview.store.tables.GROUP_ROWS", 5)  # as another version of the library: other bytes
    again, created = store.publish(draft())
    assert created
    assert_frame_equal(store.predictions(again), draft().predictions)
    assert store.evaluation("sentiment", "1.0") == again
    assert store.publish(draft()) == (again, False)


def test_a_damaged_event_is_shown_as_damaged_and_hides_no_other(root, store):
    kept = store.append_event("comment", "sentiment", body={"text": "one"})
    lost = store.append_event("comment", "sentiment", body={"text": "two"})
    path = root / "events" / f"{lost.at:%Y-%m}" / f"{lost.id}.json"
    path.write_bytes(path.read_bytes().replace(b"two", b"too"))
    reader = create_reader(root)
    assert reader.events() == [kept]
    assert [item.key for item in reader.damaged()] == [str(path.relative_to(root))]
    assert [item.key for item in reader.verify().damaged] == [str(path.relative_to(root))]


def test_verify_counts_and_reports_progress(store):
    store.publish(draft("1.0"))
    store.publish(draft("2.0", seed=1))
    store.append_event("comment", "sentiment", body={})
    steps = []
    report = store.verify(progress=lambda done, total: steps.append((done, total)))
    assert report.ok
    assert (report.evaluations, report.events, report.files) == (2, 1, 4)  # one test set, one specification
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert report.bytes > 1000
    assert (report.orphans, report.twins) == ((), ())


@pytest.mark.parametrize("at", ["2024-01-01T00:00:00", "0001-01-01T00:00:00+14:00", 7, "9999-12-31T23:59:59Z"])
def test_a_record_with_an_odd_time_hides_no_other(root, store, at):
    """Times without a zone cannot be put in order with the others: such a record is damaged. The others are in order."""
    odd, _ = store.publish(draft("1.0"))
    store.publish(draft("2.0"))
    event = store.append_event("comment", "sentiment", body={"text": "one"})
    store.append_event("comment", "sentiment", body={"text": "two"})
    rewrite(root / "commits" / f"{odd.id}.json", published_at=at)
    rewrite(root / "events" / f"{event.at:%Y-%m}" / f"{event.id}.json", at=at)
    reader = create_reader(root)
    zoned = at == 7 or at[-1] == "Z" or "+" in at
    assert sorted(names(reader.evaluations())) == (["1.0", "2.0"] if zoned else ["2.0"])
    assert len(reader.events()) == (2 if zoned else 1)
    assert len(reader.damaged()) == (0 if zoned else 2)
