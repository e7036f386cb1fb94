"""Pairing: the examples that two evaluations have in common, row by row; and an older test set in today's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from plainview.evaluation import measure, totals_of
from plainview.kernel import Totals
from plainview.records import Evaluation
from plainview.specification import Columns, Specification, load_specification
from plainview.store import Store
from plainview.tasks.part import PREDICTION


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What two evaluations have in common, in numbers."""

    paired: bool = False
    examples: int = 0  # that both test sets have, with one label, and that both releases answered
    only_baseline: int = 0  # examples that only the baseline's test set has
    only_candidate: int = 0
    relabelled: int = 0  # examples whose label differs between the two test sets, left out
    unlabelled: int = 0  # of those in common, examples without a label
    unanswered_baseline: int = 0  # and those without an answer of the baseline
    unanswered_candidate: int = 0
    apart: str = (
        ""  # why releases whose rows are elsewhere are not compared example by example, and what to do about it
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

    def complete(self, label: str | None) -> int:
        """How many examples have a label, in the column ``label`` where there is one, and both answers."""
        columns = [side[PREDICTION] for side in (self.baseline, self.candidate) if side.width]
        columns += [self.examples[label]] if label in self.examples.columns else []
        return pl.DataFrame({str(at): values for at, values in enumerate(columns)}).drop_nulls().height

    def shared(self, label: str | None) -> Shared:
        """The same in numbers."""
        return Shared(
            paired=self.examples.height + self.relabelled > 0,
            examples=self.complete(label),
            only_baseline=self.only_baseline,
            only_candidate=self.only_candidate,
            relabelled=self.relabelled,
            unlabelled=_missing(self.examples, label),
            unanswered_baseline=_missing(self.baseline, PREDICTION),
            unanswered_candidate=_missing(self.candidate, PREDICTION),
        )


def _missing(rows: pl.DataFrame, column: str | None) -> int:
    return rows[column].null_count() if column in rows.columns else 0


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
    known = store.examples(baseline, [name for name in (older.id, older.label) if name])
    left = known.select(pl.col(older.id).alias(_ID), label_of(older).alias(_LABEL)).with_row_index(_BEFORE)
    right = examples.select(pl.col(columns.id).alias(_ID), label_of(columns).alias(_NEW)).with_row_index(_AFTER)
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


def label_of(columns: Columns) -> pl.Expr:
    """The column of labels; missing throughout where nothing is compared with labels."""
    return pl.lit(None, dtype=pl.String) if columns.label is None else pl.col(columns.label)


_ID, _LABEL, _NEW, _BEFORE, _AFTER = (f"__plainview_{name}" for name in ("id", "label", "new", "before", "after"))


def needed(evaluation: Evaluation, specification: Specification) -> list[str]:
    """The columns of an evaluation's test set that the specification reads."""
    return [name for name in specification.columns_needed() if name in evaluation.test_set.columns]


def separate_totals(
    store: Store, baseline: Evaluation, candidate: Evaluation, specification: Specification
) -> tuple[dict[str, Totals], dict[str, Totals]]:
    """The totals of both releases, each on its own test set."""
    now = store.examples(candidate, needed(candidate, specification))
    then = as_named_now(store, baseline, specification, dict(now.schema))
    return (
        totals_of(measure(then, store.predictions(baseline), specification)),
        totals_of(measure(now, store.predictions(candidate), specification)),
    )


def as_named_now(
    store: Store, older: Evaluation, specification: Specification, schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """The examples of an older evaluation with today's columns, named and typed as ``schema`` says.

    A column that the older one lacks puts none of its rows in a scenario; without a weight every row weighs 1.
    """
    columns, before = specification.columns, load_specification(store.specification_text(older)).columns
    renamed = {getattr(columns, part): getattr(before, part) for part in ("id", "label", "weight", "cluster")}
    source = {name: renamed.get(name) or name for name in schema}
    there = store.examples(older, sorted(set(source.values()) & set(older.test_set.columns)))
    return there.select(
        (pl.col(source[name]) if source[name] in there.columns else pl.lit(1 if name == columns.weight else None))
        .cast(kind, strict=False)
        .alias(name)
        for name, kind in schema.items()
    )
