"""One batch of production, held against the test set: what is kept of it, and how it is read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import polars as pl

from plainview.drift.judging import VERDICTS, Shift
from plainview.exceptions import InputError
from plainview.records import Event
from plainview.verdicts import Change

KIND = "monitoring"
Outcome = Literal["alarm", "cannot tell", "as before"]
COLUMNS, PERFORMANCE, DRAWN = "columns", "performance", "then and now"  # the tables of the event
_URGENT = {verdict: place for place, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True)
class Batch:
    """A batch: the shifts of its columns, the most urgent first, and where labels have arrived what became of the metrics."""

    project: str
    release: str
    name: str
    until: date  # the last day that it holds
    rows: int
    reference: str  # "the test set", or the name of a file
    reference_rows: int
    test_set: str  # digest of the test set of the release
    shifts: tuple[Shift, ...]
    changes: tuple[Change, ...] = ()  # of metrics, test set against batch; empty without labels
    labels: int = 0  # rows that have one
    unlabelled: str = ""  # why no metric was measured
    left_out: tuple[str, ...] = ()
    at: datetime | None = None  # when it was kept
    id: str = ""  # of the event
    drawn: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False, compare=False)

    @property
    def moved(self) -> tuple[Shift, ...]:
        """The columns that moved or are not there, the farthest first."""
        return tuple(shift for shift in self.shifts if shift.verdict in ("moved", "not there"))

    @property
    def worse(self) -> tuple[Change, ...]:
        """The metrics that are worse than on the test set."""
        return tuple(change for change in self.changes if change.verdict == "worse")

    @property
    def outcome(self) -> Outcome:
        """An alarm where a column moved or a metric is worse; cannot tell where some column has too few rows."""
        if self.moved or self.worse:
            return "alarm"
        open_ = any(shift.verdict == "too few rows" for shift in self.shifts)
        return "cannot tell" if open_ or not self.shifts else "as before"

    def body(self) -> dict[str, Any]:
        """What stands in the event itself; columns and metrics are tables of it."""
        tested = [shift for shift in self.shifts if shift.verdict != "not there"]
        methods = sorted({shift.method for shift in tested})
        return {
            "batch": self.name,
            "until": self.until.isoformat(),
            "rows": self.rows,
            "reference": self.reference,
            "reference_rows": self.reference_rows,
            "test_set": self.test_set,
            "outcome": self.outcome,
            "drifted": bool(self.moved),
            "moved": list(dict.fromkeys(shift.column for shift in self.moved)),
            "share": len({shift.column for shift in self.moved}) / max(len({shift.column for shift in self.shifts}), 1),
            "worse": [[change.scenario, change.metric] for change in self.worse],
            "labels": self.labels,
            "unlabelled": self.unlabelled,
            "left_out": list(self.left_out),
            "methods": methods,
        }

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, as ``plainview monitor --json`` prints it."""
        named = {"project": self.project, "release": self.release, **self.body(), "event": self.id or None}
        return {
            **named,
            "columns": [shift.to_dict() for shift in self.shifts],
            "performance": [_plain(change) for change in self.changes],
        }

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables of the event, by name; an empty one is left out."""
        shifts = pl.DataFrame([shift.to_dict() for shift in self.shifts], schema=_SHIFTS)
        made = {COLUMNS: shifts.with_columns(pl.col("new").list.eval(pl.element().cast(pl.String)))}
        if self.changes:
            made[PERFORMANCE] = pl.DataFrame([_plain(change) for change in self.changes], infer_schema_length=None)
        if self.drawn.height:
            made[DRAWN] = self.drawn
        return made


_SHIFTS = {
    "column": pl.String, "role": pl.String, "aspect": pl.String, "kind": pl.String, "verdict": pl.String,
    "reason": pl.String, "distance": pl.Float64, "threshold": pl.Float64, "at_most": pl.Float64, "p_value": pl.Float64,
    "adjusted_p": pl.Float64, "then_rows": pl.Int64, "now_rows": pl.Int64, "measure": pl.String, "then": pl.Float64,
    "now": pl.Float64, "new": pl.List(pl.String), "method": pl.String,
}  # fmt: skip
_KEPT = (
    "scenario", "behaviour", "metric", "baseline", "candidate", "difference", "low", "high", "p_value", "verdict", "examples",
    "more_examples_needed", "reason", "adjusted_p", "margin", "better", "method",
)  # fmt: skip


def _plain(change: Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in _KEPT}


def ordered(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """The most urgent first, and of those the farthest beyond what matters."""
    return tuple(sorted(shifts, key=lambda one: (_URGENT[one.verdict], -(one.distance or 0) / (one.threshold or 1))))


def batch_in(event: Event, columns: pl.DataFrame | None = None, performance: pl.DataFrame | None = None) -> Batch:
    """The batch that an event holds; without its tables, only what its body says.

    Raises InputError where it cannot be understood.
    """
    try:
        body = event.body
        shifts = () if columns is None else tuple(_shift(row) for row in columns.iter_rows(named=True))
        changes = () if performance is None else tuple(_change(row) for row in performance.iter_rows(named=True))
        return Batch(
            event.project, event.release or "", str(body["batch"]), date.fromisoformat(body["until"]), int(body["rows"]),
            str(body["reference"]), int(body["reference_rows"]), str(body["test_set"]), shifts, changes,
            labels=int(body["labels"]), unlabelled=str(body["unlabelled"]), left_out=tuple(body["left_out"]),
            at=event.at, id=event.id,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"The batch of {event.at:%Y-%m-%d} cannot be understood.") from error


def _shift(row: dict[str, Any]) -> Shift:
    return Shift(**{**row, "new": tuple(row["new"] or ())})


def _change(row: dict[str, Any]) -> Change:
    return Change(**{name: row[name] for name in _KEPT}, fixed=None, broke=None)
