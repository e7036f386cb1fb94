"""What the pages of the test set and of production keep between two clicks: events, their tables, and the charts of them.

As in `ui.cache`: keys are ids of events, which are immutable; every cache is bounded; nothing that is kept is changed.
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl
import streamlit as st

from plainview.charts.class_mix import class_mix
from plainview.charts.shifts import shifts
from plainview.charts.then_and_now import then_and_now
from plainview.data_tests import KIND as TESTS
from plainview.data_tests import DataTests, data_tests_in, standing_tests
from plainview.drift import KIND as MONITORING
from plainview.drift import Batch, batch_in
from plainview.drift.batches import COLUMNS, DRAWN, PERFORMANCE
from plainview.exceptions import InputError
from plainview.narrative.drift import shift_phrase
from plainview.records import Event
from plainview.store import Store
from plainview.texts import _
from plainview.ui import cache

SHOWN = 12  # batches of the history, the latest


class Tested(NamedTuple):
    """What data tests of a test set came to: the latest, and whether only an earlier version was tested."""

    tests: DataTests | None
    event: Event | None
    moved_on: bool


def data_tests(evaluation_id: str) -> Tested:
    """The data tests of the test set of an evaluation."""
    found = cache.evaluation(evaluation_id)
    events = [each for each in cache.events(found.project, kind=TESTS) if readable(each)]
    mine = [each for each in events if each.body["test_set"] == found.test_set.digest]
    if not mine:
        return Tested(None, None, bool(events))
    return Tested(standing_tests(mine), mine[-1], False)


def readable(event: Event) -> bool:
    """Whether an event that anyone may have written can be understood."""
    try:
        data_tests_in(event) if event.kind == TESTS else batch_in(event)
    except InputError:
        return False
    return True


def amiss(event: Event) -> pl.DataFrame:
    """The offending rows of an event."""
    return _table(cache.store().id, event.id, "amiss", cache.store(), event)


def batches(project: str) -> list[tuple[Event, Batch]]:
    """The batches of a project by their last day, each without its columns."""
    events = [each for each in cache.events(project, kind=MONITORING) if readable(each)]
    found = [(each, batch_in(each)) for each in events]
    return sorted(found, key=lambda one: (one[1].until, one[0].at))


def batch(event: Event) -> Batch:
    """A batch with its columns and metrics."""
    return _batch(cache.store().id, event.id, cache.store(), event)


@st.cache_resource(max_entries=64, show_spinner=_("Reading the batch"))
def _batch(store_id: str, event_id: str, _store: Store, _event: Event) -> Batch:
    tables = [_store.attached(_event, name) if name in _event.tables else None for name in (COLUMNS, PERFORMANCE)]
    return batch_in(_event, *tables)


@st.cache_resource(max_entries=64, show_spinner=False)
def _table(store_id: str, event_id: str, name: str, _store: Store, _event: Event) -> pl.DataFrame:
    return _store.attached(_event, name) if name in _event.tables else pl.DataFrame()


def drawn(event: Event, column: str) -> tuple[dict, str] | None:
    """The chart of a column then and now; None where there is none."""
    cells = _table(cache.store().id, event.id, DRAWN, cache.store(), event)
    if not cells.height or column not in cells["column"]:
        return None
    return _drawn(cache.store().id, event.id, column, cells, batch(event))


@st.cache_data(max_entries=256, show_spinner=False)
def _drawn(store_id: str, event_id: str, column: str, _cells: pl.DataFrame, _batch: Batch) -> tuple[dict, str]:
    rows = _cells.filter(pl.col("column") == column).sort("place").to_dicts()
    return then_and_now(rows, column=column, then=_batch.reference, now=_batch.name)


def history(project: str, now: Event) -> tuple[dict, str]:
    """The chart of columns over the latest batches, up to the one that is looked at or beyond."""
    line = [event for event, held in batches(project)]
    at = next(place for place, each in enumerate(line) if each.id == now.id)
    last = max(at + 1, min(len(line), at + SHOWN // 2))
    shown = line[max(0, last - SHOWN) : last]
    return _history(cache.store().id, tuple(each.id for each in shown), now.id, shown)


@st.cache_data(max_entries=64, show_spinner=_("Reading the batches"))
def _history(store_id: str, ids: tuple[str, ...], now: str, _line: list[Event]) -> tuple[dict, str]:
    found = [(event, batch(event)) for event in _line]
    names = _names(found)
    rows = [
        {"column": shift.column, "batch": names[event.id], "verdict": shift.verdict, "read": shift_phrase(shift)}
        for event, held in found
        for shift in reversed(held.shifts)
    ]
    once = {(row["column"], row["batch"]): row for row in rows}  # of values and missing ones the more urgent
    times = {
        name: sum(row["verdict"] == "moved" for row in once.values() if row["column"] == name) for name, batch in once
    }
    return shifts(sorted(once.values(), key=lambda row: (-times[row["column"]], row["column"])), now=names[now])


def _names(found: list[tuple[Event, Batch]]) -> Mapping[str, str]:
    """A name for each batch; of two that are called alike each with its day."""
    names = [held.name for event, held in found]
    return {
        event.id: held.name if names.count(held.name) == 1 else f"{held.name}, {held.until.isoformat()} {event.id[-4:]}"
        for event, held in found
    }


def mix(shares: Mapping[str, Mapping], event: Event) -> tuple[dict, str]:
    """The chart of the mix of classes."""
    return _mix(cache.store().id, event.id, shares)


@st.cache_data(max_entries=64, show_spinner=False)
def _mix(store_id: str, event_id: str, _shares: Mapping[str, Mapping]) -> tuple[dict, str]:
    return class_mix(_shares)
