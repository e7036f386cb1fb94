"""Bit rot: flipped bits and cut files at random places. Whatever is read is right, or said to be damaged."""

import random
import shutil

from servers.processes import Place
from store_cases import draft

from benchmarks.faults.figures import Figure, zeros
from plainview.exceptions import DamagedError
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for, keys_under
from plainview.store.cache import cache_folder
from plainview.store.keys import CLAIMS, COMMITS, DATA, EVENTS, SPECIFICATIONS, STORE

DAMAGED = "damaged"


def flips(place: Place, count: int, *, seed: int = 17) -> Figure:
    """``count`` damages, each mended before the next; how many gave another answer, or went unnoticed by `verify`."""
    url, chance = place.url("rot"), random.Random(seed)
    store, adapter = create_store(url), adapter_for(url)
    for number in range(2):
        store.publish(draft(f"1.{number}", seed=number, rows=20 + number, results=2 + 1500 * number))
    store.append_event("comment", "sentiment", body={"text": "good"})
    expected, wrong, unnoticed = answers(url), 0, 0
    keys = [STORE, *(key for prefix in (COMMITS, DATA, EVENTS, SPECIFICATIONS) for key in keys_under(adapter, prefix))]
    keys += keys_under(adapter, CLAIMS)
    for number in range(count):
        key = keys[number % len(keys)]
        sound = adapter.get(key)
        adapter.put(key, damaged(sound, chance))
        wrong += any(answer not in (DAMAGED, expected.get(name)) for name, answer in answers(url).items())
        unnoticed += not _noticed(url, key)
        adapter.put(key, sound)
    wrong += answers(url) != expected
    return zeros("bit rot", f"{count:,} flips and cuts", silently_wrong=wrong, unnoticed_by_verify=unnoticed)


def damaged(sound: bytes, chance: random.Random) -> bytes:
    """One flipped bit; or, of five, one cut."""
    if chance.random() < 0.2:
        return sound[: chance.randrange(len(sound))]
    data = bytearray(sound)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def answers(url: str) -> dict[str, object]:
    """All that a reader who remembers nothing gets, by its name; or that it is damaged."""
    shutil.rmtree(cache_folder(), ignore_errors=True)
    try:
        store = open_store(url)
    except DamagedError:
        return {}
    found: dict[str, object] = {item.key: DAMAGED for item in store.damaged()}
    found |= {event.id: event for event in store.events()}
    for each in store.evaluations():
        found[each.id] = each
        for read in (store.examples, store.predictions, store.results, store.specification_text):
            name = f"{each.id} {read.__name__}"
            try:
                answer = read(each)
                found[name] = answer.to_dicts() if hasattr(answer, "to_dicts") else answer
            except DamagedError:
                found[name] = DAMAGED
    return found


def _noticed(url: str, key: str) -> bool:
    try:
        return key in {item.key for item in open_store(url).verify().damaged}
    except DamagedError as error:
        return key in str(error)
