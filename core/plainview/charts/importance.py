"""What columns are worth, as bars with intervals; what single features added, up or down; both over releases as lines."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme
from plainview.narrative.explanations import value_told

ROW, MOST = 24, 15  # pixels a row; rows that are drawn
ACROSS = 36  # characters of a line of an axis' title: what a phone has room for
LINES = 5  # columns that are followed over releases
_COLOURS = {"shown": 0, "not shown": 3}
_WAYS = {"up": 0, "down": 1}


def importances(rows: Sequence[Mapping], *, axis: str, scale: float = 1.0, unit: str = "") -> tuple[dict, str]:
    """Bars with intervals; return the Vega-Lite dict and its alt sentence.

    ``rows`` have column, value, low, high, shown (whether it is shown to be worth something), the most important first;
    ``scale`` multiplies what is drawn, ``axis`` says what it is.
    """
    drawn = [_drawn(row, scale, unit) for row in rows[:MOST]]
    lines = wrap(axis, ACROSS)
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in drawn], axis=theme.names_axis()), tooltip=_tooltip()
    )
    x = alt.X("value:Q", axis=theme.value_axis(*lines))
    colour = alt.Color("state:N", scale=theme.palette(_COLOURS), legend=None)
    bar = base.mark_bar(height=ROW * 0.55, opacity=0.85).encode(x=x, color=colour)
    whisker = base.mark_rule(strokeWidth=2, color=theme.INK_COLOUR).encode(
        x=alt.X("low:Q", axis=theme.value_axis(*lines)), x2="high:Q"
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=theme.STRUCTURE).encode(x=alt.X("at:Q"))
    note = f"The first {MOST} of {len(rows)} columns" if len(rows) > MOST else ""
    spec = theme.finished(
        alt.layer(zero, bar, whisker), height=max(ROW * len(drawn), 2 * ROW), note=note, rows=drawn, zero=[{"at": 0}]
    )
    shown = [row for row in drawn if row["state"] == "shown"]
    first = "; ".join(f"{words.clipped(row['name'], 40)} {row['read']} ({row['interval']})" for row in drawn[:3])
    return spec, f"{quantities.count(len(rows), 'column')}, {len(shown)} of those drawn shown to matter. {first}."


def _drawn(row: Mapping, scale: float, unit: str) -> dict:
    value, low, high = (float(row[name]) * scale for name in ("value", "low", "high"))
    return {
        "name": row["column"],
        "value": value,
        "low": low,
        "high": high,
        "state": "shown" if row["shown"] else "not shown",
        "read": f"{quantities.plain(value)} {unit}".rstrip(),
        "interval": f"{quantities.plain(low)} to {quantities.plain(high)}",
    }


def _tooltip() -> list[alt.Tooltip]:
    fields = {"name": "Column", "read": "Worth", "interval": "Interval", "state": "State"}
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def contributions(rows: Sequence[Mapping], *, unit: str = "", ordered: bool = False) -> tuple[dict, str]:
    """What each feature added to one answer; return the Vega-Lite dict and its alt sentence.

    ``rows`` have feature, value (or None) and attribution. The largest come first; of words, with ``ordered``, all in their
    order, so that the text is read downwards.
    """
    most = 2 * MOST if ordered else MOST
    chosen = sorted(rows, key=lambda row: -abs(row["attribution"]))[:most]
    chosen = [row for row in rows if row in chosen] if ordered else chosen
    drawn = [_contribution(row, place) for place, row in enumerate(chosen)]
    labels = alt.Axis(title=None, labelLimit=260, labelPadding=8, labelFontSize=13, labelColor=theme.INK_COLOUR,
                      ticks=False, domain=False, grid=False, labelExpr="slice(datum.label, 4)")  # fmt: skip
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in {"said": "Feature", "read": "Added"}.items()]
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("key:N", sort=[row["key"] for row in drawn], axis=labels), tooltip=tooltip
    )
    axis = theme.value_axis(f"Added to the answer{f', in {unit}' if unit else ''}")
    colour = alt.Color("way:N", scale=theme.palette(_WAYS), legend=None)
    bar = base.mark_bar(height=ROW * 0.6).encode(x=alt.X("value:Q", axis=axis), color=colour)
    zero = (
        alt.Chart(alt.NamedData("zero"))
        .mark_rule(color=theme.STRUCTURE, strokeWidth=1.5)
        .encode(x=alt.X("at:Q", axis=axis))
    )
    note = f"The {len(drawn)} largest of {len(rows)}" if len(drawn) < len(rows) else ""
    spec = theme.finished(
        alt.layer(bar, zero), height=max(ROW * len(drawn), 2 * ROW), note=note, rows=drawn, zero=[{"at": 0}]
    )
    largest = sorted(drawn, key=lambda row: -abs(row["value"]))[:3]
    said = "; ".join(f"{words.clipped(row['said'], 40)} {row['read']}" for row in largest)
    return spec, f"What {quantities.count(len(rows), 'feature')} added to one answer, the largest: {said}."


def _contribution(row: Mapping, place: int) -> dict:
    said = row["feature"] if row.get("value") is None else f"{row['feature']} = {value_told(row['value'])}"
    number = float(row["attribution"])
    return {
        "key": f"{place:03d} {words.begun(said, 60)}",
        "said": words.begun(said, 200),
        "value": number,
        "way": "up" if number >= 0 else "down",
        "read": f"{'+' if number > 0 else ''}{quantities.plain(number)}",
    }


def over_releases(sides: Mapping[str, Sequence[Mapping]], *, axis: str, scale: float = 1.0) -> tuple[dict, str]:
    """How much the most important columns were worth in each release; return the Vega-Lite dict and its alt sentence.

    ``sides`` maps releases, in order, to rows as `importances` takes them. The LINES columns that matter most in the last one
    are followed.
    """
    releases = list(sides)
    names = [row["column"] for row in sides[releases[-1]][:LINES]]
    places = dict(zip(names, (0, 1, 4, 5, 3), strict=False))
    drawn = [
        _drawn(row, scale, "") | {"release": release}
        for release, rows in sides.items()
        for row in rows
        if row["column"] in names
    ]
    x = alt.X(
        "release:N", sort=releases, axis=alt.Axis(title=None, labelAngle=0, labelColor=theme.INK_COLOUR, grid=False)
    )
    y = alt.Y("value:Q", axis=theme.value_axis(axis))
    legend = alt.Legend(title=None, orient="top", values=names, labelColor=theme.INK_COLOUR, labelLimit=200)
    colour = alt.Color("name:N", scale=theme.palette(places), legend=legend)
    tooltip = [alt.Tooltip("release:N", title="Release"), *_tooltip()]
    base = alt.Chart(theme.ROWS).encode(x=x, color=colour, tooltip=tooltip)
    whisker = base.mark_rule(strokeWidth=1.5, opacity=0.7).encode(
        y=alt.Y("low:Q", axis=theme.value_axis(axis)), y2="high:Q"
    )
    layers = alt.layer(
        base.mark_line(strokeWidth=2).encode(y=y), whisker, base.mark_point(filled=True, size=70, opacity=1).encode(y=y)
    )
    first = [row for row in drawn if row["name"] == names[0]] if names else []
    said = ", ".join(f"{row['read']} in {words.clipped(row['release'], 30)}" for row in first)
    return theme.finished(
        layers, height=260, rows=drawn
    ), f"{quantities.count(len(names), 'column')} over releases. {words.clipped(names[0], 40)}: {said}."
