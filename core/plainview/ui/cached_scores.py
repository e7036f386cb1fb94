"""What the page of thresholds keeps between two clicks: scores, measures at thresholds, and the charts of both.

As in `ui.cache`: keys are ids of evaluations, which are immutable; every cache is bounded; nothing that is kept is changed.
"""

from collections.abc import Sequence

import streamlit as st

from plainview.charts.reliability import reliability as draw_reliability
from plainview.charts.thresholds import thresholds as draw_thresholds
from plainview.exceptions import InputError, RowsElsewhereError
from plainview.scores import Scored
from plainview.scores import scored as scores_of
from plainview.texts import _
from plainview.thresholds import measures_at, reliability
from plainview.ui import cache

Rows = list[dict[str, float | None]]


def scored(evaluation_id: str, of: str, scenario: str = "all") -> Scored | None:
    """The scores of one class on a scenario; None where the release gives none, or knows no such scenario."""
    cache.evaluation(evaluation_id)  # refuses what the reader may not see
    return _scored(cache.store().id, evaluation_id, of, scenario)


@st.cache_resource(max_entries=16, show_spinner=_("Reading the scores"))
def _scored(store_id: str, evaluation_id: str, of: str, scenario: str) -> Scored | None:
    try:
        return scores_of(cache.store(), cache.evaluation(evaluation_id), of, scenario)
    except (InputError, RowsElsewhereError):
        return None


def measures(evaluation_id: str, of: str, scenario: str, thresholds: Sequence[float], confidence: float) -> Rows:
    """Every measure at every threshold, a row each, as `thresholds.measures_at` gives them."""
    cache.evaluation(evaluation_id)
    return _measures(cache.store().id, evaluation_id, of, scenario, tuple(thresholds), confidence)


@st.cache_resource(max_entries=64, show_spinner=False)
def _measures(store_id: str, evaluation_id: str, of: str, scenario: str, at: tuple[float, ...], level: float) -> Rows:
    found = _scored(store_id, evaluation_id, of, scenario)
    return [] if found is None else measures_at(found, at, confidence=level).to_dicts()


def bands(evaluation_id: str, of: str, scenario: str, confidence: float) -> Rows:
    """What was stated and what happened, a row a band of probability, as `thresholds.reliability` gives them."""
    cache.evaluation(evaluation_id)
    return _bands(cache.store().id, evaluation_id, of, scenario, confidence)


@st.cache_resource(max_entries=32, show_spinner=False)
def _bands(store_id: str, evaluation_id: str, of: str, scenario: str, level: float) -> Rows:
    found = _scored(store_id, evaluation_id, of, scenario)
    return [] if found is None else reliability(found, confidence=level).to_dicts()


Named = tuple[tuple[str, str], ...]  # evaluation ids and the names of their releases, this one first


def _allowed(named: Named) -> None:
    """Refuses what the reader may not see, drawn before for others as it may be."""
    for evaluation_id, _release in named:
        cache.evaluation(evaluation_id)


def thresholds_drawing(
    named: Named,
    of: str,
    scenario: str,
    thresholds: Sequence[float],
    *,
    at: float,
    in_use: float | None,
    confidence: float,
) -> tuple[dict, str]:
    """The chart of every measure against the threshold, and its alt sentence."""
    _allowed(named)
    return _thresholds_drawing(cache.store().id, named, of, scenario, tuple(thresholds), at, in_use, confidence)


@st.cache_data(max_entries=128, show_spinner=False)
def _thresholds_drawing(
    store_id: str,
    named: Named,
    of: str,
    scenario: str,
    thresholds: tuple[float, ...],
    at: float,
    in_use: float | None,
    confidence: float,
) -> tuple[dict, str]:
    sides = {name: measures(one, of, scenario, thresholds, confidence) for one, name in named}
    return draw_thresholds(sides, of=of, at=at, in_use=in_use, level=confidence)


def reliability_drawing(named: Named, of: str, scenario: str, *, confidence: float) -> tuple[dict, str]:
    """The chart of stated probabilities against what happened, and its alt sentence."""
    _allowed(named)
    return _reliability_drawing(cache.store().id, named, of, scenario, confidence)


@st.cache_data(max_entries=64, show_spinner=False)
def _reliability_drawing(store_id: str, named: Named, of: str, scenario: str, confidence: float) -> tuple[dict, str]:
    return draw_reliability(
        {name: bands(one, of, scenario, confidence) for one, name in named}, of=of, level=confidence
    )
