"""Comparisons of releases whose rows are not in the store: from their joint sums, else as two independent samples."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from plainview.evaluation import measure, totals_of
from plainview.exceptions import InputError, reason_of
from plainview.kernel import Rows, Totals
from plainview.pairing import Shared, as_named_now, needed
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.specification.lineage import meaning, metric_definition
from plainview.store import Store
from plainview.transfer import from_bytes
from plainview.verdicts import Change, changes_of, independent_changes, no_changes

Measured = dict[str, Totals]


def changes_from_sums(
    store: Store, baseline: Evaluation, candidate: Evaluation, specification: Specification
) -> tuple[Shared, list[Change]]:
    """What two evaluations have in common, and every change, where the rows of one of them or of both are elsewhere.

    Changes are those of the rows, to the last bit, where the candidate was published with this baseline. Raises DamagedError.
    """
    if _is_its_baseline(baseline, candidate):
        return _shared(candidate), changes_of(totals_of(from_bytes(store.joint_sums(candidate))), specification)
    found = Shared(apart=_why(baseline, candidate))
    try:
        return found, _independent(store, baseline, candidate, specification)
    except InputError as error:
        return found, no_changes(specification, reason_of(error))


def _is_its_baseline(baseline: Evaluation, candidate: Evaluation) -> bool:
    """Whether the joint sums that the candidate has are with this baseline, or with one of the same rows."""
    joint = candidate.joint
    if joint is None or baseline.source is None:
        return False
    same = joint.source.holds_the_rows_of(baseline.source) and joint.specification == baseline.specification.sha256
    return joint.baseline == baseline.id or same


def _shared(candidate: Evaluation) -> Shared:
    joint = candidate.joint
    return Shared(
        paired=True,
        examples=joint.examples,
        only_baseline=joint.source.rows - joint.shared,
        only_candidate=candidate.source.rows - joint.shared,
        relabelled=joint.relabelled,
        unlabelled=joint.unlabelled,
        unanswered_baseline=joint.unanswered_baseline,
        unanswered_candidate=joint.unanswered_candidate,
    )


def _why(baseline: Evaluation, candidate: Evaluation) -> str:
    """Why the two are not compared example by example, and what to do about it."""
    if baseline.source is not None and candidate.source is not None:
        return (
            f"No joint sums of {baseline.release} and {candidate.release} are kept, so they are compared as two independent "
            f"samples, which is less certain. Publish {candidate.release} again with the table of {baseline.release} as its "
            "baseline (--baseline-table) to compare them example by example."
        )
    away = baseline if candidate.source is None else candidate
    return (
        f"The rows of {away.release} stay in {away.source.table}, so the two are compared as independent samples, which is "
        "less certain. Publish both from tables of one engine to compare them example by example."
    )


def _independent(
    store: Store, baseline: Evaluation, candidate: Evaluation, specification: Specification
) -> list[Change]:
    """Every change from the sums of each side; what the baseline's sums do not tell is not comparable."""
    after = _sums_of(store, candidate) if candidate.source else _measured(store, candidate, specification)
    own = load_specification(store.specification_text(baseline))
    if baseline.source is None:
        return independent_changes(_measured(store, baseline, specification), after, specification)
    places = {meaning(each): place for place, each in reversed([*enumerate(own.scenarios)])}
    columns = [places.get(meaning(each)) for each in specification.scenarios]
    before = {name: _chosen(totals, columns) for name, totals in _sums_of(store, baseline).items()}
    known = [key for key in specification.metric_keys if _is_measured(own, specification, key)]
    changes = independent_changes(before, after, specification, keys=known)
    lacking = {each.name for each, place in zip(specification.scenarios, columns, strict=True) if place is None}
    found = {(row.scenario, row.metric): row for row in changes if row.scenario not in lacking}
    reason = f"{baseline.release} has no sums of it, and its rows stay in {baseline.source.table}"
    return [found.get((row.scenario, row.metric), row) for row in no_changes(specification, reason)]


def _is_measured(own: Specification, specification: Specification, key: str) -> bool:
    return key in own.metric_keys and metric_definition(own, key) == metric_definition(specification, key)


def _sums_of(store: Store, evaluation: Evaluation) -> Measured:
    return totals_of(from_bytes(store.sums(evaluation)))


def _measured(store: Store, evaluation: Evaluation, specification: Specification) -> Measured:
    """The totals of an evaluation whose rows are in the store, under another's specification.

    Raises FrameError or InputError where its columns are not those that the specification asks for.
    """
    schema = _schema(store, evaluation, specification)
    examples = as_named_now(store, evaluation, specification, schema)
    return totals_of(measure(examples, store.predictions(evaluation), specification))


def _schema(store: Store, evaluation: Evaluation, specification: Specification) -> dict[str, pl.DataType]:
    """The columns that the specification asks for, under its names, with the types that the evaluation has them in."""
    before = load_specification(store.specification_text(evaluation))
    columns, own = specification.columns, before.columns
    answers = {columns.prediction, columns.score, *columns.more_answers().values()}
    renamed = {getattr(columns, part): getattr(own, part) for part in ("id", "label", "weight", "cluster")}
    asked = [*needed(evaluation, specification), *needed(evaluation, before)]
    there = store.examples(evaluation, asked).schema
    found: dict[str, pl.DataType] = {}
    for name in specification.columns_needed():
        called = renamed.get(name) or name
        if called in there or name == columns.weight:
            found[name] = there.get(called, pl.Float64())
        elif name not in answers:
            raise InputError(f"{evaluation.release} has no column {called!r}, and its rows cannot be asked for it.")
    return found


def _chosen(totals: Totals, columns: Sequence[int | None]) -> Totals:
    """The totals of some scenarios, given by their places; without a place they hold nothing."""
    places = np.array([place or 0 for place in columns])
    there = np.array([place is not None for place in columns])
    terms = {name: values[:, places] * there for name, values in totals.terms.items()}
    rows = totals.rows
    if rows is not None:
        bits = np.unpackbits(rows.members, axis=1)[:, places] & there
        rows = Rows(rows.values, np.packbits(bits, axis=1))
    return replace(totals, count=totals.count[:, places] * there, terms=terms, rows=rows)
