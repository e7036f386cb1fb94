"""What people and tools write: answers, reviews, decisions, checks. Only added to; conflicting ones are both kept."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from plainview.exceptions import ConflictError, InputError
from plainview.records import ATTACHED, Event
from plainview.store.adapters import Adapter
from plainview.store.commit import check_present, create_record
from plainview.store.digests import Tabular
from plainview.store.drafts import check_text
from plainview.store.keys import event_key
from plainview.store.tables import write_table
from plainview.store.ulids import new_ulid


def new_event(kind: str, project: str, *, actor: str, body: dict, release: str | None) -> Event:
    """An event of now. InputError where a field is empty or is no text."""
    for what, text in {"kind": kind, "project": project, "actor": actor, "release": release}.items():
        if text is not None or what != "release":
            check_text(text, what=f"The {what} of the event")
    if not isinstance(body, dict):
        raise InputError(f"The body of the event must be a mapping. Got {body!r:.100}.")
    at = datetime.now(UTC)
    identifier = new_ulid(int(at.timestamp() * 1000))
    return Event(id=identifier, at=at, actor=actor, kind=kind, project=project, release=release, body=body)


def key_of(event: Event) -> str:
    """Where an event lies: by the month in which it was written, and its id."""
    return event_key(event.id, f"{event.at:%Y-%m}")


def with_tables(adapter: Adapter, events: Sequence[Event], tables: Mapping[str, Tabular]) -> list[Event]:
    """The events with tables that they share, which are stored first: until an event is appended, nothing names them."""
    if not tables:
        return list(events)
    for name in tables:
        check_text(name, what="The name of a table")
    files = {name: write_table(adapter, "attached", table) for name, table in tables.items()}
    having = {"tables": files, "schema_version": ATTACHED, "min_reader": ATTACHED}
    return [event.model_copy(update=having) for event in events]


def append(adapter: Adapter, event: Event) -> None:
    """Keep an event; it is there for good when this returns."""
    key = key_of(event)
    for file in event.files:
        check_present(adapter, file)
    if not create_record(adapter, key, event):
        raise ConflictError(f"{key} is taken by another event.")
