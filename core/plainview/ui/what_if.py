"""What if: shares of the traffic as the reader moves them, kept in the URL as whole percentages, ``mix=20-50``."""

from collections.abc import Mapping, Sequence

import streamlit as st

from plainview.charts.rows import titled
from plainview.ui import links
from plainview.ui.plain import plain

PARAMETER = "mix"


def shares(given: Mapping[str, float]) -> dict[str, float]:
    """A slider for each scenario: its share as the URL says, else as ``given``, which is exact where nothing was moved."""
    now = asked(links.here().own.get(PARAMETER, ""), given)
    keys = [f"share_{place}" for place in range(len(given))]
    for key, (name, share) in zip(keys, now.items(), strict=True):
        st.session_state[key] = round(100 * share)
        st.slider(plain(titled(name)), 0, 100, format="%d%%", key=key, on_change=_moved, args=(keys,))
    return now


def asked(text: str, given: Mapping[str, float]) -> dict[str, float]:
    """The shares that an address asks for; ``given`` where it asks for none, for other than 0 to 100, or for too few."""
    parts = text.split("-")
    if len(parts) != len(given) or not all(part.isdecimal() and len(part) <= 3 and int(part) <= 100 for part in parts):
        return dict(given)
    percent = {name: int(part) for name, part in zip(given, parts, strict=True)}
    return {
        name: share if percent[name] == round(100 * share) else percent[name] / 100 for name, share in given.items()
    }


def _moved(keys: Sequence[str]) -> None:
    links.choose(PARAMETER, "-".join(f"{st.session_state[key]}" for key in keys))
