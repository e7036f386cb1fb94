"""Hostile proxies between a store and a real server: nothing acknowledged is lost, nothing is shown twice."""

import threading
import time
from collections import Counter

import pytest
from polars.testing import assert_frame_equal
from servers.fixtures import REMOTE, every
from servers.proxy import CONDITIONS, Faults, between
from store_cases import draft, own_cache  # noqa: F401
from test_store_races import race

from plainview.exceptions import StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for, clouds
from plainview.store.keys import commit_key
from plainview.store.ulids import new_ulid

HOSTILE = {
    "conditions ignored": Faults(ignored=CONDITIONS),
    "acknowledgements lost": Faults(lost=0.3),
    "errors before the work": Faults(refused=0.3),
    "stale lists": Faults(stale=2.0),
    "slow": Faults(slow=0.2),
    "all at once": Faults(ignored=CONDITIONS, lost=0.15, refused=0.15, stale=2.0, slow=0.05),
}
# Where conditions are signed, a proxy cannot take them away: moto checks no signature.
WHERE = [
    pytest.param(kind, how, id=f"{kind}, {how}")
    for how, faults in HOSTILE.items()
    for kind in (("moto", "google") if faults.ignored else ("moto", "seaweedfs", "azurite"))
]
PUBLISHERS, PUBLISHES = 4, 3


@pytest.fixture
def hostile(place, monkeypatch):
    """A function that puts a proxy before the place, of this test's store."""
    contexts = []

    def put(faults):
        context = between(place, faults)
        through, proxy = context.__enter__()
        contexts.append(context)
        for name, value in through.environment.items():
            monkeypatch.setenv(name, value)
        return through, proxy

    monkeypatch.setattr(clouds, "TIMEOUT", 10.0)
    yield put
    for context in contexts:
        context.__exit__(None, None, None)


def at_once(work, count=PUBLISHERS):
    """Run ``work`` in so many threads at once; what each returned."""
    gate, found = threading.Barrier(count), {}

    def run(number):
        gate.wait()
        found[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count
    return [found[number] for number in range(count)]


def insisting(work, attempts=6):
    """The answer, and how often an error came before it: publishing again is always safe."""
    for refused in range(attempts):
        try:
            return work(), refused
        except StoreError:
            continue
    return work(), attempts


@pytest.mark.parametrize(("place", "how"), WHERE, indirect=["place"])
def test_through_a_hostile_proxy_nothing_is_lost_and_nothing_shown_twice(place, how, hostile):
    direct = create_store(place.url("store"))
    through, proxy = hostile(HOSTILE[how])

    def publish(worker):
        store, told = insisting(lambda: open_store(through.url("store")))[0], []
        for number in range(PUBLISHES):
            one = draft(f"{worker}.{number}", seed=10 * worker + number)
            (kept, _), refused = insisting(lambda one=one, store=store: store.publish(one))
            told.append((kept.id, kept.release, refused))
        return told

    told = [each for worker in at_once(publish) for each in worker]
    refused = sum(each[2] for each in told)
    print(f"\n{place.kind}, {how}: {len(told)} publishes, {refused} tried again, proxy: {proxy.counts}")
    shown = Counter(each.release for each in direct.evaluations())
    assert shown == Counter(release for _, release, _ in told)
    assert {each.id for each in direct.evaluations()} >= {identifier for identifier, _, _ in told}
    report = direct.verify()
    assert report.ok
    assert report.evaluations - len(report.twins) == PUBLISHERS * PUBLISHES
    for each in direct.evaluations():
        worker, number = map(int, each.release.split("."))
        assert_frame_equal(direct.predictions(each), draft(seed=10 * worker + number).predictions)
    if HOSTILE[how].stale:
        time.sleep(HOSTILE[how].stale)
    seen = insisting(lambda: open_store(through.url("store")).evaluations())[0]
    assert Counter(each.release for each in seen) == shown
    assert proxy.counts or how == "slow"


@every("moto", "google")
def test_of_racers_with_one_content_one_is_shown_where_conditions_are_ignored(place, hostile):
    direct = create_store(place.url("store"))
    through, _ = hostile(Faults(ignored=CONDITIONS, lost=0.1))
    for release in ("1.0", "1.1"):

        def publish(_, release=release):
            return insisting(lambda: open_store(through.url("store")).publish(draft(release)))[0]

        told = at_once(publish, count=8)
        shown = direct.revisions("sentiment", release)
        assert len(shown) == 1
        assert shown[0].id == min(kept.id for kept, _ in told)
        assert any(new for _, new in told)
        assert_frame_equal(direct.predictions(shown[0]), draft().predictions)
    assert direct.verify().ok


@every(*REMOTE)
def test_publishers_as_processes_lose_none_and_repeat_none_on_any_server(place):
    store = create_store(place.url("store"))
    work = [[{"release": f"{w}-{n}", "seed": 10 * w + n, "rows": 20 + w} for n in range(5)] for w in range(4)]
    told, seconds = race(place.url("store"), work, dict(place.environment))
    print(f"\n{place.kind}: {len(told) / seconds:.0f} publishes a second")
    assert [each for each in told if each[0] == "error"] == []
    assert {each.id for each in store.evaluations()} == {identifier for identifier, _, _ in told}
    assert Counter(each.release for each in store.evaluations()) == Counter(release for _, release, _ in told)
    assert store.verify().ok
    told, _ = race(place.url("store"), [[{"release": "same"}]] * 8, dict(place.environment))
    assert [each for each in told if each[0] == "error"] == []
    assert len(store.revisions("sentiment", "same")) == 1
    report = store.verify()
    assert report.ok
    assert report.evaluations - len(report.twins) == len(work) * 5 + 1


@every("moto", "google")
def test_a_proxy_that_ignores_conditions_does_what_the_tests_say(place, hostile):
    create_store(place.url("store"))
    key = commit_key(new_ulid())
    assert adapter_for(place.url("store")).put_if_absent(key, b"first")
    assert not adapter_for(place.url("store")).put_if_absent(key, b"second")
    through, proxy = hostile(Faults(ignored=CONDITIONS))
    assert adapter_for(through.url("store")).put_if_absent(key, b"third")
    assert proxy.counts == {"ignored": 1}
