"""Coverage where examples come in clusters: frames of one video, reviews of one customer."""

import numpy as np

from benchmarks.calibration import bootstrap
from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.statistics.clusters import design_effect_of_mean, design_effect_of_proportion
from plainview.statistics.differences import paired_proportion_difference
from plainview.statistics.intervals import mean_t, wilson

CLUSTERS = (20, 50, 300)
SIZES = (5, 100)
CORRELATIONS = (0.0, 0.2, 0.5)
TRUTHS = (0.5, 0.9, 0.95, 0.99)


def figures(repeats: int, rng: np.random.Generator):
    """A proportion, a paired difference of proportions, and a mean."""
    grid = "20, 50 and 300 clusters of 5 and 100, equal and geometric sizes, correlation 0 to .5"
    yield coverage("clustered proportion: coverage", _proportions(repeats, rng), grid, mean=(0.945, 0.975))
    yield coverage("clustered paired difference: coverage", _paired(repeats, rng), grid, mean=(0.945, 0.985))
    yield coverage("clustered mean: coverage", _means(repeats, rng), grid, mean=(0.945, 0.975))


def _grid(truths, rng, repeats):
    for clusters in CLUSTERS:
        for size in SIZES:
            for correlation in CORRELATIONS:
                for truth in truths:
                    for equal in (True, False):
                        shape = (clusters, repeats)
                        sizes = np.full(shape, size) if equal else rng.geometric(1 / size, size=shape)
                        yield sizes, correlation, truth


def _rates(truth, correlation, shape, rng):
    """A rate for each cluster, so that examples of one cluster are correlated (beta)."""
    if correlation == 0:
        return np.full(shape, truth)
    scale = (1 - correlation) / correlation
    return rng.beta(truth * scale, (1 - truth) * scale, size=shape)


def _proportions(repeats, rng):
    rows: dict[str, list] = {}
    for sizes, correlation, truth in _grid(TRUTHS, rng, repeats):
        right = rng.binomial(sizes, _rates(truth, correlation, sizes.shape, rng))
        effect = design_effect_of_proportion(right, sizes)
        bounds = {
            "ours: Wilson of the effective examples": wilson(right.sum(0) / effect, sizes.sum(0) / effect),
            "percentile bootstrap of clusters": bootstrap.of_clusters(_share, _few(repeats, right, sizes), rng),
            "clusters ignored": wilson(right.sum(0), sizes.sum(0)),
        }
        collect(rows, bounds, truth)
    return cells_of(rows, repeats)


def _paired(repeats, rng):
    """Flips both ways come in clusters: each cluster has its own rate of fixed and of broken examples."""
    rows: dict[str, list] = {}
    for sizes, correlation, flips in _grid((0.1, 0.3), rng, repeats):
        rates = [_rates(flips * share, correlation, sizes.shape, rng) for share in (0.6, 0.4)]
        first = rng.binomial(sizes, np.minimum(rates[0], 1))
        second = rng.binomial(sizes - first, np.minimum(rates[1], 1))
        truth = flips * 0.6 - flips * 0.4 * (1 - flips * 0.6)
        effect = design_effect_of_mean(sizes, first - second, first + second)
        table = [x.sum(0) for x in (sizes - first - second, first, second, np.zeros_like(first))]
        bounds = {
            "ours": paired_proportion_difference(*(x / effect for x in table)),
            "percentile bootstrap of clusters": bootstrap.of_clusters(_net, _few(repeats, first, second, sizes), rng),
            "clusters ignored": paired_proportion_difference(*table),
        }
        collect(rows, bounds, truth)
    return cells_of(rows, repeats)


def _means(repeats, rng):
    rows: dict[str, list] = {}
    for sizes, correlation, _ in _grid((0.0,), rng, repeats):
        shared = np.sqrt(correlation) * rng.normal(size=sizes.shape)
        total = sizes * shared + np.sqrt((1 - correlation) * sizes) * rng.normal(size=sizes.shape)
        within = (1 - correlation) * rng.chisquare(np.maximum(sizes - 1, 1)) * (sizes > 1)
        squares = total**2 / sizes + within
        effect = design_effect_of_mean(sizes, total, squares)
        sums = [x.sum(0) for x in (sizes, total, squares)]
        bounds = {
            "ours": mean_t(*(x / effect for x in sums)),
            "percentile bootstrap of clusters": bootstrap.of_clusters(_share, _few(repeats, total, sizes), rng),
            "clusters ignored": mean_t(*sums),
        }
        collect(rows, bounds, 0.0)
    return cells_of(rows, repeats)


def _share(sums):
    return sums[0] / sums[1]


def _net(sums):
    return (sums[0] - sums[1]) / sums[2]


def _few(repeats, *sums):
    """Some of the repeats, for what takes long: shape (sums, clusters, repeats)."""
    return np.stack([x[:, : max(repeats // 25, 20)] for x in sums]).astype(float)
