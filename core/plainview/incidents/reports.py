"""What is written of an incident: reporting one, reading them, withdrawing one that was none. Events, only ever added to."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from plainview.exceptions import FrameError, InputError, nearest
from plainview.frames import check_ids, class_text, read_frame
from plainview.quantities import count, listed
from plainview.records import Evaluation, Event
from plainview.specification import Specification, load_specification
from plainview.specification.types import Name, Prose
from plainview.store import DamagedItem, Store
from plainview.store.events import key_of
from plainview.written import day_of

KIND, WITHDRAWN = "incident", "incident withdrawn"
KINDS = (KIND, WITHDRAWN)
EXAMPLES = "examples"  # the table of new rows
Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
MOST_IDS = 1_000


@dataclass(frozen=True)
class Incident:
    """One incident, as it was reported."""

    id: str  # of the event
    at: datetime  # when it was reported, UTC
    by: str  # who reported it
    project: str
    release: str | None  # in which it happened; None: unknown
    name: str
    what: str  # what happened, in words
    owner: str
    severity: Severity
    happened: date
    ids: tuple[str, ...]  # of its examples
    scenario: str  # what the scenario that guards it is to be called
    bar: float | None = None  # for numbers how far off an answer may be, for grades what it must reach
    new_rows: bool = False  # whether its examples are rows that were handed over with it

    @property
    def code(self) -> str:
        """A short name that stays: "INC-4XK2P9"."""
        return f"INC-{self.id[-6:]}"

    def to_dict(self) -> dict:
        """The incident as plain values."""
        return asdict(self) | {
            "code": self.code,
            "at": self.at.isoformat(),
            "happened": self.happened.isoformat(),
            "ids": list(self.ids),
        }


_day = day_of("day of an incident")


class _Body(BaseModel):
    """What the event holds. A later Plainview may add to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Name
    what: Prose
    owner: Name
    severity: Severity
    happened: Annotated[date, BeforeValidator(_day)]
    ids: tuple[Name, ...] = Field(min_length=1)
    scenario: Name
    bar: float | None = Field(default=None, allow_inf_nan=False)


def report_incident(
    store: Store,
    project: str,
    name: str,
    *,
    what: str,
    owner: str,
    severity: Severity = "high",
    ids: Sequence[str] = (),
    examples: Any = None,
    release: str | None = None,
    happened: date | str | None = None,
    scenario: str | None = None,
    bar: float | None = None,
    actor: str | None = None,
    today: date | None = None,
) -> Incident:
    """Report an incident with its examples: ``ids`` of the newest test set, or ``examples``, new rows as a frame or a file.

    ``release`` is the one in which it happened, ``happened`` the day (default: today), ``scenario`` what the scenario that will
    guard it is to be called (default: the name). ``bar`` is for numbers, how far off an answer may be in the label's unit, and
    for grades, what an answer must reach. Raises NotFoundError for an unknown project or release, FrameError for rows that
    cannot be used, InputError for all else; nothing is written then.
    """
    today = today or datetime.now(UTC).date()
    newest = _newest(store, project)
    if release is not None:
        store.evaluation(project, release)
    specification = load_specification(store.specification_text(newest[-1]))
    day = _day(happened) if happened is not None else today
    if day > today:
        raise InputError(f"An incident cannot have happened after today, {today.isoformat()}. Got {day.isoformat()}.")
    if severity not in SEVERITIES:
        raise InputError(f"There is no severity {severity!r}. {nearest(severity, SEVERITIES)}")
    rows, chosen = _examples(store, newest, specification, ids, examples)
    body = {
        "name": _checked(Name, name, "name"),
        "what": _checked(Prose, what, "description"),
        "owner": _checked(Name, owner, "owner"),
        "severity": severity,
        "happened": day.isoformat(),
        "ids": chosen,
        "scenario": _scenario(specification, scenario or name, chosen),
        "bar": _bar(specification, bar),
    }
    _check_new(store, project, body["name"])
    tables = {} if rows is None else {EXAMPLES: rows}
    return _read(store.append_event(KIND, project, release=release, body=body, actor=actor, tables=tables))


def withdraw(store: Store, project: str, incident: str, *, reason: str, actor: str | None = None) -> Incident:
    """Say that an incident was none: its code, id or name, and why. It is kept, and counts no more. Raises InputError."""
    there = incidents_of(store, project)[0]
    found = next((each for each in there if incident in (each.id, each.code, each.name)), None)
    if found is None:
        known = nearest(incident, [text for each in there for text in (each.name, each.code)])
        raise InputError(f"There is no incident {incident!r} of {project}. {known}")
    body = {"incident": found.id, "reason": _checked(Prose, reason, "reason")}
    store.append_event(WITHDRAWN, project, release=found.release, body=body, actor=actor)
    return found


def incidents_of(store: Store, project: str) -> tuple[list[Incident], list[DamagedItem]]:
    """Every incident of a project that was not withdrawn, the latest first; and the events that cannot be understood."""
    events = store.events(project)
    gone = {str(each.body.get("incident")) for each in events if each.kind == WITHDRAWN}
    found, unreadable = [], []
    for event in reversed([each for each in events if each.kind == KIND and each.id not in gone]):
        try:
            found.append(_read(event))
        except (ValidationError, InputError):
            reason = "An incident that says too little to be followed: which examples, whose, how severe."
            unreadable.append(DamagedItem(key_of(event), reason, "Report it again with plainview incident."))
    return found, unreadable


def new_examples(store: Store, incident: Incident) -> pl.DataFrame | None:
    """The rows that were handed over with an incident, to be added to the test set; None where it names ids of the test set."""
    if not incident.new_rows:
        return None
    event = next(each for each in store.events(incident.project, kind=KIND) if each.id == incident.id)
    return store.attached(event, EXAMPLES)


def _read(event: Event) -> Incident:
    body = _Body.model_validate(event.body)
    return Incident(
        id=event.id,
        at=event.at,
        by=event.actor,
        project=event.project,
        release=event.release,
        new_rows=EXAMPLES in event.tables,
        **body.model_dump(),
    )


def _newest(store: Store, project: str) -> list[Evaluation]:
    """The evaluations of the latest release, one a test set; NotFoundError for an unknown project."""
    line = store.releases(project)
    return [one for one in line if one.release == line[-1].release]


def _examples(
    store: Store, newest: Sequence[Evaluation], specification: Specification, ids: Sequence[str], examples: Any
) -> tuple[pl.DataFrame | None, list[str]]:
    """New rows, if any, and the ids; InputError unless exactly one of both is given and fits the test set."""
    if bool(len(ids)) == (examples is not None):
        found = "both" if len(ids) else "neither"
        raise InputError(f"Found {found} of ids and examples; exactly one says what went wrong.")
    known = _known_ids(store, newest)
    if examples is None:
        chosen = list(dict.fromkeys(_checked(Name, each, "ids") for each in ids))
        unknown = [each for each in chosen if known is not None and each not in known]
        if unknown:
            none = (
                f"{listed([repr(each) for each in unknown])} {'is' if len(unknown) == 1 else 'are'} not in the test set"
            )
            raise InputError(f"{none} of {newest[-1].release}. {nearest(unknown[0], sorted(known or ()))}")
        rows = None
    else:
        rows = _rows(examples, specification)
        chosen = class_text(rows[specification.columns.id]).to_list()
        there = [each for each in chosen if known is not None and each in known]
        if there:
            those = (
                f"{count(len(there), 'id')} of these rows {'is' if len(there) == 1 else 'are'} in the test set already"
            )
            raise InputError(f"{those}: {listed(there)}. Report such examples by their ids.")
    if len(chosen) > MOST_IDS:
        raise InputError(f"An incident has at most {MOST_IDS:,} examples. Got {len(chosen):,}.")
    return rows, chosen


def _known_ids(store: Store, newest: Sequence[Evaluation]) -> set[str] | None:
    """Every id of the newest test sets; None where the rows of one are elsewhere."""
    if any(one.source is not None for one in newest):
        return None
    names = [load_specification(store.specification_text(one)).columns.id for one in newest]
    columns = (store.examples(one, [name])[name] for one, name in zip(newest, names, strict=True))
    return {identifier for column in columns for identifier in column.cast(pl.String)}


def _rows(examples: Any, specification: Specification) -> pl.DataFrame:
    columns = specification.columns
    rows = read_frame(examples, id_column=columns.id)
    check_ids(rows, columns.id)
    if columns.label is not None and columns.label not in rows.columns:
        advice = nearest(columns.label, rows.columns)
        raise FrameError(f"There is no column {columns.label!r} with what would have been right. {advice}")
    if columns.label is not None and rows[columns.label].null_count():
        raise FrameError(f"Every row must say in column {columns.label!r} what would have been right.")
    return rows


def _scenario(specification: Specification, name: str, ids: Iterable[str]) -> str:
    """The name of the scenario that guards; InputError where one of another kind has it."""
    name = _checked(Name, name, "scenario")
    taken = next((each for each in specification.scenarios if each.name == name), None)
    if taken is not None and not set(taken.ids or ()) >= set(ids):
        raise InputError(f"There is a scenario {name!r} with other examples already. Give the incident's another name.")
    return name


def _bar(specification: Specification, bar: float | None) -> float | None:
    if specification.task == "regression" and bar is None:
        raise InputError("Answers are numbers: say with bar how far off an answer may be.")
    if bar is not None and specification.task not in ("regression", "scored"):
        raise InputError(f"A bar is for numbers and grades; the answers of {specification.task} are right or wrong.")
    return None if bar is None else float(bar)


def _check_new(store: Store, project: str, name: str) -> None:
    if any(each.name == name for each in incidents_of(store, project)[0]):
        raise InputError(f"The incident {name!r} of {project} is reported already.")


def _checked(kind: Any, text: object, what: str) -> Any:
    try:
        return TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"The {what} of an incident: {message}.") from None
