"""What the pages of readiness keep between two clicks: where projects stand, question by question and over time.

As in `ui.cache`: what is kept is keyed by what it was made of: the project's evaluations, what was written about it (drafts
apart, which count for nothing), and the day. Every cache is bounded, and nothing is returned that the reader may not see.
"""

import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from plainview.charts.standings import Picture, over_time
from plainview.charts.standings import pictures as drawn
from plainview.comparison import Comparison, compare_if_readable
from plainview.exceptions import NotFoundError, PlainviewError
from plainview.readiness import Facts, Framework, FrameworkStanding, Readiness, Reading, over_quarters, over_releases
from plainview.readiness.answers import DRAFT
from plainview.readiness.loading import FOLDER, own_frameworks
from plainview.readiness.loading import frameworks as shipped
from plainview.readiness.overview import Overview, overview
from plainview.records import Evaluation, Event
from plainview.store import Store
from plainview.texts import _
from plainview.ui import access, cache

Key = tuple[str, ...]


def readiness(project: str, release: str | None = None) -> Readiness:
    """The readiness of a release (default: the latest), with evidence found once for all frameworks."""
    _check(project)
    return _readiness(*_made_of(project), project, release, cache.store())


@st.cache_resource(max_entries=64, show_spinner=_("Looking for evidence"))
def _readiness(store_id: str, key: Key, project: str, release: str | None, _store: Store) -> Readiness:
    return Readiness(_store, project, release=release, reading=_reading(_store))


def facts(project: str, release: str | None = None) -> Facts:
    """What is in the store this moment, drafts too: for what is about to be written."""
    _check(project)
    return Facts(cache.store(), project, release=release)


def frameworks() -> dict[str, Framework]:
    """The frameworks that projects are judged by, by name: those that come with Plainview, then the team's own."""
    return _frameworks(os.environ.get(FOLDER, ""))[0]


def framework_problems() -> list[str]:
    """What is wrong with files of the team's own frameworks that cannot be used."""
    return _frameworks(os.environ.get(FOLDER, ""))[1]


@st.cache_resource(ttl=60, max_entries=4, show_spinner=False)
def _frameworks(folder: str) -> tuple[dict[str, Framework], list[str]]:
    own, problems = own_frameworks(folder or None)
    return {each.name: each for each in (*shipped(), *own)}, problems


def history(project: str, framework: Framework, *, by: str) -> list[tuple[str, FrameworkStanding]]:
    """Where a project stood ``by`` "release" or "quarter", oldest first: the name of each, and its standing."""
    _check(project)
    return _history(*_made_of(project), project, _digest(framework), by, cache.store(), framework)


@st.cache_resource(max_entries=64, show_spinner=_("Looking back"))
def _history(
    store_id: str, key: Key, project: str, digest: str, by: str, _store: Store, _framework: Framework
) -> list[tuple[str, FrameworkStanding]]:
    reading = _reading(_store)
    if by == "quarter":
        return over_quarters(_store, project, _framework, reading=reading)
    return [(each.release, each) for each in over_releases(_store, project, _framework, reading=reading)]


def _digest(framework: Framework) -> str:
    return hashlib.sha256(framework.model_dump_json().encode()).hexdigest()


def everything_key() -> str:
    """A short text that changes when anything is published or written in the store, drafts apart."""
    keys = _keys()
    return hashlib.sha256("".join(each for key in keys.values() for each in key).encode()).hexdigest()


def overviews() -> tuple[dict[str, Overview], list[str]]:
    """The readiness of every project that the reader may see, by name; and the projects of which nothing can be said."""
    visible, keys = cache.listing(), _keys()
    found, failed = _overviews(cache.store().id, everything_key(), f"{datetime.now(UTC).date()}", cache.store(), keys)
    return {name: found[name] for name in visible if name in found}, [name for name in visible if name in failed]


@st.cache_resource(max_entries=4, show_spinner=_("Looking at every project"))
def _overviews(
    store_id: str, whole: str, day: str, _store: Store, _keys: Mapping[str, Key]
) -> tuple[Mapping[str, Overview], frozenset[str]]:
    reading, found, failed = _reading(_store), {}, []
    for name, key in _keys.items():
        try:
            found[name] = _overview(store_id, (*key, day), name, _store, reading)
        except PlainviewError:
            failed.append(name)
    return found, frozenset(failed)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _overview(store_id: str, key: Key, project: str, _store: Store, _reading: Reading) -> Overview:
    return overview(_store, project, reading=_reading)


def _check(project: str) -> None:
    if project not in access.visible_projects([project]):
        raise NotFoundError(_("There is no project {project!r}.").format(project=project))


def _made_of(project: str) -> tuple[str, Key]:
    keys = _keys()
    return cache.store().id, (*keys.get(project, ()), f"{datetime.now(UTC).date()}")


def _keys() -> Mapping[str, Key]:
    """For each project a digest of its evaluations and of what was written about it."""
    opened = cache.store()
    return _digests(opened.id, cache.fingerprint(), cache.written(), opened)


@st.cache_resource(max_entries=4, show_spinner=False)
def _digests(store_id: str, evaluations: str, events: str, _store: Store) -> Mapping[str, Key]:
    found: dict[str, Any] = {}
    for one in _store.evaluations():
        found.setdefault(one.project, hashlib.sha256()).update(one.id.encode())
    for event in _store.events():
        if event.kind != DRAFT and event.project in found:
            found[event.project].update(event.id.encode())
    return {name: (digest.hexdigest(),) for name, digest in found.items()}


def _reading(store: Store) -> Reading:
    def kept(baseline: Evaluation, candidate: Evaluation) -> Comparison:
        return cache.comparison(baseline.id, candidate.id)

    return Reading(store, compare=lambda one, other: compare_if_readable(store, one, other, compare=kept))


def pictures(standing: FrameworkStanding) -> list[Picture]:
    """The pictures of a standing, built once."""
    name = standing.project
    return _pictures(*_made_of(name), name, standing.release, _digest(standing.framework), standing)


@st.cache_resource(max_entries=64, show_spinner=False)
def _pictures(
    store_id: str, key: Key, project: str, release: str, digest: str, _standing: FrameworkStanding
) -> list[Picture]:
    return drawn(_standing)


def lines(project: str, framework: Framework, *, by: str) -> tuple[dict, str] | None:
    """The lines of a framework's score over releases or quarters; None where there is a single one."""
    found = history(project, framework, by=by)
    return _lines(*_made_of(project), project, _digest(framework), by, found) if len(found) > 1 else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _lines(
    store_id: str, key: Key, project: str, digest: str, by: str, _found: list[tuple[str, FrameworkStanding]]
) -> tuple[dict, str]:
    return over_time(_found)


def decisions(project: str) -> list[Event]:
    """The decisions on a project's releases, oldest first."""
    return cache.events(project, kind="decision")
