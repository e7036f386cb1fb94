"""What the page of wanted data keeps between two clicks: the list, and what the last one brought. As in `ui.cache`."""

import streamlit as st

from plainview.collecting import kept
from plainview.collecting.brought import Outcome, brought, last_before
from plainview.collecting.listing import Wanted, data_wanted
from plainview.exceptions import NotFoundError
from plainview.texts import _
from plainview.ui import cache, cached_errors


def wanted(evaluation_id: str) -> Wanted:
    """What is wanted for a release, ranked."""
    cache.evaluation(evaluation_id)  # refuses what the reader may not see
    return _wanted(cache.store().id, evaluation_id)


@st.cache_resource(max_entries=32, show_spinner=_("Looking for what is missing"))
def _wanted(store_id: str, evaluation_id: str) -> Wanted:
    return data_wanted(
        cache.store(),
        cache.evaluation(evaluation_id),
        search=lambda judged: cached_errors.suggestions(evaluation_id, "wrong", None),
    )


def last(evaluation_id: str) -> Outcome | None:
    """What the last list of an earlier version of the test set brought; None where there is none."""
    found = cache.evaluation(evaluation_id)
    return _last(cache.store().id, evaluation_id, cache.events_key(found.project))


@st.cache_resource(max_entries=32, show_spinner=False)
def _last(store_id: str, evaluation_id: str, events_key: str) -> Outcome | None:
    found, store = cache.evaluation(evaluation_id), cache.store()
    lists = [kept.read_list(store, event) for event in cache.events(found.project, kind=kept.KIND)]
    last = last_before([each for each in lists if each is not None], found)
    if last is None or found.source is not None:
        return None
    try:
        return brought(store, last, found)
    except NotFoundError:
        return None


def is_kept(evaluation_id: str) -> bool:
    """Whether a list of this evaluation is kept already."""
    found = cache.evaluation(evaluation_id)
    return any(event.body.get("evaluation") == evaluation_id for event in cache.events(found.project, kind=kept.KIND))
