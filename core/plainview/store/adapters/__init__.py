"""The six verbs behind which every kind of store fits, and the table of the URL schemes that have one.

put · put_if_absent · get · list · stat · delete. An adapter moves bytes between keys and knows nothing of evaluations.
It raises the built-in OSError that tells what happened (FileNotFoundError, TimeoutError, PermissionError, …).
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from plainview.exceptions import StoreError, nearest
from plainview.store.adapters.addresses import scheme_of
from plainview.store.keys import is_key

Source = bytes | Path | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Stat:
    """What is known of a stored item without reading it."""

    key: str
    bytes: int
    modified: float  # seconds since the epoch, by the clock of the store
    version: str  # another one whenever the bytes may be others


class Adapter(Protocol):
    """One place that keeps bytes under keys. What ``put`` and ``put_if_absent`` return from survives a power loss."""

    url: str
    at_once: int  # how many items are worth asking for at the same time

    def initialise(self) -> None:
        """Prepare an empty place for a new store. The only verb that may create the place itself."""

    def put(self, key: str, source: Source) -> None:
        """Store bytes, pieces of bytes, or a local file from ``staged`` (moved), whole or not at all, replacing."""

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """Store ``data`` unless the key is taken; whether it was stored. Either way the key is durable on return."""

    def get(self, key: str) -> bytes:
        """All bytes of an item; FileNotFoundError where there is none."""

    def open(self, key: str) -> BinaryIO:
        """A seekable stream over an item; FileNotFoundError where there is none."""

    def list(self, prefix: str) -> list[str]:
        """What starts with ``prefix`` (a folder, ending in a slash), in any order, never from memory.

        Names that are no keys, such as an editor's file, may be among them: see ``keys_under``.
        """

    def stat(self, key: str) -> Stat | None:
        """What is known of an item, or None where there is none."""

    def delete(self, key: str, *, unchanged: Stat | None = None) -> bool:
        """Remove an item; whether it is gone by this call. With ``unchanged``, only while it is what that says."""

    def staged(self) -> AbstractContextManager[Path]:
        """A new local file to build an item in for ``put``; removed at the end unless ``put`` took it."""


@contextmanager
def temporary_file() -> Iterator[Path]:
    """A file in the system's temporary folder, for adapters whose ``put`` copies; gone at the end."""
    descriptor, name = tempfile.mkstemp(prefix="plainview-")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        with suppress(OSError):
            Path(name).unlink()


def keys_under(adapter: Adapter, prefix: str) -> list[str]:
    """Every key that starts with ``prefix``, sorted."""
    return sorted(filter(is_key, adapter.list(prefix)))


def _folder(url: str) -> Adapter:
    from plainview.store.adapters.folder import FolderAdapter

    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost"):
            raise StoreError(
                f"{url!r} names another machine ({parts.netloc!r}). Write file:///path with three slashes."
            )
        return FolderAdapter(Path(url2pathname(parts.path)))
    return FolderAdapter(Path(url))


def _bucket(url: str) -> Adapter:
    from plainview.store.adapters.bucket import BucketAdapter

    return BucketAdapter(url)


def _postgres(url: str) -> Adapter:
    from plainview.store.adapters.postgres import PostgresAdapter

    return PostgresAdapter(url)


SCHEMES: dict[str, Callable[[str], Adapter]] = {
    "file": _folder,
    "s3": _bucket,
    "gs": _bucket,
    "az": _bucket,
    "postgresql": _postgres,
}


def adapter_for(url: str | Path) -> Adapter:
    """The adapter for a folder's path or a URL; nothing is read or written yet.

    StoreError where no adapter has the scheme, its extra is not installed, or the address holds a secret.
    """
    text = str(url)
    if not text.strip():
        raise StoreError("The address of the store is empty. Give a folder, such as data/store.")
    scheme = scheme_of(text.strip())
    if scheme not in SCHEMES:
        raise StoreError(f"No store can be kept at {scheme}:// addresses. {nearest(scheme, SCHEMES)}")
    return SCHEMES[scheme](text if scheme == "file" else text.strip())
