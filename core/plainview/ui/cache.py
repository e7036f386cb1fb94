"""The one border between the store and the pages: what is kept between two clicks, by digest, and never without bounds.

Keys are the store's id with the ids of evaluations, which are immutable; lists are keyed by the store's fingerprint.
Frames and frozen records are shared between readers and never changed. Nothing is returned of a project that
``access.visible_projects`` does not name.
"""

import hashlib
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import streamlit as st

from plainview.audit import EXPORT
from plainview.charts import rows as words
from plainview.charts.estimates import estimates
from plainview.charts.forest import forest
from plainview.charts.trends import trends
from plainview.comparison import Comparison, compare_evaluations
from plainview.examples import Kind, examples_of
from plainview.exceptions import NotFoundError
from plainview.history import history as history_of
from plainview.history import history_on
from plainview.incidents import KINDS as INCIDENTS
from plainview.mix import TestSetChange
from plainview.mix import mix as mix_of
from plainview.portfolio import ProjectRow, project_row
from plainview.records import Evaluation, Event, Result
from plainview.report import Report, release_report
from plainview.requirements import RequirementHistory, Standing, histories, judge_release
from plainview.specification import Specification, load_specification
from plainview.store import DamagedItem, Store, open_store
from plainview.texts import _
from plainview.ui import access
from plainview.ui.drawn import drawn
from plainview.waivers import KIND as WAIVER
from plainview.waivers import laid_over, waivers_of

DEFAULT_STORE = "data/store"
Kinds = Literal["estimates", "forest", "trends"]
_DRAW = {"estimates": estimates, "forest": forest, "trends": trends}


def store_address() -> str:
    """Where evaluations are kept: PLAINVIEW_STORE, or data/store."""
    return os.environ.get("PLAINVIEW_STORE") or DEFAULT_STORE


def store_option() -> str:
    """What a shell line needs besides, to be about this store: nothing where it is the default one.

    An address that holds a secret is no store's: `open_store` refuses it.
    """
    address, default = store_address(), str(Path(DEFAULT_STORE).resolve())
    return "" if address in (DEFAULT_STORE, default) else f" --store {shlex.quote(address)}"


def store() -> Store:
    """The open store. Raises StoreMissingError where there is none yet."""
    return _opened(store_address())


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(address: str) -> Store:
    return open_store(address)


@st.cache_data(ttl=1, max_entries=8, show_spinner=False)
def _fingerprint(address: str, of: Literal["evaluations", "events"]) -> str:
    """One listing a second serves all readers and all pages; what is new shows within that second."""
    return _opened(address).fingerprint(of=of)


def fingerprint() -> str:
    """A short text that changes when anything is published."""
    return _fingerprint(store_address(), "evaluations")


def written() -> str:
    """A short text that changes when people or tools write anything."""
    return _fingerprint(store_address(), "events")


def key() -> tuple[str, str]:
    """What everything depends on that is read of evaluations."""
    return store().id, fingerprint()


def listing() -> dict[str, list[Evaluation]]:
    """Visible projects by name, each with its releases in order: the newest revision per release and test set."""
    found = _listing(*key(), store())
    visible = access.visible_projects(found)
    return {name: evaluations for name, evaluations in found.items() if name in visible}


@st.cache_resource(max_entries=4, show_spinner=False)
def _listing(store_id: str, fingerprint: str, _store: Store) -> Mapping[str, list[Evaluation]]:
    return {name: _store.releases(name) for name in _store.projects()}


def evaluation(evaluation_id: str) -> Evaluation:
    """An evaluation by its id. NotFoundError where there is none, or none that the reader may see."""
    found = _by_id(*key(), store()).get(evaluation_id)
    if found is None or found.project not in access.visible_projects([found.project]):
        raise NotFoundError(_("There is no evaluation {evaluation!r}.").format(evaluation=evaluation_id))
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _by_id(store_id: str, fingerprint: str, _store: Store) -> Mapping[str, Evaluation]:
    return {found.id: found for found in _store.evaluations()}


def results(evaluation_id: str) -> pl.DataFrame:
    """Results of an evaluation, a row for each scenario and metric, with the fields of ``records.Result``."""
    return _results(store().id, evaluation_id, store(), evaluation(evaluation_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _results(store_id: str, evaluation_id: str, _store: Store, _evaluation: Evaluation) -> pl.DataFrame:
    return _store.results_table([_evaluation]).drop("order")


def specification(evaluation_id: str) -> Specification:
    """The specification that an evaluation was published under."""
    found = evaluation(evaluation_id)
    return _specification(store().id, found.specification.sha256, store(), found)


@st.cache_resource(max_entries=64, show_spinner=False)
def _specification(store_id: str, digest: str, _store: Store, _evaluation: Evaluation) -> Specification:
    return load_specification(_store.specification_text(_evaluation))


def comparison(baseline_id: str, candidate_id: str) -> Comparison:
    """What changed between two evaluations of one project."""
    return _comparison(
        store().id, baseline_id, candidate_id, store(), evaluation(baseline_id), evaluation(candidate_id)
    )


@st.cache_resource(max_entries=64, show_spinner=_("Comparing the two releases, example by example"))
def _comparison(
    store_id: str, baseline_id: str, candidate_id: str, _store: Store, _baseline: Evaluation, _candidate: Evaluation
) -> Comparison:
    return compare_evaluations(_store, _baseline, _candidate)


def report(evaluation_id: str, *, baseline: str | None = None) -> Report:
    """The report of an evaluation, compared with the release named ``baseline``, or with the one before it."""
    return _report(*key(), _waived(), evaluation_id, baseline, store(), evaluation(evaluation_id))


@st.cache_resource(max_entries=64, show_spinner=_("Reading the release"))
def _report(
    store_id: str,
    fingerprint: str,
    waived: str,
    evaluation_id: str,
    baseline: str | None,
    _store: Store,
    _evaluation: Evaluation,
) -> Report:
    return release_report(
        _store,
        _evaluation.project,
        _evaluation.release,
        baseline=baseline,
        test_set=_evaluation.test_set.name,
        compare=lambda one, other: _comparison(store_id, one.id, other.id, _store, one, other),
    )


def examples(
    evaluation_id: str,
    scenario: str = "all",
    *,
    metric: str | None = None,
    kind: Kind = "all",
    baseline_id: str | None = None,
) -> pl.DataFrame:
    """The examples of a scenario that count for a metric, with the answers, as ``plainview.examples`` gives them."""
    found, before = evaluation(evaluation_id), evaluation(baseline_id) if baseline_id else None
    return _examples(store().id, evaluation_id, scenario, metric, kind, baseline_id, store(), found, before)


@st.cache_resource(max_entries=8, show_spinner=_("Reading the examples"))
def _examples(
    store_id: str,
    evaluation_id: str,
    scenario: str,
    metric: str | None,
    kind: Kind,
    baseline_id: str | None,
    _store: Store,
    _evaluation: Evaluation,
    _baseline: Evaluation | None,
) -> pl.DataFrame:
    return examples_of(_store, _evaluation, scenario, metric=metric, kind=kind, baseline=_baseline)


def history(project: str, *, metric: str, test_set: str = "default") -> pl.DataFrame:
    """What every release of a project came to on one test set, with the columns of ``plainview.history.SCHEMA``."""
    _visible(project)
    line = [found for found in listing().get(project, []) if found.test_set.name == test_set]
    return _history(store().id, tuple(found.id for found in line), metric, store(), line)


@st.cache_resource(max_entries=32, show_spinner=_("Reading the releases"))
def _history(
    store_id: str, ids: tuple[str, ...], metric: str, _store: Store, _line: Sequence[Evaluation]
) -> pl.DataFrame:
    return history_of(_store, _line, metric=metric)


def project(name: str) -> ProjectRow:
    """The portfolio's row of a project: its latest release, its requirements, and its headline metric over time.

    Raises DamagedError where something of this project cannot be used; the others are not affected. NotFoundError for one
    that the reader may not see.
    """
    _visible(name)
    line = listing()[name]
    return _project(store().id, tuple(found.id for found in line), _waived(), store(), line)


@st.cache_resource(max_entries=512, show_spinner=_("Reading the projects"))
def _project(
    store_id: str, ids: tuple[str, ...], waived: str, _store: Store, _line: Sequence[Evaluation]
) -> ProjectRow:
    latest = _line[-1]
    line = [found for found in _line if found.test_set.name == latest.test_set.name]
    found = report(latest.id)
    metric = found.specification.metric_keys[0]
    return project_row(found, _history(store_id, tuple(one.id for one in line), metric, _store, line))


def drawing(kind: Kinds, frame: Any, *, metric: str, unit: str = "", limit: int | None = None) -> tuple[dict, str]:
    """A chart's specification and alt sentence, built once for the same rows: building costs more than drawing."""
    more = {} if limit is None else {"limit": limit}
    return drawn(_DRAW[kind], words.rows(frame), metric=metric, unit=unit, **more)


def history_today(evaluation_id: str, *, common: bool = False) -> pl.DataFrame:
    """Every release judged anew by one evaluation's test set and specification; ``common``: on what all have answered."""
    today = evaluation(evaluation_id)
    line = [found for found in listing()[today.project] if found.test_set.name == today.test_set.name]
    return _history_on(store().id, tuple(found.id for found in line), evaluation_id, common, store(), line, today)


@st.cache_resource(max_entries=16, show_spinner=_("Judging every release on today's test set"))
def _history_on(
    store_id: str,
    ids: tuple[str, ...],
    evaluation_id: str,
    common: bool,
    _store: Store,
    _line: Sequence[Evaluation],
    _today: Evaluation,
) -> pl.DataFrame:
    return history_on(_store, _line, _today, common=common)


def mix(baseline_id: str, candidate_id: str) -> TestSetChange:
    """How much of each change between two evaluations is the model's, the test set's and the labels'."""
    return _mix(store().id, baseline_id, candidate_id, store(), evaluation(baseline_id), evaluation(candidate_id))


@st.cache_resource(max_entries=32, show_spinner=_("Splitting the change into model, test set and labels"))
def _mix(
    store_id: str, baseline_id: str, candidate_id: str, _store: Store, _baseline: Evaluation, _candidate: Evaluation
) -> TestSetChange:
    return mix_of(_store, _baseline, _candidate)


def _waived() -> str:
    """What a report depends on besides evaluations: which waivers and incidents there are, and the day."""
    return f"{_waivers(store().id, written(), store())} {datetime.now(UTC).date()}"


@st.cache_data(max_entries=4, show_spinner=False)
def _waivers(store_id: str, written: str, _store: Store) -> str:
    return _digest(event.id for event in _store.events() if event.kind in (WAIVER, *INCIDENTS))


def _digest(ids: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def events(name: str, *, kind: str | None = None, release: str | None = None) -> list[Event]:
    """What people and tools wrote of a project that the reader may see, oldest first; NotFoundError for any other."""
    _visible(name)
    found = _events(store().id, written(), name, store())
    return [each for each in found if kind in (None, each.kind) and release in (None, each.release)]


@st.cache_resource(max_entries=256, show_spinner=False)
def _events(store_id: str, written: str, name: str, _store: Store) -> list[Event]:
    return _store.events(name)


def _visible(name: str) -> None:
    """NotFoundError for a project that the reader may not see, as for one that is not there."""
    if name not in access.visible_projects([name]):
        raise NotFoundError(_("There is no project {name!r}.").format(name=name))


def events_key(name: str) -> str:
    """A short text that changes when anything is written about a project, and with the day: for the keys of caches."""
    _visible(name)
    return f"{_events_key(store().id, written(), name, store())} {datetime.now(UTC).date()}"


@st.cache_data(max_entries=256, show_spinner=False)
def _events_key(store_id: str, written: str, name: str, _store: Store) -> str:
    return _digest(event.id for event in _events(store_id, written, name, _store) if event.kind != EXPORT)


def forget_events() -> None:
    """Something was just written: the next look is a fresh one."""
    _fingerprint.clear()


def unreadable_waivers(name: str) -> list[DamagedItem]:
    """Events of a project that say they waive something and cannot be understood: they waive nothing."""
    _visible(name)
    return waivers_of(store(), name)[1]


def requirement_histories(evaluation_id: str, *, most: int) -> list[RequirementHistory]:
    """Each requirement over the releases on one test set: the latest ``most``, this evaluation's among them."""
    found = evaluation(evaluation_id)
    line = [each for each in listing()[found.project] if each.test_set.name == found.test_set.name]
    position = [each.release for each in line].index(found.release)
    last = len(line) if len(line) - position <= most else position + 1
    ids = tuple(each.id for each in line)
    return _requirement_histories(store().id, ids, _waived(), max(last - most, 0), last, store(), line)


@st.cache_resource(max_entries=32, show_spinner=_("Judging every release by its own requirements"))
def _requirement_histories(
    store_id: str, ids: tuple[str, ...], waived: str, first: int, last: int, _store: Store, _line: Sequence[Evaluation]
) -> list[RequirementHistory]:
    waivers = waivers_of(_store, _line[0].project)[0]
    judged = []
    for one in _line[first:last]:
        demanded = _specification(store_id, one.specification.sha256, _store, one)
        found = _standings(store_id, _depends(one, demanded, _line), one.id, _store, one, _line, demanded)
        judged.append((one, demanded, laid_over(found, waivers, release=one.release)))
    return histories(judged)


def _depends(one: Evaluation, demanded: Specification, line: Sequence[Evaluation]) -> tuple[str, ...]:
    """The evaluations that the standings of one are judged against: those before it, and those named."""
    named = {requirement.no_worse_than for requirement in demanded.requirements}
    before = [each.release for each in line].index(one.release)
    return tuple(each.id for place, each in enumerate(line) if place < before or each.release in named)


@st.cache_resource(max_entries=512, show_spinner=False)
def _standings(
    store_id: str,
    against: tuple[str, ...],
    evaluation_id: str,
    _store: Store,
    _evaluation: Evaluation,
    _line: Sequence[Evaluation],
    _demanded: Specification,
) -> list[Standing]:
    """As measured: what is waived is laid over it by the caller."""
    return judge_release(
        _store,
        _evaluation,
        _line,
        specification=_demanded,
        compare=lambda one, other: _comparison(store_id, one.id, other.id, _store, one, other),
        results_of=lambda one: _measured(store_id, one.id, _store, one),
    )


@st.cache_resource(max_entries=256, show_spinner=False)
def _measured(store_id: str, evaluation_id: str, _store: Store, _evaluation: Evaluation) -> Sequence[Result]:
    return _store.results(_evaluation)
