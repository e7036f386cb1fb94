"""What people wrote, between the store and the pages: incidents, decisions and comments, kept until something is written."""

from datetime import UTC, datetime

import polars as pl
import streamlit as st

from plainview.charts.statuses import ANSWERS, statuses
from plainview.incidents import Followed, Incident, followed, incidents_of, new_examples
from plainview.store import DamagedItem, Store
from plainview.ui import cache
from plainview.ui.drawn import drawn


def incidents(project: str) -> list[Followed]:
    """Every incident of a project that the reader may see, as it stands at the latest release; NotFoundError for any other."""
    cache.events(project, kind="incident")  # asks whether the reader may see it
    ids = tuple(one.id for one in cache.listing()[project])
    return _incidents(cache.store().id, ids, cache.events_key(project), project, cache.store())


@st.cache_resource(max_entries=64, show_spinner="Reading the answers to the examples of incidents")
def _incidents(store_id: str, ids: tuple[str, ...], written: str, project: str, _store: Store) -> list[Followed]:
    return followed(_store, project, today=datetime.now(UTC).date())


def unreadable_incidents(project: str) -> list[DamagedItem]:
    """Events of a project that say they are an incident and cannot be understood."""
    cache.events(project, kind="incident")
    return incidents_of(cache.store(), project)[1]


def new_rows(incident: Incident) -> pl.DataFrame:
    """The rows that were handed over with an incident."""
    cache.events(incident.project, kind="incident")
    found = new_examples(cache.store(), incident)
    return found if found is not None else pl.DataFrame()


def answers_chart(rows: list[dict], now: str | None) -> tuple[dict, str]:
    """The releases' answers to the examples of incidents, drawn once for the same rows."""
    return drawn(statuses, rows, now=now, words=ANSWERS, noun="incident")
