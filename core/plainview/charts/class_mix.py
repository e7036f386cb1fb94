"""The mix of classes: the share of each with its interval, and what was declared."""

from collections.abc import Mapping

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme

ROW, MOST = 28, 40  # pixels; classes that are drawn


def class_mix(shares: Mapping[str, Mapping]) -> tuple[dict, str]:
    """Draw the shares; return the Vega-Lite dict and its alt sentence.

    ``shares`` maps each class to its share, low, high and declared, all 0…1.
    """
    apart = sorted(shares.items(), key=lambda row: -abs(row[1]["share"] - row[1]["declared"]))[:MOST]
    drawn = [_drawn(name, row) for name, row in apart]
    y = alt.Y("name:N", sort=[row["name"] for row in drawn], axis=theme.names_axis())
    base = alt.Chart(theme.ROWS).encode(y=y, tooltip=_tooltip())
    axis = theme.value_axis("Share of the examples, %", "┃ declared")
    colour = alt.Color("key:N", scale=theme.palette({"found": 0}), legend=None)
    x = alt.X("low:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    whisker = base.mark_rule(strokeWidth=2.5, strokeCap="round").encode(x=x, x2="high:Q", color=colour)
    bar = base.mark_tick(color=theme.STRUCTURE, thickness=3, size=ROW * 0.8, opacity=1).encode(x="declared:Q")
    mark = base.mark_point(filled=True, size=110, opacity=1).encode(x="share:Q", color=colour)
    note = f"The {MOST} of {len(shares)} classes that are farthest off" if len(shares) > MOST else ""
    chart = theme.finished(alt.layer(bar, whisker, mark), height=max(ROW * len(drawn), 2 * ROW), note=note, rows=drawn)
    first = drawn[0]
    said = f"{words.clipped(first['name'])} is farthest off: {first['read']}, declared {first['declared_read']}."
    return chart, f"Shares of {quantities.count(len(shares), 'class', 'classes')} against what was declared. {said}"


def _drawn(name: str, row: Mapping) -> dict:
    shares = {field: round(100 * row[field], 4) for field in ("share", "low", "high", "declared")}
    interval = f"{shares['low']:.1f}% to {shares['high']:.1f}%"
    read = {"read": f"{shares['share']:.1f}%", "declared_read": f"{shares['declared']:.1f}%", "interval": interval}
    return {"name": name, "key": "found", **shares, **read}


def _tooltip() -> list[alt.Tooltip]:
    fields = {
        "name": "Class",
        "read": "Share",
        "interval": "Interval, all classes together",
        "declared_read": "Declared",
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]
