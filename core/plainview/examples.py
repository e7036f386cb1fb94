"""The examples behind a number: those of a scenario, with the answers of one release or of two."""

from typing import Literal

import polars as pl

from plainview.evaluation import scenario_masks
from plainview.pairing import pair
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION, SCORE

Kind = Literal["all", "wrong", "right", "fixed", "broke", "changed"]
OUTCOME = "outcome"


def examples_of(
    store: Store,
    evaluation: Evaluation,
    scenario: str = "all",
    *,
    kind: Kind = "all",
    baseline: Evaluation | None = None,
) -> pl.DataFrame:
    """The examples of a scenario: id, label, the answer of the release (and of ``baseline``), then the metadata.

    ``kind`` keeps those that are wrong or right, or, given a baseline, those that it fixed, broke, or changed at all.
    For regression the column "outcome" is the error, and the largest errors come first; otherwise it is a word.
    Raises SpecificationError for an unknown scenario.
    """
    specification = load_specification(store.specification_text(evaluation))
    chosen = specification.scenario(scenario)
    if baseline is None:
        rows, before, after = store.examples(evaluation), None, store.predictions(evaluation)
    else:
        pairing = pair(store, baseline, evaluation, specification, names=None)
        rows, before, after = pairing.examples, pairing.baseline, pairing.candidate
    table = _table(rows, before, after, specification, evaluation, baseline)
    mask = scenario_masks(rows, [chosen], specification.columns.id)[0]
    table = table.filter(pl.Series(mask))
    if specification.task == "regression":
        return _regression_kind(table, kind)
    return table if kind == "all" else table.filter(pl.col(OUTCOME).is_in(_WORDS[kind]))


_WORDS: dict[str, list[str]] = {
    "wrong": ["wrong", "still wrong", "broke"],
    "right": ["right", "still right", "fixed"],
    "fixed": ["fixed"],
    "broke": ["broke"],
    "changed": ["fixed", "broke"],
}


def _table(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    after: pl.DataFrame,
    specification: Specification,
    evaluation: Evaluation,
    baseline: Evaluation | None,
) -> pl.DataFrame:
    columns = specification.columns
    answers = {evaluation.release: after[PREDICTION]}
    if before is not None and baseline is not None:
        answers = {baseline.release: before[PREDICTION], **answers}
    if before is None and SCORE in after.columns:
        answers[SCORE] = after[SCORE]
    outcome = _outcome(rows[columns.label], before, after, specification)
    rest = [
        name for name in rows.columns if name not in (columns.id, columns.label) and name not in (*answers, OUTCOME)
    ]
    return pl.DataFrame(
        {columns.id: rows[columns.id], columns.label: rows[columns.label], **answers, OUTCOME: outcome}
        | {name: rows[name] for name in rest}
    )


def _outcome(
    label: pl.Series, before: pl.DataFrame | None, after: pl.DataFrame, specification: Specification
) -> pl.Series:
    task = TASKS[specification.task]
    right = task.right(task.prepare(label), task.prepare(after[PREDICTION]))
    if right is None:
        error = after[PREDICTION] - label
        return error if before is None else error.abs() - (before[PREDICTION] - label).abs()
    missing = label.is_null() | after[PREDICTION].is_null()
    if before is None:
        words = ["right" if good else "wrong" for good in right]
    else:
        was = task.right(task.prepare(label), task.prepare(before[PREDICTION]))
        missing = missing | before[PREDICTION].is_null()
        kinds = {(True, True): "still right", (False, False): "still wrong", (False, True): "fixed"}
        words = [kinds.get((bool(old), bool(new)), "broke") for old, new in zip(was, right, strict=True)]
    return pl.Series(OUTCOME, words).set(missing, "no answer")


def _regression_kind(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Largest errors first; against a baseline, the largest gains (fixed) or losses (broke)."""
    if kind == "fixed":
        return table.filter(pl.col(OUTCOME) < 0).sort(OUTCOME, nulls_last=True)
    if kind == "broke":
        return table.filter(pl.col(OUTCOME) > 0).sort(OUTCOME, descending=True, nulls_last=True)
    return table.sort(pl.col(OUTCOME).abs(), descending=True, nulls_last=True)
