"""How many more examples would settle a comparison or a requirement, and how many a plan needs.

Settled means: zero lies outside the 95% interval (better or worse), or the 90% interval lies inside the margin (equivalent).
What further examples will say is predicted from those seen: if n examples gave the estimate d with standard deviation s per
example, then after N more the estimate is normal around d with variance s² N / (n (n + N)), and its standard error is
s / sqrt(n + N) (the predictive distribution under a flat prior; Spiegelhalter, Abrams and Myles 2004, ch. 6). The answer is
the least N at which settling has the wanted probability.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from plainview.statistics.arrays import Array, quiet

LARGEST_FACTOR = 1000.0  # beyond a thousand times the examples there are, "more examples" is no advice: NaN
PROBABILITY = 0.8  # aimed at, so that at least 70% of repeats settle although the estimate is itself uncertain
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
    """How many more examples would settle a mean difference with standard ``deviation`` per example.

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

    ``deviation`` is the standard deviation of one example; ``deviation_at_bar`` the one that the interval uses where they
    differ (see the proportion's). NaN if undefined or more than LARGEST_FACTOR × n would be needed.
    """
    at_bar = deviation if deviation_at_bar is None else deviation_at_bar
    with quiet():
        return _least_more(n, deviation, at_bar, np.asarray(value, float) - bar, 0.0, probability)


def more_examples_for_bar_proportion(
    successes: ArrayLike, trials: ArrayLike, bar: ArrayLike, *, probability: float = PROBABILITY
) -> Array:
    """``more_examples_for_bar`` of a proportion judged by Wilson's interval, whose width at the bar is sqrt(bar(1-bar))."""
    successes, trials, bar = (np.asarray(x, float) for x in (successes, trials, bar))
    with quiet():
        smoothed = (successes + 1) / (trials + 2)
        deviation, at_bar = np.sqrt(smoothed * (1 - smoothed)), np.sqrt(bar * (1 - bar))
        return more_examples_for_bar(
            trials, successes / trials, bar, deviation, deviation_at_bar=at_bar, probability=probability
        )


def examples_needed(deviation: ArrayLike, margin: ArrayLike, *, power: float = 0.8) -> Array:
    """Examples for a plan: enough to find a difference of ``margin``, and to show equivalence if there is none.

    The larger of s²(z₀.₉₇₅ + z_power)²/m² and s²(z₀.₉₅ + z_(1+power)/2)²/m² (Julious 2004). NaN where margin is 0.
    """
    detect = ndtri(0.975) + ndtri(power)
    equal = ndtri(0.95) + ndtri((1 + power) / 2)
    with quiet():
        needed = np.ceil((np.asarray(deviation, float) / margin * max(detect, equal)) ** 2)
    return np.where(np.isfinite(needed), needed, np.nan)[()]


def paired_deviation(discordance: ArrayLike, difference: ArrayLike = 0.0) -> Array:
    """The standard deviation of one example's difference in {-1, 0, 1}, where ``discordance`` is the share of flips."""
    return np.sqrt(np.maximum(np.asarray(discordance, float) - np.asarray(difference, float) ** 2, 0))


def _least_more(n, spread, judged, difference, margin, probability) -> Array:
    """The least N on a geometric grid (steps under 3%) from which the predictive probability of settling is reached."""
    n, spread, judged, difference, margin = np.broadcast_arrays(
        *(np.asarray(x, float)[..., None] for x in (n, spread, judged, difference, margin))
    )
    factor = np.concatenate([[0.0], np.geomspace(0.01, LARGEST_FACTOR, _STEPS)])
    with quiet():
        more = np.ceil(n * factor)
        settled = _probability_settled(n, more, spread, judged, np.abs(difference), margin) >= probability
    least = np.take_along_axis(more, np.argmax(settled, axis=-1)[..., None], axis=-1)[..., 0]
    return np.where(settled.any(axis=-1), least, np.nan)[()]


def _probability_settled(n, more, spread, judged, difference, margin) -> Array:
    error = judged / np.sqrt(n + more)
    predictive = spread * np.sqrt(more / (n * (n + more)))
    different, equal = ndtri(0.975) * error, np.maximum(margin - ndtri(0.95) * error, 0)
    edge = np.minimum(equal, different)  # where both hold the example is counted once
    beyond = ndtr((difference - different) / predictive) + ndtr((-difference - different) / predictive)
    within = ndtr((edge - difference) / predictive) - ndtr((-edge - difference) / predictive)
    now = (difference > different) | (difference < equal)
    return np.where(more > 0, beyond + within, now)
