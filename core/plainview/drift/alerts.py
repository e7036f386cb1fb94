"""Tell someone that a batch has drifted, without a word of any example; whom and how, see `webhooks`.

What is sent are names of columns and metrics with their figures: values of columns, which may be a customer's words, are not.
"""

from typing import Any

from plainview import webhooks
from plainview.drift.batches import Batch

_SENT = ("column", "role", "aspect", "verdict", "distance", "threshold", "adjusted_p")


def message(batch: Batch) -> dict[str, Any]:
    """What is sent: no value of any column, no text of any example."""
    moved = [{name: getattr(shift, name) for name in _SENT} for shift in batch.moved]
    worse = [
        {name: getattr(change, name) for name in ("metric", "baseline", "candidate", "low", "high")}
        for change in batch.worse
    ]
    named = {"project": batch.project, "release": batch.release, "until": batch.until.isoformat(), "event": batch.id}
    return {**named, "outcome": batch.outcome, "rows": batch.rows, "moved": moved, "worse": worse}


def send_alert(batch: Batch, address: str) -> None:
    """Send what moved in a batch. Raises InputError for an address that is not allowed, PlainviewError where it fails."""
    webhooks.send(address, message(batch), kept="the batch is kept")
