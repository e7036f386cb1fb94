"""What people write: answers, reviews, decisions, incidents. Only added to; conflicting ones are both kept."""

from datetime import UTC, datetime

from pydantic import ValidationError

from plainview.exceptions import ConflictError, InputError
from plainview.records import Event
from plainview.store.adapters import Adapter
from plainview.store.commit import create_record
from plainview.store.keys import event_key
from plainview.store.ulids import new_ulid


def new_event(kind: str, project: str, *, actor: str, body: dict, release: str | None) -> Event:
    """An event of now. InputError where a field is empty or is no text."""
    at = datetime.now(UTC)
    identifier = new_ulid(int(at.timestamp() * 1000))
    try:
        event = Event(id=identifier, at=at, actor=actor, kind=kind, project=project, release=release, body=body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InputError(f"The event's {'.'.join(map(str, first['loc']))} is not valid: {first['msg']}.") from error
    for name in ("kind", "project", "actor"):
        if not getattr(event, name).strip():
            raise InputError(f"The event's {name} is empty.")
    return event


def append(adapter: Adapter, event: Event) -> None:
    """Keep an event; it is there for good when this returns."""
    key = event_key(event.id, f"{event.at:%Y-%m}")
    if not create_record(adapter, key, event):
        raise ConflictError(f"{key} is taken by another event.")
