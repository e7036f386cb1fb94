"""What a release states of its answers, scores and probabilities: as numbers a row, with what is wrong with them."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from plainview.methods.undefined import ONE_SCORE, outside, worst
from plainview.metrics import metric_for, split_key
from plainview.tasks.part import SCORE
from plainview.tasks.rowwise import Given, numbers

if TYPE_CHECKING:
    from plainview.specification import Specification

ROUNDED = 0.005  # what rounding to two decimals may add to each probability of an example
SMALLEST = float(np.finfo(float).eps)  # a probability of 0 for what happened counts as this, as in scikit-learn


def score_of(answers: pl.DataFrame, specification: "Specification", name: str) -> Given:
    """How strongly each row is said to be of a class, in any unit; of the other class of two, the negative of the score."""
    given, turned = _stated(answers, specification, name)
    return given._replace(values=-given.values) if turned else given


def probability_of(answers: pl.DataFrame, specification: "Specification", name: str) -> Given:
    """The probability that is stated of a class; of the other class of two, what remains to 1."""
    given, turned = _stated(answers, specification, name)
    checked = given if given.problem else given._replace(problem=outside(given.values))
    return checked._replace(values=1 - given.values) if turned else checked


def log_losses(label: pl.Series, answers: pl.DataFrame, specification: "Specification") -> Given:
    """-log of the probability stated of each row's label, in nats."""
    happened, stated, given = _all_classes(label, answers, specification)
    chance = np.clip(np.where(happened, stated, 0.0).sum(axis=0), SMALLEST, 1 - SMALLEST)
    return given._replace(values=np.where(np.isnan(given.values), np.nan, -np.log(chance)))


def brier_scores(label: pl.Series, answers: pl.DataFrame, specification: "Specification") -> Given:
    """The squared distance from probabilities to what happened (Brier 1950), summed over classes; halved where they are two."""
    happened, stated, given = _all_classes(label, answers, specification)
    return given._replace(values=((stated - happened) ** 2).sum(axis=0) / (2 if len(stated) == 2 else 1))


def _stated(answers: pl.DataFrame, specification: "Specification", name: str) -> tuple[Given, bool]:
    """The numbers from which a class's can be had, and whether they are those of the other class of two."""
    column = f"probability[{name}]"
    if column in answers.columns:
        return _numbers(answers[column]), False
    if SCORE not in answers.columns:
        return Given(np.full(answers.height, np.nan), problem=f"no scores or probabilities of {name} were given"), False
    positive, given = class_of_score(specification), _numbers(answers[SCORE])
    if positive is None:
        return given._replace(problem="nothing says which class the score is of; name the positive class"), False
    return (given, False) if name == positive else (given._replace(source=ONE_SCORE), True)


def class_of_score(specification: "Specification") -> str | None:
    """The positive class; where none is named, the only class that metrics of scores name."""
    if specification.positive is not None:
        return specification.positive
    rows = [(metric_for(key, specification.task), split_key(key)[1]) for key in specification.metric_keys]
    named = {of for row, of in rows if row.per_class and row.part}
    return named.pop() if len(named) == 1 else None


def _all_classes(
    label: pl.Series, answers: pl.DataFrame, specification: "Specification"
) -> tuple[np.ndarray, np.ndarray, Given]:
    """What happened and what was stated, shape (classes, n) each; and the rows: NaN where a probability is missing.

    One score is the probability of the positive class; whatever is not that class is the other one.
    """
    names = list(specification.columns.probabilities or {})
    if not names:
        positive = class_of_score(specification)
        given = probability_of(answers, specification, positive or "the positive class")._replace(source=ONE_SCORE)
        is_positive = (label == (positive or "")).fill_null(False).to_numpy()
        return np.stack([is_positive, ~is_positive]), np.stack([given.values, 1 - given.values]), given
    sides = [probability_of(answers, specification, name) for name in names]
    happened = np.stack([(label == name).fill_null(False).to_numpy() for name in names])
    stated = np.stack([side.values for side in sides])
    problem = worst([*(side.problem for side in sides), _sum_problem(stated), _label_problem(label, names)])
    return happened, stated, Given(stated.sum(axis=0), problem=problem)


def _numbers(values: pl.Series) -> Given:
    if values.dtype.is_numeric() or values.dtype == pl.Null:
        return Given(numbers(values))
    return Given(
        np.full(len(values), np.nan), problem=f"the scores are {str(values.dtype).lower()} values, not numbers"
    )


def _sum_problem(stated: np.ndarray) -> str:
    sums = stated.sum(axis=0)
    off = sums[np.abs(sums - 1) > ROUNDED * len(stated) + 1e-9]
    return (
        worst(f"the probabilities of an example add up to: {x:g}" for x in (off.min(), off.max())) if len(off) else ""
    )


def _label_problem(label: pl.Series, names: list[str]) -> str:
    unknown = label.filter(~label.is_in(names) & label.is_not_null()).unique()
    return worst(f"no probability was given of the label {name}" for name in unknown)
