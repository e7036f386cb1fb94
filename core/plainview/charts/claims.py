"""Scores as claimed beside the same as evidenced: bars of sections, and lines over releases or quarters."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from plainview.charts import theme
from plainview.charts.outcomes import CLAIMED, EVIDENCED
from plainview.charts.rows import clipped

ROW = 46  # pixels, for both bars of a section
# word → place in the palette; shapes differ too: what is claimed is hollow
SIDES = {CLAIMED: 5, EVIDENCED: 0}


@dataclass(frozen=True)
class Bar:
    """One bar: of a section, a level or a band."""

    name: str
    side: str  # claimed or evidenced
    value: float
    read: str  # the value in words: "9 of 16"


@dataclass(frozen=True)
class Mark:
    """A line across the bars, with its name: the score, or where a band begins."""

    at: float
    name: str


def bars(
    found: Sequence[Bar],
    *,
    top: float,
    title: str,
    percent: bool = False,
    weakest: Sequence[str] = (),
    marks: Sequence[Mark] = (),
) -> tuple[dict, str]:
    """Draw two bars a name, claimed and evidenced; return the Vega-Lite dict and its alt sentence.

    The axis goes from 0 to ``top`` and says ``title``. Names in ``weakest`` are said to be the weakest.
    """
    names = list(dict.fromkeys(bar.name for bar in found))
    rows = [
        {"name": bar.name, "side": bar.side, "value": bar.value, "read": bar.read}
        | {"label": f"{bar.read}{' · weakest' if bar.name in weakest and bar.side == CLAIMED else ''}"}
        for bar in found
    ]
    axis = theme.value_axis(title)
    if percent:
        axis["format"] = "%"
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=axis)
    y = alt.Y("name:N", sort=names, axis=theme.names_axis(), scale=alt.Scale(paddingInner=0.3))
    offset = alt.YOffset("side:N", sort=list(SIDES), scale=alt.Scale(domain=list(SIDES), paddingInner=0.15))
    tooltip = [
        alt.Tooltip("name:N", title="Section"),
        alt.Tooltip("side:N", title="Side"),
        alt.Tooltip("read:N", title="Points"),
    ]
    base = alt.Chart(theme.ROWS).encode(y=y, yOffset=offset, tooltip=tooltip)
    colour = _colour()
    layers = [
        base.transform_filter(alt.datum.side == CLAIMED)
        .mark_bar(fillOpacity=0.22, strokeWidth=1.5)
        .encode(x=x, color=colour, stroke=alt.Stroke("side:N", scale=theme.palette(SIDES), legend=None)),
        base.transform_filter(alt.datum.side == EVIDENCED).mark_bar().encode(x=x, color=colour),
        base.mark_text(align="left", dx=6, fontSize=12, color=theme.INK_COLOUR).encode(x=x, text="label:N"),
        *_marks(marks, top),
    ]
    spec = theme.finished(alt.layer(*layers), height=ROW * max(len(names), 1), rows=rows, lines=_lines(marks))
    return spec, _bars_sentence(found, names, weakest)


def _colour() -> alt.Color:
    return alt.Color("side:N", scale=theme.palette(SIDES), legend=_legend())


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None, orient="top", values=list(SIDES), symbolSize=90, symbolType="square", labelColor=theme.INK_COLOUR
    )


def _marks(marks: Sequence[Mark], top: float) -> list[alt.Chart]:
    if not marks:
        return []
    base = alt.Chart(alt.NamedData("lines"))
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, top], nice=False))
    rule = base.mark_rule(color=theme.STRUCTURE, strokeDash=[3, 3]).encode(
        x=x, tooltip=alt.Tooltip("name:N", title="From")
    )
    text = base.mark_text(align="left", dx=4, baseline="bottom", fontSize=11, color=theme.INK_COLOUR)
    return [rule, text.encode(x=x, y=alt.value(-3), text="name:N")]


def _lines(marks: Sequence[Mark]) -> list[dict]:
    return [{"at": mark.at, "name": mark.name} for mark in marks]


def _bars_sentence(found: Sequence[Bar], names: Sequence[str], weakest: Sequence[str]) -> str:
    parts = []
    for name in names:
        both = {bar.side: bar.read for bar in found if bar.name == name}
        said = ", ".join(f"{side} {both[side]}" for side in SIDES if side in both)
        parts.append(f"{clipped(name, 40)}{' (the weakest)' if name in weakest else ''}: {said}")
    return "; ".join(parts) + "."


@dataclass(frozen=True)
class Point:
    """A score at one time."""

    time: str  # a release or a quarter
    side: str
    value: float | None  # None: not assessed
    read: str


def lines(points: Sequence[Point], *, names: dict[float, str], top: float, what: str) -> tuple[dict, str]:
    """Draw two lines over time, claimed and evidenced; return the Vega-Lite dict and its alt sentence.

    ``names`` says how values of the axis are read ("L1" for 1), where they are not numbers; ``what`` is the score's name. Where
    nothing was assessed there is no point, and the line is broken.
    """
    times = list(dict.fromkeys(point.time for point in points))
    low = min([0.0, *names])
    rows = [{"time": p.time, "side": p.side, "value": p.value, "read": p.read} for p in points]
    words = " : ".join(f"datum.value == {value:g} ? '{name}'" for value, name in names.items())
    axis = theme.value_axis()
    if names:
        axis["values"], axis["labelExpr"], axis["labelOverlap"] = list(names), f"{words} : ''", False
        axis["tickCount"] = len(names)  # Vega leaves out values beyond it
    bare = {"title": None, "grid": False, "ticks": False, "labelAngle": 0, "labelOverlap": "greedy"}
    x = alt.X(
        "time:N",
        sort=times,
        axis=alt.Axis(**bare, labelColor=theme.INK_COLOUR),
        scale=alt.Scale(type="point", padding=0.4),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=[low, top], nice=False, padding=8), axis=axis, title=None)
    tooltip = [alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("time", "side", "read")]
    base = alt.Chart(theme.ROWS).encode(x=x, y=y, color=_colour(), tooltip=tooltip)
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    claimed, evidenced = (base.transform_filter(alt.datum.side == side) for side in SIDES)
    layers = alt.layer(
        line.transform_filter(alt.datum.side == CLAIMED).encode(strokeDash=alt.value([5, 4])),
        line.transform_filter(alt.datum.side == EVIDENCED),
        claimed.mark_point(filled=False, size=110, strokeWidth=2, opacity=1),
        evidenced.mark_point(filled=True, size=60, opacity=1),
    )
    return theme.finished(layers, height=220, rows=rows), _lines_sentence(points, times, what)


def _lines_sentence(points: Sequence[Point], times: Sequence[str], what: str) -> str:
    parts = []
    for side in SIDES:
        mine = [point for point in points if point.side == side]
        first, last = mine[0], mine[-1]
        parts.append(f"{side} {first.read}" if len(mine) == 1 else f"{side} {first.read} to {last.read}")
    ends = " to ".join(dict.fromkeys([times[0], times[-1]]))
    return f"{what}, {ends}: {'; '.join(parts)}."
