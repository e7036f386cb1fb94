"""Compare two releases of a project: pair their examples, find what changed, and say it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial

from plainview import narrative
from plainview.exceptions import StoreError, reason_of
from plainview.kept_sums import changes_from_sums
from plainview.pairing import Shared, needed, pair, separate_totals
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.store.catalogue import DEFAULT_TEST_SET
from plainview.verdicts import Change, independent_changes, no_changes, paired_changes


@dataclass(frozen=True)
class Comparison:
    """What changed between two releases of a project, in numbers and in sentences."""

    project: str
    baseline: str
    candidate: str
    paired: bool
    examples: int  # that both test sets have, with one label, and that both releases answered
    headline: str = ""
    sentences: tuple[str, ...] = ()
    results: tuple[Change, ...] = field(default=(), repr=False)
    only_baseline: int = 0  # examples that only the baseline's test set has
    only_candidate: int = 0
    relabelled: int = 0  # examples whose label differs between the two test sets, left out
    unlabelled: int = 0  # of those in common, examples without a label
    unanswered_baseline: int = 0  # and those without an answer of the baseline
    unanswered_candidate: int = 0
    margin: float | None = None  # of the headline metric
    unit: str = ""  # of the headline metric, where it has one
    units: dict[str, str] = field(default_factory=dict)  # of every metric by its key
    apart: str = (
        ""  # why releases whose rows are elsewhere are not compared example by example, and what to do about it
    )

    def to_dict(self) -> dict:
        """The comparison as plain values, as ``plainview compare --json`` prints it."""
        return asdict(self)


def compare(store: Store, project: str, baseline: str, candidate: str, *, test_set: str | None = None) -> Comparison:
    """Compare the release ``baseline`` with the release ``candidate``, judged by the candidate's specification.

    Without a ``test_set`` one is taken that both were judged on, "default" first. Examples are paired by id. Those that one
    test set lacks, or whose label changed between the two, are left out and counted. Without any in common the two samples
    are compared as independent ones. Raises NotFoundError for an unknown project or release, DamagedError where stored
    bytes are not what was published.
    """
    return compare_evaluations(store, *evaluations_of(store, project, baseline, candidate, test_set=test_set))


def evaluations_of(
    store: Store, project: str, baseline: str, candidate: str, *, test_set: str | None = None
) -> tuple[Evaluation, Evaluation]:
    """The evaluations of two releases on one test set: the one that is named, else one that both were judged on."""
    chosen = test_set or _shared_test_set(store.revisions(project, baseline), store.revisions(project, candidate))
    return store.evaluation(project, baseline, test_set=chosen), store.evaluation(project, candidate, test_set=chosen)


def compare_evaluations(store: Store, baseline: Evaluation, candidate: Evaluation) -> Comparison:
    """Compare two evaluations of one project, judged by the candidate's specification."""
    specification = load_specification(store.specification_text(candidate))
    return _said(baseline, candidate, specification, *_changes(store, baseline, candidate, specification))


def compare_if_readable(
    store: Store, baseline: Evaluation, candidate: Evaluation, *, compare: "Compare | None" = None
) -> Comparison:
    """As ``compare_evaluations``, or ``compare`` where given; where the baseline cannot be read, nothing is comparable, and the
    reason says why. Raises StoreError where the candidate itself cannot be read.
    """
    try:
        return (compare or partial(compare_evaluations, store))(baseline, candidate)
    except StoreError as error:
        specification = load_specification(store.specification_text(candidate))
        _check_readable(store, candidate, specification)
        changes = no_changes(specification, f"{baseline.release} cannot be read: {reason_of(error)}")
        return _said(baseline, candidate, specification, Shared(), changes)


Compare = Callable[[Evaluation, Evaluation], Comparison]


def _check_readable(store: Store, candidate: Evaluation, specification: Specification) -> None:
    """Raise StoreError where what a comparison needs of the candidate cannot be read."""
    if candidate.source is None:
        store.examples(candidate, needed(candidate, specification))
        store.predictions(candidate)
        return
    store.sums(candidate)
    if candidate.joint is not None:
        store.joint_sums(candidate)


def _said(
    baseline: Evaluation,
    candidate: Evaluation,
    specification: Specification,
    shared: Shared,
    changes: Sequence[Change],
) -> Comparison:
    """The comparison in numbers, and then in sentences."""
    comparison = Comparison(
        project=candidate.project,
        baseline=baseline.release,
        candidate=candidate.release,
        **asdict(shared),
        results=tuple(changes),
        margin=specification.margin_for(specification.metric_keys[0], "all"),
        unit=specification.unit_of(specification.metric_keys[0]),
        units={key: specification.unit_of(key) for key in specification.metric_keys},
    )
    return replace(
        comparison,
        headline=narrative.with_clause(narrative.headline(comparison, specification), _unanswered(baseline, candidate)),
        sentences=tuple(narrative.statements(comparison, specification)),
    )


def _unanswered(baseline: Evaluation, candidate: Evaluation) -> str:
    missing, before = (one.missing_predictions for one in (candidate, baseline))
    return narrative.left_unanswered(
        candidate.release, missing, candidate.test_set.examples, candidate.task, before=before
    )


def _shared_test_set(baseline: Sequence[Evaluation], candidate: Sequence[Evaluation]) -> str | None:
    """The test set that both were judged on: None, which stands for "default", or the one the candidate saw last."""
    shared = {one.test_set.name for one in baseline} & {one.test_set.name for one in candidate}
    if not shared or DEFAULT_TEST_SET in shared:
        return None
    return max(
        (one for one in candidate if one.test_set.name in shared), key=lambda one: one.published_at
    ).test_set.name


def _changes(
    store: Store, baseline: Evaluation, candidate: Evaluation, specification: Specification
) -> tuple[Shared, list[Change]]:
    """What the two have in common, and every change: paired, of independent samples, or not comparable."""
    if baseline.task != candidate.task:
        reason = f"the task was {baseline.task}, and is {candidate.task}"
        return Shared(), no_changes(specification, reason)
    if baseline.source is not None or candidate.source is not None:
        return changes_from_sums(store, baseline, candidate, specification)
    pairing = pair(store, baseline, candidate, specification, names=needed(candidate, specification))
    shared = pairing.shared(specification.columns.label)
    if pairing.examples.height:
        return shared, paired_changes(pairing.examples, pairing.baseline, pairing.candidate, specification)
    if pairing.relabelled:
        return shared, no_changes(specification, "the label of every example that both have was changed")
    apart = separate_totals(store, baseline, candidate, specification)
    return shared, independent_changes(*apart, specification)
