"""Who may see and do what. Everything that is loaded for a page or written from one passes here; nothing else decides it.

Without PLAINVIEW_ACCESS the app serves the person who started it: they see every project and may do everything, and whoever
comes through a proxy may read. With it, the file that it names decides; `plainview.access` has the rules.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from plainview.access import Access, Action, Person, Refusal, identify, is_loopback, load_access, whence
from plainview.access.identity import trusted_headers
from plainview.access.roles import EVERYTHING
from plainview.exceptions import AccessError, InputError
from plainview.store import who
from plainview.texts import _

FILE = "PLAINVIEW_ACCESS"
PROOF = "PLAINVIEW_PROXY_SECRET"
VISITOR = "visitor"
Closed = Literal[
    "sign in", "expired", "unverified", "unnamed", "not the proxy", "no role", "broken", "open", "elsewhere"
]
_LOG = logging.getLogger("plainview.access")
_ACTING: ContextVar["Reader | None"] = ContextVar("plainview_reader", default=None)


@dataclass(frozen=True)
class Reader:
    """Who reads, and what they may do; ``closed`` says why they see nothing at all."""

    name: str
    may: Callable[[Action, str], bool]
    closed: Closed | None = None
    kind: Literal["local", "visitor", "team"] = "team"


def sign_in() -> None:
    """Let the reader in, or show what they can do about it and stop. Called by the frame before anything is loaded."""
    found = reader()
    if found.closed is not None:
        from plainview.ui import gate

        gate.show(found)
        st.stop()


def person() -> str:
    """The name under which what the reader writes is kept."""
    return reader().name


def visible_projects(names: Iterable[str]) -> frozenset[str]:
    """Of these projects, those that the reader may see."""
    may_see = reader().may
    return frozenset(name for name in names if may_see("see", name))


def may(action: Action, project: str) -> bool:
    """Whether the reader may do this in a project; pages offer only what they may."""
    return reader().may(action, project)


def check(action: Action, project: str) -> None:
    """AccessError unless the reader may do this in a project; asked again where something is written."""
    if not may(action, project):
        raise AccessError(
            _("You may not {action} in this project. Its administrators can give you a role that may.").format(
                action=action
            )
        )


def everywhere(action: Action) -> bool:
    """Whether the reader may do this in every project, those to come among them."""
    return reader().may(action, "")


def policy() -> Access | None:
    """What PLAINVIEW_ACCESS says; None where it is not set, or not readable."""
    found = _policy()
    return found if isinstance(found, Access) else None


@contextmanager
def acting_as(found: Reader) -> Iterator[None]:
    """Load in the name of a reader who asked for it in a run that is over: what is downloaded is made when it is pressed."""
    token = _ACTING.set(found)
    try:
        yield
    finally:
        _ACTING.reset(token)


def reader() -> Reader:
    """Who reads, found anew in every run from what Streamlit knows of the connection."""
    acting = _ACTING.get()
    return reader_of(st.user.to_dict()) if acting is None else acting


def reader_of(says: Mapping[str, Any]) -> Reader:
    """The reader of whom the sign-in, or the connection, says this."""
    rules = _policy()
    if rules is None:
        return _without_sign_in(says)
    if isinstance(rules, InputError) or not _trusts_only(rules):
        return _shut("broken")
    found = identify(says, rules.sign_in, now=time.time(), proof=os.environ.get(PROOF, ""))
    if isinstance(found, Refusal):
        return _shut(found.why)
    if not rules.knows(found):
        return _shut("no role", found.name)
    return Reader(found.name, lambda action, project: rules.may(found, action, project))


def _without_sign_in(says: Mapping[str, Any]) -> Reader:
    if not is_loopback(st.get_option("server.address")):
        return _shut("open")
    where = whence(says)
    if where == "elsewhere":
        return _shut("elsewhere")
    if where == "a proxy":
        return Reader(VISITOR, lambda action, project: action == "see", kind="visitor")
    return Reader(who(), lambda action, project: action in EVERYTHING, kind="local")


def _shut(why: Closed, name: str = "") -> Reader:
    return Reader(name, lambda action, project: False, closed=why)


def _policy() -> Access | InputError | None:
    path = os.environ.get(FILE)
    if not path:
        return None
    try:
        at = Path(path).stat()
    except OSError:
        return _read(path, ())
    return _read(path, (at.st_mtime_ns, at.st_size, at.st_ino))


@lru_cache(maxsize=8)
def _read(path: str, stamp: tuple[int, ...]) -> Access | InputError:
    """Read again when the file changes. What cannot be read lets nobody in: the last one may name who was taken out."""
    try:
        return load_access(path)
    except InputError as error:
        _LOG.error("Nobody is let in: %s", error)
        return error


def _trusts_only(rules: Access) -> bool:
    """Whether the headers that the server believes are those that the file names, and no others."""
    believed = st.get_option("server.trustedUserHeaders") or {}
    if {str(name).lower(): key for name, key in believed.items()} == {
        name.lower(): key for name, key in trusted_headers(rules.sign_in).items()
    }:
        return True
    return _mistrusted(tuple(sorted(believed)))


@lru_cache(maxsize=8)
def _mistrusted(believed: tuple[str, ...]) -> bool:
    _LOG.error("Nobody is let in: server.trustedUserHeaders names %s, which are not those of %s.", believed, FILE)
    return False


__all__ = ["Action", "Person", "Reader", "check", "everywhere", "may", "person", "sign_in", "visible_projects"]
