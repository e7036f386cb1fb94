"""What became of each example, as one metric sees it: whether it counts, and whether the answer is right, fixed, or broke.

The cells are those that the metric's number is made of, so what is listed is what was counted. Without a metric the answer
is judged as a whole.
"""

import numpy as np
import polars as pl

from plainview.methods.proportions import Proportion
from plainview.metrics import Metric, metric_for, split_key
from plainview.specification import Specification
from plainview.tasks import TASKS
from plainview.tasks.classification import BROKE, FIXED, SAME
from plainview.tasks.image_outcomes import OUTCOME
from plainview.tasks.part import PREDICTION
from plainview.tasks.scored import answer_outcomes, graded

NO_ANSWER = "no answer"


def outcomes(
    rows: pl.DataFrame,
    before: pl.DataFrame | None,
    after: pl.DataFrame,
    specification: Specification,
    metric: str | None = None,
) -> tuple[pl.Series, np.ndarray]:
    """A word for each of n rows, and which of them count for the metric, booleans of shape (n,).

    Of one release: right, wrong, no answer. Of two: fixed, broke, still right, still wrong, no answer. Numbers are near or
    far instead: the error, or by how much its size changed, in units of the label. For every task but detection.
    """
    everything = np.ones(rows.height, dtype=bool)
    if specification.task == "scored":
        now, was = (None if side is None else graded(metric, rows, side, specification) for side in (after, before))
        return answer_outcomes(was, now, specification, metric).alias(OUTCOME), everything
    row = metric_for(metric, specification.task) if metric else None
    if row and isinstance(row.family, Proportion) and (split_key(metric)[1] is not None or row.part):
        judge = _of_one if before is None else _of_two
        return judge(rows, before, after, specification, metric, row)
    return _whole(rows, before, after, specification).alias(OUTCOME), everything


def differing(before: pl.DataFrame, after: pl.DataFrame, specification: Specification) -> np.ndarray:
    """Which of n examples two releases answer differently, shape (n,); False where an answer is missing.

    Classes and sets of labels as their task compares them; numbers by more than the headline metric's margin.
    """
    task, sides = TASKS[specification.task], (before[PREDICTION], after[PREDICTION])
    if specification.task == "regression":
        margin = specification.margin_for(specification.metric_keys[0]) or 0.0
        return ((sides[1] - sides[0]).abs() > margin).fill_null(False).to_numpy()
    if specification.task != "scored":
        sides = tuple(task.prepare(side) for side in sides)
    return (sides[0] != sides[1]).fill_null(False).to_numpy()


def _of_one(rows, before, after, specification: Specification, metric: str, row: Metric):
    """Right and wrong among what the metric counts: of precision, what was said to be of the class."""
    of = split_key(metric)[1]
    part = TASKS[specification.task].parts(rows, after, specification, None)[row.part_of(of)].contributions
    labels, answers = _columns(part.cells, 0, 1)
    counts = row.family.of(labels, answers, of)
    good = (row.family.hits(labels, answers, of)) == (specification.sign_of(metric) > 0)
    words = np.where(_missing(part.cells, 2), NO_ANSWER, np.where(good, "right", "wrong"))
    return _series(words[part.codes]), counts[part.codes]


def _of_two(rows, before, after, specification: Specification, metric: str, row: Metric):
    """What was fixed and what broke among what the metric's flips are counted in."""
    of = split_key(metric)[1]
    part = TASKS[specification.task].paired_parts(rows, before, after, specification, None)[row.flips_of(of)]
    cells = part.contributions.cells
    labels, answers, flips = _columns(cells, 0, 2, 3)
    good = labels == answers
    if row.family.shared:
        good = row.family.hits(labels, answers, of) == (specification.sign_of(metric) > 0)
    still = np.where(good, "still right", "still wrong")
    words = np.where(_missing(cells, 3), NO_ANSWER, np.where(flips == SAME, still, flips))
    counts, codes = row.family.counted(labels, of), part.contributions.codes
    return _series(words[codes]), counts[codes]


def _whole(rows, before, after, specification: Specification) -> pl.Series:
    """The answer as a whole against its label."""
    task, label, now = TASKS[specification.task], rows[specification.columns.label], after[PREDICTION]
    right = task.right(task.prepare(label), task.prepare(now))
    if right is None:
        error = now - label
        return error if before is None else error.abs() - (before[PREDICTION] - label).abs()
    missing = label.is_null() | now.is_null()
    if before is None:
        return _series(np.where(right, "right", "wrong")).set(missing, NO_ANSWER)
    was = task.right(task.prepare(label), task.prepare(before[PREDICTION]))
    still = np.where(right, "still right", "still wrong")
    words = np.where(right & ~was, FIXED, np.where(was & ~right, BROKE, still))
    return _series(words).set(missing | before[PREDICTION].is_null(), NO_ANSWER)


def _columns(cells, *positions: int) -> list[np.ndarray]:
    return [np.array([cell[position] for cell in cells], dtype=object) for position in positions]


def _missing(cells, values: int) -> np.ndarray:
    """Cells of which one of the first ``values`` is missing."""
    return np.array([None in cell[:values] for cell in cells], dtype=bool)


def _series(words: np.ndarray) -> pl.Series:
    return pl.Series(OUTCOME, words.tolist(), dtype=pl.String)
