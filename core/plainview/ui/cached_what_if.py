"""What the page of what-if analyses keeps between two clicks: examples with their answers, and what a live model said."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import streamlit as st

from plainview.charts import sweep as charts
from plainview.robustness.asking import Answers
from plainview.robustness.rows import Rows
from plainview.texts import _
from plainview.ui import cache
from plainview.what_if.live import Live
from plainview.what_if.nearest import nearest

NEAREST = 10  # examples that stand in
STEPS = 25  # values of a column that is moved over its range


class Table(NamedTuple):
    """Examples and, row by row, what was answered; ``features`` are the columns that may be changed."""

    examples: pl.DataFrame
    answers: pl.Series
    features: tuple[str, ...]


def table(evaluation_id: str) -> Table:
    """The examples of an evaluation with its answers. Raises DamagedError, RowsElsewhereError."""
    cache.evaluation(evaluation_id)  # refuses what the reader may not see
    return _table(cache.store().id, evaluation_id)


@st.cache_resource(max_entries=4, show_spinner=_("Reading the examples"))
def _table(store_id: str, evaluation_id: str) -> Table:
    found, columns = cache.evaluation(evaluation_id), cache.specification(evaluation_id).columns
    examples = cache.store().examples(found)
    answers = cache.store().predictions(found, ["prediction"])["prediction"]
    apart = {columns.id, columns.label, columns.weight, columns.cluster}
    kinds = examples.schema
    features = tuple(
        name
        for name in examples.columns
        if name not in apart and (kinds[name].is_numeric() or kinds[name] in (pl.String, pl.Boolean))
    )
    return Table(examples, answers, features)


def near(evaluation_id: str, wanted: Mapping[str, Any], place: int) -> pl.DataFrame:
    """The examples nearest to one with these values, but the one at ``place``: their distance, answer and values."""
    cache.evaluation(evaluation_id)
    return _near(cache.store().id, evaluation_id, tuple(wanted.items()), place)


@st.cache_resource(max_entries=64, show_spinner=_("Looking for the nearest examples"))
def _near(store_id: str, evaluation_id: str, wanted: tuple[tuple[str, Any], ...], place: int) -> pl.DataFrame:
    found, columns = table(evaluation_id), cache.specification(evaluation_id).columns
    order = nearest(found.examples, dict(wanted), most=NEAREST, but=[place])
    rows = found.examples[order["place"].to_numpy()]
    named = [columns.id, *([columns.label] if columns.label in rows.columns else []), *found.features]
    distance = order["distance"].round(3).alias(_("Distance"))
    answer = found.answers.gather(order["place"]).alias(_("Answer"))
    return rows.select(list(dict.fromkeys(filter(None, named)))).insert_column(1, answer).insert_column(1, distance)


def asked(live: Live, evaluation_id: str, values: tuple[tuple[str, Any], ...], place: int) -> Answers:
    """What a live model says of the example as it is, and as it was changed: two answers. InputError says what went wrong."""
    found = cache.evaluation(evaluation_id)
    return _asked(cache.store().id, evaluation_id, live.digest, values, place, live, found.release)


@st.cache_resource(max_entries=64, ttl=300, show_spinner=_("Asking the live model"))
def _asked(
    store_id: str,
    evaluation_id: str,
    model: str,
    values: tuple[tuple[str, Any], ...],
    place: int,
    _live: Live,
    _release: str,
) -> Answers:
    return _live.ask(Rows(pair(evaluation_id, dict(values), place)), cache.specification(evaluation_id), _release)


def sweep(
    live: Live, evaluation_id: str, values: tuple[tuple[str, Any], ...], place: int, column: str, label: str | None
) -> list[tuple[float, float]]:
    """What a live model says as one column goes over its range and all else stays: values, rising, with the probability of
    ``label`` or the number that is answered. InputError says what went wrong.
    """
    found = cache.evaluation(evaluation_id)
    return _sweep(cache.store().id, evaluation_id, live.digest, values, place, column, label, live, found.release)


@st.cache_resource(max_entries=64, ttl=300, show_spinner=_("Asking the live model"))
def _sweep(
    store_id: str,
    evaluation_id: str,
    model: str,
    values: tuple[tuple[str, Any], ...],
    place: int,
    column: str,
    label: str | None,
    _live: Live,
    _release: str,
) -> list[tuple[float, float]]:
    held, now = table(evaluation_id).examples[column], dict(values)[column]
    low, high = min(held.min(), now), max(held.max(), now)
    steps = np.linspace(low, high, STEPS)
    over = sorted({round(each) for each in steps.tolist()} if held.dtype.is_integer() else set(steps.tolist()))
    rows = Rows(pair(evaluation_id, dict(values), place)).take([1] * len(over)).replaced({column: over})
    answers = _live.ask(rows, cache.specification(evaluation_id), _release)
    return list(zip(map(float, over), map(float, answers.score(label, "This page")), strict=True))


def drawn(
    points: Sequence[tuple[float, float]], *, column: str, before: float | None, now: float, what: str, share: bool
) -> tuple[dict, str]:
    """The chart of a sweep with its alt sentence, built once for the same points."""
    return _drawn(tuple(points), column, before, now, what, share)


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(points: tuple, column: str, before: float | None, now: float, what: str, share: bool) -> tuple[dict, str]:
    return charts.sweep(points, column=column, before=before, now=now, what=what, share=share)


def pair(evaluation_id: str, values: Mapping[str, Any], place: int) -> pl.DataFrame:
    """The example as it is, and as it was changed: two rows with the columns of the test set."""
    rows = table(evaluation_id).examples[[place, place]]
    return Rows(rows).replaced({name: [rows[name][0], value] for name, value in values.items()}).table
