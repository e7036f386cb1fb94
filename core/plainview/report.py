"""The report of one release: what was measured, what was demanded, and what changed since the one before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial

from plainview import narrative
from plainview.comparison import Comparison, compare_if_readable
from plainview.exceptions import NotFoundError, nearest
from plainview.incidents import Followed, followed
from plainview.narrative.incidents import brought_back
from plainview.records import Evaluation, Result
from plainview.requirements import Standing, by_priority, judge_release, previous
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.waivers import waivers_of

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
    incidents: tuple[Followed, ...] = ()  # of the project, each as it stands at this release

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
            "incidents": [each.to_dict() for each in self.incidents],
        }


def release_report(
    store: Store,
    project: str,
    release: str,
    *,
    baseline: str | None = None,
    test_set: str | None = None,
    compare: Compare | None = None,
    today: date | None = None,
) -> Report:
    """The report of a release, compared with ``baseline`` or with the release before it.

    ``compare`` replaces the comparison of two evaluations, for callers that keep comparisons. Waivers count as they stand
    ``today`` (default: now, UTC). Raises NotFoundError.
    """
    compare = partial(compare_if_readable, store, compare=compare)  # a damaged baseline does not hide a sound release
    evaluation = store.evaluation(project, release, test_set=test_set)
    specification = load_specification(store.specification_text(evaluation))
    line = [one for one in store.releases(project) if one.test_set.name == evaluation.test_set.name]
    before = _named(line, baseline, project) if baseline else previous(line, evaluation)
    compared, results_of = cache(compare), cache(store.results)  # requirements often ask for the same one
    results = tuple(results_of(evaluation))
    standings = judge_release(
        store,
        evaluation,
        line,
        specification=specification,
        compare=compared,
        results_of=results_of,
        waivers=waivers_of(store, project, today=today)[0],
    )
    comparison = compared(before, evaluation) if before is not None else None
    incidents = followed(store, project, until=release, today=today or datetime.now(UTC).date())
    headline = comparison.headline if comparison else narrative.first_release(evaluation, results, specification)
    return Report(
        evaluation=evaluation,
        specification=specification,
        results=results,
        standings=tuple(standings),
        baseline=before,
        comparison=comparison,
        standing=_standing(standings, evaluation, before),
        judged=judged_on(line, evaluation),
        headline=narrative.with_clause(headline, brought_back(incidents, release)),
        incidents=tuple(incidents),
    )


def judged_on(line: Sequence[Evaluation], evaluation: Evaluation) -> int:
    """How many releases of ``line`` were judged on the version of the test set that ``evaluation`` was: past 20 they may be
    tuned to it, see `narrative.reuse_sentence`.
    """
    return len({one.release for one in line if one.test_set.examples_digest == evaluation.test_set.examples_digest})


def _standing(standings: Sequence[Standing], evaluation: Evaluation, before: Evaluation | None) -> str:
    """The one sentence, and in it that examples were left unanswered."""
    gap = narrative.left_unanswered(
        evaluation.release,
        evaluation.missing_predictions,
        evaluation.test_set.examples,
        evaluation.task,
        before=before.missing_predictions if before else None,
    )
    return narrative.with_clause(standing_of(standings), gap)


def standing_of(standings: Sequence[Standing]) -> str:
    """One sentence for all requirements, those that need attention named first."""
    ordered = by_priority(standings)
    return narrative.standing(
        sum(row.status == "met" for row in standings),
        [row.title for row in ordered if row.status == "not met"],
        [row.title for row in ordered if row.status == "unproven"],
        [row.title for row in ordered if row.status == "no evidence"],
        len(standings),
        [row.title for row in ordered if row.status == "waived"],
    )


def _named(line: Sequence[Evaluation], name: str, project: str) -> Evaluation:
    for one in line:
        if one.release == name:
            return one
    known = [one.release for one in line]
    raise NotFoundError(f"There is no release {name!r} of {project!r} to compare with. {nearest(name, known)}")
