"""Paired differences as a forest: one row a scenario, its interval, the margin, and its verdict by shape and colour."""

from typing import Any

import altair as alt

from plainview.charts import rows as words
from plainview.charts import theme

ROW = 26  # pixels
_WEIGHT = {"worse": 0, "better": 1, "inconclusive": 2, "equivalent": 3, "not comparable": 4}


def forest(
    frame: Any, *, unit: str = "proportion", direction: str = "higher", metric: str = "accuracy", limit: int = 40
) -> tuple[dict, str]:
    """Draw differences (candidate minus baseline) by scenario; return the Vega-Lite dict and its alt sentence.

    ``frame`` has a row a scenario: scenario, behaviour, difference, low, high, verdict, margin (in the metric's own
    unit: proportions as 0…1); optional examples, fixed, broke. ``direction`` is "higher", "lower" or "zero".
    At most ``limit`` rows are drawn: the scenario ``all``, then worse, better and the largest moves.
    """
    every = words.titled(words.rows(frame))
    shown = _ordered(_chosen(every, limit), direction)
    note = f"{len(shown)} of {len(every)} scenarios: those that moved most" if len(shown) < len(every) else ""
    values = [_drawn(row, unit) for row in shown]
    return _spec(values, unit=unit, direction=direction, metric=metric, note=note), _sentence(every, unit, metric, note)


def _chosen(every: list[dict], limit: int) -> list[dict]:
    if len(every) <= limit:
        return every
    return sorted(every, key=_importance)[:limit]


def _importance(row: dict) -> tuple:
    known = row.get("difference") is not None
    return (
        row["scenario"] != "all",
        not known,
        min(_WEIGHT.get(row.get("verdict"), 5), 2),
        -abs(row["difference"]) if known else 0.0,
    )


def _ordered(chosen: list[dict], direction: str) -> list[dict]:
    """``all`` first, then from the greatest loss to the greatest gain, then what has no difference."""
    better = -1 if direction == "lower" else 1
    return sorted(
        chosen,
        key=lambda row: (
            row["scenario"] != "all",
            row.get("difference") is None,
            better * (row.get("difference") or 0.0),
        ),
    )


def _drawn(row: dict, unit: str) -> dict:
    low, high = row.get("low"), row.get("high")
    return {
        "scenario": row["scenario"],
        "behaviour": row.get("behaviour") or "",
        "name": row["name"],
        "difference": words.scaled(row.get("difference"), unit),
        "low": words.scaled(low, unit),
        "high": words.scaled(high, unit),
        "below": words.scaled(-(row.get("margin") or 0.0), unit),
        "above": words.scaled(row.get("margin") or 0.0, unit),
        "verdict": row.get("verdict") or "not comparable",
        "read": words.difference(row.get("difference"), unit),
        "interval": words.span(low, high, unit, sign=True),
        "within": words.amount(row.get("margin"), unit).replace("%", " points") if row.get("margin") else "",
        "examples": row.get("examples"),
        "fixed": row.get("fixed"),
        "broke": row.get("broke"),
    }


def _tooltip() -> list[alt.Tooltip]:
    fields = [
        ("name", "Scenario", "N"),
        ("behaviour", "Behaviour", "N"),
        ("verdict", "Verdict", "N"),
        ("read", "Difference", "N"),
        ("interval", "95% interval", "N"),
        ("within", "Margin", "N"),
        ("examples", "Examples", "Q"),
        ("fixed", "Fixed", "Q"),
        ("broke", "Broke", "Q"),
    ]
    return [alt.Tooltip(f"{field}:{kind}", title=title) for field, title, kind in fields]


def _spec(values: list[dict], *, unit: str, direction: str, metric: str, note: str) -> dict:
    present = {row["verdict"] for row in values}
    end = {"higher": "right is better", "lower": "left is better"}.get(direction, "nearer to zero is better")
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in values], axis=theme.names_axis())
    )
    axis = theme.value_axis(f"Change in {metric}, {words.unit_title(unit, change=True)}", end)
    colour, shape = theme.colour("verdict", theme.VERDICTS, present), theme.shape("verdict", theme.VERDICTS, present)
    pick = alt.selection_point(name="pick", fields=["scenario"])
    band = base.mark_bar(color=theme.STRUCTURE, opacity=0.16, size=ROW).encode(x=alt.X("below:Q", axis=axis), x2="above:Q")
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=theme.STRUCTURE, strokeWidth=1.5).encode(x=alt.X("at:Q", axis=axis))
    whisker = base.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
        x=alt.X("low:Q", axis=axis), x2="high:Q", color=colour, tooltip=_tooltip()
    )
    mark = base.mark_point(filled=True, size=110, opacity=1, cursor="pointer").encode(
        x=alt.X("difference:Q", axis=axis), color=colour, shape=shape, tooltip=_tooltip()
    )
    layers = alt.layer(band, zero, whisker, mark.add_params(pick))
    return theme.finished(layers, height=max(ROW * len(values), 2 * ROW), note=note)


def _sentence(every: list[dict], unit: str, metric: str, note: str) -> str:
    counts = [
        f"{sum(row.get('verdict') == word for row in every)} {word}"
        for word in theme.VERDICTS
        if any(row.get("verdict") == word for row in every)
    ]
    noun = "scenario" if len(every) == 1 else "scenarios"
    parts = [f"Differences in {metric} with their intervals, {len(every)} {noun}: {', '.join(counts) or 'none'}."]
    known = [row for row in every if row.get("difference") is not None and row["scenario"] != "all"]
    for word, pick in (("Largest fall", min), ("Largest rise", max)):
        row = pick(known, key=lambda item: item["difference"], default=None)
        if row and (row["difference"] < 0) == (pick is min) and row["difference"] != 0:
            parts.append(f"{word}: {words.clipped(row['name'])}, {_with_interval(row, unit)}.")
    return " ".join(parts + ([f"Shown: {note}."] if note else []))


def _with_interval(row: dict, unit: str) -> str:
    inside = words.span(row.get("low"), row.get("high"), unit, sign=True)
    return words.difference(row["difference"], unit) + (f" ({inside})" if inside else "")
