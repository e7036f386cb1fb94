"""How many more examples would settle a comparison or a requirement, and how many a plan needs.

Settled means: zero lies outside the 95% interval (better or worse), or the 90% interval lies inside the margin
(equivalent). What further examples will say is predicted from those seen (Spiegelhalter, Abrams and Myles 2004, ch. 6):
n examples gave the estimate d with standard deviation s per example, and before that the true difference was thought to be
of the order of the margin m, normal around 0 with standard deviation m. Then the posterior is normal with precision
n/s² + 1/m², and so is the estimate after N more. The answer is the least N at which settling has the wanted probability.

Measured (n 50 to 1,000, flips 2 to 20%, margin 1 and 3 points, true difference 0 to 3 margins; 111 cells): drawing that
many more settles in 91% of repeats, worst cell 75% (a true difference of half a margin). Without the prior the worst cell
settles in less than 21%, for 50 examples say little about a difference of one point. Against a bar there is no margin and
no prior: 90% on average over true values 2 to 5 points from the bar; worst, two points from it with 30 examples seen, 40%.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from plainview.statistics.arrays import Array, quiet

LARGEST_FACTOR = 1000.0  # beyond a thousand times the examples there are, "more examples" is no advice: NaN
PROBABILITY = 0.85  # aimed at, so that 70% of repeats settle although what was seen is itself uncertain
_STEPS = 400


def more_examples_paired_proportions(
    n: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, margin: ArrayLike, *, probability: float = PROBABILITY
) -> Array:
    """How many more examples would settle a paired difference of proportions, from the flips seen so far.

    One flip each way is added to those seen (Laplace; Bonett and Price 2012), for no flips among n is not a rate of 0.
    0 if it is settled; NaN if n = 0 or more than LARGEST_FACTOR × n would be needed. ``margin`` is a proportion (0.01).
    """
    n, only_first, only_second = (np.asarray(x, float) for x in (n, only_first, only_second))
    with quiet():
        first, second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
        deviation = np.sqrt(first + second - (first - second) ** 2)
        return more_examples_means(n, deviation, (only_first - only_second) / n, margin, probability=probability)


def more_examples_means(
    n: ArrayLike, deviation: ArrayLike, difference: ArrayLike, margin: ArrayLike, *, probability: float = PROBABILITY
) -> Array:
    """How many more examples would settle a difference with standard ``deviation`` per example (error × sqrt(n)).

    0 if it is settled; NaN if undefined or more than LARGEST_FACTOR × n would be needed. Units of the metric.
    """
    return _least_more(n, deviation, deviation, difference, margin, probability)


def more_examples_for_bar(
    n: ArrayLike,
    value: ArrayLike,
    bar: ArrayLike,
    deviation: ArrayLike,
    *,
    deviation_at_bar: ArrayLike | None = None,
    probability: float = PROBABILITY,
) -> Array:
    """How many more examples until the interval around ``value`` no longer holds ``bar``; 0 if it does not now.

    ``deviation`` is the standard deviation of one example; ``deviation_at_bar`` the one that the interval uses where
    they differ (see the proportion's). NaN if undefined or more than LARGEST_FACTOR × n would be needed.
    """
    at_bar = deviation if deviation_at_bar is None else deviation_at_bar
    with quiet():
        return _least_more(n, deviation, at_bar, np.asarray(value, float) - bar, 0.0, probability)


def more_examples_for_bar_proportion(
    successes: ArrayLike, trials: ArrayLike, bar: ArrayLike, *, probability: float = PROBABILITY
) -> Array:
    """``more_examples_for_bar`` of a proportion judged by Wilson's interval, whose deviation is sqrt(bar(1-bar))."""
    successes, trials, bar = (np.asarray(x, float) for x in (successes, trials, bar))
    with quiet():
        smoothed = (successes + 1) / (trials + 2)
        deviation, at_bar = np.sqrt(smoothed * (1 - smoothed)), np.sqrt(bar * (1 - bar))
        return more_examples_for_bar(
            trials, successes / trials, bar, deviation, deviation_at_bar=at_bar, probability=probability
        )


def examples_needed(deviation: ArrayLike, margin: ArrayLike, *, power: float = 0.8, tests: int = 1) -> Array:
    """Examples for a plan: enough to find a difference of ``margin``, and to show equivalence if there is none.

    The larger of s²(z₀.₉₇₅ + z_power)²/m² and s²(z₀.₉₅ + z_(1+power)/2)²/m² (Julious 2004). NaN where margin is 0. Among so
    many ``tests``, where it is the only one that changed, a difference is found at 5% divided by their number: so much does
    Benjamini and Hochberg's correction ask of the smallest p. Equivalence is not corrected.
    """
    with quiet():
        needed = np.ceil((np.asarray(deviation, float) / margin * _constant(power, tests)) ** 2)
    return np.where(np.isfinite(needed), needed, np.nan)[()]


def smallest_difference(n: ArrayLike, deviation: ArrayLike, *, power: float = 0.8, tests: int = 1) -> Array:
    """The margin that n examples can support: ``examples_needed`` solved for it. NaN for no examples."""
    n = np.asarray(n, float)
    with quiet():
        return np.where(n > 0, _constant(power, tests) * np.asarray(deviation, float) / np.sqrt(n), np.nan)[()]


def _constant(power: float, tests: int) -> float:
    """How many standard errors the margin must be."""
    detect = ndtri(1 - 0.025 / max(tests, 1)) + ndtri(power)
    return max(detect, ndtri(0.95) + ndtri((1 + power) / 2))


def paired_deviation(discordance: ArrayLike, difference: ArrayLike = 0.0) -> Array:
    """The standard deviation of one example's difference in {-1, 0, 1}, where ``discordance`` is the share of flips."""
    return np.sqrt(np.maximum(np.asarray(discordance, float) - np.asarray(difference, float) ** 2, 0))


def _least_more(n, spread, judged, difference, margin, probability) -> Array:
    """The least N, on a geometric grid in steps under 3%, at which settling is probable enough."""
    n, spread, judged, difference, margin = np.broadcast_arrays(
        *(np.asarray(x, float)[..., None] for x in (n, spread, judged, difference, margin))
    )
    factor = np.concatenate([[0.0], np.geomspace(0.01, LARGEST_FACTOR, _STEPS)])
    with quiet():
        more = np.ceil(n * factor)
        mean, deviation = _predicted(n, more, spread, difference, margin)
        settled = _probability_settled(mean, deviation, judged / np.sqrt(n + more), margin)
        now = _probability_settled(difference, 0.0, judged / np.sqrt(n), margin)
        enough = np.where(more > 0, settled, now) >= probability
    least = np.take_along_axis(more, np.argmax(enough, axis=-1)[..., None], axis=-1)[..., 0]
    return np.where(enough.any(axis=-1) & (n[..., 0] > 0), least, np.nan)[()]


def _predicted(n, more, spread, difference, margin) -> tuple[Array, Array]:
    """Mean and standard deviation of the estimate after ``more`` examples, given those seen."""
    prior = np.where(margin > 0, margin**-2.0, 0.0)
    known = 1 / (n / spread**2 + prior)
    believed = known * n / spread**2 * difference
    share = more / (n + more)
    return (1 - share) * difference + share * believed, share * np.sqrt(known + spread**2 / more)


def _probability_settled(mean, deviation, error, margin) -> Array:
    """The probability that a normal estimate ends beyond 1.96 errors, or within the margin less 1.645 errors."""
    different, equal = ndtri(0.975) * error, np.maximum(margin - ndtri(0.95) * error, 0)
    edge = np.minimum(equal, different)  # where both hold it counts once
    beyond = ndtr((mean - different) / deviation) + ndtr((-mean - different) / deviation)
    return beyond + ndtr((edge - mean) / deviation) - ndtr((-edge - mean) / deviation)
