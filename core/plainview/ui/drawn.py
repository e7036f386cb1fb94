"""Charts, drawn once for the same rows: building one costs more than everything else on a page."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import streamlit as st

Drawing = tuple[dict, str]  # the specification and the alt sentence


def drawn(draw: Callable[..., Drawing], rows: list[dict], **options: Any) -> Drawing:
    """``draw(rows, **options)``, kept by what goes into it."""
    digest = hashlib.sha256(json.dumps([rows, options], default=str).encode()).hexdigest()
    return _drawn(f"{draw.__module__}.{draw.__qualname__}", digest, draw, rows, options)


@st.cache_data(max_entries=256, show_spinner=False)
def _drawn(name: str, digest: str, _draw: Callable[..., Drawing], _rows: list[dict], _options: dict) -> Drawing:
    return _draw(_rows, **_options)
