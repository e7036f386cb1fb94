"""A store in a PostgreSQL database, through SQLAlchemy and psycopg, the extra ``postgres``: items are kept in parts.

An item is one row that says which version is current, and the rows of its parts. Each verb is one transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from plainview.exceptions import StoreError
from plainview.store.adapters import Source, Stat, temporary_file
from plainview.store.adapters.addresses import database_address
from plainview.store.adapters.ranged import ranged
from plainview.store.keys import STORE, checked

PART = 1 << 20  # bytes a row


class PostgresAdapter:
    """Keys are rows; whoever reads sees an item as it was before a change or after it."""

    at_once = 8

    def __init__(self, url: str) -> None:
        self._address = database_address(url)
        self.url = self._address.text
        try:
            from plainview.store.adapters.database import Database
        except ImportError:
            database = None
        else:
            database = Database(self._address)
        if database is None:
            raise StoreError("Stores at postgresql:// need more packages: pip install 'plainview[postgres]'.")
        self._database = database

    def initialise(self) -> None:
        """Make the schema and its tables, if they are not there."""
        self._database.create_tables()

    def put(self, key: str, source: Source) -> None:
        """A new version in parts, then the row that makes it current, then the old parts go."""
        path, database, size = checked(key), self._database, _size(source)
        again = {"attempts": 1} if size is None else {}  # what an iterator gave is gone
        database.run(
            lambda connection: database.store(connection, path, _in_parts(_pieces(source)), size=size), **again
        )

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """INSERT … ON CONFLICT DO NOTHING: of two at once, the second waits for the first."""
        path, database = checked(key), self._database
        return database.run(
            lambda connection: database.store(connection, path, _in_parts([data]), size=len(data), replace=False)
        )

    def get(self, key: str) -> bytes:
        """All parts of the current version."""
        return b"".join(self._parts(checked(key)))

    def open(self, key: str) -> BinaryIO:
        """Parts, as they are read."""
        found = self.stat(key)
        if found is None:
            raise _absent(key)
        return ranged(lambda start, end: self._range(key, start, end), found.bytes)

    def list(self, prefix: str) -> list[str]:
        """Names in the order of the table."""
        found = self._database.read(lambda connection: self._database.keys(connection, prefix))
        if not found and self.stat(STORE) is None:
            raise _absent(STORE)  # a store that is gone is not an empty store
        return found

    def stat(self, key: str) -> Stat | None:
        """The row of the item."""
        path = checked(key)
        row = self._database.read(lambda connection: self._database.item(connection, path))
        return None if row is None else Stat(key, row.bytes, row.modified.timestamp(), row.version)

    def delete(self, key: str, *, unchanged: Stat | None = None) -> bool:
        """Delete the row, and the parts with it; with ``unchanged``, of that version alone."""
        path, version = checked(key), None if unchanged is None else unchanged.version
        return self._database.run(lambda connection: self._database.remove(connection, path, version))

    def staged(self) -> AbstractContextManager[Path]:
        """A file in the system's temporary folder, from which ``put`` copies."""
        return temporary_file()

    def _range(self, key: str, start: int, end: int) -> bytes:
        first, last = start // PART, (end - 1) // PART
        return b"".join(self._parts(key, first, last))[start - first * PART : end - first * PART]

    def _parts(self, key: str, first: int = 0, last: int | None = None) -> Sequence[bytes]:
        found = self._database.read(lambda connection: self._database.parts(connection, key, first, last))
        if not found:
            raise _absent(key)
        return found


def _absent(key: str) -> FileNotFoundError:
    return FileNotFoundError(f"{key} is not in the database")


def _size(source: Source) -> int | None:
    if isinstance(source, Path):
        return source.stat().st_size
    return len(source) if isinstance(source, bytes) else None


def _pieces(source: Source) -> Iterator[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from iter(lambda: file.read(PART), b"")
    elif isinstance(source, bytes):
        yield source
    else:
        yield from source


def _in_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of PART, the last one shorter; at least one, so that an empty item has its row."""
    held = bytearray()
    some = False
    for piece in pieces:
        held += piece
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
            some = True
    if held or not some:
        yield bytes(held)
