"""Coverage for stated probabilities: the calibration error of one release, and the paired difference of two."""

import numpy as np
from scipy.special import expit

from benchmarks.calibration import published
from benchmarks.calibration.figures import cells_of, collect, coverage
from benchmarks.calibration.published import World
from plainview.statistics.calibration import calibration_error_interval

BINS = 10
SIZES = (100, 1000, 5000)
TRUTHS = {
    "calibrated": lambda p: p,
    "overconfident": lambda p: 0.5 + 0.7 * (p - 0.5),
    "shifted": lambda p: np.maximum(p - 0.1, 0),
    "curved": lambda p: p**1.5,
}
CHANGES = {
    "as before": (1.0, 0.0),
    "less sure": (0.7, 0.0),
    "shifted": (1.0, 0.6),
}  # of the second release's log odds
LARGE = 1_000_000  # rows that stand for the truth
NOISE = 0.4  # of each release, in log odds
KEY = "expected_calibration_error[yes]"


def figures(repeats: int, rng: np.random.Generator):
    """The calibration error in ten bins, and its change between two releases."""
    yield coverage(
        "calibration error: coverage",
        _single(repeats, rng),
        "12 cells: n 100 to 5,000, 10 bins, calibrated, overconfident, shifted, curved",
        mean=(0.945, 0.975),
    )
    yield coverage(
        "paired difference of calibration errors: coverage",
        _paired(max(repeats // 2, 20), rng),
        "18 cells: n 100 to 5,000, calibrated or overconfident before; as before, less sure, or shifted after",
        mean=(0.945, 0.975),
    )


def _single(repeats, rng):
    rows: dict[str, list] = {}
    for n in SIZES:
        for name, happens in TRUTHS.items():
            stated = rng.beta(2, 2, size=(repeats, n))
            happened = rng.random(stated.shape) < happens(stated)
            sums, times = _by_bin(stated, happened), _by_bin(stated, happened + stated)[1]
            draws = np.stack([_plain(_resampled(sums, rng)) for _ in range(100)])
            many = rng.beta(2, 2, size=(1, LARGE))
            truth = 0.0 if name == "calibrated" else _plain(_by_bin(many, happens(many)))[0]
            bounds = {
                "ours: noncentral chi-squared": calibration_error_interval(*sums, happened=times),
                "percentile bootstrap of 100, bias left in": np.quantile(draws, [0.025, 0.975], axis=0),
            }
            collect(rows, bounds, truth)
    return cells_of(rows, repeats)


def _paired(repeats, rng):
    rows: dict[str, list] = {}
    for sure in (1.0, 1.6):
        for scale, shift in CHANGES.values():
            world = World("classification", (KEY,), _drawn(sure, scale, shift), {"score": "score"}, {"positive": "yes"})
            truth = _far_off(sure, scale, shift, rng)
            for n in SIZES:
                collect(rows, {"ours: square-and-add": published.paired(world, n, repeats, rng)[KEY]}, truth)
    return cells_of(rows, repeats)


def _drawn(sure, scale, shift):
    def draw(n, rng):
        chance, stated = _rows(sure, scale, shift, n, rng)
        label = np.where(rng.random(n) < chance, "yes", "no")
        return {"label": label}, *({"prediction": np.where(p > 0.5, "yes", "no"), "score": p} for p in stated)

    return draw


def _rows(sure, scale, shift, n, rng):
    """The chance of what happens, and what two releases state of it: each sees the log odds with noise of its own."""
    odds = 1.2 * rng.normal(size=n)
    first, second = (sure * (odds + NOISE * rng.normal(size=n)) for _ in range(2))
    return expit(odds), (expit(first), expit(scale * second + shift))


def _far_off(sure, scale, shift, rng) -> float:
    """The true change of the error: that of very many rows, with what happens replaced by its chance."""
    chance, stated = _rows(sure, scale, shift, LARGE, rng)
    before, after = (float(_plain(_by_bin(side[None], chance[None]))[0]) for side in stated)
    return after - before


def _by_bin(stated, happened):
    """Rows, sum of residuals and of their squares in each bin, each of shape (bins, columns)."""
    columns = len(stated)
    where = (np.minimum((stated * BINS).astype(int), BINS - 1) + BINS * np.arange(columns)[:, None]).ravel()
    residual = (happened - stated).ravel()
    return [
        np.bincount(where, weights=weight, minlength=BINS * columns).reshape(columns, BINS).T
        for weight in (np.ones(len(where)), residual, residual**2)
    ]


def _plain(sums):
    """The usual estimate: the root mean square of the bins' mean residuals."""
    count, residuals, _ = sums
    return np.sqrt((residuals**2 / np.maximum(count, 1)).sum(axis=0) / count.sum(axis=0))


def _resampled(sums, rng):
    """What resampled rows would give: the bins' mean residuals with the noise of their rows."""
    count, residuals, squares = sums
    filled = np.maximum(count, 1)
    spread = np.sqrt(np.maximum(squares / filled - (residuals / filled) ** 2, 0) * filled)
    return count, residuals + spread * rng.normal(size=count.shape), squares
