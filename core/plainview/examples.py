"""The examples behind a number: those of a scenario, with the answers of one release or of two."""

from typing import Literal

import polars as pl

from plainview.membership import scenario_masks
from plainview.pairing import pair
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks import TASKS
from plainview.tasks.image_outcomes import OUTCOME, image_outcomes
from plainview.tasks.part import PREDICTION, SCORE
from plainview.tasks.scored import answer_outcomes

Kind = Literal["all", "wrong", "right", "fixed", "broke", "changed"]


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
    For regression the column "outcome" is the error, and the largest errors come first; otherwise it is a word. For detection
    the boxes that were found and missed, false alarms and flips are counted beside it, those of the scenario alone.
    Raises SpecificationError for an unknown scenario.
    """
    specification = load_specification(store.specification_text(evaluation))
    chosen = specification.scenario(scenario)
    if baseline is None:
        rows, before, after = store.examples(evaluation), None, store.predictions(evaluation)
    else:
        pairing = pair(store, baseline, evaluation, specification, names=None)
        rows, before, after = pairing.examples, pairing.baseline, pairing.candidate
    if specification.task == "detection":
        answers = [side[PREDICTION] for side in (before, after) if side is not None]
        outcome, mask = image_outcomes(rows, answers, specification, scenario)
    else:
        outcome = _outcome(rows, before, after, specification).alias(OUTCOME).to_frame()
        mask = scenario_masks(rows, [chosen], specification.columns.id)[0]
    table = _table(rows, before, after, specification, evaluation, baseline, outcome).filter(pl.Series(mask))
    if specification.task == "regression":
        return _regression_kind(table, kind)
    if kind in ("fixed", "broke") and kind in outcome.columns:
        return table.filter(pl.col(kind) > 0)  # images of which any box flipped
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
    outcome: pl.DataFrame,
) -> pl.DataFrame:
    columns = specification.columns
    answers = {evaluation.release: after[PREDICTION]}
    if before is not None and baseline is not None:
        answers = {baseline.release: before[PREDICTION], **answers}
    if before is None and SCORE in after.columns:
        answers[SCORE] = after[SCORE]
    first = {name: rows[name] for name in (columns.id, columns.label) if name}
    shown = {**first, **answers, **outcome.to_dict()}
    return pl.DataFrame(shown | {name: rows[name] for name in rows.columns if name not in shown})


def _outcome(
    rows: pl.DataFrame, before: pl.DataFrame | None, after: pl.DataFrame, specification: Specification
) -> pl.Series:
    task, now = TASKS[specification.task], after[PREDICTION]
    if specification.task == "scored":
        return answer_outcomes(None if before is None else before[PREDICTION], now, specification)
    label = rows[specification.columns.label]
    right = task.right(task.prepare(label), task.prepare(now))
    if right is None:
        error = now - label
        return error if before is None else error.abs() - (before[PREDICTION] - label).abs()
    missing = label.is_null() | now.is_null()
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
