"""Coverage for the difference of two releases on the same examples, proportions."""

from functools import partial

import numpy as np

from benchmarks.calibration import peers
from benchmarks.calibration.figures import Cells, coverage, error
from plainview.statistics.differences import paired_proportion_difference
from plainview.statistics.paired import newcombe, tango

SIZES = (30, 50, 100, 200, 500, 1000, 2000, 5000)
FLIPS = (0.02, 0.05, 0.1, 0.2)
ONE_WAY = (0.5, 0.6, 0.7, 0.8, 1.0)
CORRECT = (0.5, 0.9, 0.99)


def figures(repeats: int, rng: np.random.Generator):
    """Coverage of the 95% interval, and the error of its one-sided bound, which non-inferiority rests on."""
    found: dict[str, list] = {}
    bounds: dict[str, list] = {}
    for n in SIZES:
        tables, truths = _truths()
        counts = np.moveaxis(rng.multinomial(n, tables, size=(repeats, len(tables))), -1, 0).astype(float)
        for name, (low, high) in _methods(counts, n).items():
            inside = (low <= truths + 1e-12) & (high >= truths - 1e-12)
            found.setdefault(name, []).append((inside.mean(0), (high - low).mean(0)))
        for name, (low, _) in _one_sided(counts).items():
            bounds.setdefault(name, []).append((low > truths + 1e-12).mean(0))
    methods = {name: Cells(*np.concatenate(np.array(rows), axis=1), repeats=repeats) for name, rows in found.items()}
    yield coverage(
        "paired difference of proportions: coverage",
        methods,
        f"{len(SIZES) * len(tables)} cells: n 30 to 5,000, flips 2 to 20%, 50 to 100% of them one way",
        mean=(0.945, 0.975),
        worst=0.92,
    )
    yield error(
        "paired difference: lower one-sided 95% bound above the truth",
        {name: Cells(np.concatenate(rows), repeats=repeats) for name, rows in bounds.items()},
        "same cells; “no loss larger than the margin” rests on this bound",
        mean=0.05,
        worst=0.08,
    )


def _truths():
    """Chances of (both, only first, only second, neither), net gains and net losses alike, and the true differences."""
    tables = []
    for flips in FLIPS:
        for share in (*ONE_WAY, *(1 - s for s in ONE_WAY[1:])):
            for correct in CORRECT:
                same = (1 - flips) * correct
                tables.append([same, flips * share, flips * (1 - share), 1 - flips - same])
    tables = np.array(tables)
    return tables, tables[:, 1] - tables[:, 2]


def _methods(counts, n: int):
    both, first, second, _ = counts
    p, q = first / n, second / n
    reach = peers.Z * np.sqrt((p + q - (p - q) ** 2) / n)
    return {
        "ours: square-and-add of the flips": paired_proportion_difference(*counts),
        "Newcombe": newcombe(*counts),
        "Tango": tango(*counts),
        "Wald": (p - q - reach, p - q + reach),
        "unpaired z": peers.unpaired((both + first) / n, (both + second) / n, n),
    }


def _one_sided(counts):
    ways = {"ours": paired_proportion_difference, "Newcombe": newcombe, "Tango": tango}
    return {name: partial(way, confidence=0.9)(*counts) for name, way in ways.items()}
