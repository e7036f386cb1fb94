"""One column of one example moved over its range: how the answer follows, with the value it had and the one it has now."""

from collections.abc import Sequence

import altair as alt

from plainview.charts import theme
from plainview.charts.rows import clipped
from plainview.quantities import plain

HEIGHT = 220  # pixels


def sweep(
    points: Sequence[tuple[float, float]], *, column: str, before: float | None, now: float, what: str, share: bool
) -> tuple[dict, str]:
    """Draw the answers over a column's values; return the Vega-Lite dict and its alt sentence.

    ``points`` are (value, answer), the values rising; ``before`` and ``now`` are values of the column; ``what`` is what is
    answered: "probability of 1", "minutes". With ``share`` answers are shares, drawn as percentages.
    """
    times = 100.0 if share else 1.0
    rows = [_row(value, answer * times, share) for value, answer in points]
    marks = [{"x": value, "word": word} for value, word in ((before, "before"), (now, "now")) if value is not None]
    x = alt.X("x:Q", scale=alt.Scale(zero=False, nice=False), axis=theme.value_axis(clipped(column, 60)))
    domain = [0, 100] if share else None
    axis = theme.value_axis(f"{what[:1].upper()}{what[1:]}{', %' if share else ''}")
    scale = alt.Scale(domain=domain, zero=False) if domain else alt.Scale(zero=False)
    y = alt.Y("y:Q", scale=scale, axis=axis)
    tooltip = [alt.Tooltip("at:N", title=clipped(column, 60)), alt.Tooltip("read:N", title="Answer")]
    base = alt.Chart(theme.ROWS).encode(x=x, y=y, tooltip=tooltip)
    rule = alt.Chart(alt.NamedData("marks")).encode(x=x, tooltip=[alt.Tooltip("word:N", title="The value")])
    colour = alt.Color("kind:N", scale=theme.palette({"answer": 0}), legend=None)
    layers = alt.layer(
        rule.mark_rule(color=theme.STRUCTURE, strokeDash=[4, 3], strokeWidth=1.5),
        rule.mark_text(align="left", dx=4, baseline="top", fontSize=12, color=theme.INK_COLOUR).encode(
            y=alt.value(2), text="word:N"
        ),
        base.mark_line(strokeWidth=2).encode(color=colour),
        base.mark_point(filled=True, size=40, opacity=1).encode(color=colour),
    )
    return theme.finished(layers, height=HEIGHT, rows=rows, marks=marks), _sentence(rows, column, what)


def _row(value: float, answer: float, share: bool) -> dict:
    read = f"{answer:.1f}%" if share else plain(answer)
    return {"x": value, "y": round(answer, 6), "at": f"{value:g}", "read": read, "kind": "answer"}


def _sentence(rows: Sequence[dict], column: str, what: str) -> str:
    low, high = min(rows, key=lambda row: row["y"]), max(rows, key=lambda row: row["y"])
    over = f"as {clipped(column, 40)} goes from {rows[0]['at']} to {rows[-1]['at']}"
    return (
        f"The {clipped(what, 60)} {over}, all else as it is: lowest {low['read']} at {low['at']}, highest {high['read']} at "
        f"{high['at']}."
    )
