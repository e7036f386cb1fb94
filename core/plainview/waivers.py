"""Waivers: someone answers for a requirement that is not met, with a reason and an end. Never an edit of what was measured.

A waiver is an event in the store, and events are only ever added. Where several cover the same requirement all are kept and
shown; of those in force the latest counts. It holds until the end of its last day (UTC), and then shows as lapsed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from plainview import narrative
from plainview.exceptions import InputError, nearest
from plainview.records import Event
from plainview.specification import load_specification
from plainview.specification.types import Name, Prose
from plainview.store import DamagedItem, Store
from plainview.store.events import key_of
from plainview.written import day_of

if TYPE_CHECKING:
    from plainview.requirements import Standing

KIND = "waiver"


@dataclass(frozen=True)
class Waiver:
    """One waiver, as it is read on a day."""

    id: str  # of the event
    at: datetime  # when it was written, UTC
    by: str  # who wrote it
    project: str
    release: str | None  # None: every release
    requirement: str
    owner: str  # who answers for it
    reason: str
    until: date  # its last day
    in_force: bool  # whether that day is still to end

    def covers(self, requirement: str, release: str) -> bool:
        """Whether it is of this requirement and this release."""
        return self.requirement == requirement and self.release in (None, release)

    def to_dict(self) -> dict:
        """The waiver as plain values."""
        return asdict(self) | {"at": self.at.isoformat(), "until": self.until.isoformat()}


_day = day_of("last day of a waiver")


class _Body(BaseModel):
    """What the event holds. A later Plainview may add to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    requirement: Name
    owner: Name
    reason: Prose
    until: Annotated[date, BeforeValidator(_day)]


def waive(
    store: Store,
    project: str,
    release: str,
    requirement: str,
    *,
    owner: str,
    reason: str,
    until: date | str,
    every_release: bool = False,
    actor: str | None = None,
    today: date | None = None,
) -> Waiver:
    """Waive a requirement of a release, or with ``every_release`` of all releases, until the end of the day ``until``.

    ``actor`` is who waives (default: the user who runs this), ``today`` the day it is (default: now, UTC). Raises
    NotFoundError for an unknown project or release, InputError where the specification of that release has no such
    requirement, a text is empty, or the day is not in the future; nothing is written then.
    """
    today = today or _today()
    known = _requirements(store, project, release)
    if requirement not in known:
        where = f"The specification of {project} {release} has no requirement {requirement!r}."
        raise InputError(f"{where} {nearest(requirement, known)}")
    last = _day(until)
    if last <= today:
        raise InputError(f"A waiver must end in the future. Got {last.isoformat()}, and today is {today.isoformat()}.")
    texts = {"owner": _checked(Name, owner, "owner"), "reason": _checked(Prose, reason, "reason")}
    body = {"requirement": requirement, **texts, "until": last.isoformat()}
    kept = store.append_event(KIND, project, release=None if every_release else release, body=body, actor=actor)
    return _read(kept, today)


def waivers_of(store: Store, project: str, *, today: date | None = None) -> tuple[list[Waiver], list[DamagedItem]]:
    """Every waiver of a project, the latest first; and the events that say they are one and cannot be understood."""
    today, found, unreadable = today or _today(), [], []
    for event in reversed(store.events(project, kind=KIND)):
        try:
            found.append(_read(event, today))
        except ValidationError as error:
            field = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
            reason = f"A waiver whose {field!r} cannot be understood. It waives nothing."
            unreadable.append(DamagedItem(key_of(event), reason, "Upgrade Plainview, or write the waiver again."))
    return found, unreadable


def laid_over(standings: Sequence["Standing"], waivers: Sequence[Waiver], *, release: str) -> list["Standing"]:
    """The standings of a release: waived where a waiver is in force, with what was measured beside it. Latest waivers first."""
    return [_laid_over(row, [each for each in waivers if each.covers(row.id, release)]) for row in standings]


def _laid_over(row: "Standing", waivers: Sequence[Waiver]) -> "Standing":
    if not waivers:
        return row
    sentence = narrative.waived_sentence(row, waivers)
    row = replace(row, waivers=tuple(waivers), sentence=sentence)
    in_force = any(each.in_force for each in waivers)
    return replace(row, status="waived", measured=row.status) if in_force else row


def _read(event: Event, today: date) -> Waiver:
    """The waiver in an event; ValidationError where it holds none."""
    body = _Body.model_validate(event.body)
    return Waiver(
        id=event.id,
        at=event.at,
        by=event.actor,
        project=event.project,
        release=event.release,
        requirement=body.requirement,
        owner=body.owner,
        reason=body.reason,
        until=body.until,
        in_force=today <= body.until,
    )


def _requirements(store: Store, project: str, release: str) -> list[str]:
    """The ids that the newest evaluations of a release demand, on whichever test set; NotFoundError without the release."""
    store.evaluation(project, release)
    newest = [one for one in store.releases(project) if one.release == release]
    demanded = [load_specification(store.specification_text(one)) for one in newest]
    return list(dict.fromkeys(each.id for specification in demanded for each in specification.requirements))


def _checked(kind: Any, text: object, what: str) -> str:
    try:
        return TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"The {what} of a waiver: {message}.") from None


def _today() -> date:
    return datetime.now(UTC).date()
