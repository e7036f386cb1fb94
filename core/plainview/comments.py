"""Comments: what people say of a requirement or a scenario, release by release. Events, only ever added to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from plainview.exceptions import InputError, nearest
from plainview.records import Event
from plainview.specification import load_specification
from plainview.specification.types import Name, Prose
from plainview.store import Store

KIND = "comment"
Subject = Literal["requirement", "scenario"]
SUBJECTS: tuple[Subject, ...] = ("requirement", "scenario")


@dataclass(frozen=True)
class Comment:
    """One comment."""

    id: str  # of the event
    at: datetime  # UTC
    by: str
    project: str
    release: str  # that the person looked at
    subject: Subject
    name: str  # the requirement's id, or the scenario's name
    text: str

    def to_dict(self) -> dict:
        """The comment as plain values."""
        return asdict(self) | {"at": self.at.isoformat()}


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: Subject
    name: Name
    text: Prose


def comment(
    store: Store, project: str, release: str, subject: Subject, name: str, text: str, *, actor: str | None = None
) -> Comment:
    """Say something of a requirement (by its id) or a scenario (by its name) of a release.

    Raises NotFoundError for an unknown project or release, InputError where there is nothing of this name or nothing is said.
    """
    if subject not in SUBJECTS:
        raise InputError(
            f"A comment is on a requirement or a scenario, not on {subject!r}. {nearest(subject, SUBJECTS)}"
        )
    specification = load_specification(store.specification_text(store.evaluation(project, release)))
    rows = specification.requirements if subject == "requirement" else specification.scenarios
    known = [each.id if subject == "requirement" else each.name for each in rows]
    if name not in known:
        raise InputError(f"{project} {release} has no {subject} {name!r}. {nearest(name, known)}")
    try:
        said = TypeAdapter(Prose).validate_python(text)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"The text of a comment: {message}.") from None
    body = {"subject": subject, "name": name, "text": said}
    return _read(store.append_event(KIND, project, release=release, body=body, actor=actor))


def comments_of(events: Sequence[Event], subject: Subject) -> dict[str, list[Comment]]:
    """The comments among some events on requirements, or on scenarios: by name, the oldest first.

    What cannot be understood as one is left out: events are written by more than this.
    """
    found: dict[str, list[Comment]] = {}
    for event in events:
        if event.kind == KIND and event.release and event.body.get("subject") == subject:
            try:
                one = _read(event)
            except ValidationError:
                continue
            found.setdefault(one.name, []).append(one)
    return found


def _read(event: Event) -> Comment:
    body = _Body.model_validate(event.body)
    return Comment(event.id, event.at, event.actor, event.project, event.release or "", **body.model_dump())
