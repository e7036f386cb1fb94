"""What people wrote, between the store and the pages: incidents, decisions and comments, kept until something is written."""

from datetime import UTC, datetime

import polars as pl
import streamlit as st

from plainview.charts.statuses import ANSWERS, statuses
from plainview.comments import KIND as COMMENT
from plainview.comments import Comment, Subject, comments_of
from plainview.decisions import KIND as DECISION
from plainview.decisions import Decision, Evidence, decisions_of, evidence_of
from plainview.gate import Gate, release_gate
from plainview.incidents import Followed, Incident, followed, incidents_of, new_examples
from plainview.store import DamagedItem, Store
from plainview.texts import _
from plainview.ui import cache
from plainview.ui.drawn import drawn


def incidents(project: str) -> list[Followed]:
    """Every incident of a project that the reader may see, as it stands at the latest release; NotFoundError for any other."""
    cache.events(project, kind="incident")  # asks whether the reader may see it
    ids = tuple(one.id for one in cache.listing()[project])
    return _incidents(cache.store().id, ids, cache.events_key(project), project, cache.store())


@st.cache_resource(max_entries=64, show_spinner=_("Reading the answers to the examples of incidents"))
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


def decisions(project: str, release: str) -> list[Decision]:
    """Every decision on a release that the reader may see, the latest first."""
    cache.events(project, kind=DECISION, release=release)
    return decisions_of(cache.store(), project, release)[0]


def unreadable_decisions(project: str, release: str) -> list[DamagedItem]:
    """Events that say they are a decision on a release and cannot be understood."""
    cache.events(project, kind=DECISION, release=release)
    return decisions_of(cache.store(), project, release)[1]


def evidence(project: str, release: str) -> Evidence:
    """What there is to decide on now."""
    written = f"{cache.events_key(project)} {cache.fingerprint()}"
    cache.events(project, kind=DECISION, release=release)
    return _evidence(cache.store().id, written, project, release, cache.store())


@st.cache_resource(max_entries=64, show_spinner=_("Reading what there is to decide on"))
def _evidence(store_id: str, written: str, project: str, release: str, _store: Store) -> Evidence:
    return evidence_of(_store, project, release, compare=lambda one, other: cache.comparison(one.id, other.id))


def gate(project: str, release: str) -> Gate:
    """What the gate makes of a release, against the baseline that its specification names."""
    written = f"{cache.events_key(project)} {cache.fingerprint()}"
    cache.events(project, release=release)
    return _gate(cache.store().id, written, project, release, cache.store())


@st.cache_resource(max_entries=64, show_spinner=_("Judging the release"))
def _gate(store_id: str, written: str, project: str, release: str, _store: Store) -> Gate:
    return release_gate(_store, project, release, compare=lambda one, other: cache.comparison(one.id, other.id))


def comments(project: str, subject: Subject) -> dict[str, list[Comment]]:
    """What was said of the requirements, or the scenarios, of a project that the reader may see: by name, the oldest first."""
    return comments_of(cache.events(project, kind=COMMENT), subject)
