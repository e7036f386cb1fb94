"""Requirements over releases: where each release stood under its own evaluation, and when what is demanded changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Literal

from plainview import narrative
from plainview.records import Evaluation
from plainview.requirements.releases import judge_release
from plainview.requirements.standing import Standing, Status
from plainview.specification import Requirement, Specification, load_specification
from plainview.store import Store
from plainview.waivers import waivers_of

Judged = tuple[Evaluation, Specification, Sequence[Standing]]


@dataclass(frozen=True)
class Step:
    """One release in the history of a requirement."""

    release: str
    released: date | None
    standing: Standing | None  # None: the specification of this release does not have the requirement
    change: str  # what became of the demand with this release, in words; empty where nothing did

    @property
    def status(self) -> Status | Literal["not set"]:
        """The status, or "not set" where nothing was demanded."""
        return self.standing.status if self.standing else "not set"


@dataclass(frozen=True)
class RequirementHistory:
    """One requirement, known by its id, over the releases of a project."""

    id: str
    title: str  # what it demands, or last demanded
    steps: tuple[Step, ...]  # one a release, in the order of releases

    @property
    def changes(self) -> list[str]:
        """What became of the demand over the releases, in words, in order."""
        return [step.change for step in self.steps if step.change]


def requirements_over(
    store: Store, project: str, *, test_set: str | None = None, today: date | None = None
) -> list[RequirementHistory]:
    """Each requirement of a project over its releases on one test set (default: that of the latest release).

    Every release is judged by its own specification on its own test set, with the waivers in force ``today``. Those that
    the latest specification demands come first, in its order. Raises NotFoundError for an unknown project.
    """
    releases = store.releases(project)
    wanted = test_set or store.evaluation(project, releases[-1].release).test_set.name
    line = [one for one in releases if one.test_set.name == wanted]
    waivers, results_of = waivers_of(store, project, today=today or datetime.now(UTC).date())[0], cache(store.results)
    judged = []
    for one in line:
        demanded = load_specification(store.specification_text(one))
        found = judge_release(store, one, line, specification=demanded, results_of=results_of, waivers=waivers)
        judged.append((one, demanded, found))
    return histories(judged)


def histories(judged: Sequence[Judged]) -> list[RequirementHistory]:
    """The same, from releases in order with their specifications and standings."""
    newest_first = [requirement.id for _, demanded, _ in reversed(judged) for requirement in demanded.requirements]
    by_release = [
        ({each.id: each for each in demanded.requirements}, {row.id: row for row in found})
        for _, demanded, found in judged
    ]
    return [_history(identifier, judged, by_release) for identifier in dict.fromkeys(newest_first)]


def _history(
    identifier: str, judged: Sequence[Judged], by_release: Sequence[tuple[dict[str, Requirement], dict[str, Standing]]]
) -> RequirementHistory:
    steps: list[Step] = []
    before: tuple[Requirement, Specification] | None = None
    for (one, demanded, _), (requirements, standings) in zip(judged, by_release, strict=True):
        now = (requirements[identifier], demanded) if identifier in requirements else None
        moved = narrative.demand_moved(before, now, one.release) if steps else ""
        steps.append(Step(one.release, one.released, standings.get(identifier), moved))
        before = now
    title = next(step.standing.title for step in reversed(steps) if step.standing)
    return RequirementHistory(identifier, title, tuple(steps))
