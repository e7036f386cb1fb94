"""Outcomes of questions as marks in a grid: what is claimed on the left of a cell, what is evidenced on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from plainview.charts import theme
from plainview.quantities import count, listed

CLAIMED, EVIDENCED = "claimed", "evidenced"
ROW = 36  # pixels
CROSS = "M-1,-0.7L-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0Z"

# word → (glyph, Vega shape, place in the palette)
OUTCOMES = {
    "met": ("●", "circle", 0),
    "partly met": ("▲", "triangle-up", 1),
    "evidence expired": ("▼", "triangle-down", 1),
    "not met": ("■", "square", 2),
    "not answered": ("○", theme.RING, 3),
    "not applicable": ("–", theme.DASH, 3),
    "not reached": ("×", CROSS, 3),  # of a level as a whole
}


@dataclass(frozen=True)
class Cell:
    """One mark of the grid."""

    row: str
    column: str
    side: str  # claimed or evidenced
    outcome: str  # a word of OUTCOMES
    said: str  # the question, and what there is to say of it
    number: str = ""  # stands beside the mark


def grid(cells: Sequence[Cell], *, rows: Sequence[str], columns: Sequence[str], what: str) -> tuple[dict, str]:
    """Draw the marks; return the Vega-Lite dict and its alt sentence.

    ``rows`` and ``columns`` give the order in which they are drawn; a cell without marks stays empty. ``what``
    is what is drawn, for the alt sentence.
    """
    drawn = [_drawn(cell) for cell in cells]
    x = alt.X(
        "column:N", sort=list(columns), axis=_columns_axis(), scale=alt.Scale(domain=list(columns), paddingInner=0.06)
    )
    names = theme.names_axis()
    names["labelFlush"] = False  # the first name stands beside its marks
    y = alt.Y("row:N", sort=list(rows), scale=alt.Scale(domain=list(rows)), axis=names)
    sides = [side for side in (CLAIMED, EVIDENCED) if any(cell.side == side for cell in cells)]
    side = alt.XOffset("side:N", sort=sides, scale=alt.Scale(domain=sides))
    tooltip = [alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("said", "side", "outcome")]
    base = alt.Chart(theme.ROWS).encode(x=x, y=y, tooltip=tooltip)
    present = {cell.outcome for cell in cells}
    marks = base.mark_point(filled=True, size=130, opacity=1).encode(
        xOffset=side, color=theme.colour("outcome", OUTCOMES, present), shape=theme.shape("outcome", OUTCOMES, present)
    )
    left = x.copy()
    left["bandPosition"] = 0
    room = alt.Chart(alt.NamedData("room")).mark_rect(color=theme.STRUCTURE, opacity=0.11)
    layers = [room.encode(x=left, x2=alt.X2("column:N", bandPosition=1), y=y), marks, *_heads(x, side, columns, sides)]
    if any(cell.number for cell in cells):
        text = base.mark_text(dx=14, fontSize=12, color=theme.INK_COLOUR)
        layers.append(text.encode(xOffset=side, text="number:N"))
    heads = [{"column": column, "side": side} for column in columns for side in sides]
    taken = dict.fromkeys((cell.row, cell.column) for cell in cells)
    data = {"rows": drawn, "heads": heads, "room": [{"row": row, "column": column} for row, column in taken]}
    return theme.finished(alt.layer(*layers), height=ROW * max(len(rows), 1), **data), _sentence(cells, what)


def _drawn(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in ("row", "column", "side", "outcome", "said", "number")}


def _columns_axis() -> alt.Axis:
    """Names of the columns above; beneath each the words of its two halves, see `_heads`."""
    return alt.Axis(
        orient="top",
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelAngle=0,
        labelPadding=22,
        labelFontWeight="bold",
        labelColor=theme.INK_COLOUR,
        labelLimit=alt.ExprRef("containerSize()[0] < 520 ? 44 : 140"),
        labelOverlap=False,
    )


def _heads(x: alt.X, offset: alt.XOffset, columns: Sequence[str], sides: Sequence[str]) -> list[alt.Chart]:
    """Beneath the name of each column: which half is claimed and which is evidenced; a letter where there is no room."""
    room, found = len(columns) * 150 + 200, []
    for word in sides:
        short = alt.ExprRef(f"containerSize()[0] < {room} ? '{word[0].upper()}' : '{word}'")
        mark = alt.Chart(alt.NamedData("heads")).transform_filter(alt.datum.side == word)
        text = mark.mark_text(text=short, fontSize=11, color=theme.INK_COLOUR, baseline="bottom")
        found.append(text.encode(x=x, xOffset=offset, y=alt.value(-5)))
    return found


def _sentence(cells: Sequence[Cell], what: str) -> str:
    """The alt sentence: how many of each side come to what."""
    return f"{what[:1].upper()}{what[1:]}: " + "; ".join(_counted(cells, side) for side in (CLAIMED, EVIDENCED)) + "."


def _counted(cells: Sequence[Cell], side: str) -> str:
    """ "claimed: 3 met, 2 not answered": each row and question once, however many columns ask for it."""
    once: Mapping[tuple[str, str], str] = {(cell.row, cell.said): cell.outcome for cell in cells if cell.side == side}
    numbers = {word: sum(outcome == word for outcome in once.values()) for word in OUTCOMES}
    said = [f"{number:,} {word}" for word, number in numbers.items() if number]
    return f"{side}: {listed(said, most=6) if said else count(0, 'mark')}"
