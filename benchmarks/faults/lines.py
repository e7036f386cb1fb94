"""Bad buckets and bad lines: conditions ignored, acknowledgements lost, errors answered, listings out of date, full disks.

Buckets misbehave behind a real proxy. A folder and a database have no such line: there a wrapper around the adapter lies.
"""

import contextlib
import errno
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from unittest.mock import patch

from servers.database_proxy import Losses, losing
from servers.processes import Place
from servers.proxy import CONDITIONS, Faults, between
from store_cases import draft

from benchmarks.faults.figures import Figure, zeros
from plainview.exceptions import StoreError
from plainview.store import Store, create_store, open_store
from plainview.store.adapters import Adapter, adapter_for
from plainview.store.ulids import new_ulid

STALE = 5.0  # seconds
ATTEMPTS = 3  # of a client of a server, before it says that there is no answer
TRIES = 20  # of a person who publishes again until it is acknowledged


class Lying:
    """A real adapter behind a place that does not keep its promises."""

    def __init__(self, inner: Adapter, faults: Faults) -> None:
        self._inner, self.url, self._faults = inner, inner.url, faults
        self._chance = random.Random(faults.seed)
        self._lists: dict[str, tuple[float, list[str]]] = {}

    def __getattr__(self, verb: str) -> Callable:
        real = getattr(self._inner, verb)

        def call(*arguments: object, **options: object) -> object:
            if self._chance.random() < self._faults.refused**ATTEMPTS:
                full = 507 in self._faults.statuses
                raise OSError(errno.ENOSPC, "no space left") if full else ConnectionError("the server answered 503")
            done = real(*arguments, **options)
            if self._chance.random() < self._faults.lost**ATTEMPTS:
                raise TimeoutError("no answer")
            return done

        return call if verb in ("get", "put", "stat", "open") else real

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """Overwrites what is there where conditions are ignored."""
        if self._faults.ignored:
            self._inner.put(key, data)
            return True
        done = self._inner.put_if_absent(key, data)
        if self._chance.random() < self._faults.lost:
            raise TimeoutError("no answer")
        return done

    def list(self, prefix: str) -> list[str]:
        """Now the present, now the past."""
        now = time.monotonic()
        found = self._inner.list(prefix)
        seen, old = self._lists.setdefault(prefix, (now, found))
        if now - seen >= self._faults.stale:
            self._lists[prefix] = now, found
            return found
        return old if self._chance.random() < 0.8 else found


KINDS: dict[str, Faults] = {
    "conditions ignored": Faults(ignored=CONDITIONS),
    "30% of acknowledgements lost": Faults(lost=0.3),
    "30% answered 5xx or 429": Faults(refused=0.3),
    "listings 5 s old": Faults(stale=STALE),
}


def bad_lines(
    place: Place, *, publishes: int = 30, racers: int = 4, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[Figure]:
    """For each kind: racing publishers, each of whom publishes again until it is acknowledged."""
    for name in kinds:
        url = place.url(f"line_{list(KINDS).index(name)}")
        create_store(url)
        with _patient(), _behind(place, url, KINDS[name]) as opened:
            told = _published(opened, publishes, racers)
            seen = {each.id for each in opened().evaluations()} if name == "listings 5 s old" else set()
        yield _judged(f"bad line: {name}", url, told, seen)


@contextlib.contextmanager
def _patient() -> Iterator[None]:
    """Without our own pauses, which only take time here."""
    with patch("plainview.store.commit.PAUSES", (0.01, 0.01, 0.01)):
        yield


@contextlib.contextmanager
def _behind(place: Place, url: str, faults: Faults) -> Iterator[Callable[[], Store]]:
    """How the store is opened through the bad line."""
    identifier = open_store(url).id
    signed = faults.ignored and place.kind != "moto"  # a proxy cannot take a header that the server checks
    if place.endpoint and place.kind != "google" and not signed:
        with between(place, faults) as (through, _), patch.dict(os.environ, through.environment):
            yield lambda: Store(adapter_for(url), identifier)
    elif place.kind == "postgres" and faults.lost:
        with losing(place, Losses(share=faults.lost)) as through:
            yield lambda: Store(adapter_for(url.replace(place.base, through.base, 1)), identifier)
    else:
        yield lambda: Store(Lying(adapter_for(url), faults), identifier)


def _published(opened: Callable[[], Store], publishes: int, racers: int) -> list[tuple[str, str]]:
    """Every content by all racers at once; (id, release) of each acknowledgement."""
    told: list[tuple[str, str]] = []
    gate = threading.Barrier(racers)

    def run() -> None:
        store = opened()
        for number in range(publishes):
            gate.wait(timeout=120)
            told.append((_insisted(store, f"1.{number}", number), f"1.{number}"))

    threads = [threading.Thread(target=run) for _ in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _insisted(store: Store, release: str, seed: int) -> str:
    for _ in range(TRIES):
        with contextlib.suppress(StoreError):
            return store.publish(draft(release, seed=seed))[0].id
    return f"given up {new_ulid()}"


def _judged(row: str, url: str, told: list[tuple[str, str]], seen: set[str]) -> Figure:
    """What is there when the line is good again."""
    store = open_store(url)
    shown = [each.release for each in store.evaluations()]
    releases = {release for identifier, release in told if not identifier.startswith("given up")}
    given_up = sum(identifier.startswith("given up") for identifier, _ in told)
    return zeros(
        row,
        f"{len(told)} publishes of {len(releases)} contents",
        lost=len(releases - set(shown)),
        shown_twice=len(shown) - len(set(shown)),
        damaged=len(store.verify().damaged) + len(seen - {each.id for each in store.evaluations()}),
        given_up=given_up,
    )


def full_server(place: Place) -> Figure:
    """A server that says that it is full: a clear error, nothing lost, and all is well when there is room again."""
    url = place.url("full")
    create_store(url).publish(draft("0.9"))
    faults, said = Faults(), ""
    with _behind(place, url, faults) as opened:
        store = opened()
        faults.refused, faults.statuses = 1.0, (507,)
        try:
            store.publish(draft("1.0"))
        except StoreError as error:
            said = str(error)
        faults.refused = 0.0
        recovered = store.publish(draft("1.0"))[1]
    report = open_store(url).verify()
    return zeros(
        "full server",
        "1 publish refused",
        unclear="it is full" not in said,
        damaged=len(report.damaged),
        not_recovered=not recovered or report.evaluations != 2,
    )
