"""Why a metric has no value in any scenario: what was published cannot be used for it, and the task says so in a cell.

Cells of such parts end with a *problem*: "" or a sentence, the same for all rows of a chunk. A problem that ends in a number
(the worst one found) is one of a kind, of which the number furthest off is told, so that any chunking tells the same.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Estimate

ONE_SCORE = "one score"  # the source of a probability that is only known through that of the other class


def problem_of(totals: Totals, classes: Sequence[str] = ()) -> str | None:
    """The problem of cells (label, source, …, problem), or None. One score says nothing of more than two classes."""
    told = worst(cell[-1] for cell in totals.cells)
    if told:
        return told
    names = {*classes, *(cell[0] for cell in totals.cells if cell[0] is not None)}
    if len(names) > 2 and any(ONE_SCORE in cell[1:-1] for cell in totals.cells):
        return f"one score says nothing of {len(names)} classes: give a probability for each"
    return None


def outside(stated: np.ndarray) -> str:
    """The problem of numbers that should be probabilities; "" where all of them are. NaN is missing."""
    with np.errstate(invalid="ignore"):
        beyond = stated[(stated < 0) | (stated > 1)]
    return (
        worst(
            f"scores are no probabilities, which lie between 0 and 1: one is {x:g}"
            for x in (beyond.min(), beyond.max())
        )
        if len(beyond)
        else ""
    )


def worst(problems: Iterable[str]) -> str:
    """The problem that is told of several; "" where there is none."""
    return max(problems, key=_severity, default="")


def no_estimate(totals: Totals, reason: str) -> Estimate:
    """No value in any scenario."""
    nothing = np.full(totals.count.shape[1], np.nan)
    return Estimate(nothing, nothing, nothing, np.zeros(len(nothing)), reason)


def no_difference(totals: Totals, levels: Sequence[float], reason: str) -> Difference:
    """No difference in any scenario."""
    nothing = np.full(totals.count.shape[1], np.nan)
    ends = dict.fromkeys(levels, (nothing, nothing))
    return Difference(nothing, nothing, nothing, ends, nothing, np.zeros(len(nothing)), nothing, reason)


def known(of: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The examples that the metric counts: none where all that there are do not make a value."""
    return np.where(np.isnan(value), 0, of)


def _severity(problem: str) -> tuple[str, float, str]:
    kind, _, number = problem.rpartition(" ")
    try:
        return kind, abs(float(number) - 0.5), problem
    except ValueError:
        return problem, 0.0, problem
