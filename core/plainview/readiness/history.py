"""The history of a standing: for each release as long as it was the latest, and at the end of each quarter.

Nothing of it is kept: a standing of an earlier moment is computed from what the store held then.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from plainview.exceptions import NotFoundError
from plainview.readiness.facts import Reading
from plainview.readiness.framework import Framework
from plainview.readiness.loading import load_framework
from plainview.readiness.standing import FrameworkStanding, Readiness
from plainview.store import Store

QUARTERS = 8
_MOMENT = timedelta(microseconds=1)


def over_releases(
    store: Store,
    project: str,
    framework: str | Framework,
    *,
    now: datetime | None = None,
    reading: Reading | None = None,
) -> list[FrameworkStanding]:
    """Where each release stood when the next one was published, and the latest today; in the order of releases.

    NotFoundError for an unknown project.
    """
    framework, reading = load_framework(framework), reading or Reading(store)
    published: dict[str, datetime] = {}
    for one in reading.evaluations(project):
        if now is None or one.published_at <= now:
            published[one.release] = min(one.published_at, published.get(one.release, one.published_at))
    names = list(published)
    found = []
    for name, after in zip(names, [*names[1:], None], strict=True):
        until = now if after is None else max(published[name], published[after] - _MOMENT)
        found.append(Readiness(store, project, release=name, now=until, reading=reading).standing(framework))
    return found


def over_quarters(
    store: Store,
    project: str,
    framework: str | Framework,
    *,
    quarters: int = QUARTERS,
    now: datetime | None = None,
    reading: Reading | None = None,
) -> list[tuple[str, FrameworkStanding]]:
    """Where a project stood at the end of each of the last quarters, and stands in this one: "2026 Q1", oldest first.

    Quarters in which nothing was published yet are left out. NotFoundError for an unknown project.
    """
    framework = load_framework(framework)
    found = by_quarter(store, project, quarters=quarters, now=now, reading=reading)
    return [(name, readiness.standing(framework)) for name, readiness in found]


def by_quarter(
    store: Store,
    project: str,
    *,
    quarters: int = QUARTERS,
    now: datetime | None = None,
    reading: Reading | None = None,
) -> list[tuple[str, Readiness]]:
    """The readiness of a project at the end of each of the last quarters, and in this one; as `over_quarters`."""
    found, reading = [], reading or Reading(store)
    reading.evaluations(project)  # an unknown project is an error, one that began later is not
    for name, until in reversed([*_quarters(now or datetime.now(UTC), quarters, given=now)]):
        try:
            found.append((name, Readiness(store, project, now=until, reading=reading)))
        except NotFoundError:
            continue
    return found


def _quarters(now: datetime, quarters: int, *, given: datetime | None) -> Iterator[tuple[str, datetime | None]]:
    """The name of each quarter and its last moment, this one first; its moment is now, and None where none was given."""
    year, quarter = now.year, (now.month - 1) // 3 + 1
    until = given
    for _ in range(quarters):
        yield f"{year} Q{quarter}", until
        until = datetime(year, 3 * quarter - 2, 1, tzinfo=UTC) - _MOMENT
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
