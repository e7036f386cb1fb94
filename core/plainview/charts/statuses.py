"""Requirements over releases: a row each, a mark a release, so that a status that turned is seen at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import theme
from plainview.charts.rows import clipped

ROW = 34  # pixels
NOT_SET = "not set"

Words = Mapping[str, tuple[str, str, int]]  # word → (glyph, Vega shape, place in the palette)
STATUSES: Words = {
    "met": ("●", "circle", 0),
    "unproven": ("▲", "triangle-up", 1),
    "waived": ("▼", "triangle-down", 1),
    "not met": ("■", "square", 2),
    "no evidence": ("○", theme.RING, 3),
    NOT_SET: ("–", theme.DASH, 3),
}


ANSWERS = {  # of a release to the examples of an incident
    "right": ("●", "circle", 0),
    "wrong": ("■", "square", 2),
    "not tested": ("○", theme.RING, 3),
}


def statuses(
    rows: Sequence[dict[str, Any]],
    *,
    now: str | None = None,
    words: Words = STATUSES,
    noun: str = "requirement",
) -> tuple[dict, str]:
    """Draw the history of requirements, or of another ``noun`` whose statuses are the ``words``.

    Gives the Vega-Lite dict and its alt sentence.
    ``rows`` has a mapping for each requirement and release, requirements in the order to be drawn, releases in time: id,
    title, release, status (one of the words), read (the value in words), changed (what became of the demand; may be
    empty). ``now`` is the release that is looked at; its column is shaded. A stroke stands where what is demanded changed.
    """
    releases = list(dict.fromkeys(row["release"] for row in rows))
    titles = {row["id"]: row["title"] for row in rows}
    drawn = [{**row, "row": f"{row['id']}: {row['title']}"} for row in rows]
    present = {row["status"] for row in rows}
    x = alt.X("release:N", sort=releases, axis=_releases_axis(), scale=alt.Scale(type="band", padding=0))
    edge = x.copy()
    edge["bandPosition"] = 0
    names = theme.names_axis()
    names["labelFlush"] = False  # the first name stands beside its marks
    whole = names["labelExpr"]
    names["labelExpr"] = (
        f"containerSize()[0] < 520 ? split(datum.label, ': ')[0] : {whole}"  # a phone has room for the id
    )
    y = alt.Y("row:N", sort=list(dict.fromkeys(row["row"] for row in drawn)), axis=names)
    base = alt.Chart(theme.ROWS).encode(y=y, tooltip=_tooltip(noun))
    moved = base.transform_filter(alt.datum.changed != "")
    mark = base.mark_point(filled=True, size=120, opacity=1)
    layers = alt.layer(
        base.transform_filter(alt.datum.release == now).mark_rect(color=theme.STRUCTURE, opacity=0.14).encode(x=x),
        moved.mark_tick(orient="vertical", thickness=2, size=ROW * 0.7, color=theme.INK_COLOUR).encode(x=edge),
        mark.encode(x=x, color=_colour(present, words), shape=_shape(present, words)),
    )
    spec = theme.finished(layers, height=ROW * max(len(titles), 1), rows=drawn)
    return spec, _sentence(rows, titles, releases, noun)


def _colour(present: set[str], words: Words) -> alt.Color:
    """A colour of its state: two words may share one."""
    places = {word: place for word, (_, _, place) in words.items() if word in present}
    return alt.Color("status:N", scale=theme.palette(places), legend=_legend(present, words))


def _shape(present: set[str], words: Words) -> alt.Shape:
    domain = list(words)
    scale = alt.Scale(domain=domain, range=[words[word][1] for word in domain])
    return alt.Shape("status:N", scale=scale, legend=_legend(present, words))


def _legend(present: set[str], words: Words) -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        values=[word for word in words if word in present],
        columns=alt.ExprRef("containerSize()[0] < 520 ? 2 : 0"),
        symbolSize=90,
        symbolStrokeWidth=0,
        labelColor=theme.INK_COLOUR,
    )


def _releases_axis() -> alt.Axis:
    bare = {"title": None, "grid": False, "ticks": False, "domain": False}
    return alt.Axis(
        **bare, labelAngle=0, labelFlush=False, labelColor=theme.INK_COLOUR, labelOverlap="greedy", labelLimit=90
    )


def _tooltip(noun: str) -> list[alt.Tooltip]:
    fields = {
        "row": noun.capitalize(),
        "release": "Release",
        "status": "Status",
        "read": "Value",
        "changed": "What changed",
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def _sentence(rows: Sequence[dict], titles: dict[str, str], releases: list[str], noun: str) -> str:
    """The alt sentence: how many, over which releases, and how the first of them went."""
    ends = " to ".join(dict.fromkeys([*releases[:1], *releases[-1:]]))
    parts = [f"{quantities.count(len(titles), noun)} over {quantities.count(len(releases), 'release')}, {ends}."]
    for identifier in list(titles)[:3]:
        mine = [row for row in rows if row["id"] == identifier]
        runs = [
            row
            for before, row in zip([None, *mine], mine, strict=False)
            if not before or before["status"] != row["status"]
        ]
        went = ", ".join(f"{row['status']} from {row['release']}" for row in runs)
        parts.append(f"{clipped(identifier, 30)}: {went}.")
    if len(titles) > 3:
        parts.append(f"{quantities.count(len(titles) - 3, f'more {noun}')} in the table.")
    return " ".join(parts)
