"""Error patterns: a kind of mistake with a name, a note, an owner and a status, and how it stands in each release.

Events of the kind "pattern" document one; those of the kind "pattern update" say what changed of it since. Both are only
added to. How it stands is counted from the answers: of its examples those that are still wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl
from pydantic import NonNegativeFloat, NonNegativeInt

from plainview.errors.groups import Group, group_of
from plainview.errors.judged import Judged, judge
from plainview.exceptions import InputError, PredicateError, StoreError, nearest, reason_of
from plainview.records import Evaluation, Event
from plainview.specification.types import Name
from plainview.statistics.intervals import wilson
from plainview.store import Store
from plainview.written import Body, Said, checked, read

KIND, UPDATE = "pattern", "pattern update"
Status = Literal["open", "being worked on", "fixed", "accepted"]
STATUSES: tuple[Status, ...] = ("open", "being worked on", "fixed", "accepted")
_STANDING = {
    "pattern": pl.String, "release": pl.String, "examples": pl.Int64, "errors": pl.Int64, "share": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Pattern:
    """A documented error pattern, as it was last described."""

    id: str  # of the event that documented it
    name: str
    note: str
    owner: str
    link: str  # to a ticket or the like, as text
    status: Status
    group: Group | None  # None: whoever wrote it named no examples
    count: int  # of its examples, how many were wrong when it was documented
    bar: float | None  # of numbers: the absolute error above which one was wrong
    by: str
    at: datetime  # when it was documented, UTC
    release: str | None  # with which it was
    changed: datetime  # when it was last described


class _Update(Body):
    pattern: Name
    note: Said = None
    owner: Name | None = None
    link: Said = None
    status: Status | None = None


class _Body(Body):
    name: Name
    note: Said = None
    owner: Name | None = None
    link: Said = None
    status: Status = "open"
    group: Group | None = None
    count: NonNegativeInt = 0
    bar: NonNegativeFloat | None = None
    test_set: str | None = None

    def kept(self) -> dict:
        """As it is kept."""
        return super().kept() | ({"group": self.group.scenario()} if self.group else {})


def document_pattern(
    store: Store,
    evaluation: Evaluation,
    name: str,
    *,
    note: str,
    owner: str,
    where: str | None = None,
    ids: Sequence[str] = (),
    link: str = "",
    status: Status = "open",
    actor: str | None = None,
) -> Pattern:
    """Document an error pattern on an evaluation's test set: the examples that a condition holds, or those with these ids.

    Raises InputError where a text is empty, a column, an id or the status is not there, or none of the examples is wrong;
    nothing is written then.
    """
    group, judged = group_of(store, evaluation, where=where, ids=ids), judge(store, evaluation)
    count = int((judged.events & group.mask(judged.rows, judged.specification)).sum())
    if not count:
        raise InputError(f"None of these examples is wrong in {evaluation.release}, so they are no error pattern.")
    given = {"name": name, "note": note, "owner": owner, "link": link, "status": status, "group": group, "count": count}
    digest = evaluation.test_set.examples_digest
    body = checked(_Body, "an error pattern", **given, bar=judged.bar, test_set=digest)
    if not (body.note and body.owner):
        raise InputError("An error pattern has a note and an owner: what it is, and who answers for it.")
    kept = store.append_event(KIND, evaluation.project, release=evaluation.release, body=body.kept(), actor=actor)
    return _pattern(kept, body)


def update_pattern(
    store: Store,
    project: str,
    pattern: str,
    *,
    status: Status | None = None,
    note: str = "",
    owner: str | None = None,
    link: str = "",
    actor: str | None = None,
) -> Pattern:
    """Say what changed of a pattern, named by its id or its name. InputError where there is none, or nothing is said."""
    events = store.events(project)
    found = {key: each for each in patterns_in(events) for key in (each.name, each.id)}
    if pattern not in found:
        raise InputError(
            f"There is no error pattern {pattern!r}. {nearest(pattern, [one.name for one in found.values()])}"
        )
    body = checked(
        _Update, "an error pattern", pattern=found[pattern].id, status=status, note=note, owner=owner or None, link=link
    )
    if len(body.kept()) == 1:
        raise InputError("Say what changed of the error pattern: its status, note, owner or link. Got nothing.")
    event = store.append_event(UPDATE, project, body=body.kept(), actor=actor)
    return _updated(found[pattern], event, body)


def patterns_in(events: Sequence[Event]) -> list[Pattern]:
    """The patterns that were documented, as they were last described, oldest first."""
    made, _ = read((each for each in events if each.kind == KIND), _Body)
    found = {event.id: _pattern(event, body) for event, body in made}
    for event, body in read((each for each in events if each.kind == UPDATE), _Update)[0]:
        if body.pattern in found:
            found[body.pattern] = _updated(found[body.pattern], event, body)
    return list(found.values())


def _pattern(event: Event, body: _Body) -> Pattern:
    return Pattern(
        id=event.id,
        name=body.name,
        note=body.note or "",
        owner=body.owner or "",
        link=body.link or "",
        status=body.status,
        group=body.group,
        count=body.count,
        bar=body.bar,
        by=event.actor,
        at=event.at,
        release=event.release,
        changed=event.at,
    )


def _updated(pattern: Pattern, event: Event, body: _Update) -> Pattern:
    said = {name: value for name in ("note", "owner", "link", "status") if (value := getattr(body, name))}
    return replace(pattern, **said, changed=event.at)


def pattern_standings(store: Store, patterns: Sequence[Pattern], line: Sequence[Evaluation]) -> pl.DataFrame:
    """A row for each pattern and release: how many of its examples were answered, how many of them are wrong, and their share
    with Wilson's interval (clusters reckoned with). Where there is none, ``reason`` says why.

    Columns pattern (its id), release, examples, errors, share, low, high, reason.
    """
    rows = []
    for one in line:
        judged: dict[float | None, Judged | str] = {}
        for each in patterns:
            if each.bar not in judged:
                judged[each.bar] = _judged(store, one, each.bar)
            rows.append({"pattern": each.id, "release": one.release} | _standing(each, judged[each.bar]))
    return pl.DataFrame(rows, schema=_STANDING)


def _judged(store: Store, evaluation: Evaluation, bar: float | None) -> Judged | str:
    """The examples of a release, or why there are none to look at."""
    if evaluation.source is not None:
        return "its rows are not in this store"
    try:
        return judge(store, evaluation, bar=bar)
    except (StoreError, InputError) as error:
        return reason_of(error)


def _standing(pattern: Pattern, judged: Judged | str) -> Mapping:
    if isinstance(judged, str) or pattern.group is None:
        return {"reason": judged if pattern.group else "it names no examples"}
    try:
        mask = pattern.group.mask(judged.rows, judged.specification)
    except PredicateError as error:
        return {"reason": reason_of(error)}
    n, errors = int(mask.sum()), int((mask & judged.events).sum())
    if not n:
        return {"examples": 0, "errors": 0, "reason": "none of its examples is in the test set"}
    effect = judged.design_effect(mask)
    low, high = wilson(errors / effect, n / effect, confidence=judged.specification.confidence)
    ends = {name: float(end) if np.isfinite(end) else None for name, end in (("low", low), ("high", high))}
    return {"examples": n, "errors": errors, "share": errors / n, **ends}
