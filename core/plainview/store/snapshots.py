"""Snapshots: copies of all records in one item, for readers that start from nothing and are far away.

A cache that lies in the store: written by publishers once in a while, never truth, and it may be deleted. Only records that
are listed count, each by its own checksum; `verify` compares the copies with the records.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from plainview.exceptions import DamagedError
from plainview.store.adapters import Adapter, keys_under
from plainview.store.keys import SNAPSHOTS, snapshot_key
from plainview.store.ulids import new_ulid

WORTHWHILE = 100  # records to be read one by one; below, nobody looks for a snapshot
LARGEST = 1 << 30  # bytes, unpacked
KEPT = 2  # snapshots; a reader may have listed the one before the newest


def newest_copies(adapter: Adapter) -> dict[str, bytes]:
    """Sealed records by key, from the newest snapshot; none where there is none, or it is damaged or gone."""
    with suppress(OSError):
        if keys := keys_under(adapter, SNAPSHOTS):
            return dict(copies_in(adapter, keys[-1]))
    return {}


def copies_in(adapter: Adapter, key: str) -> Iterator[tuple[str, bytes]]:
    """The key and the sealed bytes of each record in one snapshot; DamagedError where it is none."""
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(adapter.get(key), LARGEST)
    except zlib.error as error:
        raise DamagedError(f"{key} is damaged: it cannot be unpacked.") from error
    lines = data.split(b"\n")
    if not unpack.eof or lines.pop() or len(lines) % 3:
        raise DamagedError(f"{key} is damaged: it is cut off.")
    for name, digest, line in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        yield name.decode("ascii", "replace"), b"%b\n%b\n" % (digest, line)


def write_snapshot(adapter: Adapter, records: Mapping[str, bytes]) -> str:
    """Keep copies of sealed records, in place of what earlier snapshots hold; its key."""
    key = snapshot_key(new_ulid())
    adapter.put(key, zlib.compress(b"".join(_lines(records.items())), 6))
    for older in keys_under(adapter, SNAPSHOTS)[:-KEPT]:
        adapter.delete(older)
    return key


def _lines(records: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    for key, sealed in records:
        yield key.encode() + b"\n" + sealed
