"""What the page of errors keeps between two clicks: examples judged, groups searched, mistakes and confusions.

As in `ui.cache`: keys are ids of evaluations, which are immutable; every cache is bounded; nothing that is kept is changed.
"""

from typing import NamedTuple

import polars as pl
import streamlit as st

from plainview.charts.shares import shares
from plainview.errors.confusions import confusions, errors_by_class, errors_by_scenario
from plainview.errors.judged import Event, Judged, judge
from plainview.errors.mistakes import Mistakes, confident_mistakes
from plainview.errors.properties import Property, properties_of
from plainview.errors.suggestions import Suggestions, suggest
from plainview.exceptions import InputError, StoreError
from plainview.narrative.wholes import rows_stay
from plainview.records import Evaluation
from plainview.texts import _
from plainview.ui import cache


class Counts(NamedTuple):
    """Where errors are, as tables of `errors.confusions`."""

    confusions: pl.DataFrame
    by_class: pl.DataFrame
    by_scenario: pl.DataFrame


def suggestions(evaluation_id: str, event: Event, baseline_id: str | None) -> Suggestions:
    """The groups of examples that stand out. Raises InputError for a task whose answers are not right or wrong."""
    _allowed(evaluation_id, baseline_id)
    return _suggestions(cache.store().id, evaluation_id, event, baseline_id)


@st.cache_resource(max_entries=64, show_spinner=_("Looking for what the errors have in common"))
def _suggestions(store_id: str, evaluation_id: str, event: Event, baseline_id: str | None) -> Suggestions:
    return suggest(_judged(store_id, evaluation_id, event, baseline_id))


def counts(evaluation_id: str, event: Event, baseline_id: str | None) -> Counts:
    """Errors by pairs of classes, by class and by scenario."""
    _allowed(evaluation_id, baseline_id)
    return _counts(cache.store().id, evaluation_id, event, baseline_id)


@st.cache_resource(max_entries=32, show_spinner=_("Counting errors"))
def _counts(store_id: str, evaluation_id: str, event: Event, baseline_id: str | None) -> Counts:
    judged = _judged(store_id, evaluation_id, event, baseline_id)
    return Counts(confusions(judged), errors_by_class(judged), errors_by_scenario(judged))


def mistakes(evaluation_id: str, event: Event, baseline_id: str | None, where: str | None) -> Mistakes:
    """The mistakes of a release, the surest first; ``where`` keeps those of a group."""
    found = _allowed(evaluation_id, baseline_id)[0]
    line = [one for one in cache.listing()[found.project] if one.test_set.name == found.test_set.name]
    earlier = tuple(one.id for one in line[: [one.id for one in line].index(found.id)])
    return _mistakes(cache.store().id, evaluation_id, event, baseline_id, where, earlier)


@st.cache_resource(max_entries=8, show_spinner=_("Reading the mistakes"))
def _mistakes(
    store_id: str,
    evaluation_id: str,
    event: Event,
    baseline_id: str | None,
    where: str | None,
    earlier: tuple[str, ...],
) -> Mistakes:
    found, before = _allowed(evaluation_id, baseline_id)
    line = [cache.evaluation(one) for one in earlier]
    asked = {"event": event, "baseline": before, "where": where}
    while line:  # how long an example has been wrong is counted back to the first release that cannot be read
        try:
            return confident_mistakes(cache.store(), found, line=line, **asked)
        except StoreError:
            line = line[1:]
    return confident_mistakes(cache.store(), found, **asked)


def properties(evaluation_id: str) -> list[Property]:
    """The properties of examples that are suggested as tags."""
    _allowed(evaluation_id, None)
    return _properties(cache.store().id, evaluation_id)


@st.cache_resource(max_entries=32, show_spinner=_("Looking at simple properties"))
def _properties(store_id: str, evaluation_id: str) -> list[Property]:
    return properties_of(_judged(store_id, evaluation_id, "wrong", None))


def shares_drawing(evaluation_id: str, event: Event, baseline_id: str | None, of: str, what: str) -> tuple[dict, str]:
    """The chart of errors by "class" or by "scenario"."""
    _allowed(evaluation_id, baseline_id)
    return _shares_drawing(cache.store().id, evaluation_id, event, baseline_id, of, what)


@st.cache_data(max_entries=64, show_spinner=False)
def _shares_drawing(store_id, evaluation_id: str, event: Event, baseline_id: str | None, of: str, what: str):
    found = counts(evaluation_id, event, baseline_id)
    frame = found.by_class if of == "class" else found.by_scenario
    rows = frame.rename({of: "name"}).sort("share", descending=True, nulls_last=True)
    whole = found.by_scenario.filter(pl.col("scenario") == "all")["share"].item()
    return shares(rows.filter(pl.col("name") != "all").to_dicts(), what=what, of=of, whole=whole)


def why_not(evaluation: Evaluation) -> str:
    """Why the errors of an evaluation cannot be looked at one by one; empty where they can."""
    if evaluation.source is not None:
        return rows_stay(evaluation)
    try:
        judged(evaluation.id)
    except InputError as error:
        return str(error)
    return ""


def judged(evaluation_id: str, event: Event = "wrong", baseline_id: str | None = None) -> Judged:
    """The examples of a release, and which of them are what is looked for."""
    _allowed(evaluation_id, baseline_id)
    return _judged(cache.store().id, evaluation_id, event, baseline_id)


@st.cache_resource(max_entries=4, show_spinner=_("Reading the answers"))
def _judged(store_id: str, evaluation_id: str, event: Event, baseline_id: str | None) -> Judged:
    found, before = _allowed(evaluation_id, baseline_id)
    return judge(cache.store(), found, event=event, baseline=before)


def _allowed(evaluation_id: str, baseline_id: str | None):
    """Both evaluations; refuses what the reader may not see."""
    return cache.evaluation(evaluation_id), cache.evaluation(baseline_id) if baseline_id else None
