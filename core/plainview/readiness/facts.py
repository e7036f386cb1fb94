"""What a store holds of one project at one moment: the ground that evidence and expiry stand on. Read when asked for."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from plainview.exceptions import NotFoundError
from plainview.records import Evaluation, Event, Result
from plainview.requirements import Standing, judge_release
from plainview.requirements.releases import Compare
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.store.catalogue import choose, of_release
from plainview.waivers import laid_over, waivers_of

Kept = TypeVar("Kept")
Of = TypeVar("Of", Evaluation, Event)


class Reading:
    """A store as standings read it: each thing once, however many of them ask, and nothing that is written later.

    Many standings, of a project over its quarters or of every project, share one. ``compare`` replaces
    `comparison.compare_if_readable`, for callers that keep comparisons.
    """

    def __init__(self, store: Store, *, compare: Compare | None = None) -> None:
        self.store, self.compare = store, compare
        self._kept: dict[tuple, Any] = {}

    def once(self, key: tuple, make: Callable[[], Kept]) -> Kept:
        """What ``make`` comes to, made the first time that it is asked for by this key."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def evaluations(self, project: str) -> list[Evaluation]:
        """Every evaluation of a project, in the order of releases. NotFoundError for an unknown one."""
        found = self.once(("evaluations",), lambda: _grouped(self.store.evaluations()))
        return found[project] if project in found else self.store.evaluations(project)

    def events(self, project: str) -> list[Event]:
        """Everything that people wrote of a project, oldest first."""
        return self.once(("events",), lambda: _grouped(self.store.events())).get(project, [])

    def specification(self, one: Evaluation) -> Specification:
        """What was demanded of an evaluation."""
        key = ("specification", one.specification.sha256)
        return self.once(key, lambda: load_specification(self.store.specification_text(one)))

    def results(self, one: Evaluation) -> tuple[Result, ...]:
        """The results of an evaluation."""
        return self.once(("results", one.id), lambda: tuple(self.store.results(one)))

    def column(self, one: Evaluation, name: str) -> pl.Series:
        """A column of the examples that an evaluation is of."""
        key = ("column", one.test_set.digest, name)
        return self.once(key, lambda: self.store.examples(one, [name])[name])

    def measured(self, one: Evaluation, line: Sequence[Evaluation]) -> list[Standing]:
        """Where an evaluation stands on its requirements, before anything is waived."""
        key = ("standings", one.id, tuple(each.id for each in line))
        more = {"compare": self.compare, "results_of": self.results}
        return self.once(
            key, lambda: judge_release(self.store, one, line, specification=self.specification(one), **more)
        )


def _grouped(found: Sequence[Of]) -> dict[str, list[Of]]:
    groups: dict[str, list[Of]] = {}
    for each in found:
        groups.setdefault(each.project, []).append(each)
    return groups


class Facts:
    """One project as its store knew it at the moment ``now``, with one of its releases in the middle (default: the latest).

    What was written later is left out, so that the standing of an earlier day can be computed. ``reading`` is what several
    standings share. Raises NotFoundError for an unknown project or release.
    """

    def __init__(
        self,
        store: Store,
        project: str,
        *,
        release: str | None = None,
        now: datetime | None = None,
        reading: Reading | None = None,
    ) -> None:
        self.store, self.project = store, project
        self.now = now or datetime.now(UTC)
        self._until = now  # without a moment nothing is left out, whatever the clocks of writers say
        self.reading = reading or Reading(store)
        mine = [one for one in self.reading.evaluations(project) if now is None or one.published_at <= now]
        if not mine:
            raise NotFoundError(f"{project} had no evaluation yet on {self.now:%Y-%m-%d}.")
        latest = release if release is not None else mine[-1].release
        self.evaluation = choose(of_release(mine, project, latest), test_set=None)
        self.release = self.evaluation.release
        self._all = mine

    @cached_property
    def line(self) -> list[Evaluation]:
        """The newest evaluation of each release up to this one on its test set, in the order of releases."""
        name = self.evaluation.test_set.name
        newest = {one.release: one for one in self._all if one.test_set.name == name}
        names = list(newest)
        return [newest[each] for each in names[: names.index(self.release) + 1]]

    @cached_property
    def evaluations(self) -> list[Evaluation]:
        """Every evaluation of the project."""
        return self._all

    @cached_property
    def before(self) -> "Facts | None":
        """The same with the release before in the middle; None for the first."""
        if len(self.line) < 2:
            return None
        return Facts(self.store, self.project, release=self.line[-2].release, now=self._until, reading=self.reading)

    @cached_property
    def specification(self) -> Specification:
        """What is demanded of the release."""
        return self.reading.specification(self.evaluation)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Its results."""
        return self.reading.results(self.evaluation)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Where it stands on its requirements, waivers laid over; comparisons are made where requirements need them."""
        measured = self.reading.measured(self.evaluation, self.line)
        return tuple(laid_over(measured, self._waivers, release=self.release))

    @property
    def _waivers(self) -> list:
        waivers = waivers_of(self.store, self.project, today=self.now.date())[0]
        return [each for each in waivers if self._until is None or each.at <= self._until]

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Everything that people wrote about the project, oldest first."""
        return tuple(
            event for event in self.reading.events(self.project) if self._until is None or event.at <= self._until
        )

    def written(self, kind: str) -> list[Event]:
        """The events of one kind, oldest first."""
        return [event for event in self.events if event.kind == kind]

    def test_set_of(self, event: Event) -> str | None:
        """The digest of the test set that an event is about: as it says, else that of its release; None where unknown."""
        named = event.body.get("test_set")
        if isinstance(named, str):
            return named
        of_it = [one for one in self._all if one.release == event.release]
        return of_it[-1].test_set.examples_digest if of_it else None

    @property
    def test_sets(self) -> tuple[str, str]:
        """The two digests that name the current test set: of its examples, and of all its content."""
        return self.evaluation.test_set.examples_digest, self.evaluation.test_set.digest

    def days_since(self, at: datetime) -> int:
        """Whole days between a moment and now, by the calendar (UTC)."""
        return (self.now.date() - at.astimezone(UTC).date()).days
