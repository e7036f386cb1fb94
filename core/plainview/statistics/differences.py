"""The methods chosen for a difference between two releases on the same examples, with the figures that chose them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from plainview.statistics.arrays import Array, Interval, Statistic, quiet
from plainview.statistics.combine import mover, p_by_inversion
from plainview.statistics.influence import correlation
from plainview.statistics.intervals import wilson
from plainview.statistics.paired import mcnemar

CountInterval = Callable[[Array, ArrayLike], Interval]  # (counts of shape (cells, columns), confidence) -> (low, high)


def paired_proportion_difference(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, neither: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Square-and-add interval of a difference of paired proportions, over the two shares of flips. NaN for no examples.

    The difference is b/n - c/n, where b are right in the first only and c in the second only. The Wilson intervals of the
    two shares are added in quadrature (Zou and Donner 2008) with their multinomial correlation
    -sqrt(bc / ((n-b)(n-c))). Newcombe (1998) does the same with the two accuracies instead of the two flips.

    Chosen by simulation: n 30 to 5,000, flips 2 to 20% of examples, 50 to 100% of them one way, 800 cells; "one-sided" is
    the worst error of the lower bound at 95%, which "no loss larger than the margin" rests on (nominal .05; 330 cells).

    ================  =======  =======  ======  =========
    method            mean     worst    length  one-sided
    ================  =======  =======  ======  =========
    this              .965     .940     1.035   .064
    Tango             .959     .930     1.028   .064 (the upper bound .092)
    Bonett and Price  .966     .931     .984    .105
    Newcombe          .964     .883     1       .142
    Wald              .915     .439     .875    .753
    unpaired z        .984     .586     1.873
    ================  =======  =======  ======  =========

    At 95% it agrees with the mid-p McNemar test in all but 0.3% of tables; Newcombe's in all but 1%, Tango's but 2%.
    """
    b, c = np.asarray(only_first, float), np.asarray(only_second, float)
    n = both + b + c + neither
    with quiet():
        scale = (n - b) * (n - c)
        related = np.where(scale > 0, -np.sqrt(b * c / scale), 0.0)
        first, second = (wilson(flips, n, confidence=confidence) for flips in (b, c))
        low, high = mover(b / n, *first, c / n, *second, related)
    return np.maximum(low, -1)[()], np.minimum(high, 1)[()]


def paired_proportion_p(only_first: ArrayLike, only_second: ArrayLike) -> Array:
    """The p-value of a difference of paired proportions: McNemar's, mid-p. See ``paired.mcnemar``."""
    return mcnemar(only_first, only_second)


def count_difference(
    first: tuple[Statistic, CountInterval],
    second: tuple[Statistic, CountInterval],
    counts: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """The interval of ``g(first) - g(second)`` from joint counts of shape (cells, columns): one a column.

    Each release gives its statistic and the interval of it; the two are added in quadrature with their correlation, which
    comes from the joint counts by influence functions. NaN where either is undefined. ``effective.compare_counts`` does
    the same from the two releases' own cells, and knows the cells that never occurred; use it where they can be listed.
    """
    return _square_and_add(first, second, np.asarray(counts, float))(confidence)


def count_difference_p(
    first: tuple[Statistic, CountInterval], second: tuple[Statistic, CountInterval], counts: ArrayLike
) -> Array:
    """The two-sided p-value that agrees with ``count_difference`` at every confidence: one a column."""
    counts = np.asarray(counts, float)
    return p_by_inversion(_square_and_add(first, second, counts), counts.shape[1:])


def _square_and_add(first, second, counts: Array) -> Callable[[ArrayLike], Interval]:
    related = correlation(first[0], second[0], counts + 2 / len(counts))
    values = first[0](counts), second[0](counts)

    def interval(confidence: ArrayLike) -> Interval:
        return mover(values[0], *first[1](counts, confidence), values[1], *second[1](counts, confidence), related)

    return interval
