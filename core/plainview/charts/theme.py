"""How every chart looks: states and verdicts by shape, word and colour, and structure that reads on light and dark.

Colours come from the theme's seven categorical colours (``chartCategoricalColors`` in the app's configuration,
PALETTE below elsewhere), so one specification is right in both themes and changes with them.
"""

from typing import Any

import altair as alt

FONT = "Source Sans"

# Order: pass, watch, fail, no evidence, equivalent, accent, ink (text). Held equal to .streamlit/config.toml by a test.
PALETTE = {
    "light": ("#006BA6", "#9A6700", "#B42318", "#57606A", "#3D6E70", "#6F4E9C", "#1B2430"),
    "dark": ("#6CB8F0", "#F0B429", "#FF8A80", "#A9A5A0", "#86C5C3", "#C3A6EA", "#E6E9ED"),
}
STRUCTURE = "#7C8692"  # rules, ticks, bands: at least 3.6:1 on either background
RING = "M-1,0A1,1,0,1,0,1,0A1,1,0,1,0,-1,0ZM-0.55,0A0.55,0.55,0,1,1,0.55,0A0.55,0.55,0,1,1,-0.55,0Z"
DASH = "M-1,-0.22H1V0.22H-1Z"

# word → (glyph, Vega shape, place in the palette)
STATES = {
    "Pass": ("●", "circle", 0),
    "Watch": ("▲", "triangle-up", 1),
    "Fail": ("■", "square", 2),
    "No evidence": ("○", RING, 3),
    "Measured": ("◆", "diamond", 3),  # a value that nothing is demanded of
}
VERDICTS = {
    "better": ("●", "circle", 0),
    "worse": ("■", "square", 2),
    "equivalent": ("◆", "diamond", 4),
    "inconclusive": ("○", RING, 3),
    "not comparable": ("–", DASH, 5),
}
INK = 6
INK_COLOUR = alt.ExprRef("scale('color', 'ink')")  # black marks of text would vanish on a dark page


def marked(word: str, table: dict[str, tuple[str, str, int]], read: str = "") -> str:
    """The word, or what is ``read`` for it, with its glyph: ``● better``. One that is not in the table stands alone."""
    return f"{table[word][0]} {read or word}" if word in table else read or word


def _legend(table: dict[str, tuple[str, str, int]], present: set[str]) -> alt.Legend:
    """Only words that occur, in the table's order; in two columns on a phone."""
    columns = alt.ExprRef("containerSize()[0] < 520 ? 2 : 0")
    words = [word for word in table if word in present]
    return alt.Legend(
        title=None,
        orient="top",
        values=words,
        columns=columns,
        symbolSize=90,
        symbolStrokeWidth=0,
        labelColor=INK_COLOUR,
    )


def palette(words: dict[str, int]) -> alt.Scale:
    """A scale of colours on which a word has its place; the others are held open, so that no colour ever moves."""
    domain = [f"\u2009{place}" for place in range(INK)] + ["ink"]
    for word, place in words.items():
        domain = _placed(domain, word, place)
    return alt.Scale(domain=domain)


def _placed(domain: list[str], word: str, place: int) -> list[str]:
    """The domain with a word in its place, or where that is taken one turn of the palette later: of the same colour."""
    while place < len(domain) and not domain[place].startswith("\u2009"):
        place += INK + 1
    filled = domain + [f"\u2009{number}" for number in range(len(domain), place + 1)]
    return [*filled[:place], word, *filled[place + 1 :]]


def colour(field: str, table: dict[str, tuple[str, str, int]], present: set[str]) -> alt.Color:
    """Colour of a word."""
    places = {word: place for word, (_, _, place) in table.items()}
    return alt.Color(f"{field}:N", scale=palette(places), legend=_legend(table, present))


def shape(field: str, table: dict[str, tuple[str, str, int]], present: set[str]) -> alt.Shape:
    """Shape of a word, merged into the legend of its colour."""
    domain = list(table)
    scale = alt.Scale(domain=domain, range=[table[word][1] for word in domain])
    return alt.Shape(f"{field}:N", scale=scale, legend=_legend(table, present))


def names_axis() -> alt.Axis:
    """An axis of names: long ones lose their middle, as many differ at the end; the tooltip has them whole."""
    limit = alt.ExprRef("containerSize()[0] < 520 ? 128 : containerSize()[0] < 900 ? 220 : 420")
    room = "(containerSize()[0] < 520 ? 16 : containerSize()[0] < 900 ? 28 : 56)"  # characters, of 7 or 8 pixels
    ends = f"slice(datum.label, 0, ceil({room} / 2)) + '…' + slice(datum.label, -floor({room} / 2) + 1)"
    return alt.Axis(
        title=None,
        labelLimit=limit,
        labelExpr=f"length(datum.label) > {room} ? {ends} : datum.label",
        labelPadding=8,
        labelFontSize=13,
        labelColor=INK_COLOUR,
        ticks=False,
        domain=False,
        grid=False,
    )


def value_axis(*title: str) -> alt.Axis:
    """An axis of values; its title in words, in lines short enough for a phone."""
    return alt.Axis(
        title=list(title),
        titleAnchor="start",
        tickCount=5,
        domain=False,
        ticks=False,
        labelFlush=True,
        labelColor=INK_COLOUR,
        titleColor=INK_COLOUR,
        titleFontWeight="normal",
    )


def absent(base: alt.Chart, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """Where there is no value, the reason stands in its place."""
    mark = base.mark_text(align="left", color=INK_COLOUR, fontStyle="italic", fontSize=12)
    return mark.encode(x=alt.value(6), text="missing:N", tooltip=tooltip)


ROWS = alt.NamedData("rows")  # one copy for all layers


def finished(chart: alt.LayerChart, *, height: int, note: str = "", **datasets: list[dict]) -> dict[str, Any]:
    """The specification as a dict, as wide as its container. Build once and keep it: validation is what costs."""
    size = alt.AutoSizeParams(type="fit-x", contains="padding")
    chart = chart.properties(width="container", height=height, autosize=size, datasets=datasets)
    if note:
        title = alt.TitleParams(note, anchor="start", fontSize=12, fontWeight="normal", color=INK_COLOUR)
        chart = chart.properties(title=title)
    return _in_one_sentence(chart.configure_view(stroke=None).to_dict())


def _in_one_sentence(spec: dict[str, Any]) -> dict[str, Any]:
    """The chart's own sentence says what it shows: mark by mark it would be read aloud as so many unnamed pictures."""
    for layer in spec.get("layer", ()):
        _in_one_sentence(layer)
    if "mark" in spec:
        mark = spec["mark"]
        spec["mark"] = {**(mark if isinstance(mark, dict) else {"type": mark}), "aria": False}
    return spec
