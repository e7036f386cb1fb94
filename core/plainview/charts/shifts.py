"""Columns over batches: which moved when, a row a column, a mark a batch."""

from collections.abc import Mapping, Sequence

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme

ROW = 26  # pixels
# verdict → (glyph, Vega shape, place in the palette)
SHIFTS = {
    "moved": ("▲", "triangle-up", 1),
    "not there": ("■", "square", 2),
    "too few rows": ("○", theme.RING, 3),
    "as before": ("◆", "diamond", 4),
}


def shifts(rows: Sequence[Mapping], *, now: str) -> tuple[dict, str]:
    """Draw the history of columns; return the Vega-Lite dict and its alt sentence.

    ``rows`` has a mapping for each column and batch, columns in the order to be drawn, batches in time: column, batch,
    verdict (a word of SHIFTS), read (what it did, in words). ``now`` is the batch that is looked at; it is shaded.
    """
    batches = list(dict.fromkeys(row["batch"] for row in rows))
    columns = list(dict.fromkeys(row["column"] for row in rows))
    drawn = [dict(row) for row in rows]
    present = {row["verdict"] for row in rows}
    bare = {"title": None, "grid": False, "ticks": False, "domain": False}
    axis = alt.Axis(
        **bare, labelAngle=0, labelFlush=False, labelColor=theme.INK_COLOUR, labelOverlap="greedy", labelLimit=90
    )
    x = alt.X("batch:N", sort=batches, axis=axis, scale=alt.Scale(type="band", padding=0))
    names = theme.names_axis()
    names["labelFlush"] = False
    tips = {"column": "Column", "batch": "Batch", "verdict": "Verdict", "read": "What it did"}
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("column:N", sort=columns, axis=names),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in tips.items()],
    )
    layers = alt.layer(
        base.transform_filter(alt.datum.batch == now).mark_rect(color=theme.STRUCTURE, opacity=0.14).encode(x=x),
        base.mark_point(filled=True, size=110, opacity=1).encode(
            x=x, color=theme.colour("verdict", SHIFTS, present), shape=theme.shape("verdict", SHIFTS, present)
        ),
    )
    return theme.finished(layers, height=ROW * max(len(columns), 1), rows=drawn), _sentence(rows, columns, batches)


def _sentence(rows: Sequence[Mapping], columns: list[str], batches: list[str]) -> str:
    counted = {name: sum(row["column"] == name and row["verdict"] == "moved" for row in rows) for name in columns}
    often = [f"{words.clipped(name)} in {times}" for name, times in counted.items() if times][:3]
    total = quantities.count(len(batches), "batch", "batches")
    said = f"{quantities.count(len(columns), 'column')} over {total}."
    return f"{said} Moved: {', '.join(often)}." if often else f"{said} None moved."
