"""What other evaluation libraries do: on counts each as (statistic, counts, generator) -> (low, high), one a column."""

import numpy as np
from scipy.special import ndtri, stdtrit

Z = ndtri(0.975)
BUCKETS = 20


def percentile_of_100(statistic, counts, rng):
    """The percentile bootstrap of 100 draws of the rows (Fairlearn's default, and others')."""
    size = counts.sum(axis=0).astype(int)
    chances = (counts / counts.sum(axis=0)).T
    with np.errstate(all="ignore"):
        draws = np.stack([statistic(rng.multinomial(size, chances).T.astype(float)) for _ in range(100)])
    return _quantiles(draws)


def _quantiles(draws):
    """2.5 and 97.5% of the defined draws of each column, NaN sorted last and not counted."""
    draws = np.sort(draws, axis=0)
    last = np.maximum((~np.isnan(draws)).sum(axis=0) - 1, 0)

    def at(share):
        place = share * last
        under = np.floor(place).astype(int)
        over = np.minimum(under + 1, last)
        columns = np.arange(draws.shape[1])
        return draws[under, columns] + (place - under) * (draws[over, columns] - draws[under, columns])

    return at(0.025), at(0.975)


def jackknife_of_20(statistic, counts, rng):
    """The delete-one-bucket jackknife of 20 random buckets of rows, with t (TensorFlow Model Analysis)."""
    left, buckets = counts.astype(int), []
    for bucket in range(BUCKETS):
        taken = rng.binomial(left, 1 / (BUCKETS - bucket))
        buckets.append(taken)
        left = left - taken
    with np.errstate(all="ignore"):
        values = np.stack([statistic(counts - taken) for taken in buckets])
        spread = np.sqrt((BUCKETS - 1) / BUCKETS * ((values - values.mean(axis=0)) ** 2).sum(axis=0))
        whole = statistic(counts)
    reach = stdtrit(BUCKETS - 1, 0.975) * spread
    return whole - reach, whole + reach


def wald(share, n):
    """The estimate plus and minus 1.96 standard errors of a proportion (most dashboards)."""
    reach = Z * np.sqrt(share * (1 - share) / n)
    return share - reach, share + reach


def unpaired(first, second, n):
    """A two-sample z interval of two proportions, although both were measured on the same rows (lm-evaluation-harness)."""
    reach = Z * np.sqrt((first * (1 - first) + second * (1 - second)) / n)
    return first - second - reach, first - second + reach


def welch(first, second):
    """Welch's t interval of a difference of two means, from values of shape (rows, columns) each."""
    parts = [x.var(axis=0, ddof=1) / len(x) for x in (first, second)]
    variance = sum(parts)
    degrees = variance**2 / sum(part**2 / (len(x) - 1) for part, x in zip(parts, (first, second), strict=True))
    difference, reach = first.mean(axis=0) - second.mean(axis=0), stdtrit(degrees, 0.975) * np.sqrt(variance)
    return difference - reach, difference + reach
