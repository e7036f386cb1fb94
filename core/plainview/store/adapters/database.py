"""The two tables of a store in PostgreSQL, and the statements over them."""

import os
import time
import uuid
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from plainview.store.adapters.addresses import DatabaseAddress
from plainview.store.adapters.database_errors import said_anew

PATIENCE = 60_000  # milliseconds a statement
CONNECT_TIMEOUT = 10  # seconds
DEAD_AFTER = 30_000  # milliseconds that a connection may take no data
PAUSES = (0.05, 0.2, 0.8)  # seconds before each further attempt
Answer = TypeVar("Answer")
LOCK = 0x706C61696E  # "plain": who makes tables holds it

# Of the transaction alone, so that a pooler between may hand the session to others. It also shows a dead connection.
_SETTINGS = sa.text(
    "SELECT set_config('statement_timeout', :patience, true), set_config('synchronous_commit',"
    " CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"
)


class Database:
    """Connections to one database, and a store's tables in one schema of it."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._address = address
        self._engine: sa.Engine | None = None
        self._process = 0
        tables = sa.MetaData(schema=address.schema)
        key = sa.String(collation="C")
        self._items = sa.Table(
            "item",
            tables,
            sa.Column("key", key, primary_key=True),
            sa.Column("version", sa.String, nullable=False),
            sa.Column("bytes", sa.BigInteger, nullable=False),
            sa.Column("modified", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
        )
        self._parts = sa.Table(
            "part",
            tables,
            sa.Column("key", key, sa.ForeignKey(self._items.c.key, ondelete="CASCADE"), primary_key=True),
            sa.Column("version", sa.String, primary_key=True),
            sa.Column("number", sa.Integer, primary_key=True),
            sa.Column("data", sa.LargeBinary, nullable=False),
        )

    def create_tables(self) -> None:
        """The schema and the tables where they are missing; of several at once, one makes them."""
        self.run(self._create)

    def store(
        self, connection: sa.Connection, key: str, parts: Iterable[bytes], *, size: int | None, replace: bool = True
    ) -> bool:
        """Keep an item as a new version; whether it was kept, which it always is with ``replace``.

        ``size`` is that of all parts, None where only they tell.
        """
        items, version = self._items, uuid.uuid4().hex
        row = insert(items).values(key=key, version=version, bytes=size or 0)
        if replace:
            new = {"version": version, "bytes": size or 0, "modified": sa.func.clock_timestamp()}
            row = row.on_conflict_do_update(index_elements=["key"], set_=new)
        else:
            row = row.on_conflict_do_nothing()
        if connection.scalar(row.returning(items.c.key)) is None:
            return False
        counted = 0
        for number, data in enumerate(parts):
            connection.execute(insert(self._parts).values(key=key, version=version, number=number, data=data))
            counted += len(data)
        if size is None:
            connection.execute(sa.update(items).where(items.c.key == key).values(bytes=counted))
        if replace:
            old = (self._parts.c.key == key) & (self._parts.c.version != version)
            connection.execute(sa.delete(self._parts).where(old))
        return True

    def parts(self, connection: sa.Connection, key: str, first: int = 0, last: int | None = None) -> Sequence[bytes]:
        """The parts of the current version from ``first`` to ``last``, in order; none where there is no such item."""
        items, parts = self._items, self._parts
        current = (parts.c.key == items.c.key) & (parts.c.version == items.c.version)
        wanted = sa.select(parts.c.data).join(items, current).where(items.c.key == key, parts.c.number >= first)
        if last is not None:
            wanted = wanted.where(parts.c.number <= last)
        return connection.scalars(wanted.order_by(parts.c.number)).all()

    def item(self, connection: sa.Connection, key: str) -> sa.Row | None:
        """The row of an item."""
        return connection.execute(sa.select(self._items).where(self._items.c.key == key)).one_or_none()

    def keys(self, connection: sa.Connection, prefix: str) -> list[str]:
        """The keys that start with ``prefix``; keys are ASCII."""
        key = self._items.c.key
        return list(connection.scalars(sa.select(key).where(key >= prefix, key < f"{prefix}\x7f")))

    def remove(self, connection: sa.Connection, key: str, version: str | None) -> bool:
        """Delete an item, of one version alone if that is given; whether there was one."""
        gone = sa.delete(self._items).where(self._items.c.key == key)
        if version is not None:
            gone = gone.where(self._items.c.version == version)
        return connection.execute(gone).rowcount == 1

    def read(self, work: Callable[[sa.Connection], Answer]) -> Answer:
        """Do ``work``, a single statement that changes nothing; again after a broken connection."""
        return self._repeated(
            lambda: self._engine_here().connect().execution_options(isolation_level="AUTOCOMMIT"), work
        )

    def run(self, work: Callable[[sa.Connection], Answer], *, attempts: int = len(PAUSES) + 1) -> Answer:
        """Do ``work`` in a transaction that is committed at the end; again after a broken connection.

        An OSError where it is not certain that it was committed.
        """
        return self._repeated(self._begun, work, attempts)

    def _repeated(
        self,
        begin: Callable[[], sa.Connection],
        work: Callable[[sa.Connection], Answer],
        attempts: int = len(PAUSES) + 1,
    ) -> Answer:
        for pause in PAUSES[: attempts - 1]:
            try:
                return self._attempt(begin, work)
            except ConnectionError:
                time.sleep(pause)
        return self._attempt(begin, work)

    def _attempt(self, begin: Callable[[], sa.Connection], work: Callable[[sa.Connection], Answer]) -> Answer:
        """Raises outside the handler: the driver's own error, which repeats statements, is not kept as the context."""
        try:
            with begin() as connection:
                answer = work(connection)
                connection.commit()
                return answer
        except (SQLAlchemyError, UnicodeError) as error:
            failure = said_anew(error, self._address)
        raise failure

    def _create(self, connection: sa.Connection) -> None:
        schema = self._address.schema
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        if not sa.inspect(connection).has_schema(schema):
            connection.execute(sa.schema.CreateSchema(schema))
        if not sa.inspect(connection).has_table(self._items.name, schema=schema):
            self._items.metadata.create_all(connection)
            # What is kept is compressed already; stored as it is, it is read without being unpacked.
            connection.execute(sa.text(f'ALTER TABLE "{schema}".part ALTER COLUMN data SET STORAGE EXTERNAL'))

    def _begun(self) -> sa.Connection:
        """A connection that answers: one that the server closed meanwhile is replaced, once, before anything is done."""
        connection = self._engine_here().connect()
        try:
            connection.execute(_SETTINGS, {"patience": str(PATIENCE)})
        except DBAPIError as error:
            connection.close()
            if not error.connection_invalidated:
                raise
        else:
            return connection
        connection = self._engine_here().connect()
        connection.execute(_SETTINGS, {"patience": str(PATIENCE)})
        return connection

    def _engine_here(self) -> sa.Engine:
        """The pool of this process: a connection must not be used on both sides of a fork."""
        if self._engine is None or self._process != os.getpid():
            self._process = os.getpid()
            self._engine = _engine(self._address)
            weakref.finalize(self, _close, self._engine, self._process)
        return self._engine


def _engine(address: DatabaseAddress) -> sa.Engine:
    url = sa.engine.make_url(address.without_schema)
    options = {
        "prepare_threshold": None,  # poolers give the next transaction another session
        "tcp_user_timeout": DEAD_AFTER,
        "connect_timeout": CONNECT_TIMEOUT,
        "application_name": "plainview",
    }
    given = {name: value for name, value in options.items() if name not in url.query}
    return sa.create_engine(
        url, connect_args=given, hide_parameters=True, pool_size=4, max_overflow=12, pool_recycle=1800
    )


def _close(engine: sa.Engine, process: int) -> None:
    if process == os.getpid():
        engine.dispose()
