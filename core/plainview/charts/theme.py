"""How every chart looks: states and verdicts by shape, word and colour, and structure that reads on light and dark.

Colours of states come from the theme's first six categorical colours (``chartCategoricalColors`` in the app's
configuration, PALETTE below elsewhere), so one specification is right in both themes and changes with them.
"""

from typing import Any

import altair as alt

FONT = "Source Sans"

# Order: pass, watch, fail, no evidence, equivalent, accent. Held equal to .streamlit/config.toml by a test.
PALETTE = {
    "light": ("#006BA6", "#9A6700", "#B42318", "#57606A", "#3D6E70", "#6F4E9C"),
    "dark": ("#6CB8F0", "#F0B429", "#FF8A80", "#A9A5A0", "#86C5C3", "#C3A6EA"),
}
STRUCTURE = "#7C8692"  # rules, ticks, bands: at least 3.6:1 on either background
RING = "M-1,0A1,1,0,1,0,1,0A1,1,0,1,0,-1,0ZM-0.55,0A0.55,0.55,0,1,1,0.55,0A0.55,0.55,0,1,1,-0.55,0Z"

# word → (glyph, Vega shape, place in the palette)
STATES = {
    "Pass": ("●", "circle", 0),
    "Watch": ("▲", "triangle-up", 1),
    "Fail": ("■", "square", 2),
    "No evidence": ("○", RING, 3),
}
VERDICTS = {
    "better": ("●", "circle", 0),
    "worse": ("■", "square", 2),
    "equivalent": ("◆", "diamond", 4),
    "inconclusive": ("○", RING, 3),
    "not comparable": ("–", "stroke", 5),
}
PLACES = 6


def marked(word: str, table: dict[str, tuple[str, str, int]]) -> str:
    """The word with its glyph: ``● better``. A word that is not in the table stands alone."""
    return f"{table[word][0]} {word}" if word in table else word


def legend_words(table: dict[str, tuple[str, str, int]], present: set[str]) -> list[str]:
    """Words of the table that occur, in its order."""
    return [word for word in table if word in present]


def colour(field: str, table: dict[str, tuple[str, str, int]], present: set[str]) -> alt.Color:
    """Colour of a word: the domain holds the palette's places open, so that a word's colour never moves."""
    domain = [f"\u2009{place}" for place in range(PLACES)]
    for word, (_, _, place) in table.items():
        domain[place] = word
    legend = alt.Legend(title=None, orient="top", values=legend_words(table, present), symbolSize=90)
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=domain), legend=legend)


def shape(field: str, table: dict[str, tuple[str, str, int]], present: set[str]) -> alt.Shape:
    """Shape of a word, merged into the legend of its colour."""
    domain = list(table)
    legend = alt.Legend(title=None, orient="top", values=legend_words(table, present), symbolSize=90)
    scale = alt.Scale(domain=domain, range=[table[word][1] for word in domain])
    return alt.Shape(f"{field}:N", scale=scale, legend=legend)


def names_axis() -> alt.Axis:
    """An axis of names: long ones are cut to the room there is, less on a phone; the tooltip has them whole."""
    limit = alt.ExprRef("containerSize()[0] < 520 ? 128 : containerSize()[0] < 900 ? 220 : 320")
    return alt.Axis(title=None, labelLimit=limit, labelPadding=8, ticks=False, domain=False, grid=False)


def value_axis(title: str) -> alt.Axis:
    """An axis of values, its title in words."""
    return alt.Axis(title=title, titleAnchor="start", tickCount=5, domain=False, ticks=False, labelFlush=True)


def finished(chart: alt.LayerChart, *, height: int, note: str = "") -> dict[str, Any]:
    """The specification as a dict, as wide as its container. Build once and keep it: validation is what costs."""
    chart = chart.properties(width="container", height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    if note:
        chart = chart.properties(title=alt.TitleParams(note, anchor="start", fontSize=12, fontWeight="normal", color=STRUCTURE))
    return chart.configure_view(stroke=None).to_dict()
