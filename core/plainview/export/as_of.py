"""A store as a document saw it: the evaluations and events that it names, and the day; nothing that came later."""

from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from plainview.exceptions import InputError, NotFoundError
from plainview.incidents import followed
from plainview.incidents.reports import KIND as INCIDENT
from plainview.incidents.reports import WITHDRAWN
from plainview.narrative.decided import conditions_in
from plainview.records import Evaluation, Event
from plainview.store import Store, catalogue
from plainview.waivers import KIND as WAIVER
from plainview.waivers import waivers_of

DECISION, SPLIT = "decision", "split"
INCIDENTS = (INCIDENT, WITHDRAWN)


@dataclass(frozen=True)
class Pins:
    """What a document of a release is made from."""

    project: str
    release: str
    test_set: str
    evaluation: str  # ULID
    baseline: str | None  # the release that was asked for; None: the one before
    line: tuple[str, ...]  # ULIDs of all releases of the project, in order
    events: tuple[str, ...]  # ULIDs of waivers, decisions, incidents, and what is declared of the training data
    day: date  # on which events were looked at: the first one on which they stood as they do

    def to_dict(self) -> dict[str, Any]:
        """The pins as plain values."""
        return asdict(self) | {"day": self.day.isoformat()}

    @classmethod
    def from_dict(cls, values: Any) -> "Pins":
        """The pins from a manifest; InputError where it holds none."""
        try:
            known = {each.name: values[each.name] for each in fields(cls)}
            listed = {name: tuple(map(_text, known[name])) for name in ("line", "events")}
            texts = {name: _text(known[name]) for name in ("project", "release", "test_set", "evaluation")}
            before = None if known["baseline"] is None else _text(known["baseline"])
            return cls(**texts, **listed, baseline=before, day=date.fromisoformat(known["day"]))
        except (TypeError, KeyError, ValueError) as error:
            raise InputError(f"The manifest does not say which records the file is of: {error!r:.100}.") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def pins_of(
    store: Store,
    project: str,
    release: str,
    *,
    baseline: str | None = None,
    test_set: str | None = None,
    today: date | None = None,
) -> Pins:
    """What a document of a release would be made from now. Raises NotFoundError."""
    evaluation = store.evaluation(project, release, test_set=test_set)
    line = store.releases(project)
    events = [event for event in store.events(project) if _concerns(event, release)]
    return Pins(
        project=project,
        release=release,
        test_set=evaluation.test_set.name,
        evaluation=evaluation.id,
        baseline=baseline,
        line=tuple(one.id for one in line),
        events=tuple(event.id for event in events),
        day=_day(store, evaluation, events, today or datetime.now(UTC).date()),
    )


def _concerns(event: Event, release: str) -> bool:
    """Whether a document of the release may say what the event says."""
    releases = (release,) if event.kind == DECISION else (None, release)
    return event.kind in INCIDENTS or (event.kind in (WAIVER, DECISION, SPLIT) and event.release in releases)


def _day(store: Store, evaluation: Evaluation, events: list[Event], today: date) -> date:
    """The first day on which everything stood as it does today, so that a document stays the same until something changes.

    While no test case guards an incident, its days are counted, and each day is another.
    """
    if any(event.kind in INCIDENTS for event in events):
        there = followed(store, evaluation.project, until=evaluation.release, today=today)
        if any(each.guard is None for each in there):
            return today
    turned = [evaluation.published_at.date(), *(event.at.date() for event in events)]
    known = {event.id for event in events}
    turned += [
        each.until + timedelta(days=1)
        for each in waivers_of(store, evaluation.project, today=today)[0]
        if each.id in known
    ]
    turned += [day + timedelta(days=1) for event in events if event.kind == DECISION for day in _due(event)]
    return max((day for day in turned if day <= today), default=today)


def _due(event: Event) -> list[date]:
    """The last days of the conditions of a decision."""
    return [until for _, _, until in conditions_in(event.body)]


class AsOf:
    """A store that shows what is pinned, and no other evaluation or event of the project."""

    def __init__(self, store: Store, pins: Pins) -> None:
        self._store, self._pins = store, pins
        found = {one.id: one for one in store.evaluations(pins.project)}
        missing = [identifier for identifier in (pins.evaluation, *pins.line) if identifier not in found]
        if missing:
            raise NotFoundError(f"The store at {store.url} has no evaluation {missing[0]} of {pins.project!r}.")
        self._line = [found[identifier] for identifier in pins.line]
        self._evaluation = found[pins.evaluation]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def evaluation(self, project: str, release: str, *, test_set: str | None = None) -> Evaluation:
        """The evaluation that the document is of."""
        if (project, release) == (self._evaluation.project, self._evaluation.release):
            return self._evaluation
        return catalogue.choose(catalogue.of_release(self._line, project, release), test_set=test_set)

    def releases(self, project: str) -> list[Evaluation]:
        """The releases that were there, in their order."""
        return list(self._line)

    def events(self, project: str | None = None, **narrowed: str | None) -> list[Event]:
        """Of what people wrote, what is pinned."""
        wanted = set(self._pins.events)
        return [event for event in partial(self._store.events, project)(**narrowed) if event.id in wanted]
