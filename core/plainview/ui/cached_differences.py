"""What the page of differences keeps between two clicks; as in `ui.cache`, by ids of evaluations and never without bounds."""

import polars as pl
import streamlit as st

from plainview.charts.flips import flips
from plainview.charts.rows import titled
from plainview.differences import Differences, answered_otherwise, diff_evaluations
from plainview.texts import _
from plainview.ui import cache

Read = tuple[str, str]


def differences(baseline_id: str, candidate_id: str) -> Differences:
    """How two evaluations answer otherwise. Raises InputError for a task whose answers are not compared one by one."""
    _allowed(baseline_id, candidate_id)
    return _differences(cache.store().id, baseline_id, candidate_id)


@st.cache_resource(max_entries=32, show_spinner=_("Comparing the two releases, example by example"))
def _differences(store_id: str, baseline_id: str, candidate_id: str) -> Differences:
    return diff_evaluations(cache.store(), *_allowed(baseline_id, candidate_id))


def side_by_side(baseline_id: str, candidate_id: str, word: str | None) -> pl.DataFrame:
    """The examples that came to one outcome; all that are answered differently where None."""
    _allowed(baseline_id, candidate_id)
    return _side_by_side(cache.store().id, baseline_id, candidate_id, word)


@st.cache_resource(max_entries=8, show_spinner=_("Reading the examples"))
def _side_by_side(store_id: str, baseline_id: str, candidate_id: str, word: str | None) -> pl.DataFrame:
    return answered_otherwise(cache.store(), *_allowed(baseline_id, candidate_id), word)


def flips_drawing(baseline_id: str, candidate_id: str, read: Read) -> tuple[dict, str]:
    """The chart of what was fixed and what broke by scenario, those of which most moved first; test cases are left out."""
    _allowed(baseline_id, candidate_id)
    return _flips_drawing(cache.store().id, baseline_id, candidate_id, read)


@st.cache_data(max_entries=64, show_spinner=False)
def _flips_drawing(store_id: str, baseline_id: str, candidate_id: str, read: Read) -> tuple[dict, str]:
    found = differences(baseline_id, candidate_id).by_scenario
    found = found.filter(~pl.col("scenario").is_in(cache.specification(candidate_id).test_cases))
    moved = pl.col("fixed") + pl.col("broke")
    order = found.sort(pl.col("scenario") != "all", -moved / pl.max_horizontal("examples", 1), maintain_order=True)
    return flips([{**row, "name": titled(row["scenario"])} for row in order.iter_rows(named=True)], read=read)


def _allowed(baseline_id: str, candidate_id: str):
    """Both evaluations; refuses what the reader may not see."""
    return cache.evaluation(baseline_id), cache.evaluation(candidate_id)
