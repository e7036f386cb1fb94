"""Decisions as they are kept and read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from plainview.exceptions import InputError
from plainview.records import Evaluation, Event
from plainview.specification.types import Name, Prose
from plainview.store import DamagedItem, Store
from plainview.store.events import key_of
from plainview.written import day_of

KIND = "decision"
Choice = Literal["go", "conditional go", "no-go"]
CHOICES: tuple[Choice, ...] = ("go", "conditional go", "no-go")
STATES = {"go": "Pass", "conditional go": "Watch", "no-go": "Fail"}


read_day = day_of("day of a condition")


class Condition(BaseModel):
    """What must be done for a conditional go to hold: by whom, until the end of which day."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    condition: Prose
    owner: Name
    until: Annotated[date, BeforeValidator(read_day)]


class Evidence(BaseModel):
    """What a decision rests on, by ids and digests: enough to say later what has moved. All digests are SHA-256."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    evaluations: dict[str, str]  # test set -> ULID of the evaluation
    specification: str  # digest of its text
    results: str  # digest of every result
    baseline: str | None = None  # the release it was compared with
    baseline_evaluation: str | None = None  # ULID
    comparison: str | None = None  # digest of the verdicts
    requirements: dict[str, str] = {}
    waivers: dict[str, str] = {}
    incidents: dict[str, str] = {}
    assessments: tuple[str, ...] = ()  # ids of the events
    gate: str = ""  # pass, fail, not proven
    digest: str = ""  # of all of the above


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    decision: Choice
    reason: Prose
    conditions: tuple[Condition, ...] = ()
    evidence: Evidence


@dataclass(frozen=True)
class Decision:
    """One decision on a release."""

    id: str  # of the event
    at: datetime  # UTC
    by: str
    project: str
    release: str
    decision: Choice
    reason: str
    conditions: tuple[Condition, ...]
    evidence: Evidence

    @property
    def state(self) -> str:
        """The state that pages show."""
        return STATES[self.decision]

    def overdue(self, today: date) -> list[Condition]:
        """The conditions whose day is over: met or not, someone has to say so in a new decision."""
        return [each for each in self.conditions if each.until < today]

    def to_dict(self) -> dict:
        """The decision as plain values."""
        parts = {
            "conditions": [each.model_dump(mode="json") for each in self.conditions],
            "evidence": self.evidence.model_dump(mode="json"),
        }
        return asdict(self) | {"at": self.at.isoformat()} | parts


def decisions_of(store: Store, project: str, release: str | None = None) -> tuple[list[Decision], list[DamagedItem]]:
    """Every decision on a release, or on all of a project's, the latest first; and events that cannot be understood."""
    found, unreadable = [], []
    for event in reversed(store.events(project, release=release, kind=KIND)):
        try:
            found.append(read(event))
        except (ValidationError, InputError):
            reason = "A decision that does not say what was decided, why, or on which evidence. It decides nothing."
            unreadable.append(DamagedItem(key_of(event), reason, "Decide again with plainview decide."))
    return found, unreadable


def read(event: Event) -> Decision:
    """The decision in an event; ValidationError where it holds none."""
    body = _Body.model_validate(event.body)
    if event.release is None:
        raise InputError("A decision is on a release; this one names none.")
    return Decision(
        id=event.id,
        at=event.at,
        by=event.actor,
        project=event.project,
        release=event.release,
        decision=body.decision,
        reason=body.reason,
        conditions=body.conditions,
        evidence=body.evidence,
    )


def latest(store: Store, project: str, release: str) -> Decision | None:
    """The decision that counts; None where nobody has decided."""
    return next(iter(decisions_of(store, project, release)[0]), None)


def approved(store: Store, project: str, earlier: Sequence[Evaluation]) -> Evaluation | None:
    """Of some releases in order the latest whose decision that counts is go or conditional go."""
    counts: dict[str, str] = {}
    for each in decisions_of(store, project)[0]:
        counts.setdefault(each.release, each.decision)
    return next((one for one in reversed(earlier) if counts.get(one.release) in ("go", "conditional go")), None)
