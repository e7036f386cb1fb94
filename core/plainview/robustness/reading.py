"""What was published of checks, read back: the newest result of each check of a release, its failing copies, its matrix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from plainview.exceptions import StoreError
from plainview.records import Event
from plainview.robustness.moved import Moved, moved, together
from plainview.robustness.publishing import FAILING, OUTCOMES
from plainview.robustness.results import KIND, CheckResult, read_result

if TYPE_CHECKING:
    from plainview.store import Store

TYPES = ("MFT", "INV", "DIR")


@dataclass(frozen=True)
class Cell:
    """The checks of one capability and one test type."""

    capability: str
    test_type: str
    results: tuple[CheckResult, ...]

    @property
    def worst(self) -> CheckResult:
        """The check that fails most often."""
        return max(self.results, key=lambda result: result.rate)

    @property
    def mean(self) -> float:
        """The mean of the checks' failure rates: every check counts once, however many copies it has."""
        return sum(result.rate for result in self.results) / len(self.results)

    @property
    def state(self) -> str:
        """The worst state of its checks."""
        states = {result.state for result in self.results}
        return next(word for word in ("Fail", "Watch", "Measured", "Pass") if word in states)


@dataclass(frozen=True)
class ReleaseChecks:
    """All checks of one release."""

    release: str
    results: tuple[CheckResult, ...]  # the newest of each name, in the order of publishing
    unreadable: int = 0  # events of checks that say nothing that can be read
    events: Mapping[str, Event] = field(default_factory=dict, repr=False)  # by the name of the check

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The matrix, capabilities in the order of publishing."""
        found: dict[tuple[str, str], list[CheckResult]] = {}
        for result in self.results:
            found.setdefault((result.capability, result.test_type), []).append(result)
        names = list(dict.fromkeys(result.capability for result in self.results))
        order = sorted(found, key=lambda key: (names.index(key[0]), TYPES.index(key[1])))
        return tuple(Cell(*key, tuple(found[key])) for key in order)

    def result(self, name: str) -> CheckResult | None:
        """A check by its name."""
        return next((result for result in self.results if result.name == name), None)


def checks_of(store: "Store", project: str, release: str) -> ReleaseChecks:
    """What was published of checks under a release."""
    return read_checks(release, store.events(project, release=release, kind=KIND))


def read_checks(release: str, events: Iterable[Event]) -> ReleaseChecks:
    """The same, from events, the oldest first."""
    newest: dict[str, tuple[CheckResult, Event]] = {}
    unreadable = 0
    for event in events:
        result = read_result(event)
        if result is None:
            unreadable += 1
        else:
            newest[result.name] = (result, event)
    results = tuple(result for result, _ in newest.values())
    return ReleaseChecks(release, results, unreadable, {name: event for name, (_, event) in newest.items()})


def outcomes_of(store: "Store", checks: ReleaseChecks, names: Iterable[str] | None = None) -> pl.DataFrame:
    """Of every copy of these checks whether it passed: check, case, variant, passed. Raises StoreError."""
    return _tables(store, checks, OUTCOMES, names)


def failing_of(store: "Store", checks: ReleaseChecks, names: Iterable[str] | None = None) -> pl.DataFrame:
    """The failing copies of these checks, in full. Raises StoreError."""
    return _tables(store, checks, FAILING, names)


def _tables(store: "Store", checks: ReleaseChecks, table: str, names: Iterable[str] | None) -> pl.DataFrame:
    """Checks that were published together share a table: each is read once."""
    wanted = [name for name in (checks.events if names is None else names) if table in checks.events[name].tables]
    by_file: dict[str, tuple[Event, list[str]]] = {}
    for name in wanted:
        event = checks.events[name]
        by_file.setdefault(event.tables[table].sha256, (event, []))[1].append(name)
    parts = [store.attached(event, table).filter(pl.col("check").is_in(mine)) for event, mine in by_file.values()]
    return pl.concat(parts) if parts else pl.DataFrame()


def same_checks(before: ReleaseChecks, after: ReleaseChecks) -> list[str]:
    """The names of checks that both releases have under one definition, on one test set."""
    held = {result.name: result for result in before.results}
    return [
        result.name
        for result in after.results
        if result.name in held and _defined(result) == _defined(held[result.name])
    ]


def _defined(result: CheckResult) -> tuple:
    return (
        result.check,
        result.test_type,
        result.definition,
        result.seed,
        result.sample,
        result.variants,
        result.test_set,
    )


def movements(store: "Store", before: ReleaseChecks, after: ReleaseChecks) -> tuple[dict[str, Moved], dict[str, Moved]]:
    """What became of each check, and of each capability, from one release to another; by name.

    Only checks that both have under one definition, and copies that both have. Raises StoreError.
    """
    names = same_checks(before, after)
    if not names:
        return {}, {}
    was, now = outcomes_of(store, before, names), outcomes_of(store, after, names)
    if was.is_empty() or now.is_empty():
        return {}, {}
    capability = {result.name: result.capability for result in after.results}
    return _moved(was, now, {name: [name] for name in names}), _moved(was, now, _grouped(names, capability))


def _grouped(names: Sequence[str], capability: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(capability[name], []).append(name)
    return groups


def _moved(was: pl.DataFrame, now: pl.DataFrame, groups: Mapping[str, Sequence[str]]) -> dict[str, Moved]:
    return together(
        {
            name: moved(name, was.filter(pl.col("check").is_in(members)), now.filter(pl.col("check").is_in(members)))
            for name, members in groups.items()
        }
    )


def readable_movements(
    store: "Store", before: ReleaseChecks, after: ReleaseChecks
) -> tuple[dict[str, Moved], dict[str, Moved]]:
    """As ``movements``; nothing where the tables of the earlier release cannot be read."""
    try:
        return movements(store, before, after)
    except StoreError:
        return {}, {}
