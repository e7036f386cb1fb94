"""A local SQLite file that saves reading records twice. Never truth: what it holds is sealed, and it may go."""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from plainview.records import SCHEMA_VERSION

_TABLES = """
CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
"""
VERSION = 1  # of these tables
PATIENCE = 2.0  # seconds to wait for another process that writes


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
    """The cache of one store. No error of it ever reaches the caller: without it, records are read again."""

    def __init__(self, store_id: str) -> None:
        self.path = cache_folder() / store_id / f"index-{VERSION}-{SCHEMA_VERSION}.sqlite"
        self._lock = threading.Lock()

    def records(self, prefix: str) -> dict[str, bytes]:
        """Sealed records by key, for the keys that start with ``prefix``."""
        rows = self._run("SELECT key, sealed FROM record WHERE key >= ? AND key < ?", [(prefix, prefix + "\x7f")])
        return {key: bytes(sealed) for key, sealed in rows if isinstance(key, str) and isinstance(sealed, bytes)}

    def add_records(self, records: Iterable[tuple[str, bytes]]) -> None:
        """Keep records; those that another process kept meanwhile are the same."""
        self._run("INSERT OR REPLACE INTO record VALUES (?, ?)", records)

    def _run(self, statement: str, rows: Iterable[tuple]) -> list[tuple]:
        """Run a statement for each row; once more on a new file where the file is damaged; else nothing."""
        rows = list(rows)
        with self._lock:
            for _ in range(2):
                try:
                    return self._attempt(statement, rows)
                except sqlite3.OperationalError:  # locked, read-only, no folder: do without
                    return []
                except (sqlite3.Error, OSError):
                    self._remove()
        return []

    def _attempt(self, statement: str, rows: list[tuple]) -> list[tuple]:
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A connection a call: the file may be deleted or replaced at any time, and processes may fork.
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(_TABLES)
            if statement.startswith("SELECT"):
                return [found for row in rows for found in connection.execute(statement, row)]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(statement, rows)
            connection.execute("COMMIT")
            return []
        finally:
            connection.close()

    def _remove(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{self.path}{suffix}").unlink()
