"""How much worse a release answers when the values of one column are shuffled among the examples.

The importance of a column is the rise of the mean loss (Breiman 2001; Fisher, Rudin and Dominici 2019): the share of wrong
answers, or the mean absolute error. Each example's loss is averaged over the shuffles, and the interval is that of the mean of
what it rose by, over the examples: it tells what other examples might say, which an interval over repeats of the shuffle alone
does not. Only columns that the release sees can matter; one that it does not see comes to exactly 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.exceptions import InputError
from plainview.explanations.answering import Predict, answers_of
from plainview.explanations.matrix import explainable, matrix_of
from plainview.explanations.surrogate import Importance, importances
from plainview.specification import Specification
from plainview.statistics.clusters import design_effect_of_mean
from plainview.tasks import TASKS

REPEATS = 5
MOST_ROWS = 5_000  # examples that are asked about; of more, a sample
METHOD = "permutation"


@dataclass(frozen=True, kw_only=True)
class Permutation:
    """What each column is worth to the answers. Losses are shares of wrong answers, or units of the label."""

    metric: str  # accuracy (importances are shares more that are wrong) or mae
    loss: float  # as it answers with every column as it is
    columns: tuple[Importance, ...]  # the most important first
    examples: int
    repeats: int
    sampled: bool = False
    agrees: float | None = (
        None  # the share of answers that are those that were published; None where nothing was compared
    )
    alike: tuple[tuple[str, str, float], ...] = ()  # columns that move together, with Spearman's correlation


def permutation_importance(
    predict: Predict,
    rows: pl.DataFrame,
    specification: Specification,
    *,
    published: pl.Series | None = None,
    columns: Sequence[str] | None = None,
    repeats: int = REPEATS,
    most: int = MOST_ROWS,
    seed: int = 0,
) -> Permutation:
    """What each column is worth to what ``predict`` answers; ``rows`` are examples with their labels, shape (n, columns).

    ``predict`` is given a pandas frame of all columns but the label, and answers one class, number or row of chances for
    each example. ``published`` are the answers of the release, row by row: how many it repeats is said. Raises InputError
    for a task other than classification and regression, and where what answers does not.
    """
    if specification.task not in ("classification", "regression"):
        raise InputError(
            f"Columns can be shuffled for classification and regression; the task is {specification.task}."
        )
    label = specification.columns.label
    there = rows[label].is_not_null()
    kept = rows.filter(there)
    published = None if published is None else published.filter(there)
    chosen = np.arange(kept.height)
    if kept.height > most:
        chosen = np.sort(np.random.default_rng(seed).choice(kept.height, most, replace=False))
        kept = kept[chosen]
    if kept.height < 2:
        raise InputError("Fewer than two examples have a label, so there is nothing to shuffle.")
    asked = _Asked(predict, kept.drop(label), kept[label], specification)
    names = list(columns) if columns is not None else explainable(specification, kept.columns)
    loss = asked.loss(asked.rows)
    rises = _rises(asked, names, loss, repeats, seed)
    effects = _design_effects(rises, kept, specification)
    errors = rises.std(axis=0, ddof=1) * np.sqrt(effects / len(rises))
    minimum = max(2, min(specification.minimum_examples, kept.height // 10))
    matrix = matrix_of(kept, names, id_column=specification.columns.id, minimum=minimum)
    return Permutation(
        metric="mae" if specification.task == "regression" else "accuracy",
        loss=float(loss.mean()),
        columns=importances(names, rises.mean(axis=0), errors, confidence=specification.confidence),
        examples=kept.height,
        repeats=repeats,
        sampled=len(chosen) < there.sum(),
        agrees=None if published is None else asked.agrees(published[chosen]),
        alike=tuple(matrix.alike()),
    )


class _Asked:
    """What answers, and the examples with their labels."""

    def __init__(self, predict: Predict, rows: pl.DataFrame, labels: pl.Series, specification: Specification) -> None:
        self.predict, self.rows, self.specification = predict, rows, specification
        self.numbers = specification.task == "regression"
        prepared = TASKS[specification.task].prepare(labels)
        self.labels = prepared.to_numpy()
        self.classes = sorted(specification.classes or prepared.unique().to_list())

    def loss(self, rows: pl.DataFrame) -> np.ndarray:
        """The loss of each example, shape (n,)."""
        given = answers_of(self.predict, rows, self.specification, self.classes)
        if self.numbers:
            return np.abs(given - self.labels.astype(float))
        return (self._said(given) != self.labels).astype(float)

    def _said(self, given: np.ndarray) -> np.ndarray:
        said = np.array(self.classes, dtype=object)[given.argmax(axis=1)]
        return np.where(given.max(axis=1) > 0, said, "")  # an answer outside the classes is none of them

    def agrees(self, published: pl.Series) -> float:
        """The share of published answers that it repeats; of numbers, those within a thousandth of their spread."""
        given = answers_of(self.predict, self.rows, self.specification, self.classes)
        if not self.numbers:
            return float((self._said(given) == TASKS["classification"].prepare(published).to_numpy()).mean())
        told = published.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return float((np.abs(given - told) <= max(0.051, 1e-3 * float(np.nanstd(told)))).mean())


def _rises(asked: _Asked, names: Sequence[str], loss: np.ndarray, repeats: int, seed: int) -> np.ndarray:
    """By how much each example's loss rises when a column is shuffled, on average over the shuffles; shape (n, columns)."""
    n, found = len(loss), np.zeros((len(loss), len(names)))
    for place, name in enumerate(names):
        random = np.random.default_rng([seed, place])
        for _ in range(repeats):
            mixed = asked.rows.with_columns(asked.rows[name][random.permutation(n)])
            found[:, place] += (asked.loss(mixed) - loss) / repeats
    return found


def _design_effects(rises: np.ndarray, rows: pl.DataFrame, specification: Specification) -> np.ndarray:
    """How many examples tell as much as one that is independent, for each column; 1 without clusters."""
    name = specification.columns.cluster
    if name is None:
        return np.ones(rises.shape[1])
    named = rows[name].cast(pl.String).fill_null("id " + rows[specification.columns.id])
    _, cluster = np.unique(named.to_numpy().astype(str), return_inverse=True)
    size = int(cluster.max()) + 1
    sums = np.zeros((3, size, rises.shape[1]))
    for place, values in enumerate((np.ones_like(rises), rises, rises**2)):
        np.add.at(sums[place], cluster, values)
    return np.nan_to_num(np.maximum(design_effect_of_mean(*sums), 1.0), nan=1.0)
