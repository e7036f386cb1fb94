"""A table narrowed by what the reader asks for: a value of a column, and text that stands in any of them."""

from typing import Any

import polars as pl
import streamlit as st

from plainview.texts import _
from plainview.ui import codes, links, states, tables

UP, DOWN = "↑", "↓"
MOST_VALUES = 200  # of a column, to choose from: the most frequent ones


def narrowed(frame: pl.DataFrame, named: dict[str, str]) -> pl.DataFrame:
    """The rows that have all that is asked for: boxes for columns (``named``: parameter of the address → column), for one
    value of any other column, for text, and for an order.
    """
    place = links.here()
    *first, search, order, columns, values = st.columns(len(named) + 4)
    rows = frame
    for box, (parameter, column) in zip(first, named.items(), strict=True):
        rows = _picked(rows, frame[column], box, parameter)
    rest = [name for name in frame.columns if name not in named.values()]
    states.check(place, column=rest)
    asked = place.own.get("column")
    with columns:
        links.picker(_("Column"), "column", rest, asked, placeholder=_("Any"), clears=True, forgets=("value",))
    if asked:
        rows = _picked(rows, frame[asked], values, "value")
    with search:
        sought = links.text(_("Search"), "search", placeholder=_("Text in any column"))
    rows = rows.filter(_holds(rows, sought)) if sought else rows
    with order:
        return _sorted(rows)


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows by the column that is chosen, all pages of them; as they are where none is. What is missing comes last."""
    asked = links.here().own.get("sort")
    options = {f"{name} {arrow}": (name, arrow == DOWN) for name in rows.columns for arrow in (UP, DOWN)}
    states.check(links.here(), sort=options)
    links.picker(_("Sorted by"), "sort", list(options), asked, placeholder=_("As it stands"), clears=True)
    if not asked:
        return rows
    name, descending = options[asked]
    key = rows[name] if rows.schema[name] != pl.Object and not rows.schema[name].is_nested() else _texts(rows[name])
    return rows[key.arg_sort(descending=descending, nulls_last=True)]


def _picked(rows: pl.DataFrame, column: pl.Series, box: Any, parameter: str) -> pl.DataFrame:
    """The rows with the value that is chosen; all of them where none is. Options are those of the whole table."""
    asked = links.here().own.get(parameter)
    options = _texts(column).value_counts(sort=True)[column.name].to_list()
    states.check(links.here(), **{parameter: options})
    shown = [*options[:MOST_VALUES], *([asked] if asked in options[MOST_VALUES:] else [])]
    with box:
        links.picker(codes.read(parameter).capitalize(), parameter, shown, asked, placeholder=_("Any"), clears=True)
    return rows.filter(_texts(rows[column.name]) == asked) if asked else rows


def _texts(column: pl.Series) -> pl.Series:
    written = tables.texts(column.to_frame())[column.name]
    return written.cast(pl.String).fill_null(tables.MISSING)


def _holds(rows: pl.DataFrame, sought: str) -> pl.Series:
    """Which rows have the text in any cell, whatever its capitals."""
    found = pl.Series([False]).new_from_index(0, rows.height)
    for column in rows.iter_columns():
        found |= _texts(column).str.to_lowercase().str.contains(sought.lower(), literal=True)
    return found
