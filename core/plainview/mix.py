"""Mix and model: how much of a change is the model's, and how much comes from another test set or other labels.

From the baseline on its own test set to the candidate on its own, in four steps, each of which changes one thing:

    baseline, old test set → baseline, common examples, old labels → the same with new labels
                           → candidate, common examples, new labels → candidate, new test set

The second step is the labels' part, the third the model's; the first and the last are the test set's. They add up to the
whole, for every metric, because each step begins where the one before ended.
"""

from dataclasses import dataclass

import polars as pl

from plainview.evaluation import measure, results, totals_of
from plainview.pairing import as_named_now, label_of, needed
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store

Values = dict[tuple[str, str], float | None]


@dataclass(frozen=True)
class Mix:
    """The change of one metric on one scenario, in its parts, all in the metric's own unit."""

    scenario: str
    behaviour: str | None
    metric: str
    before: float | None  # the baseline on its own test set
    after: float | None  # the candidate on its own
    model: float | None  # the same examples and labels, another release
    test_set: float | None  # examples added and removed
    labels: float | None  # the same examples, other labels
    before_common: float | None = None  # the baseline on the examples that both test sets have, with today's labels
    after_common: float | None = None  # the candidate on those
    reason: str | None = None  # why there are no parts


@dataclass(frozen=True)
class TestSetChange:
    """What happened to the test set between two evaluations, and the parts of every change."""

    common: int
    added: int
    removed: int
    relabelled: int
    parts: tuple[Mix, ...]


def mix(store: Store, baseline: Evaluation, candidate: Evaluation) -> TestSetChange:
    """The parts of every change between two evaluations, judged by the candidate's specification.

    Where the test sets are equal, the model's part is the whole. Raises DamagedError where stored bytes have changed.
    """
    specification = load_specification(store.specification_text(candidate))
    now = store.examples(candidate, needed(candidate, specification))
    then = as_named_now(store, baseline, specification, dict(now.schema))
    before, after = store.predictions(baseline), store.predictions(candidate)
    columns = specification.columns
    left = then.select(pl.col(columns.id), label_of(columns).alias(_OLD)).with_row_index(_THEN)
    right = now.select(pl.col(columns.id), label_of(columns).alias(_NEW)).with_row_index(_NOW)
    joined = right.join(left, on=columns.id, maintain_order="left")
    common, rows_then, rows_now = now[joined[_NOW]], joined[_THEN], joined[_NOW]
    old_labels = common.with_columns(joined[_OLD].alias(columns.label)) if columns.label else common
    steps = [
        _values(examples, answers, specification)
        for examples, answers in (
            (then, before),
            (old_labels, before[rows_then]),
            (common, before[rows_then]),
            (common, after[rows_now]),
            (now, after),
        )
    ]
    return TestSetChange(
        common=joined.height,
        added=now.height - joined.height,
        removed=then.height - joined.height,
        relabelled=joined.filter(pl.col(_NEW).ne_missing(pl.col(_OLD))).height,
        parts=tuple(
            _parts(scenario.name, scenario.behaviour, metric, [step[scenario.name, metric] for step in steps])
            for scenario in specification.scenarios
            for metric in specification.metric_keys
        ),
    )


_THEN, _NOW, _OLD, _NEW = (f"__plainview_{name}" for name in ("then", "now", "old", "new"))


def _values(examples: pl.DataFrame, answers: pl.DataFrame, specification: Specification) -> Values:
    found = results(totals_of(measure(examples, answers, specification)), specification)
    return {(row.scenario, row.metric): row.value for row in found}


def _parts(scenario: str, behaviour: str | None, metric: str, values: list[float | None]) -> Mix:
    start, old, new, model, end = values
    same = {"before_common": new, "after_common": model}
    if None in values:
        where = (
            "the old test set",
            "the common examples",
            "the common examples",
            "the common examples",
            "the new test set",
        )
        missing = where[values.index(None)]
        why = f"there is no value on {missing}"
        return Mix(scenario, behaviour, metric, start, end, None, None, None, **same, reason=why)
    return Mix(scenario, behaviour, metric, start, end, model - new, (old - start) + (end - model), new - old, **same)
