"""Fixtures for all tests: a cache of their own, and where the real data lies."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.fixtures import place, servers  # noqa: F401
from spark_cases import spark  # noqa: F401


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of the person who runs it, or is as narrow as their window."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True)
def _own_writes() -> None:
    """The tests together write more often than a person may in a minute."""
    if writing := sys.modules.get("plainview.ui.writing"):
        writing.LIMIT = writing.WriteLimit(writing.LIMIT.most, writing.LIMIT.seconds)


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """A page that was run leaves itself as the main module, which processes of other tests would then run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of real data that only tests may read; without PLAINVIEW_CASES these tests are skipped."""
    folder = os.environ.get("PLAINVIEW_CASES")
    if not folder:
        pytest.skip("PLAINVIEW_CASES is not set: the real data that only tests may read is not here")
    return Path(folder)
