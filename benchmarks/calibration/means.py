"""Coverage for means, root mean squares, quantiles and areas under the curve, from simulated rows."""

import numpy as np
from scipy.special import expit, logit, ndtri
from scipy.stats import expon, halfnorm, lognorm

from benchmarks.calibration import peers
from benchmarks.calibration.figures import Cells, coverage
from plainview.statistics.intervals import mean_skewed, mean_t, rmse_log
from plainview.statistics.paired import paired_mean_t, paired_rmse
from plainview.statistics.quantiles import quantile_difference, quantile_interval
from plainview.statistics.ranks import compare_rankings, estimate_ranking, roc_auc

SIZES = (30, 50, 100, 300, 1000)
ERRORS = {"half-normal": halfnorm(), "exponential": expon(), "log-normal ½": lognorm(0.5)}


def figures(repeats: int, rng: np.random.Generator):
    """Means of absolute errors, RMSE, their paired differences, medians and p90, ROC AUC and its difference."""
    yield coverage("mean of skewed values: coverage", _means(repeats, rng), _cells("absolute errors"))
    yield coverage("RMSE: coverage", _rmse(repeats, rng), "15 cells: n 30 to 1,000, normal, Laplace and skewed errors")
    yield coverage(
        "paired difference of means and of RMSE: coverage",
        _paired(repeats, rng),
        "20 cells: n 30 to 1,000, errors correlated .3 and .9",
        mean=(0.94, 0.975),
    )
    yield coverage(
        "median and p90: coverage", _quantiles(max(repeats // 8, 60), rng), _cells("median; p90 from n = 50")
    )
    yield coverage(
        "ROC AUC: coverage", _auc(max(repeats // 8, 60), rng), "24 cells: area .6 to .99, 30 to 300 positives"
    )
    yield coverage(
        "paired difference of ROC AUC: coverage",
        _auc_difference(max(repeats // 8, 60), rng),
        "12 cells: area .7 to .97, 30 to 300 positives",
        mean=(0.945, 0.975),
        worst=0.92,
    )


def _cells(what: str) -> str:
    return f"{what}: n 30 to 1,000, half-normal, exponential, log-normal"


def _collect(rows, bounds, truth):
    for name, (low, high) in bounds.items():
        inside = np.mean((low <= truth) & (truth <= high))
        rows.setdefault(name, []).append((inside, np.mean(np.asarray(high) - low)))


def _cells_of(rows):
    return {name: Cells(*np.array(found).T) for name, found in rows.items()}


def _means(repeats, rng):
    rows: dict[str, list] = {}
    for n in SIZES:
        for law in ERRORS.values():
            x = law.rvs(size=(repeats, n), random_state=rng)
            sums = n, x.sum(1), (x**2).sum(1), (x**3).sum(1)
            picked = x[: repeats // 8]
            draws = np.stack(
                [np.take_along_axis(picked, rng.integers(0, n, picked.shape), 1).mean(1) for _ in range(100)]
            )
            bounds = {
                "ours: Hall’s transformation": mean_skewed(*sums),
                "Student t": mean_t(*sums[:3]),
                "percentile bootstrap of 100": np.quantile(draws, [0.025, 0.975], axis=0),
            }
            _collect(rows, bounds, law.mean())
    return _cells_of(rows)


def _rmse(repeats, rng):
    rows: dict[str, list] = {}
    for n in SIZES:
        for errors, truth in (
            (rng.normal(size=(repeats, n)), 1.0),
            (rng.laplace(size=(repeats, n)), np.sqrt(2)),
            (rng.gamma(4, size=(repeats, n)) - 4, 2.0),
        ):
            squares = errors**2
            root = np.sqrt(squares.mean(1))
            reach = peers.Z * squares.std(1) / np.sqrt(n) / (2 * root)
            bounds = {
                "ours: log delta": rmse_log(n, squares.sum(1), (squares**2).sum(1)),
                "delta": (root - reach, root + reach),
            }
            _collect(rows, bounds, truth)
    return _cells_of(rows)


def _paired(repeats, rng):
    rows: dict[str, list] = {}
    for n in SIZES:
        for related in (0.3, 0.9):
            second = rng.normal(size=(repeats, n))
            first = 0.9 * (related * second + np.sqrt(1 - related**2) * rng.normal(size=(repeats, n)))
            d = np.abs(first) - np.abs(second)
            reach = peers.Z * np.sqrt((np.abs(first).var(1) + np.abs(second).var(1)) / n)
            bounds = {
                "ours": paired_mean_t(n, d.sum(1), (d**2).sum(1)),
                "unpaired z": (d.mean(1) - reach, d.mean(1) + reach),
            }
            _collect(rows, bounds, -0.1 * np.sqrt(2 / np.pi))
            a, b = first**2, second**2
            sums = n, a.sum(1), b.sum(1), (a * a).sum(1), (b * b).sum(1), (a * b).sum(1)
            _collect(rows, {"ours": paired_rmse(*sums)}, -0.1)
    return _cells_of(rows)


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
                _collect(rows, bounds, law.ppf(level))
    return _cells_of(rows)


def quantile_differences(repeats: int, rng: np.random.Generator):
    """The paired difference of medians and of p90, second release 0.3 better on each row and noisier."""
    rows: dict[str, list] = {}
    for n in SIZES:
        for level in (0.5, 0.9) if n >= 50 else (0.5,):
            bounds = []
            for _ in range(repeats):
                shared = rng.exponential(size=n)
                bounds.append(quantile_difference(shared * rng.lognormal(0, 0.2, n), shared, level))
            big = rng.exponential(size=400_000)
            truth = np.quantile(big * rng.lognormal(0, 0.2, 400_000), level) - expon.ppf(level)
            _collect(rows, {"ours: square-and-add": np.array(bounds).T}, truth)
    title = "paired difference of median and p90: coverage"
    yield coverage(title, _cells_of(rows), "9 cells: n 30 to 1,000, errors correlated .9", mean=(0.945, 0.985))


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
                _collect(rows, bounds, truth)
    return _cells_of(rows)


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
                _collect(rows, {"ours": np.array(bounds).T, "DeLong": np.array(plain).T}, gain)
    return _cells_of(rows)


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
