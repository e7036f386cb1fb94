"""What a database answered, said anew: its own words repeat statements, rows and addresses, so none is passed on."""

import errno
import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from plainview.store.adapters.addresses import DatabaseAddress


class _Known(NamedTuple):
    """What is said for a SQLSTATE that starts like this or, where there is none, for words of the driver."""

    state: str
    words: str
    kind: type[OSError]
    sentence: str


_KNOWN = (  # the first that fits
    _Known("28", "password|authentication|no pg_hba", PermissionError, "{host} refused the user or the password"),
    _Known("3D000", 'database ".*" does not exist', FileNotFoundError, "{host} has no such database"),
    _Known("42P01", "(?!)", FileNotFoundError, "the tables of the store are not there"),
    _Known("3F000", "(?!)", FileNotFoundError, "the tables of the store are not there"),
    _Known("42501", "(?!)", PermissionError, "the user has no right to this in the schema {schema}"),
    _Known("25006", "(?!)", PermissionError, "{host} takes no changes now: it is a standby or read-only"),
    _Known("53300", "too many (clients|connections)", ConnectionError, "{host} has too many connections"),
    _Known("57014", "(?!)", TimeoutError, "{host} took more than a minute over one statement"),
    _Known("57P", "starting up|shutting down", ConnectionError, "{host} is being started or stopped"),
    _Known("40", "(?!)", ConnectionError, "{host} could not order this among other changes"),
    _Known("-", "SSL|certificate", ConnectionError, "{host} and the address do not agree on TLS: see sslmode"),
    _Known("-", "resolve|translate host|service not known", ConnectionError, "there is no server called {host}"),
    _Known("-", "timeout|timed out", TimeoutError, "{host} does not answer in time"),
    _Known("-", "refused|No such file", ConnectionError, "{host} cannot be reached"),
    _Known("08", "(?!)", ConnectionError, "the connection to {host} broke"),
)
_WHAT_TO_DO = {
    PermissionError: "Check PGUSER and PGPASSWORD or ~/.pgpass, and ask the owner of the database for the rights",
    FileNotFoundError: "Check the address; the database must be there, the store is made by publishing to it",
    ConnectionError: "Check the address and that the server runs, then try again",
    TimeoutError: "Check the network, a firewall between, and the load of the server, then try again",
}


def said_anew(error: Exception, address: DatabaseAddress) -> OSError:
    """The built-in error that tells what happened, in words of our own. ``error`` is not kept, not even as its cause."""
    cause = getattr(error, "orig", None)
    state, host = getattr(cause, "sqlstate", None) or "", _host(address)
    if state in ("53100", "54000"):
        return OSError(errno.ENOSPC, "no space left")
    for known in _KNOWN:
        if state.startswith(known.state) if state else re.search(known.words, str(cause or ""), re.IGNORECASE):
            return _said(known.kind, known.sentence.format(host=host, schema=address.schema))
    if isinstance(error, ArgumentError):
        return OSError("the address of the database cannot be understood")
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return _said(ConnectionError, f"the connection to {host} broke")
    return OSError(f"{host} reported an error{f' (SQLSTATE {state})' if state else ''}")


def _said(kind: type[OSError], sentence: str) -> OSError:
    return kind(f"{sentence}. {_WHAT_TO_DO[kind]}")


def _host(address: DatabaseAddress) -> str:
    parts = urlsplit(address.without_schema)
    host = parts.hostname or os.environ.get("PGHOST") or "the local PostgreSQL server"
    return f"{host}:{parts.port}" if parts.port else host
