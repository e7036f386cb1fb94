"""A local SQLite file that saves reading things twice. Never truth: what it holds is sealed, and it may go."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from plainview.records import SCHEMA_VERSION

_TABLES = """
CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segment (
    sha256 TEXT PRIMARY KEY, project TEXT NOT NULL, rows INTEGER NOT NULL, members TEXT NOT NULL, data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS segment_project ON segment (project);
"""
VERSION = 2  # of these tables
PATIENCE = 2.0  # seconds to wait for another process that writes
Statement = tuple[str, Sequence[tuple]]  # SQL, and the rows to run it for


def cache_folder() -> Path:
    """Where caches live: PLAINVIEW_CACHE, else the platform's folder for them."""
    if chosen := os.environ.get("PLAINVIEW_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "plainview"


class Cache:
    """The cache of one store. No error of it ever reaches the caller: without it, all is read again from the store."""

    def __init__(self, store_id: str) -> None:
        self.path = cache_folder() / store_id / f"index-{VERSION}-{SCHEMA_VERSION}.sqlite"
        self._lock = threading.Lock()

    def records(self, prefix: str) -> dict[str, bytes]:
        """Sealed records by key, for the keys that start with ``prefix``."""
        rows = self._run(("SELECT key, sealed FROM record WHERE key >= ? AND key < ?", [(prefix, prefix + "\x7f")]))
        return {key: bytes(sealed) for key, sealed in rows if isinstance(key, str) and isinstance(sealed, bytes)}

    def add_records(self, records: Iterable[tuple[str, bytes]]) -> None:
        """Keep records; those that another process kept meanwhile are the same."""
        self._run(("INSERT OR REPLACE INTO record VALUES (?, ?)", list(records)))

    def segments(self, project: str) -> list[tuple[str, int, str]]:
        """Of each segment with results of a project: its SHA-256, its number of rows, and which members it says it has."""
        found = self._run(("SELECT sha256, rows, members FROM segment WHERE project = ? ORDER BY rows", [(project,)]))
        return [row for row in found if [type(part) for part in row] == [str, int, str]]

    def segment(self, sha256: str) -> bytes:
        """The bytes of a segment; none where it is gone."""
        found = self._run(("SELECT data FROM segment WHERE sha256 = ?", [(sha256,)]))
        return found[0][0] if found and isinstance(found[0][0], bytes) else b""

    def put_segment(
        self, sha256: str, project: str, rows: int, members: str, data: bytes, *, instead_of: Iterable[str] = ()
    ) -> None:
        """Keep a segment and forget those that it replaces, both or neither."""
        self._run(
            ("INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?, ?)", [(sha256, project, rows, members, data)]),
            ("DELETE FROM segment WHERE sha256 = ?", [(each,) for each in instead_of if each != sha256]),
        )

    def forget_segment(self, sha256: str) -> None:
        """Drop a segment that turned out to be damaged."""
        self._run(("DELETE FROM segment WHERE sha256 = ?", [(sha256,)]))

    def _run(self, *statements: Statement) -> list[tuple]:
        """Run statements in one transaction; once more on a new file where the file is damaged; else nothing."""
        with self._lock:
            for _ in range(2):
                try:
                    return self._attempt(statements)
                except sqlite3.OperationalError:  # locked, read-only, no folder: do without
                    return []
                except (sqlite3.Error, OSError):
                    self._remove()
        return []

    def _attempt(self, statements: Iterable[Statement]) -> list[tuple]:
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A connection a call: the file may be deleted or replaced at any time, and processes may fork.
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_TABLES)
            reads = all(statement.startswith("SELECT") for statement, _ in statements)
            connection.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
            found = [row for each, rows in statements for given in rows for row in connection.execute(each, given)]
            connection.execute("COMMIT")
            return found
        finally:
            connection.close()

    def _remove(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{self.path}{suffix}").unlink()
