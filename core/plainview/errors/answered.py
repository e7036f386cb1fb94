"""The examples that two releases both answered: what became of each, and which of them were answered differently."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from plainview.errors.judged import TASKS_JUDGED, cluster_numbers, with_weight
from plainview.exceptions import InputError
from plainview.outcomes import NO_ANSWER, differing, outcomes
from plainview.pairing import pair
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.statistics.clusters import design_effect_of_mean
from plainview.store import Store

FIXED, BROKE, RIGHT, WRONG, OTHERWISE, SAME = "fixed", "broke", "still right", "still wrong", "wrong otherwise", "same"
OUTCOMES = (FIXED, BROKE, OTHERWISE, WRONG, RIGHT, SAME)


@dataclass(frozen=True)
class Answered:
    """The n examples with a label and an answer of both releases, row by row."""

    rows: pl.DataFrame  # the candidate's test set
    before: pl.DataFrame  # the answers of the baseline
    after: pl.DataFrame  # those of the candidate
    differs: np.ndarray  # which are answered differently, booleans of shape (n,)
    words: np.ndarray  # one of OUTCOMES each: wrong otherwise is wrong in both, with two answers; shape (n,)
    specification: Specification

    def are(self, *words: str) -> np.ndarray:
        """Which examples came to one of these outcomes, shape (n,)."""
        return np.isin(self.words, words)

    @cached_property
    def clusters(self) -> np.ndarray | None:
        """The number of each row's cluster, shape (n,); None where rows are independent."""
        return cluster_numbers(self.rows, self.specification)

    def design_effect(self, values: np.ndarray, mask: np.ndarray) -> float:
        """How many examples among ``mask`` tell as much of the mean of ``values`` as one that is independent; 1 without
        clusters, NaN for fewer than two of them. Both of shape (n,).
        """
        if self.clusters is None:
            return 1.0
        size, numbers, x = int(self.clusters.max(initial=-1)) + 1, self.clusters[mask], values[mask].astype(float)
        sums = [np.bincount(numbers, weights, minlength=size)[:, None] for weights in (np.ones(len(x)), x, x**2)]
        return float(design_effect_of_mean(*sums)[0])


def answered(store: Store, baseline: Evaluation, candidate: Evaluation) -> Answered:
    """The examples that both releases answered, judged by the candidate's specification.

    Raises InputError for tasks whose answers are not compared one by one, StoreError where something cannot be read.
    """
    specification = load_specification(store.specification_text(candidate))
    if specification.task not in TASKS_JUDGED:
        raise InputError(
            f"Answers of {specification.task} hold many parts each, so they are not the same or different as a whole. "
            "plainview compare counts what was fixed and what broke in them."
        )
    pairing = pair(store, baseline, candidate, specification, names=None)
    metric = specification.metric_keys[0] if specification.task == "scored" else None
    found, _ = outcomes(pairing.examples, pairing.baseline, pairing.candidate, specification, metric)
    there = found.is_not_null() if found.dtype != pl.String else found != NO_ANSWER
    there &= with_weight(pairing.examples, specification)
    rows, before, after = (
        each.filter(there) if each.width else each for each in (pairing.examples, pairing.baseline, pairing.candidate)
    )
    differs = differing(before, after, specification)
    return Answered(rows, before, after, differs, _words(found.filter(there), differs, specification), specification)


def _words(found: pl.Series, differs: np.ndarray, specification: Specification) -> np.ndarray:
    if found.dtype == pl.String:
        words = found.to_numpy().astype(object)
        return np.where((words == WRONG) & differs, OTHERWISE, words)
    margin = specification.margin_for(specification.metric_keys[0]) or 0.0
    change = found.cast(pl.Float64).to_numpy()
    return np.where(change < -margin, FIXED, np.where(change > margin, BROKE, SAME)).astype(object)
