"""What the page of robustness keeps between two clicks: checks of releases, what moved, failing copies, the matrices.

As in `ui.cache`: keys are the store's id with a digest of the project's events; every cache is bounded; nothing that is kept
is changed.
"""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from plainview.charts import matrix as charts
from plainview.exceptions import NotFoundError
from plainview.narrative.robustness import TYPES
from plainview.robustness.moved import Moved
from plainview.robustness.reading import ReleaseChecks, failing_of, read_checks, readable_movements
from plainview.robustness.results import KIND
from plainview.texts import _
from plainview.ui import access, cache

Movements = tuple[dict[str, Moved], dict[str, Moved]]  # of each check, of each capability


def checks(project: str, release: str) -> ReleaseChecks:
    """What was published of checks under a release. NotFoundError for a project that the reader may not see."""
    _allowed(project)
    return _every(cache.store().id, project, cache.events_key(project)).get(release, ReleaseChecks(release, ()))


def _allowed(project: str) -> None:
    """Asked before anything that is kept is handed out: what is in a cache is not asked again."""
    if project not in access.visible_projects([project]):
        raise NotFoundError(_("There is no project {project!r}.").format(project=project))


@st.cache_resource(max_entries=32, show_spinner=_("Reading the checks"))
def _every(store_id: str, project: str, events_key: str) -> dict[str, ReleaseChecks]:
    by_release: dict[str, list] = {}
    for event in cache.events(project, kind=KIND):
        if event.release is not None:
            by_release.setdefault(event.release, []).append(event)
    return {release: read_checks(release, events) for release, events in by_release.items()}


def movements(project: str, before: str, after: str) -> Movements:
    """What became of checks and of capabilities between two releases; empty where nothing can be compared."""
    _allowed(project)
    return _movements(cache.store().id, project, before, after, cache.events_key(project))


@st.cache_resource(max_entries=64, show_spinner=_("Comparing the checks, copy by copy"))
def _movements(store_id: str, project: str, before: str, after: str, events_key: str) -> Movements:
    return readable_movements(cache.store(), checks(project, before), checks(project, after))


def failing(project: str, release: str, name: str) -> pl.DataFrame:
    """The failing copies of one check, in full. Raises DamagedError."""
    _allowed(project)
    return _failing(cache.store().id, project, release, name, cache.events_key(project))


@st.cache_resource(max_entries=32, show_spinner=_("Reading the failing examples"))
def _failing(store_id: str, project: str, release: str, name: str, events_key: str) -> pl.DataFrame:
    return failing_of(cache.store(), checks(project, release), [name])


def matrix(project: str, release: str) -> tuple[dict, str]:
    """The matrix of one release."""
    _allowed(project)
    return _matrix(cache.store().id, project, release, cache.events_key(project))


@st.cache_data(max_entries=64, show_spinner=False)
def _matrix(store_id: str, project: str, release: str, events_key: str) -> tuple[dict, str]:
    cells = charts.by_type(checks(project, release))
    return charts.matrix(cells, columns=list(TYPES.values()), what=_("worst failure rates"))


def over_releases(project: str, releases: Sequence[str]) -> tuple[dict, str]:
    """The matrix over releases, in this order."""
    _allowed(project)
    return _over(cache.store().id, project, tuple(releases), cache.events_key(project))


@st.cache_data(max_entries=64, show_spinner=False)
def _over(store_id: str, project: str, releases: tuple[str, ...], events_key: str) -> tuple[dict, str]:
    cells = charts.by_release([checks(project, release) for release in releases])
    return charts.matrix(cells, what=_("mean failure rates over the releases"))
