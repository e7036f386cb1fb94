"""What the portfolio keeps between two clicks: every project's row, made anew only where something of it has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from plainview.charts.claims import Bar, bars
from plainview.charts.outcomes import CLAIMED, EVIDENCED
from plainview.exceptions import PlainviewError
from plainview.narrative.portfolios import spread_answer
from plainview.portfolio import ProjectRow
from plainview.readiness import load_framework
from plainview.readiness.overview import MATURITY
from plainview.records import Evaluation, Event
from plainview.store import Store
from plainview.texts import _
from plainview.ui import cache, cached_readiness
from plainview.ui.portfolio import Entry
from plainview.ui.portfolio import spread as spread_of

DECISION = "decision"


def entries() -> list[Entry]:
    """Every project that the reader may see."""
    listing, whole = cache.listing(), cached_readiness.everything_key()
    names = hashlib.sha256("\n".join(listing).encode()).hexdigest()
    return _entries(cache.store().id, whole, f"{datetime.now(UTC).date()} {names}", listing, cache.store())


@st.cache_resource(max_entries=16, show_spinner=_("Looking at every project"))
def _entries(
    store_id: str, whole: str, seen: str, _listing: Mapping[str, Sequence[Evaluation]], _store: Store
) -> list[Entry]:
    overviews, decisions = cached_readiness.overviews()[0], _decisions(_store)
    return [
        Entry(line[-1], _row(name), overviews.get(name), decisions.get((name, line[-1].release)))
        for name, line in _listing.items()
    ]


def _row(name: str) -> ProjectRow | None:
    try:
        return cache.project(name)
    except PlainviewError:
        return None


def _decisions(store: Store) -> dict[tuple[str, str | None], Event]:
    """The newest decision on each release."""
    return {(event.project, event.release): event for event in store.events(kind=DECISION)}


def spread(shown: Sequence[Entry]) -> tuple[tuple[dict, str] | None, str]:
    """The chart of how many projects are at each level of maturity, and its sentence; None where nothing is known."""
    levels = [section.name for section in load_framework(MATURITY).sections]
    numbers = spread_of(shown, levels)
    if not any(map(sum, numbers.values())):
        return None, ""
    sentence = spread_answer({name: evidenced for name, (claimed, evidenced) in numbers.items()})
    return _drawn(tuple((name, *both) for name, both in numbers.items())), sentence


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(numbers: tuple[tuple[str, int, int], ...]) -> tuple[dict, str]:
    found = [
        Bar(name, side, number, f"{number:,}")
        for name, *both in numbers
        for side, number in zip((CLAIMED, EVIDENCED), both, strict=True)
    ]
    top = max(1, *(bar.value for bar in found))
    return bars(found, top=top * 1.1, title=_("Projects"))
