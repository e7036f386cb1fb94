"""The report of one release: what was measured, what was demanded, and what changed since the one before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from plainview import narrative
from plainview.comparison import Comparison, compare_evaluations
from plainview.exceptions import NotFoundError, nearest
from plainview.records import Evaluation, Result
from plainview.requirements import Standing, by_priority, judge
from plainview.specification import Requirement, Specification, load_specification
from plainview.store import Store
from plainview.verdicts import Change

Compare = Callable[[Evaluation, Evaluation], Comparison]


@dataclass(frozen=True)
class Report:
    """Everything that a release's report says; pages, command line and exports read this one object."""

    evaluation: Evaluation
    specification: Specification
    results: tuple[Result, ...]
    standings: tuple[Standing, ...]
    baseline: Evaluation | None
    comparison: Comparison | None
    standing: str  # one sentence: where it stands against its requirements
    headline: str  # one sentence: what changed since the baseline
    judged: int  # releases that this version of the test set has judged: past 20 it may be tuned to

    def to_dict(self) -> dict:
        """The report as plain values, as ``plainview show --json`` prints it."""
        evaluation = self.evaluation
        return {
            "project": evaluation.project,
            "title": evaluation.title,
            "release": evaluation.release,
            "released": evaluation.released.isoformat() if evaluation.released else None,
            "notes": evaluation.notes,
            "test_set": evaluation.test_set.name,
            "test_set_digest": evaluation.test_set.digest,
            "examples": evaluation.test_set.examples,
            "missing_labels": evaluation.test_set.missing_labels,
            "missing_predictions": evaluation.missing_predictions,
            "baseline": self.baseline.release if self.baseline else None,
            "headline": self.headline,
            "standing": self.standing,
            "releases_judged_on_this_test_set": self.judged,
            "results": [result.model_dump() for result in self.results],
            "requirements": [standing.to_dict() for standing in self.standings],
        }


def release_report(
    store: Store,
    project: str,
    release: str,
    *,
    baseline: str | None = None,
    test_set: str | None = None,
    compare: Compare | None = None,
) -> Report:
    """The report of a release, compared with ``baseline`` or with the release before it.

    ``compare`` replaces the comparison of two evaluations, for callers that keep comparisons. Raises NotFoundError.
    """
    compare = compare or (lambda one, other: compare_evaluations(store, one, other))
    evaluation = store.evaluation(project, release, test_set=test_set)
    specification = load_specification(store.specification_text(evaluation))
    line = [one for one in store.releases(project) if one.test_set.name == evaluation.test_set.name]
    before = _named(line, baseline, project) if baseline else previous(line, evaluation)
    results = tuple(store.results(evaluation))

    compared = cache(lambda other: compare(other, evaluation))  # requirements often ask for the same one

    def changes_from(name: str) -> tuple[str, Sequence[Change]] | None:
        other = previous(line, evaluation) if name == "previous" else next((e for e in line if e.release == name), None)
        return None if other is None or other.id == evaluation.id else (other.release, compared(other).results)

    def best_so_far(requirement: Requirement) -> tuple[str, Sequence[Change]] | None:
        earlier = line[: max([one.release for one in line].index(evaluation.release), 0)]
        best = _best(store, earlier, requirement, specification)
        return None if best is None else (best.release, compared(best).results)

    standings = tuple(judge(specification, results, changes_from, best_so_far))
    comparison = compared(before) if before is not None else None
    return Report(
        evaluation=evaluation,
        specification=specification,
        results=results,
        standings=standings,
        baseline=before,
        comparison=comparison,
        standing=standing_of(standings),
        judged=len({one.release for one in line if one.test_set.digest == evaluation.test_set.digest}),
        headline=comparison.headline if comparison else narrative.first_release(evaluation, results, specification),
    )


def _best(
    store: Store, earlier: Sequence[Evaluation], requirement: Requirement, specification: Specification
) -> Evaluation | None:
    """Of the earlier releases the one with the best value of what is required; None where none has a value."""
    key = requirement.metric.key
    sign, around_zero = specification.sign_of(key), specification.direction_of(key) == "zero"
    values = {
        one.id: (sign * (abs(row.value) if around_zero else row.value), one)
        for one in earlier
        for row in store.results(one)
        if (row.scenario, row.metric) == (requirement.scenario, key) and row.value is not None
    }
    return max(values.values(), key=lambda pair: pair[0])[1] if values else None


def previous(line: Sequence[Evaluation], evaluation: Evaluation) -> Evaluation | None:
    """The release before this one in the order of releases; None for the first."""
    names = [one.release for one in line]
    position = names.index(evaluation.release) if evaluation.release in names else 0
    return line[position - 1] if position > 0 else None


def standing_of(standings: Sequence[Standing]) -> str:
    """One sentence for all requirements, those that need attention named first."""
    ordered = by_priority(standings)
    return narrative.standing(
        sum(row.status == "met" for row in standings),
        [row.title for row in ordered if row.status == "not met"],
        [row.title for row in ordered if row.status == "unproven"],
        [row.title for row in ordered if row.status == "no evidence"],
        len(standings),
    )


def _named(line: Sequence[Evaluation], name: str, project: str) -> Evaluation:
    for one in line:
        if one.release == name:
            return one
    known = [one.release for one in line]
    raise NotFoundError(f"There is no release {name!r} of {project!r} to compare with. {nearest(name, known)}")
