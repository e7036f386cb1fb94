"""The pytest plugin: a release as a test. ``assert_release("sentiment", "3.0.1")`` fails with what is not met.

Where the store is, in this order: ``--plainview-store``, the setting ``plainview_store``, PLAINVIEW_STORE, data/store. Nothing
of Plainview is loaded until a test asks for one of the fixtures.
"""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the setting that name the store."""
    told = "where evaluations are kept, for the fixtures plainview_store and assert_release"
    parser.getgroup("plainview").addoption("--plainview-store", default=None, help=told)
    parser.addini("plainview_store", told, default="")


@pytest.fixture(scope="session")
def plainview_store(pytestconfig: pytest.Config) -> Any:
    """The open store; StoreMissingError where there is none."""
    from plainview.store import open_store

    named = (pytestconfig.getoption("plainview_store"), pytestconfig.getini("plainview_store"))
    return open_store(next(filter(None, [*named, os.environ.get("PLAINVIEW_STORE")]), "data/store"))


@pytest.fixture
def assert_release(plainview_store: Any) -> Callable[..., Any]:
    """`plainview.assert_release` in that store: called with a project, a release, and its options."""
    from plainview.gate import assert_release

    return partial(assert_release, plainview_store)
