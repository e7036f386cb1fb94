"""Coverage for means and root mean squares, one release and paired differences, from simulated rows."""

import numpy as np
from scipy.stats import expon, halfnorm, lognorm

from benchmarks.calibration import peers
from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.statistics.intervals import mean_skewed, mean_t, rmse_log
from plainview.statistics.paired import paired_mean_t, paired_rmse

SIZES = (30, 50, 100, 300, 1000)
ERRORS = {"half-normal": halfnorm(), "exponential": expon(), "log-normal ½": lognorm(0.5)}


def figures(repeats: int, rng: np.random.Generator):
    """Means of absolute errors, RMSE, and their paired differences."""
    yield coverage("mean of skewed values: coverage", _means(repeats, rng), _cells("absolute errors"))
    yield coverage("RMSE: coverage", _rmse(repeats, rng), "15 cells: n 30 to 1,000, normal, Laplace and skewed errors")
    yield coverage(
        "paired difference of means and of RMSE: coverage",
        _paired(repeats, rng),
        "20 cells: n 30 to 1,000, errors correlated .3 and .9",
        mean=(0.945, 0.975),
    )


def _cells(what: str) -> str:
    return f"{what}: n 30 to 1,000, half-normal, exponential, log-normal"


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
            collect(rows, bounds, law.mean())
    return cells_of(rows, repeats)


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
            collect(rows, bounds, truth)
    return cells_of(rows, repeats)


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
            collect(rows, bounds, -0.1 * np.sqrt(2 / np.pi))
            a, b = first**2, second**2
            sums = n, a.sum(1), b.sum(1), (a * a).sum(1), (b * b).sum(1), (a * b).sum(1)
            collect(rows, {"ours": paired_rmse(*sums)}, -0.1)
    return cells_of(rows, repeats)
