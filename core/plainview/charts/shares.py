"""Shares of errors: a row a class, a scenario or a release, its share with the interval, and the share of all beside it."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme

ROW = 26  # pixels


def shares(
    rows: Sequence[dict[str, Any]], *, what: str, of: str, whole: float | None = None, limit: int = 30
) -> tuple[dict, str]:
    """Draw shares with their intervals; return the Vega-Lite dict and its alt sentence.

    ``rows`` in the order to be drawn: name, share, low, high (0…1; None where there is none), errors, examples. ``what`` is
    counted ("wrong answers"), ``of`` names what a row is ("class"); ``whole`` is the share of all, drawn as a line.
    """
    known = [row for row in rows if row.get("share") is not None]
    drawn = [_drawn(row) for row in known[:limit]]
    note = f"The first {limit} of {len(known)}" if len(known) > limit else ""
    return _spec(drawn, what=what, of=of, whole=whole, note=note), _sentence(known, what, of, whole, note)


def _drawn(row: dict) -> dict:
    read = quantities.value(row["share"], "accuracy")
    return {
        "name": row["name"],
        **{field: None if row.get(field) is None else round(100 * row[field], 4) for field in ("share", "low", "high")},
        "read": f"{row['errors']:,} of {row['examples']:,} ({read})",
        "interval": words.interval_read(row.get("low"), row.get("high"), "accuracy", ""),
    }


def _spec(drawn: list[dict], *, what: str, of: str, whole: float | None, note: str) -> dict:
    fields = {"name:N": of.capitalize(), "read:N": _large(what), "interval:N": "95% interval"}
    tooltip = [alt.Tooltip(field, title=title) for field, title in fields.items()]
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in drawn], axis=theme.names_axis()), tooltip=tooltip
    )
    beside = "┆ all examples" if whole is not None else ""
    axis = theme.value_axis(f"{_large(what)}, % of the examples", beside)
    x = {"axis": axis, "scale": alt.Scale(zero=True, nice=True)}
    colour = alt.Color("mark:N", scale=theme.palette({"share": 5}), legend=None)
    share = base.transform_calculate(mark="'share'")
    layers = [
        share.mark_rule(strokeWidth=2.5, strokeCap="round").encode(x=alt.X("low:Q", **x), x2="high:Q", color=colour),
        share.mark_point(filled=True, size=100, opacity=1).encode(x="share:Q", color=colour),
    ]
    if whole is not None:
        line = alt.Chart(alt.NamedData("whole")).mark_rule(color=theme.STRUCTURE, strokeWidth=2, strokeDash=[4, 3])
        layers.insert(0, line.encode(x="whole:Q"))
    datasets = {"rows": drawn} | ({"whole": [{"whole": round(100 * whole, 4)}]} if whole is not None else {})
    return theme.finished(alt.layer(*layers), height=ROW * max(len(drawn), 2), note=note, **datasets)


def _sentence(known: list[dict], what: str, of: str, whole: float | None, note: str) -> str:
    parts = [f"{_large(what)} by {of}, as shares with their intervals: {quantities.count(len(known), 'row')}."]
    if known:
        most, least = (pick(known, key=lambda row: row["share"]) for pick in (max, min))
        parts.append(f"Highest: {_named(most)}; lowest: {_named(least)}.")
    if whole is not None:
        parts.append(f"Of all examples {quantities.value(whole, 'accuracy')}.")
    return " ".join(parts + ([f"Drawn: {note[:1].lower()}{note[1:]}."] if note else []))


def _named(row: dict) -> str:
    return f"{words.clipped(row['name'])} {quantities.value(row['share'], 'accuracy')}"


def _large(text: str) -> str:
    """With a large first letter, and the names in it as they are."""
    return text[:1].upper() + text[1:]
