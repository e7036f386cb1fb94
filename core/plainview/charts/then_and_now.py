"""One column then and now: shares of its values in the test set, outlined, and in a batch, filled."""

from collections.abc import Mapping, Sequence

import altair as alt

from plainview.charts import rows as words
from plainview.charts import theme
from plainview.quantities import plain

HEIGHT, BAR = 130, 20  # pixels: of a chart of numbers; of a category
THEN, NOW = "then", "now"


def then_and_now(cells: Sequence[Mapping], *, column: str, then: str, now: str) -> tuple[dict, str]:
    """Draw a column; return the Vega-Lite dict and its alt sentence.

    ``cells`` has a mapping for each cell, in the order to be drawn: cell (a category; None for numbers), low and high (the
    ends of a bin; None for categories), then and now (shares, 0…1). ``then`` and ``now`` name the two sides.
    """
    numbers = bool(cells) and cells[0]["cell"] is None
    drawn = [_drawn(row, numbers) for row in cells]
    note = f"■ {words.clipped(now, 24)}; outlined: {words.clipped(then, 40)}"
    chart = _bins(drawn, column) if numbers else _bars(drawn)
    height = HEIGHT if numbers else max(BAR * len(drawn), 2 * BAR)
    return theme.finished(chart, height=height, note=note, rows=drawn), _sentence(drawn, column, then, now)


def _drawn(row: Mapping, numbers: bool) -> dict:
    name = f"{plain(row['low'])} to {plain(row['high'])}" if numbers else row["cell"] or "(empty)"
    read = {f"{side}_read": f"{100 * row[side]:.1f}%" for side in (THEN, NOW)}
    shares = {side: round(100 * row[side], 4) for side in (THEN, NOW)}
    return {"name": name, "key": NOW, "low": row["low"], "high": row["high"], **shares, **read}


def _tooltip() -> list[alt.Tooltip]:
    fields = {"name": "Values", "then_read": "Then", "now_read": "Now"}
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def _bins(drawn: list[dict], column: str) -> alt.LayerChart:
    base = alt.Chart(theme.ROWS).encode(tooltip=_tooltip())
    x = alt.X("low:Q", axis=theme.value_axis(words.clipped(column, 40)), scale=alt.Scale(zero=False, nice=False))
    top = max((row[side] for row in drawn for side in (THEN, NOW)), default=1) or 1
    scale = alt.Scale(domain=[0, top * 1.05], nice=False)
    axis = theme.value_axis("% of rows")
    colour = alt.Color("key:N", scale=theme.palette({NOW: 0}), legend=None)
    floor = alt.Y2Datum(0)
    bar = base.mark_bar(opacity=0.75).encode(
        x=x, x2="high:Q", y=alt.Y("now:Q", axis=axis, scale=scale), y2=floor, color=colour
    )
    outline = base.mark_bar(filled=False, strokeWidth=2, stroke=theme.STRUCTURE).encode(
        x=x, x2="high:Q", y=alt.Y("then:Q", axis=axis, scale=scale), y2=floor
    )
    return alt.layer(bar, outline)


def _bars(drawn: list[dict]) -> alt.LayerChart:
    names = theme.names_axis()
    y = alt.Y("name:N", sort=[row["name"] for row in drawn], axis=names)
    base = alt.Chart(theme.ROWS).encode(y=y, tooltip=_tooltip())
    axis = theme.value_axis("% of rows")
    colour = alt.Color("key:N", scale=theme.palette({NOW: 0}), legend=None)
    bar = base.mark_bar(opacity=0.75, height=BAR * 0.6).encode(x=alt.X("now:Q", axis=axis), color=colour)
    outline = base.mark_bar(filled=False, strokeWidth=2, stroke=theme.STRUCTURE, height=BAR * 0.6).encode(
        x=alt.X("then:Q", axis=axis)
    )
    return alt.layer(bar, outline)


def _sentence(drawn: list[dict], column: str, then: str, now: str) -> str:
    if not drawn:
        return f"Nothing is drawn of {words.clipped(column)}."
    most = {side: max(drawn, key=lambda row: row[side]) for side in (THEN, NOW)}
    said = [f"{words.clipped(most[side]['name'], 40)} ({most[side][f'{side}_read']})" for side in (THEN, NOW)]
    return f"{words.clipped(column)} most often: in {words.clipped(then)} {said[0]}, in {words.clipped(now)} {said[1]}."
