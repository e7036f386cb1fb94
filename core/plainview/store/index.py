"""The records under one prefix of a store: listed in full each time, read once, verified, remembered in the cache."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from plainview.exceptions import DamagedError, StoreError
from plainview.records import Record
from plainview.store.adapters import Adapter
from plainview.store.cache import Cache
from plainview.store.faults import DamagedItem, damaged_item
from plainview.store.fetching import fetched
from plainview.store.keys import is_key, stem
from plainview.store.sealed import seal, unseal
from plainview.store.snapshots import WORTHWHILE, newest_copies

Kept = TypeVar("Kept", bound=Record)


@dataclass(frozen=True, slots=True)
class Contents(Generic[Kept]):
    """What was there at one moment."""

    records: tuple[Kept, ...]  # the sound ones, by id: ids sort by time
    damaged: tuple[DamagedItem, ...]


class Index(Generic[Kept]):
    """Every record under ``prefix``. ``slim`` takes from a record what is not worth keeping in memory."""

    def __init__(
        self,
        adapter: Adapter,
        cache: Cache,
        prefix: str,
        kind: type[Kept],
        slim: Callable[[Kept], Kept] = lambda kept: kept,
    ) -> None:
        self._adapter, self._cache, self._prefix, self._kind, self._slim = adapter, cache, prefix, kind, slim
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self._last: Contents[Kept] | None = None

    def contents(self) -> Contents[Kept]:
        """What is there now; reads only what it has not read before."""
        listed = set(self._adapter.list(self._prefix))
        with self._lock:
            if self._last is None or listed != self._kept.keys():
                self._last = self._read(listed)
            return self._last

    def known(self) -> Contents[Kept]:
        """What was there when this process last looked; it looks if it never did."""
        return self._last or self.contents()

    def copies(self) -> dict[str, bytes]:
        """The sound records as they are listed, sealed, by key."""
        self.contents()
        return {key: seal(record) for key, record in self._kept.items()}

    def _read(self, listed: set[str]) -> Contents[Kept]:
        if not self._kept:
            self._load_cache()
            with _undisturbed():
                self._load_snapshot(listed)
        for key in self._kept.keys() - listed:
            del self._kept[key]
        with _undisturbed():
            fresh, damaged = self._read_new(sorted(filter(is_key, listed - self._kept.keys())))
        if fresh:
            self._cache.add_records((key, seal(record)) for key, record in fresh.items())
            self._kept.update(fresh)
        return Contents(tuple(self._kept[key] for key in sorted(self._kept)), tuple(damaged))

    def _read_new(self, keys: list[str]) -> tuple[dict[str, Kept], list[DamagedItem]]:
        fresh: dict[str, Kept] = {}
        damaged: list[DamagedItem] = []
        for key, found in fetched(self._adapter, keys):
            try:
                fresh[key] = self._slim(opened(_bytes(found), key, self._kind))
            except FileNotFoundError:
                continue  # deleted since it was listed
            except (ConnectionError, TimeoutError):
                raise  # nobody answers: that says nothing about this record
            except OSError as error:
                damaged.append(damaged_item(key, error))
        return fresh, damaged

    def _load_snapshot(self, listed: set[str]) -> None:
        """Where much would be read one by one from far away, take what a snapshot has of it."""
        missing = listed - self._kept.keys()
        if self._adapter.at_once == 1 or len(missing) < WORTHWHILE:
            return
        copies = newest_copies(self._adapter)
        for key in missing & copies.keys():
            with suppress(StoreError):  # a damaged copy: the store has the record
                self._kept[key] = opened(copies[key], key, self._kind)
        self._cache.add_records((key, copies[key]) for key in missing & self._kept.keys())

    def _load_cache(self) -> None:
        with _undisturbed():
            for key, sealed in self._cache.records(self._prefix).items():
                with suppress(StoreError):  # a damaged row of the cache: the store has the record
                    self._kept[key] = opened(sealed, key, self._kind)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector, which would look at all records again and again: thousands take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read_record(adapter: Adapter, key: str, kind: type[Kept]) -> Kept:
    """One record, verified; DamagedError or NewerFormatError where it cannot be used."""
    return opened(adapter.get(key), key, kind)


def opened(data: bytes, key: str, kind: type[Kept]) -> Kept:
    """The record in bytes that lie under ``key``; raises as ``read_record``."""
    return _named(unseal(data, kind, key=key), key)


def _bytes(found: bytes | OSError) -> bytes:
    if isinstance(found, OSError):
        raise found
    return found


def _named(record: Kept, key: str) -> Kept:
    """A record under another's name would be counted as both."""
    if record.id != stem(key):
        raise DamagedError(f"{key} is damaged: it holds the record of {record.id}.")
    return record
