"""Garbage: files that no record names, left by publishers that were stopped. Only looked at unless told otherwise."""

import json
import time
from dataclasses import dataclass

from plainview.exceptions import DamagedError, StoreError
from plainview.store.adapters import Adapter, keys_under
from plainview.store.keys import COMMITS, TEMPORARY, is_key
from plainview.store.sealed import unseal_line
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
    found = [stat for key in (*data_keys(adapter), *keys_under(adapter, TEMPORARY)) if (stat := adapter.stat(key))]
    old = [stat for stat in found if stat.modified < latest]
    named = named_keys(adapter) if old else frozenset()
    garbage = [stat for stat in old if stat.key not in named]
    if delete:
        # A publisher may write the same content again at any moment: only the file that was looked at is removed.
        garbage = [stat for stat in garbage if adapter.delete(stat.key, unchanged=stat)]
    return GarbageReport(
        keys=tuple(stat.key for stat in garbage),
        bytes=sum(stat.bytes for stat in garbage),
        deleted=delete,
    )


def named_keys(adapter: Adapter) -> frozenset[str]:
    """Every key that any record names, also records of a newer format, read without knowing their fields."""
    named: set[str] = set()
    for key in keys_under(adapter, COMMITS):
        try:
            _gather(json.loads(unseal_line(adapter.get(key), key=key)), named)
        except (DamagedError, ValueError) as error:
            raise StoreError(
                f"{key} is damaged, so it cannot be known which files it names: nothing was removed. "
                "Restore it from a backup, or delete it if its evaluation was published again."
            ) from error
    return frozenset(named)


def _gather(content: object, named: set[str]) -> None:
    if isinstance(content, str) and is_key(content):
        named.add(content)
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            _gather(part, named)
