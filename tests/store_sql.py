"""A store in the tables of a database: shows that the verbs of an adapter fit where there are no files and no links."""

import hashlib
import io
import sqlite3
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from plainview.store.adapters import Stat
from plainview.store.keys import STORE, checked


class SqlAdapter:
    """Keys and blobs in one table; a transaction is what a rename and an fsync are elsewhere."""

    def __init__(self, path):
        self.path, self.url = path, f"sql:{path}"

    def initialise(self):
        with self._transaction() as database:
            database.execute("CREATE TABLE IF NOT EXISTS item (key TEXT PRIMARY KEY, data BLOB, modified REAL)")

    def put(self, key, source):
        data = source.read_bytes() if isinstance(source, Path) else source
        data = data if isinstance(data, bytes) else b"".join(data)
        self._run("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", checked(key), data, time.time())

    def put_if_absent(self, key, data):
        return self._run("INSERT OR IGNORE INTO item VALUES (?, ?, ?)", checked(key), data, time.time()) == 1

    def get(self, key):
        found = self._rows("SELECT data FROM item WHERE key = ?", checked(key))
        if not found:
            raise FileNotFoundError(key)
        return found[0][0]

    def open(self, key):
        return io.BytesIO(self.get(key))

    def list(self, prefix):
        self.get(STORE)
        return [key for (key,) in self._rows("SELECT key FROM item WHERE substr(key, 1, ?) = ?", len(prefix), prefix)]

    def stat(self, key):
        for data, modified in self._rows("SELECT data, modified FROM item WHERE key = ?", checked(key)):
            return Stat(key, len(data), modified, hashlib.md5(data).hexdigest())
        return None

    def delete(self, key, *, unchanged=None):
        if unchanged is None:
            return self._run("DELETE FROM item WHERE key = ?", checked(key)) == 1
        return self._run("DELETE FROM item WHERE key = ? AND modified = ?", checked(key), unchanged.modified) == 1

    @contextmanager
    def staged(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "staged"
            path.touch()
            yield path

    @contextmanager
    def _transaction(self):
        database = sqlite3.connect(self.path, timeout=30)
        database.execute("PRAGMA synchronous = OFF")  # what it shows is verbs, not the loss of power
        try:
            with database:
                yield database
        finally:
            database.close()

    def _run(self, statement, *values):
        with self._transaction() as database:
            return database.execute(statement, values).rowcount

    def _rows(self, statement, *values):
        with self._transaction() as database:
            return database.execute(statement, values).fetchall()
