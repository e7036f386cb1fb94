"""Estimates by scenario: value, interval, the bar a requirement sets, and where the previous release stood."""

from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme
from plainview.narrative.names import spoken_metric

ROW = 28  # pixels


def estimates(frame: Any, *, metric: str, unit: str = "", limit: int = 40) -> tuple[dict, str]:
    """Draw a metric on each scenario; return the Vega-Lite dict and its alt sentence.

    ``frame`` has a row a scenario, in the order to be drawn: scenario, behaviour, value, low, high, state (one of
    Pass, Watch, Fail, No evidence); optional bar (what a requirement demands), previous (the release before), of or
    examples (how many the value is from), counted (what those are called, one and many), reason (why there is no value).
    Values in the metric's own unit: proportions as 0…1. ``metric`` is a key as in results, ``unit`` its unit.
    """
    every = words.rows(frame)
    values = [_drawn(row, metric, unit) for row in every[:limit]]
    note = f"The first {limit} of {len(every)} scenarios" if len(every) > limit else ""
    return _spec(values, metric=metric, unit=unit, note=note), _sentence(every, metric, unit, note)


def _drawn(row: dict, metric: str, unit: str) -> dict:
    low, high = row.get("low"), row.get("high")
    return {
        "scenario": row["scenario"],
        "name": row["name"],
        "behaviour": row.get("behaviour") or "",
        **{field: words.drawn(row.get(field), metric) for field in ("value", "low", "high", "bar", "previous")},
        "state": row.get("state") or "No evidence",
        "read": words.value_read(row.get("value"), metric, unit),
        "interval": words.interval_read(low, high, metric, unit),
        "demanded": words.value_read(row.get("bar"), metric, unit),
        "before": words.value_read(row.get("previous"), metric, unit),
        "examples": words.counted(row.get("of", row.get("examples")), row),
        "missing": "" if row.get("value") is not None else words.begun(row.get("reason") or "no evidence", 40),
        "reason": row.get("reason") or "",
    }


def _tooltip() -> list[alt.Tooltip]:
    fields = {
        "name:N": "Scenario",
        "behaviour:N": "Behaviour",
        "state:N": "State",
        "read:N": "Estimate",
        "interval:N": "95% interval",
        "demanded:N": "Requirement",
        "before:N": "Previous release",
        "examples:N": "From",
        "reason:N": "Note",
    }
    return [alt.Tooltip(field, title=title) for field, title in fields.items()]


def _spec(values: list[dict], *, metric: str, unit: str, note: str) -> dict:
    present = {row["state"] for row in values}
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in values], axis=theme.names_axis())
    )
    counted = "%" if words.is_proportion(metric) else words.units(metric, unit)
    title = ", ".join(filter(None, [words.title(metric), counted]))
    extras = [
        word
        for field, word in (("bar", "┃ requirement"), ("previous", "○ previous release"))
        if any(row[field] is not None for row in values)
    ]
    axis = theme.value_axis(title, "   ".join(extras))
    scale = alt.Scale(zero=False, nice=True, padding=10)
    colour, shape = theme.colour("state", theme.STATES, present), theme.shape("state", theme.STATES, present)
    pick = alt.selection_point(name="pick", fields=["scenario"])
    whisker = base.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
        x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q", color=colour, tooltip=_tooltip()
    )
    before = base.mark_point(shape=theme.RING, filled=True, size=70, color=theme.STRUCTURE, opacity=1).encode(
        x="previous:Q", tooltip=_tooltip()
    )
    bar = base.mark_tick(color=theme.STRUCTURE, thickness=3, size=ROW * 0.8, opacity=1).encode(
        x="bar:Q", tooltip=_tooltip()
    )
    mark = base.mark_point(filled=True, size=110, opacity=1, cursor="pointer").encode(
        x="value:Q", color=colour, shape=shape, tooltip=_tooltip()
    )
    layers = alt.layer(bar, whisker, before, mark.add_params(pick), theme.absent(base, _tooltip()))
    return theme.finished(layers, height=max(ROW * len(values), 2 * ROW), note=note, rows=values)


def _sentence(every: list[dict], metric: str, unit: str, note: str) -> str:
    known = [row for row in every if row.get("value") is not None]
    parts = [f"Estimates of {spoken_metric(metric)} with their intervals, {quantities.count(len(every), 'scenario')}."]
    if known:
        least, most = (pick(known, key=lambda row: row["value"]) for pick in (min, max))
        parts.append(f"Lowest: {_named(least, metric, unit)}; highest: {_named(most, metric, unit)}.")
    barred = [row for row in every if row.get("bar") is not None]
    if barred:
        failed = sum(row.get("state") == "Fail" for row in barred)
        parts.append(f"{quantities.count(len(barred), 'requirement')}, {failed} failed.")
    if len(known) < len(every):
        parts.append(f"{len(every) - len(known)} without a value.")
    return " ".join(parts + ([f"Drawn: {note[:1].lower()}{note[1:]}."] if note else []))


def _named(row: dict, metric: str, unit: str) -> str:
    inside = words.interval_read(row.get("low"), row.get("high"), metric, unit)
    return f"{words.clipped(row['name'])} {quantities.value(row['value'], metric, unit)}" + (
        f" ({inside})" if inside else ""
    )
