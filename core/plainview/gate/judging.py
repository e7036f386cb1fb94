"""From a release to its findings: requirements, what is missing, incidents, scenarios that are worse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial

from plainview import narrative
from plainview.comparison import Comparison, compare_if_readable
from plainview.exceptions import InputError, NotFoundError, nearest
from plainview.gate.findings import Finding, Follows, Gate, in_order, outcome_of
from plainview.gate.missing import changed_demands, missing_from, owner_of
from plainview.incidents import Followed
from plainview.narrative.gates import gate_sentence, worse_title
from plainview.records import Evaluation
from plainview.report import Report, release_report
from plainview.requirements import BEST, Standing, by_priority, judge_release, previous
from plainview.specification import GateRules, Specification, load_specification
from plainview.store import Store
from plainview.waivers import waivers_of

PREVIOUS, APPROVED = "previous", "approved"
Compare = Callable[[Evaluation, Evaluation], Comparison]


def release_gate(
    store: Store,
    project: str,
    release: str,
    *,
    baseline: str | None = None,
    test_set: str | None = None,
    rules: GateRules | None = None,
    compare: Compare | None = None,
    today: date | None = None,
) -> Gate:
    """Judge whether a release may go on.

    ``baseline`` is the name of a release, "previous", "best" (the earlier release with the best headline metric) or "approved"
    (the latest earlier one that was decided to go); default: as the specification's ``gate:`` says. Requirements of the kind
    ``no_worse_than: previous`` are held to it. ``rules``
    replaces the specification's. ``compare`` replaces the comparison of two evaluations, for callers that keep them.
    Raises NotFoundError for an unknown project, release or baseline, InputError where a release is its own baseline.
    """
    compare = cache(compare or partial(compare_if_readable, store))
    evaluation = store.evaluation(project, release, test_set=test_set)
    specification = load_specification(store.specification_text(evaluation))
    rules = rules or specification.gate
    asked = baseline or rules.baseline
    line = [one for one in store.releases(project) if one.test_set.name == evaluation.test_set.name]
    before = _baseline(store, line, evaluation, specification, asked)
    report = release_report(
        store,
        project,
        release,
        baseline=before.release if before else None,
        test_set=evaluation.test_set.name,
        compare=compare,
        today=today,
    )
    standings: Sequence[Standing] = report.standings
    if asked != PREVIOUS and any(each.no_worse_than == PREVIOUS for each in specification.requirements):
        name = (before.release if before else "the latest approved release") if asked == APPROVED else asked
        held, waivers = held_to(specification, name), waivers_of(store, project, today=today)[0]
        standings = judge_release(store, evaluation, line, specification=held, compare=compare, waivers=waivers)
    found = [
        *(_requirement(row, rules) for row in by_priority(standings)),
        *_against(store, before, report, rules),
        *(_incident(row, rules) for row in report.incidents),
        *_worse(report, rules),
    ]
    return _gate(report, before, found)


def _gate(report: Report, before: Evaluation | None, found: Sequence[Finding]) -> Gate:
    evaluation, findings = report.evaluation, in_order(found)
    outcome = outcome_of(findings)
    return Gate(
        project=evaluation.project,
        title=evaluation.title,
        release=evaluation.release,
        baseline=before.release if before else None,
        outcome=outcome,
        sentence=gate_sentence(evaluation.release, outcome, findings),
        headline=report.headline,
        findings=findings,
        evaluation=evaluation.id,
        test_set=evaluation.test_set.name,
        examples=evaluation.test_set.examples,
        judged_at=evaluation.published_at,
    )


def _baseline(
    store: Store, line: Sequence[Evaluation], evaluation: Evaluation, specification: Specification, asked: str
) -> Evaluation | None:
    """The release to hold against; None where there is no earlier one."""
    if asked == PREVIOUS:
        return previous(line, evaluation)
    names = [one.release for one in line]
    if asked == BEST:
        return _best(store, line[: names.index(evaluation.release)], specification)
    if asked == APPROVED:
        from plainview.decisions.records import approved  # which rests on the gate

        return approved(store, evaluation.project, line[: names.index(evaluation.release)])
    if asked == evaluation.release:
        raise InputError(f"{asked} cannot be its own baseline. Name another release, previous, best or approved.")
    if asked not in names:
        known = nearest(asked, [PREVIOUS, BEST, APPROVED, *reversed(names)])
        raise NotFoundError(f"There is no release {asked!r} of {evaluation.project!r} to hold it against. {known}")
    return line[names.index(asked)]


def _best(store: Store, earlier: Sequence[Evaluation], specification: Specification) -> Evaluation | None:
    """The earlier release that did best on the headline metric over all examples; of several the latest."""
    key, best = specification.headline.key, None
    sign, around_zero = specification.sign_of(key), specification.direction_of(key) == "zero"
    for one in earlier:
        found = next((row for row in store.results(one) if (row.scenario, row.metric) == ("all", key)), None)
        if found is not None and found.value is not None:
            worth = sign * (abs(found.value) if around_zero else found.value)
            best = (worth, one) if best is None or worth >= best[0] else best
    return best and best[1]


def held_to(specification: Specification, baseline: str) -> Specification:
    """The specification with every ``no_worse_than: previous`` held to another release."""
    held = tuple(
        each.model_copy(update={"no_worse_than": baseline}) if each.no_worse_than == PREVIOUS else each
        for each in specification.requirements
    )
    return specification.model_copy(update={"requirements": held})


def _requirement(row: Standing, rules: GateRules) -> Finding:
    follows: Follows = "pass"
    if row.status == "not met":
        follows = getattr(rules.not_met, row.priority)
    elif row.status in ("unproven", "no evidence"):
        follows = getattr(rules.not_proven, row.priority)
    return Finding(
        "requirement", row.id, row.title, row.status, follows, row.sentence, row.priority, owner=row.owner or ""
    )


def _incident(row: Followed, rules: GateRules) -> Finding:
    follows: Mapping[str, Follows] = {"came back": rules.came_back, "open": rules.open_incident, "fixed": "pass"}
    one = row.incident
    consequence = follows.get(row.status, "report")
    return Finding("incident", one.name, one.name, row.status, consequence, row.sentence, owner=one.owner)


def _against(store: Store, before: Evaluation | None, report: Report, rules: GateRules) -> Iterator[Finding]:
    """What the baseline demanded and this release does not, or otherwise."""
    if before is None:
        return
    then, now = load_specification(store.specification_text(before)), report.specification
    yield from missing_from(now, then, report.results, store.results(before), rules, baseline=before.release)
    yield from changed_demands(now, then, report.evaluation.release)


def _worse(report: Report, rules: GateRules) -> Iterator[Finding]:
    """Scenarios that are shown to be worse on the headline metric."""
    key = report.specification.headline.key
    for row in report.comparison.results if report.comparison else ():
        if row.metric == key and row.verdict == "worse":
            said, owner = (
                narrative.change_sentence(row, report.specification),
                owner_of(report.specification, row.behaviour),
            )
            yield Finding("scenario", row.scenario, worse_title(row), "worse", rules.worse, said, owner=owner)
