"""Scenarios over releases: one row a scenario, all on one axis of releases, so that a break shows down the page.

Every row spans the same number of units around its own level: heights compare between rows, levels are written.
Rows are laid out here and not by facets, because only a single view can be as wide as its container.
"""

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

import altair as alt

from plainview import quantities
from plainview.breaks import EVERYWHERE, KINDS
from plainview.charts import rows as words
from plainview.charts import theme

ROW = 84  # pixels
WORDS = 100  # pixels that the words of a break take
HEAD = 0.34  # the part of a row that its name takes


def trends(frame: Any, *, metric: str, unit: str = "", limit: int = 12) -> tuple[dict, str]:
    """Draw small multiples of a metric over releases; return the Vega-Lite dict and its alt sentence.

    ``frame`` has a row for each scenario and release, scenarios in the order to be drawn: scenario, release, order
    (the place of the release in time), value, low, high, status ("measured", "too few examples", "undefined"),
    test_set; optional bar (the requirement), examples, breaks (kinds of `breaks.KINDS`): there lines break, and a mark says
    why. Without a column of breaks, lines break where test_set changes.
    Values in the metric's own unit: proportions as 0…1. ``metric`` is a key as in results, ``unit`` the label's unit.
    """
    every = words.rows(frame)
    groups = [_in_time(row for row in every if row["name"] == name) for name in dict.fromkeys(r["name"] for r in every)]
    releases = list(dict.fromkeys(row["release"] for row in _in_time(every)))
    breaks = _everywhere(every)
    note = f"The first {limit} of {len(groups)} scenarios" if len(groups) > limit else ""
    spec = _spec(groups[:limit], releases=releases, breaks=breaks, metric=metric, unit=unit, note=note)
    return spec, _sentence(groups, releases, breaks, metric, unit)


def sparkline(frame: Any, *, metric: str) -> list[float]:
    """Values of one scenario in the order of releases, as a tile or a table column takes them; missing ones left out, and
    those before the last break: they are not of the same thing.
    """
    every = _in_time(words.rows(frame))
    since = max((place for place, row in enumerate(every) if row.get("breaks")), default=0)
    return [words.drawn(row["value"], metric) for row in every[since:] if row.get("value") is not None]


def _in_time(group: Iterable[dict]) -> list[dict]:
    return sorted(group, key=lambda row: row["order"])


def _everywhere(every: list[dict]) -> list[dict]:
    """The releases at which every line breaks, because of another test set or another metric, and the words for it."""
    if any("breaks" in row for row in every):
        found = {(row["order"], row["release"]): [] for row in _in_time(every)}
        for row in every:
            found[row["order"], row["release"]] += [kind for kind in row["breaks"] or () if kind in EVERYWHERE]
        return [{"release": release, "words": _why(kinds)} for (_, release), kinds in found.items() if kinds]
    versions = {row["order"]: (row["release"], row.get("test_set")) for row in every}
    ordered = [versions[order] for order in sorted(versions)]
    return [
        {"release": now[0], "words": _why(["test set"])} for before, now in pairwise(ordered) if now[1] != before[1]
    ]


def _spaced(breaks: list[dict], releases: list[str]) -> list[dict]:
    """Each break after the first with ``gap``, the part of the width that is left of it for its words."""
    places = [releases.index(each["release"]) for each in breaks]
    gaps = [{}, *({"gap": (now - before) / len(releases)} for before, now in pairwise(places))]
    return [each | gap for each, gap in zip(breaks, gaps, strict=False)]


def _why(kinds: Iterable[str]) -> str:
    there = set(kinds)
    return ", ".join(said for kind, said in KINDS.items() if kind in there)


def _turns(groups: list[list[dict]]) -> list[dict]:
    """Where one scenario alone became another: a mark across its row, from below its name."""
    return [
        {"release": row["release"], "y": index + HEAD * 0.9, "y2": index + 1, "words": why, "name": row["name"]}
        for index, group in enumerate(groups)
        for row in group
        if (why := _why(kind for kind in row.get("breaks") or () if kind not in EVERYWHERE))
    ]


def _reach(group: list[dict]) -> tuple[float, float]:
    ends = [row.get(field) for row in group for field in ("low", "high", "value", "bar") if row.get(field) is not None]
    return (min(ends), max(ends)) if ends else (0.0, 0.0)


def _placed(groups: list[list[dict]], metric: str, unit: str) -> list[dict]:
    reaches = [_reach(group) for group in groups]
    height = max((high - low for low, high in reaches), default=0.0) or 1.0

    def at(value: float | None, index: int) -> float | None:
        low, high = reaches[index]
        if value is None:
            return None
        within = (value - (low + high) / 2) / height + 0.5
        return round(index + 1 - (1 - HEAD) * (0.08 + 0.84 * within), 6)

    return [
        {
            "scenario": row["scenario"],
            "name": row["name"],
            "release": row["release"],
            "y": at(row.get("value"), index),
            "low": at(row.get("low"), index),
            "high": at(row.get("high"), index),
            "bar": at(row.get("bar"), index),
            "state": "No evidence" if row.get("status") != "measured" else "measured",
            "read": words.value_read(row.get("value"), metric, unit),
            "interval": words.interval_read(row.get("low"), row.get("high"), metric, unit),
            "demanded": words.value_read(row.get("bar"), metric, unit),
            "examples": row.get("examples"),
            "status": row.get("status") or "",
            "segment": segment,
        }
        for index, group in enumerate(groups)
        for row, segment in zip(group, _segments(group), strict=True)
    ]


def _segments(group: list[dict]) -> list[int]:
    """The line of a scenario is broken where its values stop being of the same thing: 0 before the first break, then 1, …"""
    if "breaks" in group[0]:
        broken = [bool(row["breaks"]) for row in group]
    else:
        broken = [False, *(now.get("test_set") != before.get("test_set") for before, now in pairwise(group))]
    return list(accumulate(broken, initial=0))[1:]


def _heads(groups: list[list[dict]], metric: str, unit: str) -> list[dict]:
    return [
        {"at": index + HEAD * 0.55, "rule": index, "name": group[0]["name"], "now": _now(group, metric, unit)}
        for index, group in enumerate(groups)
    ]


def _now(group: list[dict], metric: str, unit: str) -> str:
    """The newest value, and what is demanded."""
    value = next((row["value"] for row in reversed(group) if row.get("value") is not None), None)
    bar = next((row["bar"] for row in reversed(group) if row.get("bar") is not None), None)
    demanded = f"  ·  requirement {quantities.bar(bar, metric, unit)}" if bar is not None else ""
    return (words.value_read(value, metric, unit) or "no evidence") + demanded


def _spec(
    groups: list[list[dict]], *, releases: list[str], breaks: list[dict], metric: str, unit: str, note: str
) -> dict:
    scale = alt.Scale(domain=[0, max(len(groups), 1)], reverse=True, nice=False, zero=False)
    row = {"axis": None, "scale": scale}
    x = alt.X("release:N", sort=releases, axis=_releases_axis(), scale=alt.Scale(type="band", padding=0))
    turns = _turns(groups)
    layers = [*_breaks_layers(x), *(_turn_layers(x, row) if turns else ()), *_value_layers(x, row), *_head_layers(row)]
    return theme.finished(
        alt.layer(*layers),
        height=ROW * max(len(groups), 1),
        note=note,
        rows=_placed(groups, metric, unit),
        heads=_heads(groups, metric, unit),
        breaks=_spaced(breaks, releases),
        **({"turns": turns} if turns else {}),
    )


def _releases_axis() -> alt.Axis:
    bare = {"title": None, "grid": False, "ticks": False, "domain": False}
    return alt.Axis(**bare, labelAngle=0, labelColor=theme.INK_COLOUR, labelOverlap="greedy", labelLimit=90)


def _breaks_layers(x: alt.X) -> list[alt.Chart]:
    """A dashed rule on the edge between two releases whose values are not of the same thing, through every row."""
    edge = x.copy()
    edge["bandPosition"] = 0
    base = alt.Chart(alt.NamedData("breaks")).encode(x=edge)
    tooltip = [alt.Tooltip("words:N", title="From here on"), alt.Tooltip("release:N", title="Release")]
    words_above = base.mark_text(fontSize=12, dy=-8, color=theme.INK_COLOUR)
    near = f"isValid(datum.gap) && datum.gap * width < {WORDS}"  # words over words read as neither
    apart = alt.condition(near, alt.value(0), alt.value(1))
    return [
        words_above.encode(y=alt.value(0), text="words:N", opacity=apart),
        base.mark_rule(color=theme.STRUCTURE, strokeDash=[6, 4], strokeWidth=1.5).encode(tooltip=tooltip),
    ]


def _turn_layers(x: alt.X, row: dict) -> list[alt.Chart]:
    """The same for one scenario alone, within its row."""
    edge = x.copy()
    edge["bandPosition"] = 0
    base = alt.Chart(alt.NamedData("turns")).encode(x=edge, y=alt.Y("y:Q", **row))
    titles = {"words": "From here on", "name": "Scenario", "release": "Release"}
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    rule = base.mark_rule(color=theme.STRUCTURE, strokeDash=[2, 2], strokeWidth=1.5)
    label = base.mark_text(align="left", dx=4, dy=4, fontSize=11, color=theme.INK_COLOUR)
    return [rule.encode(y2="y2:Q", tooltip=tooltip), label.encode(text="words:N")]


def _value_layers(x: alt.X, row: dict) -> list[alt.Chart]:
    """Interval band, requirement, line and points; what has too few examples is a grey ring off the line."""
    base = alt.Chart(theme.ROWS).encode(x=x)
    colour = alt.Color("state:N", scale=theme.palette({"measured": 0, "No evidence": 3}), legend=None)
    shapes = alt.Scale(domain=["measured", "No evidence"], range=["circle", theme.RING])
    band = base.mark_area(opacity=0.16, color=alt.ExprRef("scale('color', 'measured')"))
    bar = base.mark_line(strokeDash=[2, 3], color=theme.STRUCTURE, strokeWidth=1.5)
    line = base.transform_filter(alt.datum.state == "measured").mark_line(strokeWidth=2)
    point = base.mark_point(filled=True, size=50, opacity=1)
    shape = alt.Shape("state:N", scale=shapes, legend=None)
    return [
        band.encode(y=alt.Y("low:Q", **row), y2="high:Q", detail=["name:N", "segment:N"]),
        bar.encode(y=alt.Y("bar:Q", **row), detail=["name:N", "segment:N"]),
        line.encode(y=alt.Y("y:Q", **row), detail=["name:N", "segment:N"], color=colour),
        point.encode(y=alt.Y("y:Q", **row), color=colour, shape=shape, tooltip=_tooltip()),
    ]


def _head_layers(row: dict) -> list[alt.Chart]:
    """Above each row its name and its newest value."""
    base = alt.Chart(alt.NamedData("heads")).encode(y=alt.Y("at:Q", **row))
    room = alt.ExprRef("width * 0.58")
    name = base.mark_text(align="left", color=theme.INK_COLOUR, fontWeight=600, fontSize=13, limit=room)
    now = base.mark_text(align="right", color=theme.INK_COLOUR, fontSize=13)
    return [
        base.mark_rule(color=theme.STRUCTURE, opacity=0.25).encode(y=alt.Y("rule:Q", **row)),
        name.encode(x=alt.value(4), text="name:N", tooltip=alt.Tooltip("name:N", title="Scenario")),
        now.encode(x=alt.value(alt.ExprRef("width - 4")), text="now:N"),
    ]


def _tooltip() -> list[alt.Tooltip]:
    fields = {
        "name": "Scenario",
        "release": "Release",
        "read": "Estimate",
        "interval": "95% interval",
        "demanded": "Requirement",
        "examples": "Examples",
        "status": "Status",
    }
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields.items()]


def _sentence(groups: list[list[dict]], releases: list[str], breaks: list[dict], metric: str, unit: str) -> str:
    over = f"over {quantities.count(len(releases), 'release')}"
    parts = [f"{words.title(metric)} of {quantities.count(len(groups), 'scenario')} {over}"]
    ends = list(dict.fromkeys([*releases[:1], *releases[-1:]]))
    parts[0] += f", {' to '.join(ends)}." if ends else "."
    for group in groups[:3]:
        known = [quantities.value(row["value"], metric, unit) for row in group if row.get("value") is not None]
        if known:
            parts.append(f"{words.clipped(group[0]['name'])}: {known[0]} to {known[-1]}.")
    if len(groups) > 3:
        parts.append(f"{len(groups) - 3} more in the chart.")
    for why in dict.fromkeys(each["words"] for each in breaks):
        where = quantities.listed([each["release"] for each in breaks if each["words"] == why])
        what = f"The test set changed at {where}" if why == KINDS["test set"] else f"From {where} on: {why}"
        parts.append(f"{what}: before and after are not of the same thing.")
    turned = [f"“{words.clipped(turn['name'])}”: {turn['words']} at {turn['release']}." for turn in _turns(groups)]
    return " ".join(parts + turned[:3])
