"""A fault at the n-th call, for every n: whatever fails, and wherever, what was acknowledged is complete."""

import contextlib
import itertools
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

from servers.processes import Place
from store_cases import FAULTS, FailingAdapter, draft

from benchmarks.faults.figures import Figure, zeros
from plainview.exceptions import StoreError
from plainview.store import create_store, open_store
from plainview.store.adapters import Adapter, adapter_for
from plainview.store.cache import cache_folder
from plainview.store.gc import GRACE, collect
from plainview.store.keys import specification_key
from plainview.store.store import Store

MOST_CALLS = 60
ORPHAN = specification_key("f" * 64)
DISK = {
    FAULTS["EIO"].args[:1],
    FAULTS["ENOSPC"].args[:1],
}  # a record on a bad sector is left out, and said to be damaged
Fault = tuple[str, bool]  # a name of FAULTS, and whether the work was done before it


@dataclass
class Trial:
    """A store whose operations fail; what was wrong is counted."""

    adapter: Adapter
    store: Store
    number: int = 0  # counts attempts, so that each publishes other content
    lost: int = 0
    partial: int = 0

    def sound(self) -> None:
        """Count what is damaged now."""
        self.partial += len(open_store(self.store.url).verify().damaged)

    def publish(self, store: Store) -> None:
        """Acknowledged: there and complete. Not acknowledged: publishing again gives one."""
        release = f"r{self.number}"
        done = _attempt(lambda: store.publish(draft(release, seed=self.number)))
        fresh = open_store(self.store.url)
        self.lost += done is not None and done[0].id not in {each.id for each in fresh.evaluations()}
        fresh.publish(draft(release, seed=self.number))
        self.partial += len(fresh.revisions("sentiment", release)) != 1

    def event(self, store: Store) -> None:
        """Acknowledged: there. Never twice."""
        done = _attempt(lambda: store.append_event("comment", "sentiment", body={"n": self.number}))
        found = [each.id for each in open_store(self.store.url).events() if each.body == {"n": self.number}]
        self.lost += done is not None and done.id not in found
        self.partial += len(found) > 1

    def gc(self, store: Store) -> None:
        """A day later, with something to remove."""
        self.adapter.put(ORPHAN, b"left by a publisher that was stopped")
        later = time.time() + GRACE + 3600
        _attempt(lambda: collect(store._adapter, delete=True, now=later))

    def index(self, store: Store) -> None:
        """Whoever lists while calls fail is told so, or sees what is there; the next one sees everything."""
        shutil.rmtree(cache_folder(), ignore_errors=True)
        whole = self._listed(open_store(self.store.url))
        shutil.rmtree(cache_folder(), ignore_errors=True)
        seen = _attempt(lambda: self._listed(store))
        item_only = isinstance(store._adapter, FailingAdapter) and store._adapter.error.args[:1] in DISK
        self.partial += seen is not None and not (seen <= whole if item_only else seen == whole)
        self.lost += self._listed(open_store(self.store.url)) != whole

    def compact(self, store: Store) -> None:
        """Copies change no number."""
        with patch("plainview.store.compacted.WORTHWHILE", 1):
            _attempt(lambda: store.compact("sentiment"))
        self.index(self.store)

    def _listed(self, store: Store) -> set[str]:
        line = store.evaluations()
        rows = store.results_table(line).group_by("order").len().iter_rows()
        found = {f"{line[place].id} {count}" for place, count in rows}
        return found | {each.id for each in store.events()}


OPERATIONS: dict[str, Callable[[Trial, Store], None]] = {
    "publish": Trial.publish,
    "event": Trial.event,
    "garbage collection": Trial.gc,
    "index": Trial.index,
    "compaction": Trial.compact,
}
ALL: tuple[Fault, ...] = tuple(itertools.product(FAULTS, (False, True)))


def every_call(place: Place, *, operations: Iterable[str] = OPERATIONS, thorough: bool = False) -> Iterator[Figure]:
    """A fault at each call of each operation: every kind of fault with ``thorough``, else in turn."""
    with patch("plainview.store.commit.PAUSES", (0.0, 0.0)):
        for name in operations:
            yield _walked(_prepared(place.url(f"calls_{name.split()[0]}")), name, thorough=thorough)


def _prepared(url: str) -> Trial:
    store = create_store(url)
    for number in range(2):
        store.publish(draft(f"0.{number}", seed=100 + number))
        store.append_event("comment", "sentiment", body={})
    return Trial(adapter_for(url), store)


def _walked(trial: Trial, name: str, *, thorough: bool) -> Figure:
    tried = 0
    for fail_at in range(1, MOST_CALLS):
        reached = False
        for fault, after in ALL if thorough else (ALL[(fail_at - 1) % len(ALL)],):
            trial.number += 1
            failing = FailingAdapter(trial.adapter, fail_at=fail_at, error=FAULTS[fault], after=after)
            OPERATIONS[name](trial, Store(failing, trial.store.id))
            reached |= len(failing.calls) >= fail_at
            tried += 1
        if not reached:
            break
    trial.sound()
    endless = int(reached)
    return zeros(f"a fault at any call of {name}", f"{tried} faults", lost=trial.lost, partial=trial.partial + endless)


def _attempt(work: Callable[[], object]) -> object:
    """What ``work`` returned, or None where it failed as it may."""
    with contextlib.suppress(StoreError, OSError, MemoryError):
        return work()
    return None
