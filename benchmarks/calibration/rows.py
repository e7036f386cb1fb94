"""Coverage for what needs the rows or their bins: quantiles, areas under the ROC curve."""

import numpy as np
from scipy.special import expit, logit, ndtri
from scipy.stats import expon

from benchmarks.calibration import peers, published
from benchmarks.calibration.figures import cells_of, collect, coverage
from benchmarks.calibration.means import ERRORS, SIZES
from benchmarks.calibration.published import World
from plainview.statistics.quantiles import quantile_difference, quantile_interval
from plainview.statistics.ranks import average_precision, compare_rankings, estimate_ranking, roc_auc

KEY = "average_precision[yes]"


def figures(repeats: int, rng: np.random.Generator):
    """Medians and p90, areas under curves; paired differences of medians and of ROC AUC."""
    yield coverage(
        "median and p90: coverage",
        _quantiles(repeats, rng),
        "27 cells: n 30 to 1,000 (p90 from 50), half-normal, exponential, log-normal",
    )
    yield coverage(
        "paired difference of median and p90: coverage",
        _quantile_differences(repeats, rng),
        "9 cells: n 30 to 1,000 (p90 from 50), 20% of noise between the releases on every row",
        mean=(0.945, 0.985),
    )
    yield coverage("ROC AUC: coverage", _auc(repeats, rng), "24 cells: area .6 to .99, 30 to 300 positives")
    yield coverage(
        "average precision: coverage",
        _average_precision(max(repeats // 3, 4), rng),
        "12 cells: 30 and 300 positives, 1 and 10 times as many negatives",
    )
    yield coverage(
        "paired difference of ROC AUC: coverage",
        _auc_difference(repeats, rng),
        "12 cells: area .7 to .97, 30 to 300 positives",
        mean=(0.945, 0.975),
        worst=0.92,
    )


def _quantiles(repeats, rng):
    rows: dict[str, list] = {}
    for n in SIZES:
        for level in (0.5, 0.9) if n >= 50 else (0.5,):
            for law in ERRORS.values():
                x = np.sort(law.rvs(size=(repeats, n), random_state=rng), axis=1)
                ours = np.array([quantile_interval(row, level) for row in x]).T
                draws = np.stack(
                    [
                        np.quantile(np.take_along_axis(x, rng.integers(0, n, x.shape), 1), level, axis=1)
                        for _ in range(100)
                    ]
                )
                bounds = {
                    "ours: order statistics": ours,
                    "percentile bootstrap of 100": np.quantile(draws, [0.025, 0.975], axis=0),
                }
                collect(rows, bounds, law.ppf(level))
    return cells_of(rows, repeats)


def _quantile_differences(repeats, rng):
    """The first release is the second with 20% of noise on every row."""
    rows: dict[str, list] = {}
    for n in SIZES:
        for level in (0.5, 0.9) if n >= 50 else (0.5,):
            bounds = []
            for _ in range(repeats):
                shared = rng.exponential(size=n)
                bounds.append(quantile_difference(shared * rng.lognormal(0, 0.2, n), shared, level))
            big = rng.exponential(size=400_000)
            truth = np.quantile(big * rng.lognormal(0, 0.2, 400_000), level) - expon.ppf(level)
            collect(rows, {"ours: square-and-add": np.array(bounds).T}, truth)
    return cells_of(rows, repeats)


def _auc(repeats, rng):
    rows: dict[str, list] = {}
    for positives in (30, 100, 300):
        for times in (1, 5):
            for truth in (0.6, 0.8, 0.95, 0.99):
                positive = np.arange(positives * (1 + times)) < positives
                shift = np.sqrt(2) * ndtri(truth) * positive
                scored = [roc_auc(rng.normal(size=len(positive)) + shift, positive) for _ in range(repeats)]
                bounds = {
                    "ours: Wilson at the effective size": np.array([estimate_ranking(s).interval() for s in scored]).T,
                    "DeLong, logit": np.array([_delong_logit(s) for s in scored]).T,
                    "DeLong": np.array([_delong(s) for s in scored]).T,
                }
                collect(rows, bounds, truth)
    return cells_of(rows, repeats)


def _average_precision(repeats, rng):
    rows: dict[str, list] = {}
    for positives in (30, 300):
        for times in (1, 10):
            for area in (0.7, 0.9, 0.99):
                world = World("classification", (KEY,), _labelled(times, area), {"score": "score"}, {"positive": "yes"})
                truth = average_precision(*_scored(40_000, times, area, rng)).value
                found = [average_precision(*_scored(positives, times, area, rng)) for _ in range(repeats)]
                bounds = {
                    "ours: Wilson at the effective size": published.estimates(
                        world, positives * (1 + times), repeats, rng
                    )[KEY],
                    "delta": np.array([_delong(s) for s in found]).T,
                }
                collect(rows, bounds, truth)
    return cells_of(rows, repeats)


def _labelled(times, area):
    """Rows of which one in 1 + ``times`` is positive."""

    def draw(rows, rng):
        positive = rng.random(rows) < 1 / (1 + times)
        score = rng.normal(size=rows) + np.sqrt(2) * ndtri(area) * positive
        return {"label": np.where(positive, "yes", "no")}, *[{"prediction": np.full(rows, "no"), "score": score}] * 2

    return draw


def _scored(positives, times, area, rng):
    """Normal scores with this area under the ROC curve, and which rows are positive."""
    positive = np.arange(positives * (1 + times)) < positives
    return rng.normal(size=len(positive)) + np.sqrt(2) * ndtri(area) * positive, positive


def _auc_difference(repeats, rng):
    rows: dict[str, list] = {}
    for positives in (30, 100, 300):
        for truth in (0.7, 0.9):
            for gain in (0.0, 0.07):
                positive = np.arange(positives * 4) < positives
                bounds, plain = [], []
                for _ in range(repeats):
                    noise = rng.normal(size=(2, len(positive)))
                    noise[1] = 0.8 * noise[0] + 0.6 * noise[1]
                    first, second = (
                        roc_auc(noise[side] + np.sqrt(2) * ndtri(area) * positive, positive)
                        for side, area in ((0, truth + gain), (1, truth))
                    )
                    bounds.append(compare_rankings(first, second).interval())
                    plain.append(_delong_difference(first, second))
                collect(rows, {"ours": np.array(bounds).T, "DeLong": np.array(plain).T}, gain)
    return cells_of(rows, repeats)


def _error(ranking) -> float:
    return np.sqrt((ranking.influence**2).sum()) / len(ranking.influence)


def _delong(ranking):
    reach = peers.Z * _error(ranking)
    return ranking.value - reach, ranking.value + reach


def _delong_logit(ranking):
    value, error = ranking.value, _error(ranking)
    if error == 0:
        return value, value
    reach = peers.Z * error / (value * (1 - value))
    return expit(logit(value) - reach), expit(logit(value) + reach)


def _delong_difference(first, second):
    pull = first.influence - second.influence
    reach = peers.Z * np.sqrt((pull**2).sum()) / len(pull)
    return first.value - second.value - reach, first.value - second.value + reach
