"""How far a requirement is from flipping: in errors where its metric counts them, else in examples that would settle it."""

from bisect import bisect_left
from math import isclose

import numpy as np

from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for
from plainview.records import Result
from plainview.specification import Requirement, Specification
from plainview.statistics import intervals, power
from plainview.statistics.levels import normal_quantile


def errors_to_break(requirement: Requirement, result: Result, specification: Specification) -> int | None:
    """How many right answers would have to become wrong before a requirement that is met no longer is.

    None where no number does it, and where that is not to be said: precision and F1 lose examples as well as hits, an
    error among weighted or clustered examples is not like another.
    """
    if not _counts_errors(requirement, result, specification):
        return None
    hits, step = _hits(result), _of_error(requirement)
    most = hits if step < 0 else int(result.of) - hits
    return _first(most, lambda errors: not _holds(requirement, hits + step * errors, result, specification.confidence))


def errors_to_meet(requirement: Requirement, result: Result, specification: Specification) -> tuple[int | None, bool]:
    """How many wrong answers would have to become right before a requirement that is not met is; and whether none is enough.

    None likewise. The second is True where even without a single error the interval of so few examples holds the bar.
    """
    if not _counts_errors(requirement, result, specification):
        return None, False
    hits, step = _hits(result), _of_error(requirement)
    most = int(result.of) - hits if step < 0 else hits
    found = _first(most, lambda errors: _holds(requirement, hits - step * errors, result, specification.confidence))
    return found, found is None


def more_for_bar(result: Result, requirement: Requirement, confidence: float) -> int | None:
    """About how many more examples until the interval no longer holds the bar."""
    bar = requirement.bar
    if result.low is None or result.high is None or result.value is None or bar is None:
        return None
    if requirement.within is not None and result.value < 0:
        bar = -bar  # the side of zero that it would leave
    if result.method.startswith("wilson/"):
        needed = power.more_examples_for_bar_proportion(result.value * result.of, result.of, bar)
    else:
        deviation = (result.high - result.low) / (2 * normal_quantile(confidence)) * np.sqrt(result.of)
        needed = power.more_examples_for_bar(result.of, result.value, bar, deviation)
    return int(needed) if np.isfinite(needed) and needed > 0 else None


def _counts_errors(requirement: Requirement, result: Result, specification: Specification) -> bool:
    """Whether each error costs one hit of a fixed number, and the interval is the one that this gives."""
    family = metric_for(result.metric, specification.task).family
    wanted = {"at_least": "higher", "at_most": "lower"}.get(requirement.kind)
    alike = isinstance(family, Proportion) and family.shared and not specification.columns.weight
    if not alike or specification.direction_of(result.metric) != wanted or result.value is None:
        return False
    if not isclose(_hits(result), result.value * result.of, abs_tol=1e-6):
        return False
    if requirement.rule == "point":
        return True
    plain = intervals.wilson(_hits(result), result.of, confidence=specification.confidence)
    return all(
        isclose(end, shown or 0.0, abs_tol=1e-9) for end, shown in zip(plain, (result.low, result.high), strict=True)
    )


def _hits(result: Result) -> int:
    return round((result.value or 0.0) * result.of)


def _of_error(requirement: Requirement) -> int:
    """What one more error does to the hits: a right answer fewer, or a false alarm more."""
    return -1 if requirement.at_least is not None else 1


def _holds(requirement: Requirement, hits: int, result: Result, confidence: float) -> bool:
    low, high = intervals.wilson(hits, result.of, confidence=confidence)
    if requirement.rule == "point":
        low = high = hits / result.of
    return bool(low >= requirement.at_least if requirement.at_least is not None else high <= requirement.at_most)


def _first(most: int, flips) -> int | None:
    """The least number from 1 to ``most`` at which ``flips``, which does so once; None where it never does."""
    errors = range(1, most + 1)
    found = bisect_left(errors, True, key=flips)
    return errors[found] if found < most else None
