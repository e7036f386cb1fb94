"""Bodies of events as models: what a person wrote is checked before it is kept, and read again with care."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from plainview.exceptions import InputError
from plainview.records import Event
from plainview.specification.types import Prose
from plainview.store import DamagedItem
from plainview.store.events import key_of


class Body(BaseModel):
    """What an event holds. A later Plainview may add to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def kept(self) -> dict:
        """As it is kept: without what is not said."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value not in (None, "", [])}


def day_of(what: str) -> Callable[[date | str], date]:
    """A reader of days written yyyy-mm-dd: InputError that says whose day it is for anything else."""

    def read_day(day: date | str) -> date:
        if type(day) is date:
            return day
        with suppress(TypeError, ValueError):
            found = date.fromisoformat(day)
            if found.isoformat() == day:
                return found
        raise InputError(f"The {what} must be written yyyy-mm-dd. Got {day!r} instead.")

    return read_day


Kind = TypeVar("Kind", bound=Body)
Said = Annotated[Prose | None, BeforeValidator(lambda text: text.strip() or None if isinstance(text, str) else text)]


def checked(model: type[Kind], what: str, **given: Any) -> Kind:
    """The body, or an InputError that names the part that cannot be used: "The owner of an error pattern: found …"."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        part = ".".join(map(str, first["loc"])) or "body"
        message = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise InputError(f"The {part} of {what}: {message[:1].lower()}{message[1:]}.") from None


def read(events: Iterable[Event], model: type[Kind]) -> tuple[list[tuple[Event, Kind]], list[DamagedItem]]:
    """Events with their bodies, in order; and those whose body cannot be understood, with the reason."""
    found, unreadable = [], []
    for event in events:
        try:
            found.append((event, model.model_validate(event.body)))
        except ValidationError as error:
            part = ".".join(map(str, error.errors(include_url=False)[0]["loc"])) or "body"
            reason = f"A {event.kind} whose {part!r} cannot be understood. It is not shown."
            unreadable.append(DamagedItem(key_of(event), reason, "Upgrade Plainview, or write it again."))
    return found, unreadable
