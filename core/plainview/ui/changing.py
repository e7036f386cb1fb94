"""Boxes for the values of one example; what is changed is kept in the address, ``change=Age=60&Gender=Male``."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars as pl
import streamlit as st

from plainview.exceptions import InputError, nearest, shown
from plainview.texts import _
from plainview.ui import links
from plainview.ui.plain import plain

PARAMETER = "change"
LONGEST = 2_000  # characters of a text that may be changed here
MOST_VALUES = 60  # of a column that is chosen from; with more it is typed
TRUTHS = {"true": True, "false": False}


def changes(asked: str, row: Mapping[str, Any], kinds: Mapping[str, pl.DataType]) -> dict[str, tuple[Any, Any]]:
    """What the address changes in an example: column → (before, after). InputError where it names what is not there."""
    found = {}
    for name, text in parse_qsl(asked, keep_blank_values=True):
        if name not in kinds:
            raise InputError(
                _("The address changes {shown}, which is no column. {nearest}").format(
                    shown=shown(name), nearest=nearest(name, kinds)
                )
            )
        value = _read(name, text, kinds[name])
        if value != row[name]:
            found[name] = (row[name], value)
    return found


def _read(name: str, text: str, kind: pl.DataType) -> Any:
    if text == "" and kind != pl.String:
        return None
    try:
        if kind == pl.Boolean:
            return TRUTHS[text]
        number = float(text) if kind.is_numeric() else 0.0
        if not -1e300 < number < 1e300:
            raise ValueError
        return text[:LONGEST] if not kind.is_numeric() else int(number) if kind.is_integer() else number
    except (KeyError, ValueError, OverflowError):
        raise InputError(
            _("The address changes {name} to {shown}; a value of its kind was expected.").format(
                name=name, shown=shown(text)
            )
        ) from None


def boxes(
    examples: pl.DataFrame, row: Mapping[str, Any], features: Sequence[str], now: Mapping[str, tuple[Any, Any]]
) -> None:
    """A box for each column, with its value as it is or as it was changed."""
    prose = [name for name in features if _is_long(examples[name], row[name])]
    for name in prose:
        _box(examples[name], row[name], now)
    rest = [name for name in features if name not in prose]
    grid = st.grid(3, min_column_width=220, gap="small")
    for name in rest:
        with grid.container():
            _box(examples[name], row[name], now)


def _is_long(column: pl.Series, value: Any) -> bool:
    return column.dtype == pl.String and len(str(value or "")) > 40


def _box(column: pl.Series, old: Any, now: Mapping[str, tuple[Any, Any]]) -> None:
    """One value."""
    name, key = column.name, f"change_{column.name}"
    value = now[name][1] if name in now else old
    label = f"{plain(name)}{' (changed)' if name in now else ''}"
    given = {"key": key, "on_change": _changed, "args": (name, key, old)}
    if column.dtype.is_numeric():
        whole = column.dtype.is_integer()
        st.session_state[key] = None if value is None else int(value) if whole else float(value)
        st.number_input(label, value=None, step=1 if whole else None, format=None if whole else "%g", **given)
        return
    known = ["true", "false"] if column.dtype == pl.Boolean else _values(column)
    text = {True: "true", False: "false"}.get(value, value) if column.dtype == pl.Boolean else value
    if known:
        options = known if text is None or text in known else [*known, text]
        st.session_state[key] = text
        st.selectbox(label, options, index=None, placeholder=_("No value"), **given)
    elif len(str(old or "")) > LONGEST:
        st.caption(
            _("{label}: {count:,} characters are too many to be changed here.").format(label=label, count=len(str(old)))
        )
    else:
        st.session_state[key] = str(value or "")
        st.text_area(label, height=80, max_chars=LONGEST, **given)


def _values(column: pl.Series) -> list[str]:
    """The values to choose from; none where there are too many, or they are texts."""
    known = column.drop_nulls().unique()
    return sorted(known.to_list()) if len(known) <= MOST_VALUES and (known.str.len_chars().max() or 0) <= 80 else []


def _changed(name: str, key: str, old: Any) -> None:
    """Keep what was changed for the address, beside what was changed before."""
    value = st.session_state[key]
    kept = dict(parse_qsl(links.here().own.get(PARAMETER, ""), keep_blank_values=True))
    kept.pop(name, None)
    text = "" if value is None else f"{value}"
    if text != ("" if old is None else str(old).lower() if isinstance(old, bool) else f"{old}"):
        kept[name] = text
    links.choose(PARAMETER, urlencode(kept) or None)
