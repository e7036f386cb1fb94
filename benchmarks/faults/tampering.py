"""Tampering: sealed records that are edited with a right checksum, deleted, added with an old date, or whole seals replaced."""

import hashlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from servers.processes import Place
from store_cases import draft

from benchmarks.faults.figures import Figure, zeros
from plainview.records import Evaluation
from plainview.store import Store, create_store, open_store
from plainview.store.adapters import Adapter, adapter_for, keys_under
from plainview.store.claims import Claim
from plainview.store.commit import create_record
from plainview.store.events import key_of, new_event
from plainview.store.identity import Identity
from plainview.store.index import read_record
from plainview.store.keys import COMMITS, EVENTS, SEALS, STORE, claim_key, commit_key
from plainview.store.sealed import seal, seal_line, unseal_line
from plainview.store.seals import seal_days
from plainview.store.ulids import new_ulid

DAYS = 12  # of history
TODAY = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)


def aged(url: str, *, days: int = DAYS, sealed_each_day: bool = True) -> Store:
    """A store with a past: each day an evaluation and an event, sealed day by day as publishers would have."""
    store, adapter = create_store(url), adapter_for(url)
    birth = TODAY - timedelta(days=days)
    store_id = new_ulid(_milliseconds(birth))
    adapter.put(STORE, seal(Identity(id=store_id)))
    one, _ = store.publish(draft("0"))
    whole = read_record(adapter, commit_key(one.id), Evaluation)
    adapter.delete(commit_key(one.id))
    adapter.delete(claim_key(one.publish_key))
    for number in range(days):
        at = birth + timedelta(days=number)
        _write(adapter, whole, at, number)
        if sealed_each_day:
            seal_days(adapter, store_id, dict, now=at)
    store = open_store(url)
    store.seal()
    return store


def _write(adapter: Adapter, whole: Evaluation, at: datetime, number: int) -> None:
    identifier, key = new_ulid(_milliseconds(at)), f"{number:064x}"
    change = {"id": identifier, "release": str(number), "publish_key": key, "published_at": at}
    create_record(adapter, claim_key(key), Claim(id=key, evaluation=identifier))
    create_record(adapter, commit_key(identifier), whole.model_copy(update=change))
    event = new_event("comment", "sentiment", actor="someone", body={"n": number}, release=None)
    event = event.model_copy(update={"at": at, "id": new_ulid(_milliseconds(at))})
    create_record(adapter, key_of(event), event)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def edit(adapter: Adapter, key: str, chance: random.Random) -> None:
    """One field says something else, under a checksum that is right."""
    content = json.loads(unseal_line(adapter.get(key), key=key))
    field = chance.choice([name for name in ("actor", "notes", "release", "kind", "results", "at") if name in content])
    new = {"results": [], "at": "2020-01-01T00:00:00Z"}.get(field, f"edited {chance.random()}")
    adapter.put(key, seal_line(json.dumps({**content, field: new}).encode()))


def remove(adapter: Adapter, key: str, chance: random.Random) -> None:
    """The record is gone."""
    adapter.delete(key)


def back_date(adapter: Adapter, key: str, chance: random.Random) -> str:
    """A record of today that says it is of a sealed day. Returns its key."""
    content = json.loads(unseal_line(adapter.get(key), key=key))
    when = TODAY - timedelta(days=chance.uniform(4, DAYS))
    identifier = new_ulid(_milliseconds(when))
    content |= {"id": identifier, "at" if "at" in content else "published_at": when.isoformat()}
    if "publish_key" in content:
        content["publish_key"] = f"{chance.getrandbits(256):064x}"
    added = f"{key.rsplit('/', 1)[0]}/{identifier}.json"
    adapter.put(added, seal_line(json.dumps(content).encode()))
    return added


def hide(adapter: Adapter, key: str, chance: random.Random) -> str | None:
    """A record of today under an old id, which readers would show instead of the sealed one."""
    if not key.startswith(COMMITS):
        return None
    content = json.loads(unseal_line(adapter.get(key), key=key))
    identifier = new_ulid(1_500_000_000_000 + chance.randrange(10**9))
    content |= {"id": identifier, "published_at": datetime.now(UTC).isoformat()}
    adapter.put(commit_key(identifier), seal_line(json.dumps(content).encode()))
    return commit_key(identifier)


def edit_a_seal(adapter: Adapter, key: str, chance: random.Random) -> str:
    """A seal that was made to fit an edited record, with a right checksum; those after it were not."""
    edit(adapter, key, chance)
    for name in keys_under(adapter, SEALS)[:-1]:
        content = json.loads(unseal_line(adapter.get(name), key=name))
        if key in content["records"]:
            content["records"][key] = hashlib.sha256(adapter.get(key)).hexdigest()
            adapter.put(name, seal_line(json.dumps(content).encode()))
    return ""


KINDS: tuple[Callable, ...] = (edit, remove, back_date, hide, edit_a_seal)


def attempts(place: Place, count: int, *, seed: int = 7) -> Figure:
    """``count`` random acts, each undone before the next; how many `verify` did not find."""
    url = place.url("tampering")
    store, adapter, chance = aged(url), adapter_for(url), random.Random(seed)
    assert store.verify().ok
    missed = wrong = 0
    before = _everything(adapter)
    sealed = _sealed(adapter)
    for number in range(count):
        key = chance.choice(sealed)
        act = KINDS[number % len(KINDS)]
        named = act(adapter, key, chance)
        found = {item.key for item in store.verify().damaged}
        expected = {"edit": key, "remove": key, "edit_a_seal": ""}.get(act.__name__, named)
        missed += not found and named is not None
        wrong += bool(expected) and expected not in found
        _restore(adapter, before)
    assert store.verify().ok
    return zeros("tampering: edits, deletions, back-datings", f"{count:,}", not_found=missed, wrongly_named=wrong)


def _sealed(adapter: Adapter) -> list[str]:
    return [
        key
        for name in keys_under(adapter, SEALS)
        for key in json.loads(unseal_line(adapter.get(name), key=name))["records"]
    ]


def _everything(adapter: Adapter) -> dict[str, bytes]:
    return {key: adapter.get(key) for prefix in (COMMITS, EVENTS, SEALS) for key in keys_under(adapter, prefix)}


def _restore(adapter: Adapter, before: dict[str, bytes]) -> None:
    for key in _everything(adapter).keys() - before.keys():
        adapter.delete(key)
    for key, data in before.items():
        if adapter.stat(key) is None or adapter.get(key) != data:
            adapter.put(key, data)
