"""Tags: names that people give to examples, by pinned ids or by a condition.

They are events of the kind "tag"; of several with one name the latest holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import NonNegativeInt

from plainview.errors.groups import Group, group_of
from plainview.exceptions import InputError, nearest
from plainview.records import Evaluation, Event
from plainview.specification import load_specification
from plainview.specification.types import Name
from plainview.store import Store
from plainview.written import Body, Said, checked, read

KIND = "tag"


@dataclass(frozen=True)
class Tag:
    """A name for some examples of a test set, as it was last given."""

    name: str
    group: Group
    note: str
    count: int  # examples that it held when it was given
    by: str
    at: datetime  # UTC
    release: str | None  # that was looked at


class _Body(Body):
    name: Name
    note: Said = None
    group: Group | None = None  # None: the name was taken away
    count: NonNegativeInt = 0
    test_set: str | None = None

    def kept(self) -> dict:
        """As it is kept; a name that is taken away says so by having no group."""
        return super().kept() | ({"group": self.group.scenario()} if self.group else {})


def keep_tag(
    store: Store,
    evaluation: Evaluation,
    name: str,
    *,
    where: str | None = None,
    ids: Sequence[str] = (),
    note: str = "",
    actor: str | None = None,
) -> Tag:
    """Give examples of an evaluation's test set a name: those that a condition holds, or those with these ids.

    A name that is there already is given anew. Raises InputError for a name, a column or an id that cannot be used; nothing
    is written then.
    """
    group = group_of(store, evaluation, where=where, ids=ids)
    count = examples_in(store, evaluation, group)
    digest = evaluation.test_set.examples_digest
    body = checked(_Body, "a tag", name=name, note=note, group=group, count=count, test_set=digest)
    kept = store.append_event(KIND, evaluation.project, release=evaluation.release, body=body.kept(), actor=actor)
    return _tag(kept, body)


def remove_tag(store: Store, project: str, name: str, *, actor: str | None = None) -> None:
    """Take a name away; what was written stays in the store. InputError where there is no such tag."""
    known = [each.name for each in tags_in(store.events(project, kind=KIND))]
    if name not in known:
        raise InputError(f"There is no tag {name!r}. {nearest(name, known)}")
    store.append_event(KIND, project, body=_Body(name=name).kept(), actor=actor)


def tags_in(events: Sequence[Event]) -> list[Tag]:
    """The tags that hold, by name in the order in which they were first given."""
    latest: dict[str, Tag | None] = {}
    for event, body in read((each for each in events if each.kind == KIND), _Body)[0]:
        latest[body.name] = _tag(event, body) if body.group else None
    return [tag for tag in latest.values() if tag is not None]


def examples_in(store: Store, evaluation: Evaluation, group: Group) -> int:
    """How many examples of an evaluation's test set a group holds."""
    specification = load_specification(store.specification_text(evaluation))
    return int(group.mask(store.examples(evaluation), specification).sum())


def _tag(event: Event, body: _Body) -> Tag:
    return Tag(body.name, body.group, body.note or "", body.count, event.actor, event.at, event.release)
