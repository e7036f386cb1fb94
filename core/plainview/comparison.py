"""Compare two releases of a project: pair their examples, find what changed, and say it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import polars as pl

from plainview import narrative
from plainview.evaluation import measure
from plainview.kernel import Totals
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.verdicts import Change, independent_changes, paired_changes


@dataclass(frozen=True)
class Comparison:
    """What changed between two releases of a project, in numbers and in sentences."""

    project: str
    baseline: str
    candidate: str
    paired: bool
    examples: int  # compared
    headline: str = ""
    sentences: tuple[str, ...] = ()
    results: tuple[Change, ...] = field(default=(), repr=False)
    only_baseline: int = 0  # examples that only the baseline's test set has
    only_candidate: int = 0
    relabelled: int = 0  # examples whose label differs between the two test sets, left out
    margin: float | None = None  # of the headline metric

    def to_dict(self) -> dict:
        """The comparison as plain values, as ``plainview compare --json`` prints it."""
        return asdict(self)


def compare(store: Store, project: str, baseline: str, candidate: str, *, test_set: str | None = None) -> Comparison:
    """Compare the release ``baseline`` with the release ``candidate``, judged by the candidate's specification.

    Examples are paired by id. Those that one test set lacks, or whose label changed between the two, are left out and
    counted. Without any in common the two samples are compared as independent ones. Raises NotFoundError for an unknown
    project or release, DamagedError where stored bytes are not what was published.
    """
    return compare_evaluations(
        store,
        store.evaluation(project, baseline, test_set=test_set),
        store.evaluation(project, candidate, test_set=test_set),
    )


def compare_evaluations(store: Store, baseline: Evaluation, candidate: Evaluation) -> Comparison:
    """Compare two evaluations of one project, judged by the candidate's specification."""
    specification = load_specification(store.specification_text(candidate))
    pairing = pair(store, baseline, candidate, specification, names=_needed(candidate, specification))
    seed = f"{baseline.predictions_file.sha256}{candidate.predictions_file.sha256}".encode()
    if pairing.examples.height or baseline.task != candidate.task:
        changes = paired_changes(pairing.examples, pairing.baseline, pairing.candidate, specification, seed=seed)
    else:
        changes = independent_changes(*_separately(store, baseline, candidate, specification), specification, seed=seed)
    comparison = Comparison(
        project=candidate.project,
        baseline=baseline.release,
        candidate=candidate.release,
        paired=pairing.examples.height > 0,
        examples=pairing.examples.height,
        results=tuple(changes),
        only_baseline=pairing.only_baseline,
        only_candidate=pairing.only_candidate,
        relabelled=pairing.relabelled,
        margin=specification.margin_for(specification.metric_keys[0], "all"),
    )
    return replace(
        comparison,
        headline=narrative.headline(comparison, specification),
        sentences=tuple(narrative.statements(comparison, specification)),
    )


@dataclass(frozen=True)
class Pairing:
    """The examples that two evaluations share, with the answers of both, row by row."""

    examples: pl.DataFrame
    baseline: pl.DataFrame
    candidate: pl.DataFrame
    only_baseline: int = 0
    only_candidate: int = 0
    relabelled: int = 0


def pair(
    store: Store,
    baseline: Evaluation,
    candidate: Evaluation,
    specification: Specification,
    *,
    names: Sequence[str] | None,
) -> Pairing:
    """Join the answers of two evaluations by example id, with the columns ``names`` of the candidate's test set (None: all).

    Where ids, labels and weights are the same, rows already correspond. Otherwise examples that only one has, and those
    whose label changed, are left out and counted.
    """
    examples = store.examples(candidate, names)
    after = store.predictions(candidate)
    if baseline.test_set.examples_digest == candidate.test_set.examples_digest:
        return Pairing(examples, store.predictions(baseline), after)
    columns = specification.columns
    older = load_specification(store.specification_text(baseline)).columns
    before = store.predictions(baseline)
    known = store.examples(baseline, [older.id, older.label]).rename({older.id: _ID, older.label: _LABEL})
    left = known.with_row_index(_BEFORE)
    right = examples.select(pl.col(columns.id).alias(_ID), pl.col(columns.label).alias(_NEW)).with_row_index(_AFTER)
    joined = left.join(right, on=_ID, how="inner", maintain_order="right")
    same = joined.filter(pl.col(_LABEL).cast(pl.String).eq_missing(pl.col(_NEW).cast(pl.String)))
    return Pairing(
        examples[same[_AFTER]],
        before[same[_BEFORE]],
        after[same[_AFTER]],
        only_baseline=known.height - joined.height,
        only_candidate=examples.height - joined.height,
        relabelled=joined.height - same.height,
    )


_ID, _LABEL, _NEW, _BEFORE, _AFTER = (f"__plainview_{name}" for name in ("id", "label", "new", "before", "after"))


def _needed(evaluation: Evaluation, specification: Specification) -> list[str]:
    return [name for name in specification.columns_needed() if name in evaluation.test_set.columns]


def _separately(
    store: Store, baseline: Evaluation, candidate: Evaluation, specification: Specification
) -> tuple[Totals, Totals]:
    """The totals of both on their own test sets; a column that the older one lacks puts none of its rows in a scenario."""
    now = store.examples(candidate, _needed(candidate, specification))
    then = store.examples(baseline, _needed(baseline, specification))
    lacking = [pl.lit(None, dtype=kind).alias(name) for name, kind in now.schema.items() if name not in then.columns]
    return (
        measure(then.with_columns(lacking), store.predictions(baseline), specification).totals(),
        measure(now, store.predictions(candidate), specification).totals(),
    )
