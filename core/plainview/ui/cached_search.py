"""What can be found, project by project, kept between two clicks; nothing of a project that the reader may not see."""

from collections.abc import Sequence

import streamlit as st

from plainview.exceptions import PlainviewError
from plainview.records import Evaluation
from plainview.search import Entry, entries, search, words
from plainview.specification import load_specification
from plainview.store import Store
from plainview.texts import _
from plainview.ui import cache


def found(text: str) -> list[Entry]:
    """What is called so, or is found by it, the best first."""
    visible = cache.listing().values()
    known = [each for line in visible for each in _entries(cache.store().id, _ids(line), cache.store(), line)]
    return search([*known, *words()], text)


def _ids(line: Sequence[Evaluation]) -> tuple[str, ...]:
    return tuple(one.id for one in line)


@st.cache_resource(max_entries=1024, show_spinner=_("Reading what there is to find"))
def _entries(store_id: str, ids: tuple[str, ...], _store: Store, _line: Sequence[Evaluation]) -> list[Entry]:
    try:
        return entries(_line, load_specification(_store.specification_text(_line[-1])))
    except PlainviewError:  # damaged: its releases are still found by name
        return entries(_line, None)
