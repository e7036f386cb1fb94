"""What cannot be used of a store, kept until something is published or written."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from plainview.store import DamagedItem, Store
from plainview.texts import _
from plainview.ui import access, cache


def damaged() -> Sequence[DamagedItem]:
    """Records that cannot be used, with the reason and what to do; which they are is for those who look after the store."""
    found = _damaged(*cache.key(), cache.written(), cache.store())
    return found if access.everywhere("administer") else [_unnamed(item) for item in found]


@st.cache_resource(max_entries=4, show_spinner=False)
def _damaged(store_id: str, fingerprint: str, written: str, _store: Store) -> Sequence[DamagedItem]:
    return _store.damaged()


def _unnamed(item: DamagedItem) -> DamagedItem:
    told = _("The administrators see which it is.")
    return replace(item, key=_("A record"), reason=_("It cannot be used."), what_to_do=told)
