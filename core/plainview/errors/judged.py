"""Which examples count, and which of them are what is looked for: wrong, large errors, broken or fixed since a baseline."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from plainview.evaluation import weights
from plainview.exceptions import InputError
from plainview.outcomes import NO_ANSWER, outcomes
from plainview.pairing import pair
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.statistics.clusters import design_effect_of_proportion
from plainview.store import Store

Event = Literal["wrong", "broke", "fixed"]
EVENTS: tuple[Event, ...] = ("wrong", "broke", "fixed")
LARGE = 0.9  # of numbers, an error above this quantile of all absolute errors is a large one
_GRADED = "answered"  # what `outcomes` calls an answer that neither passes nor fails
TASKS_JUDGED = ("classification", "multilabel", "regression", "scored")


@dataclass(frozen=True)
class Judged:
    """The n examples of one release that have a label and an answer, and which of them are what is looked for."""

    rows: pl.DataFrame  # the test set's columns
    answers: pl.DataFrame  # what the release gave, row by row
    events: np.ndarray  # booleans, shape (n,)
    specification: Specification
    event: Event = "wrong"
    against: np.ndarray | None = None  # of two releases, the opposite: fixed where ``events`` broke; shape (n,)
    bar: float | None = None  # of numbers, the absolute error above which one is large, in units of the label
    left_out: int = 0  # examples without a label, an answer or a weight

    @property
    def numbers(self) -> bool:
        """Whether answers are numbers, nearer or further off, rather than right or wrong."""
        return self.specification.task == "regression"

    @cached_property
    def clusters(self) -> np.ndarray | None:
        """The number of each row's cluster, shape (n,); None where rows are independent."""
        return cluster_numbers(self.rows, self.specification)

    def design_effect(self, mask: np.ndarray) -> float:
        """How many examples of a group, booleans of shape (n,), tell as much as one that is independent; 1 without clusters,
        NaN for fewer than two of them.
        """
        if self.clusters is None:
            return 1.0
        size = int(self.clusters.max(initial=-1)) + 1
        wrong, all_ = (np.bincount(self.clusters[rows], minlength=size)[:, None] for rows in (mask & self.events, mask))
        return float(design_effect_of_proportion(wrong, all_)[0])


def cluster_numbers(rows: pl.DataFrame, specification: Specification) -> np.ndarray | None:
    """The number of each row's cluster, shape (n,): rows without one stand alone. None where none is declared."""
    name = specification.columns.cluster
    if name is None:
        return None
    names = rows[name].cast(pl.String).fill_null("id " + rows[specification.columns.id])
    return np.unique(names.to_numpy().astype(str), return_inverse=True)[1]


def with_weight(rows: pl.DataFrame, specification: Specification) -> pl.Series:
    """Which rows count: all but those whose weight is 0; booleans of shape (n,)."""
    given = weights(rows, specification)
    return pl.Series(np.ones(rows.height, dtype=bool) if given is None else given > 0)


def judge(
    store: Store,
    evaluation: Evaluation,
    *,
    event: Event = "wrong",
    baseline: Evaluation | None = None,
    bar: float | None = None,
) -> Judged:
    """The examples of an evaluation, judged as its headline is: right or wrong, or for numbers by a large error.

    "broke" and "fixed" need a ``baseline``, and are judged on the examples that both releases answered. Of numbers, ``bar`` is
    the absolute error above which one is large (None: what one answer in ten exceeds).
    Raises InputError for a task whose answers are not right or wrong one by one, and where the baseline is missing.
    """
    specification = load_specification(store.specification_text(evaluation))
    if specification.task not in TASKS_JUDGED:
        raise InputError(why_not(specification.task))
    if event == "wrong":
        rows, before, after = store.examples(evaluation), None, store.predictions(evaluation)
    elif baseline is None:
        raise InputError(f"The 'baseline' parameter is needed to tell what {event}: an earlier evaluation. Got None.")
    else:
        pairing = pair(store, baseline, evaluation, specification, names=None)
        rows, before, after = pairing.examples, pairing.baseline, pairing.candidate
    metric = specification.metric_keys[0] if specification.task == "scored" else None
    words, _ = outcomes(rows, before, after, specification, metric)
    return _kept(rows, after, words, specification, event, bar)


def why_not(task: str) -> str:
    """Why there is no error analysis of a task, and what it would need."""
    return (
        f"Errors are looked for among answers that are right or wrong one by one; those of {task} are not. "
        "Publish a column that says of each image whether it counts as an error, as the prediction of a scored task."
    )


def _kept(rows, after, words: pl.Series, specification: Specification, event: Event, bar: float | None) -> Judged:
    numbers = words.dtype != pl.String
    there = words.is_not_null() if numbers else words != NO_ANSWER
    there = there & with_weight(rows, specification)
    rows, after, words = rows.filter(there), after.filter(there), words.filter(there)
    events, against, bar = _numbers(words, specification, event, bar) if numbers else _words(words, event)
    return Judged(rows, after, events, specification, event, against, bar, left_out=len(there) - len(words))


def _words(words: pl.Series, event: Event) -> tuple[np.ndarray, np.ndarray | None, None]:
    if event == "wrong" and (words == _GRADED).any():
        raise InputError(
            "The headline metric grades answers with numbers, and nothing says from which grade on one is wrong. "
            "Put a metric of passes first in the specification, such as pass_rate."
        )
    opposite = {"broke": "fixed", "fixed": "broke"}.get(event)
    return (words == event).to_numpy(), None if opposite is None else (words == opposite).to_numpy(), None


def _numbers(values: pl.Series, specification: Specification, event: Event, bar: float | None):
    """Errors, or by how much their size changed: those beyond a bar."""
    sizes = values.cast(pl.Float64).to_numpy()
    if event == "wrong":
        sizes = np.abs(sizes)
        if bar is None:
            bar = float(np.quantile(sizes, LARGE)) if len(sizes) else 0.0
        return sizes > bar, None, bar
    margin = specification.margin_for(specification.metric_keys[0]) or 0.0
    grew, shrank = sizes > margin, sizes < -margin
    return (grew, shrank, None) if event == "broke" else (shrank, grew, None)
