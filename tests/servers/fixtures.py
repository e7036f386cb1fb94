"""Fixtures of places where stores can be kept: a folder, and every real server, each started at most once a session."""

import contextlib
from collections.abc import Iterator

import pytest
from servers.buckets import SERVERS
from servers.postgres import postgres
from servers.processes import Place

from plainview.store.ulids import new_ulid

BUCKETS = tuple(SERVERS)
STARTERS = {**SERVERS, "postgres": postgres}
REMOTE = tuple(STARTERS)
KINDS = ("folder", *REMOTE)


class Servers:
    """What was started so far, and how to start more."""

    def __init__(self, stack: contextlib.ExitStack, factory: pytest.TempPathFactory) -> None:
        self._stack, self._factory = stack, factory
        self._places: dict[str, Place] = {}
        self._absent: dict[str, BaseException] = {}

    def place(self, kind: str) -> Place:
        """The place of one kind; skips, or fails where servers are required, if it cannot be started."""
        if kind in self._absent:
            raise self._absent[kind]
        if kind not in self._places:
            try:
                self._places[kind] = self._stack.enter_context(STARTERS[kind](self._factory.mktemp(kind)))
            except (pytest.skip.Exception, pytest.fail.Exception) as absent:
                self._absent[kind] = absent
                raise
        return self._places[kind]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Every server, each from when it is first asked for."""
    with contextlib.ExitStack() as stack:
        yield Servers(stack, tmp_path_factory)


@pytest.fixture
def place(request: pytest.FixtureRequest, servers: Servers, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Somewhere for a store of this test alone; a test module names the kinds with ``indirect``."""
    kind = request.param
    if kind == "folder":
        return Place(kind, f"{tmp_path}/")
    found = servers.place(kind)
    enter(found, monkeypatch)
    return Place(kind, f"{found.base}t{new_ulid().lower()}", found.environment, found.endpoint)


def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables by which a place is reached, and take away those that lead elsewhere."""
    for name in ("AWS_ENDPOINT_URL", "STORAGE_EMULATOR_HOST", "AZURE_STORAGE_ENDPOINT", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)


def every(*kinds: str) -> pytest.MarkDecorator:
    """Run a test in each of these kinds of places."""
    return pytest.mark.parametrize("place", kinds or KINDS, indirect=True)
