"""Stated probabilities against what happened: a point a band, its interval, and the line on which both are the same."""

from collections.abc import Mapping, Sequence

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme

HEIGHT = 320  # pixels


def reliability(sides: Mapping[str, Sequence[Mapping]], *, of: str, level: float = 0.95) -> tuple[dict, str]:
    """Draw how often a class happened for what was stated; return the Vega-Lite dict and its alt sentence.

    ``sides`` maps the name of each release, this one first and at most one other, to its rows of `thresholds.reliability`:
    stated, happened, happened_low, happened_high, rows. Shares, 0…1.
    """
    names = dict(zip(sides, ("now", "before"), strict=False))
    drawn = [_drawn(row, release, names[release]) for release in sides for row in sides[release]]
    base = alt.Chart(theme.ROWS)
    colour = alt.Color("key:N", scale=theme.palette({"now": 0, "before": 5}), legend=None)
    shapes = alt.Scale(domain=["now", "before"], range=["circle", theme.RING])
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("stated:Q", axis=theme.value_axis("Stated, % on average"), scale=scale)
    y = alt.Y("happened:Q", axis=theme.value_axis("Happened, %"), scale=scale)
    line = alt.Chart(alt.NamedData("same")).mark_line(color=theme.STRUCTURE, strokeDash=[4, 4], strokeWidth=1.5)
    whisker = base.mark_rule(strokeWidth=2).encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q", color=colour)
    shape = alt.Shape("key:N", scale=shapes, legend=None)
    point = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x, y=y, color=colour, shape=shape, tooltip=_tooltip()
    )
    layers = alt.layer(line.encode(x="at:Q", y="at:Q"), whisker, point)
    glyphs = (f"● {{}}, with its {100 * level:g}% interval", "○ {}")
    note = "; ".join(glyph.format(words.clipped(name)) for glyph, name in zip(glyphs, sides, strict=False))
    same = [{"at": 0}, {"at": 100}]
    return theme.finished(layers, height=HEIGHT, note=note, rows=drawn, same=same), _sentence(sides, of)


def _drawn(row: Mapping, release: str, key: str) -> dict:
    low, high = row["happened_low"], row["happened_high"]
    return {
        "release": release,
        "key": key,
        "stated": words.drawn(row["stated"], "recall"),
        "happened": words.drawn(row["happened"], "recall"),
        "low": words.drawn(low, "recall"),
        "high": words.drawn(high, "recall"),
        "said": words.value_read(row["stated"], "recall", ""),
        "read": words.value_read(row["happened"], "recall", ""),
        "interval": words.interval_read(low, high, "recall", ""),
        "examples": f"{row['rows']:,}",
    }


def _tooltip() -> list[alt.Tooltip]:
    fields = {
        "release": "Release",
        "said": "Stated",
        "read": "Happened",
        "interval": "Interval",
        "examples": "Examples",
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def _sentence(sides: Mapping[str, Sequence[Mapping]], of: str) -> str:
    said = f"How often {words.clipped(of)} happened against the probability that was stated."
    for release, rows in sides.items():
        off = [row for row in rows if not row["happened_low"] <= row["stated"] <= row["happened_high"]]
        bands = quantities.count(len(rows), "band")
        said += f" {words.clipped(release)}: {bands}, {len(off)} whose interval excludes what was stated."
    return said
