"""Coverage for examples with several labels: averages over labels and over classes, one release and paired differences."""

import json

import numpy as np
import polars as pl
from scipy.special import ndtri

from benchmarks.calibration import published
from benchmarks.calibration.figures import cells_of, collect, coverage
from benchmarks.calibration.published import World

SIZES = (50, 300, 1000)
NAMES = ("a", "b", "c", "d")
COMMON = {"alike": (0.4, 0.4, 0.4, 0.4), "unlike": (0.7, 0.4, 0.2, 0.1)}
ACCURACIES = (0.8, 0.9, 0.97)
TOGETHER = (0.0, 0.7)  # the correlation of mistakes on one example
KEYS = ("micro_f1", "micro_precision", "micro_recall", "macro_f1", "exact_match", "jaccard_samples")


def figures(repeats: int, rng: np.random.Generator):
    """Every average of sets of labels; beside it, as if each decision were an example of its own."""
    single: dict[str, list] = {}
    paired: dict[str, list] = {}
    for world in _worlds():
        truths = published.truths(world, rng)
        for rows in SIZES:
            for key, ends in published.estimates(world, rows, repeats, rng).items():
                collect(single, {"ours": ends}, truths[key][0])
            for key, ends in published.paired(world, rows, repeats, rng).items():
                collect(paired, {"ours": ends}, truths[key][1])
    cells = f"{len(single['ours'])} cells: micro and macro averages, exact match, Jaccard; 50 to 1,000 examples of 4 classes"
    yield coverage("averages of several labels: coverage", cells_of(single, repeats), cells)
    title = "paired difference of averages of several labels: coverage"
    yield coverage(title, cells_of(paired, repeats), cells, mean=(0.945, 0.975))


def _worlds():
    for shares in COMMON.values():
        for right in ACCURACIES:
            for together in TOGETHER:
                yield World("multilabel", KEYS, _drawn(np.array(shares), right, together))


def _drawn(shares: np.ndarray, right: float, together: float):
    """A tenth of the decisions of one release are made anew in the other, whose mistakes are a fifth fewer."""

    def draw(rows, rng):
        held = rng.random((rows, len(NAMES))) < shares
        ease = np.sqrt(together) * rng.normal(size=(rows, 1)) + np.sqrt(1 - together) * rng.normal(
            size=(rows, len(NAMES))
        )
        anew = np.where(rng.random(ease.shape) < 0.1, rng.normal(size=ease.shape), ease)
        wrong = (ease > ndtri(right), anew > ndtri(1 - 0.8 * (1 - right)))
        return {"label": _written(held)}, *({"prediction": _written(held ^ off)} for off in wrong)

    return draw


def _written(held: np.ndarray) -> pl.Series:
    """Sets as JSON lists."""
    sets = [[name for bit, name in enumerate(NAMES) if code >> bit & 1] for code in range(2 ** len(NAMES))]
    every = [json.dumps(names) for names in sets]
    return pl.Series(every)[held @ (1 << np.arange(len(NAMES)))]
