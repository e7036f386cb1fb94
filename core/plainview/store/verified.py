"""Reading a stored file only after its SHA-256 was right, and remembering which large ones were."""

import hashlib
import io
from typing import BinaryIO

from plainview.exceptions import DamagedError
from plainview.records import StoredFile
from plainview.store.adapters import Adapter, Stat
from plainview.store.cache import Cache

PIECE = 1 << 20
ALWAYS_HASHED = 4 << 20  # bytes; below, hashing costs less than asking whether it was done


class Verified:
    """What was read and found to match. Kept in the process and in the cache; a changed file is read again."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._seen: set[tuple[str, str]] = set()

    def read(self, adapter: Adapter, file: StoredFile) -> bytes:
        """All bytes of a file; DamagedError where they are missing or others."""
        try:
            data = adapter.get(file.key)
        except FileNotFoundError as error:
            raise missing(file) from error
        _compare(file, len(data), hashlib.sha256(data).hexdigest())
        return data

    def open(self, adapter: Adapter, file: StoredFile) -> BinaryIO:
        """A stream over a file that matches; DamagedError otherwise."""
        stat = adapter.stat(file.key)
        if stat is None:
            raise missing(file)
        _compare_size(file, stat.bytes)
        if file.bytes <= ALWAYS_HASHED:
            return io.BytesIO(self.read(adapter, file))
        if not self._known(stat):
            check(adapter, file)
            self._remember(stat)
        return adapter.open(file.key)

    def _known(self, stat: Stat) -> bool:
        return (stat.key, stat.version) in self._seen or self._cache.is_verified(stat.key, stat.version)

    def _remember(self, stat: Stat) -> None:
        self._seen.add((stat.key, stat.version))
        self._cache.add_verified(stat.key, stat.version)


def check(adapter: Adapter, file: StoredFile) -> None:
    """Hash a file in pieces; DamagedError where it is missing or not what the record says."""
    sha256, size = hashlib.sha256(), 0
    try:
        with adapter.open(file.key) as stream:
            while piece := stream.read(PIECE):
                sha256.update(piece)
                size += len(piece)
    except FileNotFoundError as error:
        raise missing(file) from error
    _compare(file, size, sha256.hexdigest())


def missing(file: StoredFile) -> DamagedError:
    """The error for a file that a record names and the store does not have."""
    return DamagedError(f"{file.key} is missing from the store.")


def _compare(file: StoredFile, size: int, sha256: str) -> None:
    _compare_size(file, size)
    if sha256 != file.sha256:
        raise DamagedError(f"{file.key} is damaged: its bytes do not match their SHA-256.")


def _compare_size(file: StoredFile, size: int) -> None:
    if size != file.bytes:
        raise DamagedError(f"{file.key} is damaged: {size} bytes instead of {file.bytes}.")
