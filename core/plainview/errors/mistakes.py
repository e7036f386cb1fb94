"""The mistakes that a release was surest of; where it states no confidence, those that have stayed the longest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.errors.judged import Event, Judged, judge
from plainview.membership import scenario_masks
from plainview.methods.undefined import outside
from plainview.records import Evaluation
from plainview.specification import Scenario, Specification
from plainview.store import Store
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION, SCORE
from plainview.tasks.stated import class_of_score, score_of

CONFIDENCE, SCORED, STAYED, SIZE = "confidence", "size of the score", "releases in a row", "error"
LAST = 5  # releases in which a mistake is followed


@dataclass(frozen=True, kw_only=True)
class Mistakes:
    """The examples that are wrong, the most telling first: id, label, prediction, what they are ordered by, the rest."""

    table: pl.DataFrame
    by: str  # what they are ordered by: CONFIDENCE (a probability), SCORED (in units of its own), STAYED or SIZE
    order: str  # the column of the table that has it
    prediction: str  # the column of the table that has the release's answers
    label: str | None
    releases: int = 1  # of STAYED: in how many releases, this one among them, an example could be wrong


def confident_mistakes(
    store: Store,
    evaluation: Evaluation,
    *,
    event: Event = "wrong",
    baseline: Evaluation | None = None,
    line: Sequence[Evaluation] = (),
    where: str | None = None,
) -> Mistakes:
    """What is wrong, the surest first: by the probability of the answer that was given, else by the distance of its score.

    Where there is neither, by in how many releases of ``line`` (in order) up to this one the example has been wrong without
    a break; of numbers by the size of the error. ``where`` keeps those of a group. Raises InputError for a task whose answers
    are not right or wrong one by one.
    """
    judged = judge(store, evaluation, event=event, baseline=baseline)
    inside = judged.events & _inside(judged, where)
    named = judged.specification.columns
    prediction = judged.answers[PREDICTION]
    releases = 1
    if judged.specification.task == "regression":
        by, order = SIZE, (prediction - judged.rows[named.label]).abs().to_numpy()
    else:
        by, order = stated_confidence(judged.answers, prediction, judged.specification)
    if order is None or np.isnan(order[inside]).all():
        by, (order, releases) = STAYED, _stayed(store, evaluation, judged, line if event == "wrong" else ())
    answer = _free(evaluation.release, judged.rows.columns)
    ranked = _free(by, [*judged.rows.columns, answer])
    shown = {answer: prediction, ranked: pl.Series(order).fill_nan(None)}
    table = _table(judged, shown).filter(pl.Series(inside))
    return Mistakes(
        table=table.sort([ranked, named.id], descending=[True, False], nulls_last=True),
        by=by,
        order=ranked,
        prediction=answer,
        label=named.label,
        releases=releases,
    )


def _inside(judged: Judged, where: str | None) -> np.ndarray:
    if where is None:
        return np.ones(len(judged.events), dtype=bool)
    scenario = Scenario(name="chosen", where=where)
    return scenario_masks(judged.rows, [scenario], judged.specification.columns.id)[0]


def stated_confidence(
    answers: pl.DataFrame, prediction: pl.Series, specification: Specification
) -> tuple[str, np.ndarray | None]:
    """How sure each answer was, shape (n,), NaN where not stated, and what that is; None where nothing is stated."""
    if specification.task != "classification":
        return CONFIDENCE, None
    said = TASKS["classification"].prepare(prediction).to_numpy()
    classes = [of for of in specification.columns.probabilities or {} if f"probability[{of}]" in answers.columns]
    if classes:
        sure = np.full(len(said), np.nan)
        for of in classes:
            sure = np.where(said == of, score_of(answers, specification, of).values, sure)
        return CONFIDENCE, sure
    if SCORE not in answers.columns or not answers.schema[SCORE].is_numeric():
        return CONFIDENCE, None
    scores = answers[SCORE].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    of = class_of_score(specification)
    if outside(scores[~np.isnan(scores)]):
        return SCORED, np.abs(scores)
    return CONFIDENCE, scores if of is None else np.where(said == of, scores, 1 - scores)


def _stayed(store: Store, evaluation: Evaluation, judged: Judged, line: Sequence[Evaluation]) -> tuple[np.ndarray, int]:
    """In how many of the last releases each example was wrong, up to this one without a break."""
    before = [one for one in line if one.id != evaluation.id and one.source is None][-(LAST - 1) :]
    name = judged.specification.columns.id
    ids = judged.rows[name].to_numpy().astype(str)
    stayed, still = judged.events.astype(float), judged.events.copy()
    for one in reversed(before):
        earlier = judge(store, one)
        column = earlier.specification.columns.id
        wrong = earlier.rows.filter(pl.Series(earlier.events))[column].to_numpy().astype(str)
        still &= np.isin(ids, wrong)
        stayed += still
    return stayed, 1 + len(before)


def _table(judged: Judged, shown: dict[str, pl.Series]) -> pl.DataFrame:
    """Id, label, what is shown of the answer, the rest of the test set."""
    named, rows = judged.specification.columns, judged.rows
    first = {name: rows[name] for name in (named.id, named.label) if name}
    return pl.DataFrame(first | shown | {name: rows[name] for name in rows.columns if name not in first})


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name = f"{name} (answer)"
    return name
