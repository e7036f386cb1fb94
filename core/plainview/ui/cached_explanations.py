"""What the page of explanations keeps between two clicks: what tells errors apart, words, what was published, the charts.

As in `ui.cache`: keys are ids of evaluations and of what was written, which are immutable; every cache is bounded; nothing that
is kept is changed.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl
import streamlit as st

from plainview.charts import importance
from plainview.errors.judged import judge
from plainview.exceptions import StoreError, reason_of
from plainview.explanations import kept, permutation, surrogate
from plainview.explanations.attributions import ATTRIBUTION, FEATURE, ID, VALUE, Attributions
from plainview.explanations.permutation import Permutation
from plainview.explanations.surrogate import Surrogate, errors_surrogate
from plainview.explanations.words import Words, telling_words
from plainview.texts import _
from plainview.ui import cache

Drawing = tuple[dict, str]


class Published(NamedTuple):
    """What was kept of one evaluation, as far as it can be read."""

    answers: Permutation | None = None
    local: Attributions | None = None
    method: str = ""  # of the local explanations
    unit: str = ""  # what they are counted in
    unreadable: tuple[str, ...] = ()  # why what is not there is not


def errors(evaluation_id: str) -> Surrogate:
    """What tells the errors of a release apart. Raises InputError for a task whose answers are not right or wrong."""
    cache.evaluation(evaluation_id)  # refuses what the reader may not see
    return _errors(cache.store().id, evaluation_id)


@st.cache_resource(max_entries=64, show_spinner=_("Looking for what errors depend on"))
def _errors(store_id: str, evaluation_id: str) -> Surrogate:
    return errors_surrogate(judge(cache.store(), cache.evaluation(evaluation_id)))


def words(evaluation_id: str) -> Words:
    """The words that errors and answers go together with; raises as `errors`."""
    cache.evaluation(evaluation_id)
    return _words(cache.store().id, evaluation_id)


@st.cache_resource(max_entries=64, show_spinner=False)
def _words(store_id: str, evaluation_id: str) -> Words:
    return telling_words(judge(cache.store(), cache.evaluation(evaluation_id)))


def published(evaluation_id: str) -> Published:
    """What was published of an evaluation: what its answers depend on, and local explanations, the newest of each."""
    found = cache.evaluation(evaluation_id)
    return _published(cache.store().id, evaluation_id, cache.events_key(found.project))


@st.cache_resource(max_entries=16, show_spinner=_("Reading the explanations"))
def _published(store_id: str, evaluation_id: str, events_key: str) -> Published:
    found, store = cache.evaluation(evaluation_id), cache.store()
    latest = kept.latest(cache.events(found.project, kind=kept.KIND), found)
    answers, local, unreadable = None, None, []
    try:
        event = latest.get((kept.GLOBAL, permutation.METHOD))
        answers = kept.read_permutation(store, event) if event else None
    except StoreError as error:
        unreadable.append(reason_of(error))
    mine = [event for (scope, method), event in latest.items() if scope == kept.LOCAL]
    newest = max(mine, key=lambda event: (event.at, event.id), default=None)
    try:
        local = kept.read_attributions(store, newest) if newest else None
    except StoreError as error:
        unreadable.append(reason_of(error))
    body = newest.body if newest else {}
    return Published(answers, local, str(body.get("method", "")), str(body.get("unit") or ""), tuple(unreadable))


def told(evaluation_id: str) -> pl.DataFrame:
    """The examples that have a local explanation, the worst answered first: id, outcome, and how much was moved."""
    found = cache.evaluation(evaluation_id)
    return _told(cache.store().id, evaluation_id, cache.events_key(found.project))


@st.cache_resource(max_entries=16, show_spinner=False)
def _told(store_id: str, evaluation_id: str, events_key: str) -> pl.DataFrame:
    local = published(evaluation_id).local
    assert local is not None
    examples = cache.examples(evaluation_id)
    ids = cache.specification(evaluation_id).columns.id
    named = examples.filter(pl.col(ids).is_in(local.sums[ID].implode()))
    order = named["outcome"].abs() if named["outcome"].dtype.is_numeric() else named["outcome"] == "wrong"
    return named.with_columns(order.alias("__order")).sort("__order", ids, descending=[True, False]).drop("__order")


def one(evaluation_id: str, example: str) -> tuple[list[dict], dict]:
    """The attributions of one example in order, and what they come to."""
    local = published(evaluation_id).local
    assert local is not None
    rows = local.rows.filter(pl.col(ID) == example).sort("place").select(FEATURE, VALUE, ATTRIBUTION).to_dicts()
    return rows, local.sums.filter(pl.col(ID) == example).row(0, named=True)


def importances(evaluation_id: str, of: str, *, axis: str, scale: float, unit: str) -> Drawing:
    """The bars of what errors ("errors") or answers ("answers") depend on."""
    found = cache.evaluation(evaluation_id)
    return _importances(cache.store().id, evaluation_id, cache.events_key(found.project), of, axis, scale, unit)


@st.cache_data(max_entries=64, show_spinner=False)
def _importances(
    store_id: str, evaluation_id: str, events_key: str, of: str, axis: str, scale: float, unit: str
) -> Drawing:
    side = errors(evaluation_id) if of == "errors" else published(evaluation_id).answers
    assert side is not None
    return importance.importances(rows_of(side), axis=axis, scale=scale, unit=unit)


def contributions(evaluation_id: str, example: str, *, unit: str, ordered: bool) -> Drawing:
    """The bars of what each feature added to one answer."""
    found = cache.evaluation(evaluation_id)
    return _contributions(cache.store().id, evaluation_id, cache.events_key(found.project), example, unit, ordered)


@st.cache_data(max_entries=128, show_spinner=False)
def _contributions(
    store_id: str, evaluation_id: str, events_key: str, example: str, unit: str, ordered: bool
) -> Drawing:
    return importance.contributions(one(evaluation_id, example)[0], unit=unit, ordered=ordered)


def over_releases(line: tuple[tuple[str, str], ...], *, axis: str, scale: float) -> Drawing | None:
    """What answers depended on in each release of a line of (evaluation id, release) that has it; None for fewer than two."""
    project = cache.evaluation(line[0][0]).project
    return _over_releases(cache.store().id, line, cache.events_key(project), axis, scale)


@st.cache_data(max_entries=32, show_spinner=False)
def _over_releases(store_id: str, line: tuple, events_key: str, axis: str, scale: float) -> Drawing | None:
    found = {release: published(identifier).answers for identifier, release in line}
    sides: Mapping = {release: rows_of(side) for release, side in found.items() if side is not None}
    return importance.over_releases(sides, axis=axis, scale=scale) if len(sides) > 1 else None


def rows_of(side: Surrogate | Permutation) -> list[dict]:
    """Importances as the charts take them; where nothing is told of errors, none is shown to matter."""
    tells = not isinstance(side, surrogate.Surrogate) or side.tells
    return [vars(each) | {"shown": each.shown and tells} for each in side.columns]
