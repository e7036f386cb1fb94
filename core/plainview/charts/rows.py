"""Frame → rows that a chart can take: plain dicts, what is missing None, proportions ×100 as they are read."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from plainview import quantities
from plainview.metrics import METRICS, split_key
from plainview.narrative.moves import moved_by

EVERYTHING = "All examples"  # what readers call the scenario ``all``


def rows(frame: Any) -> list[dict[str, Any]]:
    """Rows of a pandas or Polars frame, or of an iterable of mappings; ``name`` is added: the scenario as it is read."""
    if isinstance(frame, pl.DataFrame):
        records: Iterable[Mapping] = frame.to_dicts()
    elif hasattr(frame, "to_dict"):
        records = frame.to_dict(orient="records")
    else:
        records = frame
    return [_row(record) for record in records]


def _row(record: Mapping) -> dict[str, Any]:
    row = {str(key): present(value) for key, value in record.items()}
    return {**row, "name": titled(row["scenario"])}


def titled(scenario: str) -> str:
    """A scenario as it is read: its own name, or "All examples"."""
    return EVERYTHING if scenario == "all" else scenario


def present(value: Any) -> Any:
    """The value, or None where it is not a finite number, or missing in the way of pandas."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if type(value).__name__ in ("NAType", "NaTType") else value


def is_proportion(metric: str) -> bool:
    """Whether the metric's values lie in 0…1 and are read as percentages."""
    return METRICS[split_key(metric)[0]].unit == "proportion"


def units(metric: str, unit: str) -> str:
    """What values that are no proportions are counted in, for an axis; empty for bare numbers."""
    name, of = split_key(metric)
    if unit or METRICS[name].unit == "number":
        return unit
    return f"units of {of}" if of and METRICS[name].per_column else "units of the label"


def title(metric: str) -> str:
    """The metric's name for an axis: "Accuracy", "Recall for negative"."""
    name, of = split_key(metric)
    return METRICS[name].heading(of)


def drawn(value: float | None, metric: str) -> float | None:
    """What is drawn: a proportion ×100, other values as they are."""
    return None if value is None else round(float(value) * (100 if is_proportion(metric) else 1), 6)


def value_read(value: float | None, metric: str, unit: str) -> str:
    """A value with its unit; empty where there is none."""
    return "" if value is None else quantities.value(value, metric, unit)


def number_read(number: int | None) -> str:
    """A number for a tooltip, in which a missing one would read "null"; empty where there is none."""
    return "" if number is None else f"{number:,}"


def counted(number: float | None, row: Mapping) -> str:
    """A number of what the row's metric counts: "1,204 boxes"; of examples where the row has no ``counted``."""
    return "" if number is None else quantities.count(number, *(row.get("counted") or ("example", "examples")))


def interval_read(low: float | None, high: float | None, metric: str, unit: str) -> str:
    """The ends of an interval; empty where there is none."""
    return "" if low is None or high is None else quantities.span(low, high, metric, unit)


def change_read(row: Mapping, metric: str, unit: str) -> str:
    """A difference with its unit: "+7.6 points"; empty where there is none."""
    return (
        ""
        if row.get("difference") is None
        else moved_by(
            row["difference"], metric, unit, better=row.get("better") or METRICS[split_key(metric)[0]].direction
        )
    )


def change_interval_read(row: Mapping, metric: str) -> str:
    """The ends of a difference's interval, signed: "+4.8 to +10.3"; empty where there is none."""
    low, high = row.get("low"), row.get("high")
    return "" if low is None or high is None else " to ".join(quantities.signed(end, metric) for end in (low, high))


def clipped(name: str, limit: int = 60) -> str:
    """A name short enough for a sentence: long ones lose their middle, as names often differ at the end."""
    head, tail = limit // 2, limit - limit // 2 - 1
    return name if len(name) <= limit else f"{name[:head].rstrip()}…{name[-tail:].lstrip()}"


def begun(text: str, limit: int) -> str:
    """The beginning of a text that is read as one."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
