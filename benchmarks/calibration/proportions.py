"""Coverage for one proportion: exactly, by adding up the binomial, for ours; the peers' by simulation."""

import numpy as np
from scipy.stats import binom

from benchmarks.calibration import peers
from benchmarks.calibration.figures import Cells, cells_of, collect, coverage, error
from plainview.statistics.intervals import f1_from_jaccard, wilson

SIZES = (30, 50, 100, 200, 500, 1000, 2000, 5000)
TRUTHS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
GRID = f"{len(SIZES) * len(TRUTHS)} cells: n 30 to 5,000, p .5 to .99"


def figures(repeats: int, rng: np.random.Generator):
    """Accuracy and its kin; F1; and requirements called met by mistake."""
    cells = [(n, p) for n in SIZES for p in TRUTHS]
    exact = [_exact(n, p) for n, p in cells]
    methods = {"Wilson": Cells(np.array([row[0] for row in exact]), np.array([row[1] for row in exact]))}
    methods |= _simulated(cells, repeats, rng)
    yield coverage("proportion: coverage", methods, GRID + ", Wilson exact")
    yield _f1(repeats, rng)
    met = {
        "lower end of Wilson": Cells(np.array([row[2] for row in exact])),
        "point estimate": Cells(np.array([row[3] for row in exact])),
        "lower end of Wald": Cells(np.array([row[4] for row in exact])),
    }
    yield error("false “met”, true value at the bar", met, GRID + ", exact", mean=0.025, worst=0.04)


def _exact(n: int, p: float):
    right = np.arange(n + 1)
    chance = binom.pmf(right, n, p)
    low, high = wilson(right, n)
    wald_low, _ = peers.wald(right / n, n)
    inside = (low <= p) & (p <= high)
    return (
        chance[inside].sum(),
        chance @ (high - low),
        chance[low >= p].sum(),
        chance[right / n >= p].sum(),
        chance[wald_low >= p].sum(),
    )


def _simulated(cells, repeats: int, rng):
    def share(counts):
        return counts[0] / counts.sum(axis=0)

    rows: dict[str, list] = {}
    for n, p in cells:
        right = rng.binomial(n, p, size=repeats)
        counts = np.stack([right, n - right]).astype(float)
        bounds = {
            "percentile bootstrap of 100": peers.percentile_of_100(share, counts, rng),
            "20-bucket jackknife": peers.jackknife_of_20(share, counts, rng),
            "Wald": peers.wald(right / n, n),
        }
        collect(rows, bounds, p)
    return cells_of(rows, repeats)


def _f1(repeats: int, rng):
    def f1(counts):
        return 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2])

    rows: dict[str, list] = {}
    for n in (50, 100, 300, 1000, 5000):
        for prevalence in (0.2, 0.5):
            for right in (0.6, 0.8, 0.9, 0.97):
                chances = _binary(prevalence, right)
                counts = rng.multinomial(n, chances, size=repeats).T.astype(float)
                bounds = {
                    "Wilson of Jaccard": f1_from_jaccard(*counts[:3]),
                    "percentile bootstrap of 100": peers.percentile_of_100(f1, counts, rng),
                    "20-bucket jackknife": peers.jackknife_of_20(f1, counts, rng),
                }
                collect(rows, bounds, f1(chances))
    cells = "40 cells: n 50 to 5,000, recall and specificity .6 to .97"
    return coverage("F1 of a class: coverage", cells_of(rows, repeats), cells)


def _binary(prevalence: float, right: float) -> np.ndarray:
    """Chances of true positive, false positive, false negative, true negative."""
    return np.array(
        [
            prevalence * right,
            (1 - prevalence) * (1 - right) * 0.5,
            prevalence * (1 - right),
            (1 - prevalence) * (1 - (1 - right) * 0.5),
        ]
    )
