"""The log of who wrote what and who took what away: read from records that are only ever added to.

Nothing is logged apart: every evaluation and every event names who wrote it and when, and every export leaves an event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plainview.records import Evaluation, Event

EXPORT = "export"  # the kind of event that a download leaves
SHOWN = ("title", "what", "name", "id", "decision", "requirement", "framework", "status", "file")  # what names it best


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: datetime
    actor: str
    kind: str  # "publish", else the kind of the event
    project: str
    release: str | None
    what: str  # of the body, what names it best; may be empty
    id: str


def log(evaluations: Iterable[Evaluation], events: Iterable[Event]) -> list[Entry]:
    """Every write and every export, the latest first."""
    entries = [_published(each) for each in evaluations] + [_written(each) for each in events]
    return sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)


def _published(one: Evaluation) -> Entry:
    return Entry(one.published_at, one.actor, "publish", one.project, one.release, one.test_set.name, one.id)


def _written(one: Event) -> Entry:
    named = next((one.body[key] for key in SHOWN if isinstance(one.body.get(key), str)), "")
    return Entry(one.at, one.actor, one.kind, one.project, one.release, named[:200], one.id)
