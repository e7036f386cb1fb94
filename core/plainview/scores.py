"""The scores of one class: how strongly a release says that each example is of it, beside what is true and what it said."""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.evaluation import weights
from plainview.exceptions import FrameError
from plainview.membership import scenario_masks
from plainview.methods.undefined import outside
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Store
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION, SCORE
from plainview.tasks.stated import class_of_score, score_of


@dataclass(frozen=True)
class Scored:
    """The rows of one release on one scenario that have a label and a score of the class; arrays of shape (n,)."""

    release: str
    of: str
    scores: np.ndarray
    positive: np.ndarray  # whether the row is of the class
    said: np.ndarray  # whether the release said so
    missing: int  # rows without a label, an answer or a score
    weight: np.ndarray | None = None
    clusters: np.ndarray | None = None

    @property
    def probabilities(self) -> bool:
        """Whether the scores can be probabilities."""
        return not outside(self.scores)

    @property
    def in_use(self) -> float | None:
        """The threshold that the release's answers follow: the roundest number that parts what was said from what was not.

        None where no number does: of several classes the most probable one wins, or all answers are the same.
        """
        yes, no = self.scores[self.said], self.scores[~self.said]
        if not len(yes) or not len(no) or yes.min() <= no.max():
            return None
        return _roundest(float(no.max()), float(yes.min()))


def scored_classes(specification: Specification) -> list[str]:
    """The classes that a release may give a score or a probability of: those named so, the positive one first, else the one
    that a score is of.
    """
    columns = specification.columns
    if specification.task not in ("classification", "multilabel"):
        return []
    if columns.probabilities or specification.task == "multilabel":
        return sorted(columns.probabilities or {}, key=lambda name: name != specification.positive)
    positive = class_of_score(specification)
    return [positive] if positive else []


def scored(store: Store, evaluation: Evaluation, of: str, scenario: str = "all") -> Scored:
    """The scores of one class on a scenario, with what is true and what was said.

    Raises FrameError where the release gives no numbers to go by, SpecificationError for an unknown scenario.
    """
    specification = load_specification(store.specification_text(evaluation))
    columns, task = specification.columns, TASKS[specification.task]
    rows, answers = store.examples(evaluation), store.predictions(evaluation)
    given = score_of(answers, specification, of)
    if given.problem or not {SCORE, f"probability[{of}]"} & set(answers.columns):
        raise FrameError(f"{evaluation.release} has no scores of {of}: {given.problem}.")
    holds = getattr(task, "holds", _equals)
    label, said = (holds(task.prepare(values), of) for values in (rows[columns.label], answers[PREDICTION]))
    inside = scenario_masks(rows, [specification.scenario(scenario)], columns.id)[0]
    weight = weights(rows, specification)
    there = inside & label.is_not_null().to_numpy() & said.is_not_null().to_numpy() & ~np.isnan(given.values)
    kept = there if weight is None else there & (weight > 0)
    clusters = None
    if columns.cluster is not None:
        names = rows[columns.cluster].cast(pl.String).fill_null("id " + rows[columns.id])
        clusters = np.unique(names.to_numpy()[kept].astype(str), return_inverse=True)[1]
    return Scored(
        evaluation.release,
        of,
        given.values[kept],
        label.fill_null(False).to_numpy()[kept],
        said.fill_null(False).to_numpy()[kept],
        int(inside.sum() - there.sum()),
        None if weight is None else weight[kept],
        clusters,
    )


def _equals(values: pl.Series, name: str) -> pl.Series:
    return values == name


def _roundest(low: float, high: float) -> float:
    """The number above ``low`` and up to ``high`` that takes fewest digits; a half or nought where they do."""
    for natural in (0.5, 0.0):
        if low < natural <= high:
            return natural
    for digits in range(-6, 17):
        found = math.floor(high * 10.0**digits) / 10.0**digits
        if low < found <= high:
            return found
    return high
