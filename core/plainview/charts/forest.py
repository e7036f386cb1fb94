"""Paired differences as a forest: one row a scenario, its interval, the margin, and its verdict by shape and colour."""

from collections import Counter
from typing import Any

import altair as alt

from plainview import quantities
from plainview.charts import rows as words
from plainview.charts import theme
from plainview.metrics import METRICS, split_key
from plainview.narrative.moves import flip_words
from plainview.narrative.names import spoken_metric

ROW = 26  # pixels
_WEIGHT = {"worse": 0, "better": 1, "inconclusive": 2, "equivalent": 3, "not comparable": 4}


def forest(frame: Any, *, metric: str, unit: str = "", limit: int = 40) -> tuple[dict, str]:
    """Draw differences (candidate minus baseline) by scenario; return the Vega-Lite dict and its alt sentence.

    ``frame`` has a row a scenario: scenario, behaviour, difference, low, high, verdict, margin (in the metric's own
    unit: proportions as 0…1); optional reason, examples, counted (what those are called, one and many), fixed, broke, better.
    ``metric`` is a key as in results, ``unit`` its unit. At most ``limit`` rows are drawn: the scenario ``all``, then worse,
    better, the largest moves.
    """
    every = words.rows(frame)
    shown = _ordered(_chosen(every, limit), metric)
    note = f"{len(shown)} of {len(every)} scenarios: those that moved most" if len(shown) < len(every) else ""
    spec = _spec(
        [_drawn(row, metric, unit) for row in shown], metric=metric, unit=unit, note=note, better=_better(every, metric)
    )
    return spec, _sentence(every, metric, unit, note)


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


def _ordered(chosen: list[dict], metric: str) -> list[dict]:
    """``all`` first, then from the greatest loss to the greatest gain, then what has no difference."""
    gain = 1 if _better(chosen, metric) == "higher" else -1
    return sorted(
        chosen,
        key=lambda row: (
            row["scenario"] != "all",
            row.get("difference") is None,
            gain * (row.get("difference") or 0.0),
        ),
    )


def _better(every: list[dict], metric: str) -> str:
    """Which values are better: as the rows say, else as the table of metrics does."""
    return next((row["better"] for row in every if row.get("better")), METRICS[split_key(metric)[0]].direction)


def _drawn(row: dict, metric: str, unit: str) -> dict:
    margin = row.get("margin")
    return {
        "scenario": row["scenario"],
        "name": row["name"],
        "behaviour": row.get("behaviour") or "",
        "difference": words.drawn(row.get("difference"), metric),
        "low": words.drawn(row.get("low"), metric),
        "high": words.drawn(row.get("high"), metric),
        "below": words.drawn(-margin if margin else None, metric),
        "above": words.drawn(margin, metric),
        "verdict": row.get("verdict") or "not comparable",
        "read": words.change_read(row, metric, unit),
        "interval": words.change_interval_read(row, metric),
        "within": quantities.margin(margin, metric, unit) if margin else "",
        "missing": "" if row.get("difference") is not None else words.begun(row.get("reason") or "not comparable", 40),
        "reason": row.get("reason") or "",
        "examples": words.counted(row.get("examples"), row),
        **{field: words.number_read(row.get(field)) for field in ("fixed", "broke")},
    }


def _tooltip(metric: str, better: str) -> list[alt.Tooltip]:
    good, bad = (word.capitalize() for word in flip_words(metric, better))
    fields = [
        ("name", "Scenario", "N"),
        ("behaviour", "Behaviour", "N"),
        ("verdict", "Verdict", "N"),
        ("read", "Difference", "N"),
        ("interval", "95% interval", "N"),
        ("within", "Margin", "N"),
        ("examples", "From", "N"),
        ("fixed", good, "N"),
        ("broke", bad, "N"),
        ("reason", "Note", "N"),
    ]
    return [alt.Tooltip(f"{field}:{kind}", title=title) for field, title, kind in fields]


def _spec(values: list[dict], *, metric: str, unit: str, note: str, better: str) -> dict:
    present = {row["verdict"] for row in values}
    end = {"higher": "right is better", "lower": "left is better", "zero": "left is nearer to zero"}
    counted = "points" if words.is_proportion(metric) else words.units(metric, unit)
    axis = theme.value_axis(f"{words.title(metric)}: change{counted and f' in {counted}'}", end[better])
    base = alt.Chart(theme.ROWS).encode(
        y=alt.Y("name:N", sort=[row["name"] for row in values], axis=theme.names_axis())
    )
    colour, shape = theme.colour("verdict", theme.VERDICTS, present), theme.shape("verdict", theme.VERDICTS, present)
    pick = alt.selection_point(name="pick", fields=["scenario"])
    band = base.mark_bar(color=theme.STRUCTURE, opacity=0.16, size=ROW).encode(
        x=alt.X("below:Q", axis=axis), x2="above:Q"
    )
    zero = (
        alt.Chart(alt.NamedData("zero"))
        .mark_rule(color=theme.STRUCTURE, strokeWidth=1.5)
        .encode(x=alt.X("at:Q", axis=axis))
    )
    whisker = base.mark_rule(strokeWidth=2.5, strokeCap="round").encode(
        x=alt.X("low:Q", axis=axis), x2="high:Q", color=colour, tooltip=_tooltip(metric, better)
    )
    mark = base.mark_point(filled=True, size=110, opacity=1, cursor="pointer").encode(
        x=alt.X("difference:Q", axis=axis), color=colour, shape=shape, tooltip=_tooltip(metric, better)
    )
    layers = alt.layer(band, zero, whisker, mark.add_params(pick), theme.absent(base, _tooltip(metric, better)))
    return theme.finished(layers, height=max(ROW * len(values), 2 * ROW), note=note, rows=values, zero=[{"at": 0}])


def _sentence(every: list[dict], metric: str, unit: str, note: str) -> str:
    verdicts = Counter(row.get("verdict") for row in every)
    counts = [f"{verdicts[word]} {word}" for word in theme.VERDICTS if verdicts[word]]
    noun = quantities.count(len(every), "scenario")
    parts = [f"Differences in {spoken_metric(metric)} with their intervals, {noun}: {', '.join(counts) or 'none'}."]
    known = [row for row in every if row.get("difference") and row["scenario"] != "all"]
    for word, falling, pick in (("Largest fall", True, min), ("Largest rise", False, max)):
        row = pick(known, key=lambda item: item["difference"], default=None)
        if row and (row["difference"] < 0) is falling:
            inside = words.change_interval_read(row, metric)
            change = words.change_read(row, metric, unit) + (f" ({inside})" if inside else "")
            parts.append(f"{word}: {words.clipped(row['name'])}, {change}.")
    return " ".join(parts + ([f"Drawn: {note}."] if note else []))
