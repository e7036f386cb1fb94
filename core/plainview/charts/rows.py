"""Frame → rows that a chart can take: plain dicts, nothing missing but None, proportions as percentages."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

PROPORTION = "proportion"
EVERYTHING = "All examples"  # what readers call the scenario ``all``
MINUS = "\u2212"


def rows(frame: Any) -> list[dict[str, Any]]:
    """Rows of a pandas or Polars frame, or of an iterable of mappings; NaN becomes None."""
    if isinstance(frame, pl.DataFrame):
        records: Iterable[Mapping] = frame.to_dicts()
    elif hasattr(frame, "to_dict"):
        records = frame.to_dict(orient="records")
    else:
        records = frame
    return [{str(key): present(value) for key, value in record.items()} for record in records]


def titled(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows with ``name``: what a reader calls the scenario, told apart by its behaviour where two share one."""
    twice = {name for name, times in Counter(row["scenario"] for row in records).items() if times > 1}
    return [{**row, "name": _title(row, row["scenario"] in twice)} for row in records]


def _title(row: dict[str, Any], ambiguous: bool) -> str:
    name = EVERYTHING if row["scenario"] == "all" else row["scenario"]
    return f"{name} · {row['behaviour']}" if ambiguous and row.get("behaviour") else name


def present(value: Any) -> Any:
    """The value, or None where it is not a number, or missing in the way of pandas."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if type(value).__name__ in ("NAType", "NaTType") else value


def scaled(value: float | None, unit: str) -> float | None:
    """What is drawn: a proportion ×100, other units as they are; rounded where no reader sees it."""
    if value is None:
        return None
    return round(float(value) * (100 if unit == PROPORTION else 1), 6)


def amount(value: float | None, unit: str) -> str:
    """A value as it is read: ``61.5%`` or ``12.3 minutes``."""
    if value is None:
        return "no value"
    return f"{value * 100:.1f}%" if unit == PROPORTION else f"{_figure(value)} {unit}".strip()


def difference(value: float | None, unit: str) -> str:
    """A difference as it is read, always with its sign: ``+7.6 points`` or ``−0.4 minutes``."""
    if value is None:
        return "no value"
    drawn = value * 100 if unit == PROPORTION else value
    word = "points" if unit == PROPORTION else unit
    return f"{signed(drawn)} {word}".strip()


def signed(value: float) -> str:
    """A figure with its sign; what rounds to nothing has none."""
    figure = _figure(abs(value))
    if float(figure.replace(",", "")) == 0:
        return figure
    return f"{'+' if value > 0 else MINUS}{figure}"


def span(low: float | None, high: float | None, unit: str, *, sign: bool = False) -> str:
    """An interval as it is read: ``58.2 to 64.7``, or with signs ``+4.8 to +10.3``; empty where there is none."""
    if low is None or high is None:
        return ""
    ends = [end * 100 if unit == PROPORTION else end for end in (low, high)]
    words = [signed(end) if sign else _figure(end).replace("-", MINUS) for end in ends]
    return " to ".join(words)


def clipped(name: str, limit: int = 60) -> str:
    """A name short enough for a sentence."""
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"


def unit_title(unit: str, *, change: bool = False) -> str:
    """The end of an axis title: ``%``, ``points`` or the label's unit."""
    if unit == PROPORTION:
        return "points" if change else "%"
    return unit or "units of the label"


def _figure(value: float) -> str:
    return f"{value:,.1f}" if abs(value) >= 0.95 or value == 0 else f"{value:.2g}" if abs(value) < 0.095 else f"{value:.2f}"
