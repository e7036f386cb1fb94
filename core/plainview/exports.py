"""Tables for spreadsheets: CSV in which no cell and no header is a formula, whatever the artifacts say."""

import polars as pl
from polars import selectors  # pl.col would take the name "*" for all columns

# What begins a formula, a command or a macro in one spreadsheet or another; the last four are = + - @ in full width.
FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_csv(frame: pl.DataFrame) -> bytes:
    """CSV in UTF-8 whose texts and headers a spreadsheet takes as text: before a formula stands an apostrophe.

    Spaces before a formula are looked past, as some spreadsheets do. Numbers, truths and dates are written as they are.
    """
    cells = [_neutral(selectors.by_name(name).as_expr()) for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(cells).rename(_headers(frame.columns)).write_csv().encode()


def _neutral(column: pl.Expr) -> pl.Expr:
    bare = column.str.strip_chars_start(" ")
    dangerous = pl.any_horizontal([bare.str.starts_with(mark) for mark in FORMULA])
    return pl.when(dangerous).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).name.keep()


def _headers(names: list[str]) -> dict[str, str]:
    """New names for the headers that would be formulas; no two columns come to be named alike."""
    taken, found = set(names), {}
    for name in names:
        if name.lstrip(" ").startswith(FORMULA):
            text = f"'{name}"
            while text in taken:
                text = f"'{text}"
            taken.add(text)
            found[name] = text
    return found
