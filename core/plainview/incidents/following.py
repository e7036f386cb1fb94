"""What became of an incident, release by release, from the answers to its examples."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from threading import Lock
from typing import Literal

import polars as pl

from plainview.exceptions import PlainviewError, reason_of
from plainview.incidents.guards import Guard, Specified, guard_of, specified
from plainview.incidents.reports import Incident, incidents_of
from plainview.narrative import incidents as narrative
from plainview.outcomes import NO_ANSWER, outcomes
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks.image_outcomes import OUTCOME, image_outcomes
from plainview.tasks.part import PREDICTION
from plainview.tasks.scored import graded

State = Literal["right", "wrong", "not tested"]
Status = Literal["open", "fixed", "came back", "not tested", "not reproduced"]
STATES = {"open": "Fail", "came back": "Fail", "fixed": "Pass", "not tested": "No evidence", "not reproduced": "Watch"}
KEPT = 50_000  # answers of an evaluation to the examples of an incident; both never change

Words = Mapping[str, str]  # id -> right, wrong, no answer; without those that the test set has not


@dataclass(frozen=True)
class Step:
    """One release's answers to the examples of an incident."""

    release: str
    released: date | None
    state: State
    right: int
    wrong: int  # without an answer, too
    absent: int  # not in its test set
    reason: str = ""  # why it could not be looked at


@dataclass(frozen=True)
class Followed:
    """An incident and what became of it."""

    incident: Incident
    steps: tuple[Step, ...]  # from the release in which it happened on, where that is known
    status: Status
    since: str | None  # the release from which on it is so
    fixed_before: str | None  # where it came back: the release that had fixed it
    guard: Guard | None
    days_to_guard: int | None  # from the report to the first evaluation with its test case
    days_open: int  # since the report, where nothing guards it
    sentence: str = ""

    @property
    def state(self) -> str:
        """The state that pages show; what is fixed and not guarded is watched."""
        return "Watch" if self.status == "fixed" and self.guard is None else STATES[self.status]

    def to_dict(self) -> dict:
        """Everything as plain values."""
        steps = [asdict(each) | {"released": each.released and each.released.isoformat()} for each in self.steps]
        guard = self.guard and asdict(self.guard) | {"at": self.guard.at.isoformat()}
        return asdict(self) | {"incident": self.incident.to_dict(), "steps": steps, "guard": guard}


def followed(store: Store, project: str, *, until: str | None = None, today: date) -> list[Followed]:
    """Every incident of a project with its status at the release ``until`` (default: the latest), the latest report first.

    What cannot be read of a release is not tested there; the other releases are not affected.
    """
    incidents = incidents_of(store, project)[0]
    if not incidents:
        return []
    line = store.releases(project)
    names = list(dict.fromkeys(one.release for one in line))
    shown = names[: names.index(until) + 1] if until in names else names
    published = specified(store, sorted(store.evaluations(project), key=lambda one: (one.published_at, one.id)))
    return [_follow(store, each, incidents, line, shown, published, today) for each in incidents]


def _follow(
    store: Store,
    incident: Incident,
    others: Sequence[Incident],
    line: Sequence[Evaluation],
    shown: Sequence[str],
    published: Sequence[Specified],
    today: date,
) -> Followed:
    first = shown.index(incident.release) if incident.release in shown else 0
    by_release = {name: [one for one in line if one.release == name] for name in shown[first:]}
    steps = tuple(_step(store, incident, others, evaluations) for evaluations in by_release.values())
    status, since, before = _status(steps, incident)
    inside = [(one, demanded) for one, demanded in published if one.release in shown]
    guard = guard_of(inside, incident.ids, incident.scenario, since=incident.at)
    found = Followed(
        incident=incident,
        steps=steps,
        status=status,
        since=since,
        fixed_before=before,
        guard=guard,
        days_to_guard=(guard.at.date() - incident.at.date()).days if guard else None,
        days_open=max((today - incident.at.date()).days, 0),
    )
    return Followed(**{**vars(found), "sentence": narrative.incident_sentence(found)})


def _status(steps: Sequence[Step], incident: Incident) -> tuple[Status, str | None, str | None]:
    """The status, since when, and for one that came back which release had fixed it."""
    tested = [each for each in steps if each.state != "not tested"]
    if not tested:
        return "not tested", None, None
    wrong = next((place for place, each in enumerate(tested) if each.state == "wrong"), None)
    if wrong is None:  # never seen wrong: fixed only where it happened in a release whose answers are not here
        unseen = incident.release is not None and tested[0].release != incident.release
        return ("fixed" if unseen else "not reproduced"), tested[0].release, None
    runs: list[list[Step]] = []
    for each in tested[wrong:]:
        if runs and runs[-1][0].state == each.state:
            runs[-1].append(each)
        else:
            runs.append([each])
    since = runs[-1][0].release
    if runs[-1][0].state == "right":
        return "fixed", since, None
    return ("came back", since, runs[-2][0].release) if len(runs) > 1 else ("open", since, None)


def _step(store: Store, incident: Incident, others: Sequence[Incident], evaluations: Sequence[Evaluation]) -> Step:
    """One release, on all of its test sets: an example is right only where it is so on each that has it."""
    words: dict[str, str] = {}
    reason = ""
    for one in evaluations:
        try:
            for identifier, word in _kept_words(store, one, incident, others).items():
                words[identifier] = word if words.get(identifier, "right") == "right" else words[identifier]
        except PlainviewError as error:
            reason = reason_of(error)
    right = sum(word == "right" for word in words.values())
    absent = len(incident.ids) - len(words)
    wrong = len(words) - right
    state: State = "wrong" if wrong else "not tested" if absent else "right"
    newest = evaluations[-1]
    return Step(newest.release, newest.released, state, right, wrong, absent, reason)


_words: OrderedDict[tuple[str, str, str], Words] = OrderedDict()
_lock = Lock()


def _kept_words(store: Store, one: Evaluation, incident: Incident, others: Sequence[Incident]) -> Words:
    """The answers, read once for all incidents: neither an evaluation nor an incident ever changes."""
    with _lock:
        if (store.id, one.id, incident.id) in _words:
            _words.move_to_end((store.id, one.id, incident.id))
            return _words[store.id, one.id, incident.id]
    found = answers_to(store, one, others)
    with _lock:
        for each, words in zip(others, found, strict=True):
            _words[store.id, one.id, each.id] = words
        while len(_words) > KEPT:
            _words.popitem(last=False)
    return next(words for each, words in zip(others, found, strict=True) if each.id == incident.id)


def answers_to(store: Store, one: Evaluation, incidents: Sequence[Incident]) -> list[Words]:
    """For each incident whether an evaluation answers its examples right; those that its test set has not are left out.

    Raises RowsElsewhereError where its rows are not in the store, DamagedError where they are not those published.
    """
    specification = load_specification(store.specification_text(one))
    name, wanted = specification.columns.id, {each for incident in incidents for each in incident.ids}
    there = store.examples(one, [name])[name].cast(pl.String).is_in(sorted(wanted))
    if not there.any():
        return [{} for _ in incidents]
    needed = [each for each in (name, specification.columns.label) if each]
    rows = store.examples(one, None if specification.task == "detection" else needed).filter(there)
    answers, ids = store.predictions(one).filter(there), rows[name].cast(pl.String)
    found = []
    for incident in incidents:
        mine = ids.is_in(list(incident.ids))
        words = _judged(rows.filter(mine), answers.filter(mine), specification, incident.bar) if mine.any() else ()
        found.append(dict(zip(ids.filter(mine), words, strict=True)))
    return found


def _judged(rows: pl.DataFrame, answers: pl.DataFrame, specification: Specification, bar: float | None) -> pl.Series:
    """A word for each row: right, wrong, no answer."""
    if specification.task == "detection":
        return image_outcomes(rows, [answers[PREDICTION]], specification, "all")[0][OUTCOME]
    found = outcomes(rows, None, answers, specification)[0]
    if specification.task == "regression":
        return _within(found.abs(), bar if bar is not None else 0.0, at_most=True)
    if specification.task == "scored" and bar is not None:
        grades = graded(None, rows, answers, specification).cast(pl.Float64)
        return _within(grades, bar, at_most=specification.direction_of(specification.headline.key) == "lower")
    return found


def _within(numbers: pl.Series, bar: float, *, at_most: bool) -> pl.Series:
    holds = numbers <= bar if at_most else numbers >= bar
    frame = pl.DataFrame({"there": numbers.is_not_null(), "holds": holds.fill_null(False)})
    word = (
        pl.when(~pl.col("there")).then(pl.lit(NO_ANSWER)).when("holds").then(pl.lit("right")).otherwise(pl.lit("wrong"))
    )
    return frame.select(word.alias(OUTCOME)).to_series()
