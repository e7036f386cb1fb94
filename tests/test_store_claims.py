"""A publish costs the same at any length of history: what is there already is known by a claim, not by a list."""

import os
import threading
from datetime import timedelta

import pytest
from store_cases import draft, names, own_cache, rewrite  # noqa: F401

from plainview.exceptions import ConflictError
from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.claims import Claim, claim, claimed
from plainview.store.commit import create_record
from plainview.store.keys import claim_key, commit_key
from plainview.store.sealed import seal
from plainview.store.store import Store
from plainview.store.ulids import new_ulid


@pytest.fixture
def root(tmp_path):
    create_store(tmp_path / "store").publish(draft("0.9"))
    return tmp_path / "store"


def claim_file(root, one):
    return root / claim_key(one.publish_key)


class Stopping(FolderAdapter):
    """A publisher that is killed between its claim and its commit."""

    def put_if_absent(self, key, data):
        if key.startswith("commits/"):
            raise KeyboardInterrupt
        return super().put_if_absent(key, data)


def test_only_the_first_publish_of_a_process_lists_the_store(root, monkeypatch):
    store, listed = open_store(root), []
    real = store._adapter.list
    monkeypatch.setattr(store._adapter, "list", lambda prefix: (listed.append(prefix), real(prefix))[1])
    store.publish(draft("1.0"))
    assert listed == ["commits/"]
    for number in range(1, 5):
        store.publish(draft(f"1.{number}", seed=number))
    assert listed == ["commits/"]
    assert len(list((root / "data" / "examples").iterdir())) == 1
    assert names(open_store(root).evaluations()) == ["0.9", "1.0", "1.1", "1.2", "1.3", "1.4"]


def test_what_another_process_published_since_is_known_by_its_claim(root):
    one, other = open_store(root), open_store(root)
    for store in (one, other):
        store.publish(draft("0.9"))  # both have listed
    published, created = one.publish(draft("1.0"))
    assert created
    assert other.publish(draft("1.0")) == (published, False)
    assert open_store(root).verify().twins == ()


def test_after_a_publisher_that_was_stopped_the_next_one_publishes_under_its_id(root):
    with pytest.raises(KeyboardInterrupt):
        Store(Stopping(root), open_store(root).id).publish(draft("1.0"))
    assert names(open_store(root).evaluations()) == ["0.9"]
    evaluation, created = open_store(root).publish(draft("1.0"))
    assert created
    assert claimed(FolderAdapter(root), evaluation.publish_key) == evaluation.id
    assert open_store(root).verify().ok


def test_racers_with_one_content_make_one_record(root):
    stores, told, barrier = [open_store(root) for _ in range(6)], [], threading.Barrier(6)

    def publish(store):
        barrier.wait()
        told.append(store.publish(draft("1.0")))

    threads = [threading.Thread(target=publish, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({evaluation.id for evaluation, _ in told}) == 1
    assert sum(created for _, created in told) == 1
    assert open_store(root).verify().twins == ()
    assert len(list((root / "commits").iterdir())) == 2


def test_a_place_that_gives_two_claims_keeps_both_and_shows_one(root):
    """A bucket that ignores the condition: whoever comes last overwrites, and each believes its own."""

    class Ignoring(FolderAdapter):
        def put_if_absent(self, key, data):
            self.put(key, data)
            return True

    class Forgetting(Ignoring):
        def get(self, key):
            if key.startswith("claims/"):
                raise FileNotFoundError(key)
            return super().get(key)

    identifier = open_store(root).id
    one, _ = Store(Forgetting(root), identifier).publish(draft("1.0"))
    two, _ = Store(Forgetting(root), identifier).publish(draft("1.0"))
    shown = open_store(root).revisions("sentiment", "1.0")
    assert [each.id for each in shown] == [min(one.id, two.id)]
    assert open_store(root).verify().ok


def test_content_from_before_there_were_claims_is_known_by_its_record(root):
    one = open_store(root).evaluation("sentiment", "0.9")
    claim_file(root, one).unlink()
    assert open_store(root).publish(draft("0.9")) == (one, False)


@pytest.mark.parametrize("damage", [b"", b"no claim", "cut", "no id"])
def test_a_damaged_claim_is_replaced_and_verify_tells(root, damage):
    one = open_store(root).evaluation("sentiment", "0.9")
    path = claim_file(root, one)
    if damage == "no id":
        rewrite(path, evaluation="../../etc")
    else:
        path.write_bytes(path.read_bytes()[:-3] if damage == "cut" else damage)
    [item] = open_store(root).verify().damaged
    assert item.key == claim_key(one.publish_key)
    assert "nothing is lost" in item.what_to_do
    assert open_store(root).publish(draft("0.9")) == (one, False)
    (root / commit_key(one.id)).unlink()
    again, created = open_store(root).publish(draft("0.9"))
    assert created
    assert claimed(FolderAdapter(root), one.publish_key) == again.id
    assert open_store(root).verify().ok


def test_a_claim_of_a_newer_plainview_is_left_alone(root):
    one = open_store(root).evaluation("sentiment", "0.9")
    path = claim_file(root, one)
    rewrite(path, schema_version=9, min_reader=9)
    newer = path.read_bytes()
    assert open_store(root).publish(draft("0.9")) == (one, False)
    (root / commit_key(one.id)).unlink()
    assert open_store(root).publish(draft("0.9"))[1]
    assert path.read_bytes() == newer
    [item] = open_store(root).verify().damaged
    assert "Upgrade" in item.what_to_do


def test_a_claim_that_names_another_evaluation_loses_nothing(root):
    other = open_store(root).evaluation("sentiment", "0.9")
    key = draft("1.0").publish_key()
    create_record(FolderAdapter(root), claim_key(key), Claim(id=key, evaluation=other.id))
    evaluation, created = open_store(root).publish(draft("1.0"))
    assert created
    assert evaluation.release == "1.0"
    assert names(open_store(root).evaluations()) == ["0.9", "1.0"]
    assert open_store(root).publish(draft("1.0")) == (evaluation, False)


def test_an_id_is_claimed_once(root):
    adapter = FolderAdapter(root)
    assert claimed(adapter, "0" * 64) is None
    first = claim(adapter, "0" * 64)
    assert claim(adapter, "0" * 64) == claimed(adapter, "0" * 64) == first
    assert claim(adapter, "1" * 64) != first


def test_what_was_deleted_can_be_published_again_by_a_process_that_remembers_it(root):
    store = open_store(root)
    one, _ = store.publish(draft("1.0"))
    (root / commit_key(one.id)).unlink()
    again, created = store.publish(draft("1.0"))
    assert created
    assert names(open_store(root).evaluations()) == ["0.9", "1.0"]
    assert open_store(root).publish(draft("1.0")) == (again, False)


def test_test_sets_of_evaluations_that_are_gone_are_written_again(root):
    store = open_store(root)
    one, _ = store.publish(draft("1.0"))
    for record in (root / "commits").iterdir():
        record.unlink()
    (root / one.examples_file.key).unlink()
    two, _ = store.publish(draft("2.0", seed=2))
    assert store.examples(two).height == 24
    assert open_store(root).verify().ok


def test_claims_without_a_record_are_garbage_after_the_grace_and_others_never(root):
    with pytest.raises(KeyboardInterrupt):
        Store(Stopping(root), open_store(root).id).publish(draft("1.0"))
    left = claim_key(draft("1.0").publish_key())
    assert left not in open_store(root).collect_garbage(delete=True).keys
    for path in (root / "claims").iterdir():
        os.utime(path, (0, 0))
    assert open_store(root).collect_garbage(delete=True).keys == (left,)
    assert len(list((root / "claims").iterdir())) == 1
    assert open_store(root).publish(draft("1.0"))[1]


def test_another_evaluation_under_a_claimed_id_is_a_conflict(root, monkeypatch):
    taken = open_store(root).evaluation("sentiment", "0.9")
    monkeypatch.setattr("plainview.store.publishing.claim", lambda *_: taken.id)
    with pytest.raises(ConflictError, match="is taken by another evaluation"):
        open_store(root).publish(draft("1.0"))


def test_a_claim_of_nobody_is_no_evaluation(root):
    key = "a" * 64
    (root / claim_key(key)).write_bytes(seal(Claim(id=key, evaluation=new_ulid())))
    assert names(open_store(root).evaluations()) == ["0.9"]
    assert open_store(root).verify().ok


# Content whose place another revision took


def test_content_that_is_not_current_can_be_brought_back_once_and_again(root):
    store = open_store(root)
    two, _ = store.publish(draft("2.0", seed=2))
    one, _ = store.publish(draft("2.0", seed=1))
    back, created = store.publish(draft("2.0", seed=2), as_newest=True)
    assert created
    assert back.predictions_file == two.predictions_file
    assert [each.id for each in open_store(root).revisions("sentiment", "2.0")] == [two.id, one.id, back.id]
    for process in (store, open_store(root)):
        assert process.publish(draft("2.0", seed=2), as_newest=True) == (back, False)
    again, created = open_store(root).publish(draft("2.0", seed=1), as_newest=True)
    last, created_too = store.publish(draft("2.0", seed=2), as_newest=True)
    assert (created, created_too) == (True, True)
    assert [each.id for each in store.revisions("sentiment", "2.0")] == [two.id, one.id, back.id, again.id, last.id]
    assert open_store(root).verify().ok


def test_other_releases_and_test_sets_do_not_take_a_contents_place(root):
    store = open_store(root)
    one, _ = store.publish(draft("2.0", seed=2))
    store.publish(draft("2.0", seed=1, test_set="hard"))
    store.publish(draft("2.1", seed=1))
    assert store.publish(draft("2.0", seed=2), as_newest=True) == (one, False)


def test_racers_that_bring_one_content_back_make_one_record(root):
    for seed in (2, 1):
        open_store(root).publish(draft("2.0", seed=seed))
    stores, told, barrier = [open_store(root) for _ in range(6)], [], threading.Barrier(6)

    def publish(store):
        barrier.wait()
        told.append(store.publish(draft("2.0", seed=2), as_newest=True))

    threads = [threading.Thread(target=publish, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({evaluation.id for evaluation, _ in told}) == 1
    assert sum(created for _, created in told) == 1
    assert len(open_store(root).revisions("sentiment", "2.0")) == 3


def test_what_is_brought_back_is_current_though_the_other_publishers_clock_was_fast(root):
    store = open_store(root)
    store.publish(draft("2.0", seed=2))
    one, _ = store.publish(draft("2.0", seed=1))
    tomorrow = (one.published_at + timedelta(days=1)).isoformat()
    rewrite(root / commit_key(one.id), published_at=tomorrow)
    back, created = open_store(root).publish(draft("2.0", seed=2), as_newest=True)
    assert created
    assert open_store(root).evaluation("sentiment", "2.0").id == back.id
