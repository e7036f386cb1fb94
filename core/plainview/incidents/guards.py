"""Which test case guards an incident: a scenario that pins every one of its examples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store


@dataclass(frozen=True)
class Guard:
    """The scenario that guards an incident, and since when."""

    scenario: str
    release: str  # the first one that was published with it
    at: datetime  # when that was, UTC
    demanded: bool  # whether a requirement is on it today


def guard_in(specification: Specification, ids: Iterable[str], name: str | None = None) -> str | None:
    """The scenario that pins all these ids: the one of this name where it does, else the smallest; None where none does."""
    wanted = set(ids)
    pinned = [each for each in specification.scenarios if each.ids and wanted and wanted <= set(each.ids)]
    by_name = [each for each in pinned if each.name == name]
    found = min(by_name or pinned, key=lambda each: len(each.ids or ()), default=None)
    return found and found.name


Specified = tuple[Evaluation, Specification]


def specified(store: Store, line: Sequence[Evaluation]) -> list[Specified]:
    """Evaluations with what was demanded of each; the same specification is read once."""
    read: dict[str, Specification] = {}
    for one in line:
        if one.specification.sha256 not in read:
            read[one.specification.sha256] = load_specification(store.specification_text(one))
    return [(one, read[one.specification.sha256]) for one in line]


def guard_of(line: Sequence[Specified], ids: Sequence[str], name: str, *, since: datetime) -> Guard | None:
    """The guard that the newest evaluations have, and the first evaluation that had one; None where it has been taken out.

    ``line`` is every evaluation in the order of publishing. A guard from before ``since`` is as old as that.
    """
    held = [(now, guard_in(now, ids, name)) for one, now in line if one.release == line[-1][0].release]
    now, scenario = next(((now, each) for now, each in held if each), (None, None))
    if now is None or scenario is None:
        return None
    first = next(one for one, then in line if guard_in(then, ids, name))
    demanded = any(each.scenario == scenario for each in now.requirements)
    return Guard(scenario, first.release, max(first.published_at, since), demanded)
