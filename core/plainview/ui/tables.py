"""Tables of examples: a page of rows at a time, cells as text, and a download in which nothing is a formula."""

from typing import Any, Literal, NamedTuple

import polars as pl
import streamlit as st

from plainview import exports
from plainview.escaping import UNSEEN
from plainview.texts import _, plural
from plainview.ui import links
from plainview.ui.downloads import download
from plainview.ui.plain import plain

PAGE = 100
MISSING = "–"  # what a cell without a value shows
PROSE, LONGEST = 30, 5000  # characters: cells that are as long on average are prose; what is shown of one in full
TALL, ROW = 20, 35  # so many rows are shown without scrolling inside the table; pixels a row


# columns that this file knows by what they are called
PROJECT, REPORT, TREND = _("Project"), _("Report"), _("Trend")
QUARTERS, LEFT_OUT = _("Maturity over quarters"), _("Left out")


class Looked(NamedTuple):
    """What a reader has before them: the rows of this page of a list, and those that they marked."""

    page: pl.DataFrame
    marked: pl.DataFrame


def examples(frame: pl.DataFrame, *, key: str, alt: str, name: str = "examples", several: bool = False) -> Looked:
    """Show rows ``PAGE`` at a time, and offer all of them for download; the one that is marked is shown in full above.

    With ``several`` more than one may be marked, and the last of them is shown in full below.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plural("{count} row", "{count} rows", frame.height), width="stretch")
        page = links.pages(-(-frame.height // PAGE))
        place = links.here()
        download(
            _("Download"),
            lambda: safe_csv(frame),
            f"{name}.csv",
            "text/csv",
            project=str(place.project),
            release=place.release,
            key=f"{key}_csv",
        )
    rows = frame.slice((page - 1) * PAGE, PAGE)
    shown = _prose_first(readable(texts(rows)))
    columns = {
        column: st.column_config.TextColumn(column) for column in shown.columns if shown[column].dtype == pl.String
    }
    above = st.container()
    event: Any = st.dataframe(
        shown,
        height=_height(shown.height),
        hide_index=True,
        column_config=columns,
        key=f"{key}_{page}",
        placeholder=MISSING,
        alt=alt,
        on_select="rerun",
        selection_mode="multi-row" if several else "single-row",
    )
    marked = [row for row in event.selection.rows if row < shown.height]
    if several:  # below, so that the rows stay where they are while more are marked
        above.caption(_("Mark rows to note something of them; the last one is shown in full below."))
        above = st.container()
    elif shown.height and not marked:
        above.caption(_("Mark a row to read it in full."))
    if marked:
        with above:
            _in_full(shown.row(marked[-1], named=True))
    return Looked(rows, rows[marked])


def _in_full(row: dict[str, Any]) -> None:
    """One example, every field a line of its own."""
    with st.container(border=True):
        for name, value in row.items():
            st.markdown(f":small[:gray[{plain(name)}]]  \n{plain(MISSING if value is None else value, LONGEST)}")


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as it is shown: texts without what would make them read as another, and cut where nobody would read on.

    A browser is sent what people look at, not a megabyte.
    """
    shown = pl.selectors.string().str.replace_all(UNSEEN, "")
    long = shown.str.len_chars() > LONGEST
    return frame.with_columns(pl.when(long).then(shown.str.slice(0, LONGEST) + "…").otherwise(shown).name.keep())


def _prose_first(frame: pl.DataFrame) -> pl.DataFrame:
    """What people wrote stands beside the id, where it is read on a phone too, and not behind every other column."""
    first, *rest = frame.columns
    prose = [name for name in rest if frame.schema[name] == pl.String and _is_prose(frame[name].drop_nulls())]
    return frame.select(first, *prose, *(name for name in rest if name not in prose))


def _is_prose(texts: pl.Series) -> bool:
    """Long, and not a list of boxes or the like."""
    return (texts.str.len_chars().mean() or 0) > PROSE and not texts.str.contains(r"^\s*[\[{]").all()


def plain_table(frame: pl.DataFrame, *, key: str, alt: str) -> None:
    """A table that fits on a page: text cells as they are, columns without a value in any row left out."""
    dates = pl.selectors.date().dt.to_string("%-d %b %Y")
    full = frame.select(name for name in frame.columns if not _hollow(frame[name])).with_columns(dates).pipe(readable)
    columns = {name: st.column_config.TextColumn(name) for name in full.columns if full[name].dtype == pl.String}
    numbers = [name for name in full.columns if full[name].dtype.is_numeric()]
    columns |= {name: st.column_config.NumberColumn(name, format="localized") for name in numbers}
    height = _height(full.height)
    st.dataframe(full, height=height, hide_index=True, column_config=columns, key=key, placeholder=MISSING, alt=alt)


def projects(rows: list[dict], *, key: str) -> tuple[int, str] | None:
    """The portfolio's table: a row a project, with sparklines; returns the row and the page that the reader asked for."""
    pages = {REPORT: (_("Read"), "release/report"), _("Assessment"): (_("Assess"), "readiness/assess")}
    quarters = _("The level that artifacts showed at the end of each quarter: 0 is below the lowest")
    columns = {
        TREND: st.column_config.LineChartColumn(TREND, help=_("The headline metric over the releases")),
        QUARTERS: st.column_config.LineChartColumn(help=quarters, y_min=0, y_max=5),
    }
    columns |= {name: st.column_config.ButtonColumn(name, type="tertiary", key=f"{key}_{name}") for name in pages}
    columns |= {name: st.column_config.TextColumn(name) for name in rows[0] if name not in columns}
    labels = {name: label for name, (label, page) in pages.items()}
    # the report is in view on a phone too
    cells = [{PROJECT: row[PROJECT], REPORT: labels[REPORT], **row, **labels} for row in rows]
    lines = {TREND: pl.List(pl.Float64), QUARTERS: pl.List(pl.Float64)}
    shown = pl.DataFrame(cells, schema_overrides=lines, infer_schema_length=None)
    alt = plural("{count} project, the most urgent first.", "{count} projects, the most urgent first.", len(rows))
    st.dataframe(shown, hide_index=True, column_config=columns, key=key, placeholder=MISSING, alt=alt)
    for name in pages:
        if clicked := st.session_state.get(f"{key}_{name}"):
            return clicked["row"], pages[name][1]
    return None


def _height(rows: int) -> int | Literal["content"]:
    """All rows of a short table; of a long one a part that ends in a cut row, so that it is seen to go on."""
    return "content" if rows <= TALL else int((TALL + 1.5) * ROW)


def _hollow(column: pl.Series) -> bool:
    if column.dtype == pl.String:
        return bool((column.fill_null("") == "").all())
    return column.null_count() == len(column) or (column.name == LEFT_OUT and column.sum() == 0)


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with everything that is neither number, truth nor date written out."""
    return frame.with_columns(_written(column) for column in frame.iter_columns() if not _is_plain(column.dtype))


def _is_plain(kind: pl.DataType) -> bool:
    return kind.is_numeric() or kind.base_type() in (pl.Boolean, pl.Date, pl.Datetime, pl.String)


def _written(column: pl.Series) -> pl.Series:
    values = [None if value is None else str(value) for value in column.to_list()]
    return pl.Series(column.name, values, dtype=pl.String)


def safe_csv(frame: pl.DataFrame) -> bytes:
    """CSV in UTF-8 whose cells and headers a spreadsheet takes as text: a formula gets an apostrophe before it."""
    return exports.safe_csv(texts(frame))
