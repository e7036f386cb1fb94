"""Compare two releases of a project: pair their examples, find what changed, and say it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import polars as pl

from plainview import narrative
from plainview.pairing import Pairing, needed, pair, separate_totals
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
    margin: float | None = None  # of the headline metric
    unit: str = ""  # of what is predicted, where that is a number

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
    chosen = test_set or _shared_test_set(store.revisions(project, baseline), store.revisions(project, candidate))
    before, after = (store.evaluation(project, release, test_set=chosen) for release in (baseline, candidate))
    return compare_evaluations(store, before, after)


def compare_evaluations(store: Store, baseline: Evaluation, candidate: Evaluation) -> Comparison:
    """Compare two evaluations of one project, judged by the candidate's specification."""
    specification = load_specification(store.specification_text(candidate))
    pairing, changes = _changes(store, baseline, candidate, specification)
    comparison = Comparison(
        project=candidate.project,
        baseline=baseline.release,
        candidate=candidate.release,
        paired=pairing.examples.height + pairing.relabelled > 0,
        examples=pairing.examples.height - changes[0].missing,
        results=tuple(changes),
        only_baseline=pairing.only_baseline,
        only_candidate=pairing.only_candidate,
        relabelled=pairing.relabelled,
        margin=specification.margin_for(specification.metric_keys[0], "all"),
        unit=specification.unit or "",
    )
    return replace(
        comparison,
        headline=narrative.headline(comparison, specification),
        sentences=tuple(narrative.statements(comparison, specification)),
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
) -> tuple[Pairing, list[Change]]:
    """What the two have in common, and every change: paired, of independent samples, or not comparable."""
    if baseline.task != candidate.task:
        reason = f"the task was {baseline.task}, and is {candidate.task}"
        return Pairing(pl.DataFrame(), pl.DataFrame(), pl.DataFrame()), no_changes(specification, reason)
    pairing = pair(store, baseline, candidate, specification, names=needed(candidate, specification))
    seed = f"{baseline.predictions_file.sha256}{candidate.predictions_file.sha256}".encode()
    if pairing.examples.height:
        return pairing, paired_changes(pairing.examples, pairing.baseline, pairing.candidate, specification, seed=seed)
    if pairing.relabelled:
        return pairing, no_changes(specification, "the label of every example that both have was changed")
    apart = separate_totals(store, baseline, candidate, specification)
    return pairing, independent_changes(*apart, specification, seed=seed)
