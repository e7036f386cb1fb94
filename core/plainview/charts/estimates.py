"""Estimates by scenario: value, interval, the bar a requirement sets, and where the previous release stood."""

from typing import Any

import altair as alt

from plainview.charts import rows as words
from plainview.charts import theme

ROW = 28  # pixels


def estimates(frame: Any, *, unit: str = "proportion", metric: str = "accuracy", limit: int = 40) -> tuple[dict, str]:
    """Draw a metric on each scenario; return the Vega-Lite dict and its alt sentence.

    ``frame`` has a row a scenario, in the order to be drawn: scenario, behaviour, value, low, high, state (one of
    Pass, Watch, Fail, No evidence); optional bar (what a requirement demands), previous (the release before),
    examples, reason (why there is no value). Values in the metric's own unit: proportions as 0…1.
    """
    every = words.titled(words.rows(frame))
    values = [_drawn(row, unit) for row in every[:limit]]
    note = f"The first {limit} of {len(every)} scenarios" if len(every) > limit else ""
    return _spec(values, unit=unit, metric=metric, note=note), _sentence(every, unit, metric, note)


def _drawn(row: dict, unit: str) -> dict:
    low, high, state = row.get("low"), row.get("high"), row.get("state") or "No evidence"
    known = row.get("value") is not None
    return {
        "scenario": row["scenario"],
        "name": row["name"],
        "behaviour": row.get("behaviour") or "",
        "value": words.scaled(row.get("value"), unit),
        "low": words.scaled(low, unit),
        "high": words.scaled(high, unit),
        "bar": words.scaled(row.get("bar"), unit),
        "previous": words.scaled(row.get("previous"), unit),
        "state": state,
        "read": words.amount(row.get("value"), unit),
        "interval": words.span(low, high, unit),
        "demanded": words.amount(row.get("bar"), unit) if row.get("bar") is not None else "",
        "before": words.amount(row.get("previous"), unit) if row.get("previous") is not None else "",
        "examples": row.get("examples"),
        "missing": "" if known else words.clipped(row.get("reason") or "no evidence", 40),
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
        "examples:Q": "Examples",
        "reason:N": "Note",
    }
    return [alt.Tooltip(field, title=title) for field, title in fields.items()]


def _spec(values: list[dict], *, unit: str, metric: str, note: str) -> dict:
    present = {row["state"] for row in values}
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in values], axis=theme.names_axis())
    )
    title = f"{metric[:1].upper()}{metric[1:]}, {words.unit_title(unit)}"
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
    absent = base.mark_text(align="left", color=theme.INK_COLOUR, fontStyle="italic", fontSize=12).encode(
        x=alt.value(6), text="missing:N", tooltip=_tooltip()
    )
    layers = alt.layer(bar, whisker, before, mark.add_params(pick), absent)
    return theme.finished(layers, height=max(ROW * len(values), 2 * ROW), note=note)


def _sentence(every: list[dict], unit: str, metric: str, note: str) -> str:
    known = [row for row in every if row.get("value") is not None]
    noun = "scenario" if len(every) == 1 else "scenarios"
    parts = [f"Estimates of {metric} with their intervals, {len(every)} {noun}."]
    if known:
        least, most = (pick(known, key=lambda row: row["value"]) for pick in (min, max))
        parts.append(f"Lowest: {_named(least, unit)}; highest: {_named(most, unit)}.")
    barred = [row for row in known if row.get("bar") is not None]
    if barred:
        failed = sum(row.get("state") == "Fail" for row in barred)
        parts.append(f"{len(barred)} have a requirement; {failed} of these fail.")
    if len(known) < len(every):
        parts.append(f"{len(every) - len(known)} without a value.")
    return " ".join(parts + ([f"Shown: {note[:1].lower()}{note[1:]}."] if note else []))


def _named(row: dict, unit: str) -> str:
    inside = words.span(row.get("low"), row.get("high"), unit)
    return f"{words.clipped(row['name'])} {words.amount(row['value'], unit)}" + (f" ({inside})" if inside else "")
