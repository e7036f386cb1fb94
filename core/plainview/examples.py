"""The examples behind a number: those of a scenario that count for a metric, with the answers of one release or of two."""

from typing import Literal

import numpy as np
import polars as pl

from plainview.membership import scenario_masks
from plainview.outcomes import OUTCOME, outcomes
from plainview.pairing import pair
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks.image_outcomes import image_outcomes
from plainview.tasks.part import PREDICTION, SCORE
from plainview.tasks.scored import graded

Kind = Literal["all", "wrong", "right", "no answer", "fixed", "broke", "changed"]


def examples_of(
    store: Store,
    evaluation: Evaluation,
    scenario: str = "all",
    *,
    metric: str | None = None,
    kind: Kind = "all",
    baseline: Evaluation | None = None,
) -> pl.DataFrame:
    """The examples of a scenario: id, label, the answer of the release (and of ``baseline``), then the metadata.

    ``metric``, a key as in results, keeps those that count for it, and judges them as it does: for the recall of a class
    those that are of that class. ``kind`` keeps those that are wrong or right, or, given a baseline, those that it fixed,
    broke, or changed at all. For regression the column "outcome" is the error, and the largest errors come first; what came
    closer or went further off by no more than the headline metric's margin is neither fixed nor broke. Otherwise it is a word.
    For detection the boxes that were found and missed, false alarms and flips are counted beside it, those of the scenario
    alone. A column whose name another one has already is told apart by a note in brackets.

    Raises SpecificationError for an unknown scenario, KeyError for a metric that is none of the task.
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
        outcome, inside = image_outcomes(rows, answers, specification, scenario, metric=metric)
    else:
        words, counts = outcomes(rows, before, after, specification, metric)
        inside = scenario_masks(rows, [chosen], specification.columns.id)[0] & counts
        outcome = words.to_frame()
    names = _answer_names(evaluation, baseline)
    shown = dict(zip(names, _answers(rows, before, after, specification, metric), strict=True))
    if before is None and SCORE in after.columns:
        shown[SCORE] = after[SCORE]
    table = _table(rows, shown, outcome, specification)
    wanted = inside & _of_kind(outcome, kind, specification)
    return _ordered(table.filter(pl.Series(wanted)), kind)


_WORDS: dict[str, list[str]] = {
    "wrong": ["wrong", "still wrong", "broke"],
    "right": ["right", "still right", "fixed"],
    "no answer": ["no answer"],
    "fixed": ["fixed"],
    "broke": ["broke"],
    "changed": ["fixed", "broke"],
}


def _of_kind(outcome: pl.DataFrame, kind: Kind, specification: Specification) -> np.ndarray:
    """Which rows are of a kind, shape (n,): images of which any box flipped, numbers that moved by more than the margin."""
    if kind == "all":
        return np.ones(outcome.height, dtype=bool)
    if kind in ("fixed", "broke") and kind in outcome.columns:
        return (outcome[kind] > 0).to_numpy()
    if outcome[OUTCOME].dtype == pl.String:
        return outcome[OUTCOME].is_in(_WORDS[kind]).to_numpy()
    margin = specification.margin_for(specification.metric_keys[0]) or 0.0
    moved = {"fixed": outcome[OUTCOME] < -margin, "broke": outcome[OUTCOME] > margin}
    moved |= {"changed": outcome[OUTCOME].abs() > margin, "no answer": outcome[OUTCOME].is_null()}
    return moved.get(kind, outcome[OUTCOME].is_not_null()).fill_null(False).to_numpy()


def _answer_names(evaluation: Evaluation, baseline: Evaluation | None) -> list[str]:
    """Releases by their names; two revisions of one release are the earlier and the later."""
    if baseline is None:
        return [evaluation.release]
    if baseline.release != evaluation.release:
        return [baseline.release, evaluation.release]
    return [f"{baseline.release} (baseline)", f"{evaluation.release} (candidate)"]


def _answers(rows, before, after, specification: Specification, metric: str | None) -> list[pl.Series]:
    sides = [side for side in (before, after) if side is not None]
    if specification.task != "scored":
        return [side[PREDICTION] for side in sides]
    return [graded(metric, rows, side, specification) for side in sides]


def _table(
    rows: pl.DataFrame, answers: dict[str, pl.Series], outcome: pl.DataFrame, specification: Specification
) -> pl.DataFrame:
    """Id, label, answers, outcome, the rest. A name that is taken gets a note: outcomes keep theirs, then the test set."""
    taken = set(outcome.columns)

    def free(name: str, note: str) -> str:
        while name in taken:
            name = f"{name} ({note})"
        taken.add(name)
        return name

    kept = {name: free(name, "of the test set") for name in rows.columns}
    first = [name for name in (specification.columns.id, specification.columns.label) if name]
    shown = {kept[name]: rows[name] for name in first}
    shown |= {free(name, "answer"): values for name, values in answers.items()}
    return pl.DataFrame(shown | outcome.to_dict() | {kept[name]: rows[name] for name in kept if name not in first})


def _ordered(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Numbers from the largest error to the smallest; against a baseline from the largest gain, or the largest loss."""
    if table[OUTCOME].dtype == pl.String:
        return table
    if kind in ("fixed", "broke"):
        return table.sort(OUTCOME, descending=kind == "broke", nulls_last=True)
    return table.sort(pl.col(OUTCOME).abs(), descending=True, nulls_last=True)
