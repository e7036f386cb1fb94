"""What pages keep of what people wrote about errors: who has seen which mistake, tags, patterns and how they stand.

As in `ui.cache`; keys hold what changes when somebody writes (`cache.events_key`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
import streamlit as st

from plainview.charts.shares import shares
from plainview.errors.confusions import shares_of
from plainview.errors.groups import Group
from plainview.errors.judged import Event
from plainview.errors.mistakes import Mistakes
from plainview.errors.patterns import Pattern, pattern_standings
from plainview.errors.tags import KIND as TAG
from plainview.errors.tags import tags_in
from plainview.exceptions import PredicateError
from plainview.reviews import MISTAKES, reviews_in
from plainview.specification import Specification
from plainview.texts import _
from plainview.ui import cache, cached_errors


class Noted(NamedTuple):
    """The list of mistakes with two more columns, and how those are called."""

    table: pl.DataFrame
    listed: Mistakes
    seen: str
    tags: str


def noted(evaluation_id: str, event: Event, baseline_id: str | None, where: str | None) -> Noted:
    """The same list with what people noted of each example: who has seen it, and its tags."""
    found = cache.evaluation(evaluation_id)
    key = cache.events_key(found.project)
    return _noted(cache.store().id, evaluation_id, event, baseline_id, where, key)


@st.cache_resource(max_entries=8, show_spinner=False)
def _noted(store_id, evaluation_id: str, event: Event, baseline_id: str | None, where: str | None, key: str) -> Noted:
    listed = cached_errors.mistakes(evaluation_id, event, baseline_id, where)
    found, rows = cache.evaluation(evaluation_id), listed.table
    events, specification = cache.events(found.project), cache.specification(evaluation_id)
    ids = rows[specification.columns.id].cast(pl.String).to_list()
    seen: dict[str, list[str]] = {}
    for review in reviews_in(events, MISTAKES, release=found.release):
        for one in review.ids:
            seen.setdefault(one, []).append(review.by)
    tags, named = tags_in(events), [[] for one in ids]
    for tag in tags:
        for place in np.flatnonzero(held(tag.group, rows, specification)):
            named[place].append(tag.name)
    texts = {
        _("Seen by"): [", ".join(dict.fromkeys(seen.get(one, ()))) or None for one in ids],
        _("Tags"): [", ".join(each) or None for each in named],
    }
    free = {
        name if name not in rows.columns else _("{name} (noted)").format(name=name): values
        for name, values in texts.items()
    }
    return Noted(
        rows.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in free.items()), listed, *free
    )


def held(group: Group | None, rows: pl.DataFrame, specification: Specification) -> np.ndarray:
    """Which rows a group holds, shape (n,); none where it names a column that this test set does not have."""
    try:
        return np.zeros(rows.height, dtype=bool) if group is None else group.mask(rows, specification)
    except PredicateError:
        return np.zeros(rows.height, dtype=bool)


def standings(patterns: Sequence[Pattern], ids: tuple[str, ...]) -> pl.DataFrame:
    """How patterns stand in these evaluations, in order, as ``pattern_standings`` gives it."""
    for one in ids:
        cache.evaluation(one)
    return _standings(cache.store().id, tuple((each.id, each.bar) for each in patterns), ids, patterns)


@st.cache_resource(max_entries=16, show_spinner=_("Counting the patterns in every release"))
def _standings(store_id: str, key: tuple, ids: tuple[str, ...], _patterns: Sequence[Pattern]) -> pl.DataFrame:
    return pattern_standings(cache.store(), _patterns, [cache.evaluation(one) for one in ids])


def tag_counts(evaluation_id: str) -> pl.DataFrame:
    """Of each tag its examples with an answer and the errors among them: columns name, examples, errors, share, low, high."""
    found = cache.evaluation(evaluation_id)
    return _tag_counts(cache.store().id, evaluation_id, cache.events_key(found.project))


@st.cache_resource(max_entries=16, show_spinner=False)
def _tag_counts(store_id: str, evaluation_id: str, key: str) -> pl.DataFrame:
    judged = cached_errors.judged(evaluation_id)
    tags = tags_in(cache.events(cache.evaluation(evaluation_id).project, kind=TAG))
    return shares_of(
        judged, [each.name for each in tags], [held(each.group, judged.rows, judged.specification) for each in tags]
    )


def pattern_drawing(rows: Sequence[dict]) -> tuple[dict, str]:
    """The chart of one pattern over releases, from its rows of ``standings`` that have examples."""
    columns = ("release", "examples", "errors", "share", "low", "high")
    return _pattern_drawing(tuple(tuple(row[name] for name in columns) for row in rows))


@st.cache_data(max_entries=128, show_spinner=False)
def _pattern_drawing(rows: tuple[tuple, ...]) -> tuple[dict, str]:
    names = ("name", "examples", "errors", "share", "low", "high")
    return shares(
        [dict(zip(names, row, strict=True)) for row in rows], what=_("errors among its examples"), of="release"
    )
