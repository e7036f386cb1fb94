"""A radar of sections: honest only where every axis has the same scale and every question of it an answer."""

from collections.abc import Sequence
from math import cos, pi, sin

import altair as alt

from plainview.charts import theme
from plainview.charts.claims import SIDES, Bar
from plainview.charts.outcomes import CLAIMED
from plainview.charts.rows import clipped

SIZE, RINGS = 340, (0.25, 0.5, 0.75, 1.0)
REACH = 1.45  # of the axes: room for the names around the rim


def radar(found: Sequence[Bar]) -> tuple[dict, str]:
    """Draw shares of 0 to 1 around a circle, claimed and evidenced; return the Vega-Lite dict and its alt sentence.

    Lines, not areas: an area grows with the square of a score, and with the order of the axes.
    """
    names = list(dict.fromkeys(bar.name for bar in found))
    turns = {name: 2 * pi * at / len(names) for at, name in enumerate(names)}
    rows = [
        {"side": bar.side, "name": bar.name, "read": bar.read, "order": at, **_point(bar.value, turns[bar.name])}
        for at, bar in enumerate(found)
    ]
    web = [
        {"ring": f"{ring:.0%}", "order": at, **_point(ring, turn)}
        for ring in RINGS
        for at, turn in enumerate(turns.values())
    ]
    rim = [{"name": clipped(name, 26), **_point(1.16, turn)} for name, turn in turns.items()]
    scale = alt.Scale(domain=[-REACH, REACH], nice=False)
    x, y = alt.X("x:Q", scale=scale, axis=None), alt.Y("y:Q", scale=scale, axis=None)
    lines = alt.Chart(alt.NamedData("web")).mark_line(
        interpolate="linear-closed", color=theme.STRUCTURE, opacity=0.5, strokeWidth=1
    )
    names_of = alt.Chart(alt.NamedData("rim")).mark_text(fontSize=12, color=theme.INK_COLOUR)
    legend = alt.Legend(title=None, orient="top", values=list(SIDES), labelColor=theme.INK_COLOUR)
    tooltip = [
        alt.Tooltip("name:N", title="Category"),
        alt.Tooltip("side:N", title="Side"),
        alt.Tooltip("read:N", title="Points"),
    ]
    base = alt.Chart(theme.ROWS).encode(x=x, y=y, color=alt.Color("side:N", scale=theme.palette(SIDES), legend=legend))
    shape = base.mark_line(interpolate="linear-closed", strokeWidth=2).encode(
        order="order:Q",
        strokeDash=alt.StrokeDash("side:N", scale=alt.Scale(domain=list(SIDES), range=[[5, 4], [1, 0]]), legend=None),
    )
    layers = alt.layer(
        lines.encode(x=x, y=y, detail="ring:N", order="order:Q"),
        shape,
        base.mark_point(filled=True, size=60, opacity=1).encode(tooltip=tooltip),
        names_of.encode(x=x, y=y, text="name:N"),
    )
    spec = theme.finished(layers, height=SIZE, rows=rows, web=web, rim=rim)
    spec["width"], spec["autosize"] = SIZE + 120, {"type": "pad", "contains": "padding"}
    lowest = min((bar for bar in found if bar.side == CLAIMED), key=lambda bar: bar.value)
    return (
        spec,
        f"{len(names)} categories around a circle, as shares of their points; lowest claimed: {lowest.name}, {lowest.read}.",
    )


def _point(share: float, turn: float) -> dict[str, float]:
    """A share along an axis; the first points up, and they go round by the clock."""
    return {"x": round(share * sin(turn), 6), "y": round(share * cos(turn), 6)}
