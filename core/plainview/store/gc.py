"""Garbage: what no record names or needs, left by publishers that were stopped. Only looked at unless told otherwise."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from plainview.exceptions import DamagedError, StoreError
from plainview.store.adapters import Adapter, keys_under
from plainview.store.compacted import superfluous
from plainview.store.keys import CLAIMS, COMMITS, COMPACTED, EVENTS, TEMPORARY, is_key, stem
from plainview.store.sealed import unseal_line
from plainview.store.segments import Member
from plainview.store.verify import data_keys

GRACE = 24 * 3600.0  # seconds; twice the longest publish


@dataclass(frozen=True, kw_only=True)
class GarbageReport:
    """What was found, and whether it was removed."""

    keys: tuple[str, ...]  # past the grace and named by no record
    bytes: int
    deleted: bool


def collect(adapter: Adapter, *, delete: bool = False, grace: float = GRACE, now: float | None = None) -> GarbageReport:
    """Find, and with ``delete`` remove, files older than ``grace`` seconds that no record names.

    ``now`` is in seconds since the epoch. StoreError where a record is damaged: what it names cannot be known.
    """
    latest = (time.time() if now is None else now) - grace
    # Files first, records after: what was committed in between is then seen as named.
    keys = (*data_keys(adapter), *keys_under(adapter, CLAIMS), *keys_under(adapter, COMPACTED))
    found = [stat for key in (*keys, *keys_under(adapter, TEMPORARY)) if (stat := adapter.stat(key))]
    old = [stat for stat in found if stat.modified < latest]
    needed = _needed(adapter) if old else frozenset()
    garbage = [stat for stat in old if stat.key not in needed]
    if delete:
        # A publisher may write the same content again at any moment: only the file that was looked at is removed.
        garbage = [stat for stat in garbage if adapter.delete(stat.key, unchanged=stat)]
    return GarbageReport(
        keys=tuple(stat.key for stat in garbage),
        bytes=sum(stat.bytes for stat in garbage),
        deleted=delete,
    )


def _needed(adapter: Adapter) -> frozenset[str]:
    """Every key that any record names, the claims on their contents, and the copies of their results."""
    named: set[str] = set()
    live: set[Member] = set()
    for key, content in _contents(adapter):
        _gather(content, named)
        if (
            key.startswith(COMMITS)
            and isinstance(content, dict)
            and is_key(claim := f"{CLAIMS}{content.get('publish_key')}.json")
        ):
            named.add(claim)
            live.add((stem(key), content["publish_key"]))
    copies = set(keys_under(adapter, COMPACTED))
    return frozenset(named | copies.difference(superfluous(adapter, live)))


def _contents(adapter: Adapter) -> Iterator[tuple[str, object]]:
    """What every record says, also records of a newer format, read without knowing their fields."""
    for key in (*keys_under(adapter, COMMITS), *keys_under(adapter, EVENTS)):
        try:
            yield key, json.loads(unseal_line(adapter.get(key), key=key))
        except (DamagedError, ValueError) as error:
            raise StoreError(
                f"{key} is damaged, so it cannot be known which files it names: nothing was removed. "
                "Restore it from a backup, or delete it if it was published or written again."
            ) from error


def _gather(content: object, named: set[str]) -> None:
    if isinstance(content, str) and is_key(content):
        named.add(content)
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            _gather(part, named)
