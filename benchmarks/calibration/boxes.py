"""Coverage for boxes that are found or not, images as clusters: recall, precision, F1 and their averages over classes."""

import numpy as np
from scipy.special import expit

from benchmarks.calibration import bootstrap
from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.kernel import Totals
from plainview.methods.boxes import NOTHING
from plainview.metrics import metric_for
from plainview.statistics.intervals import wilson

IMAGES = (40, 150, 600)
EASE = {"hard": 0.3, "easy": 2.5}  # log odds of being found, in a usual image
ALIKE = (0.0, 0.8)  # how much images differ, in log odds
MICRO, MACRO = ("micro_recall", "micro_precision", "micro_f1"), ("macro_recall", "macro_precision", "macro_f1")
TRUTH = 100_000  # images that stand for the truth
MEASURE = {"name": None, "classes": ()}


def figures(repeats: int, rng: np.random.Generator):
    """Of all boxes, and averaged over six classes from common to rare; one release and paired differences."""
    micro, macro = "recall, precision and F1 of boxes", "macro recall, precision and F1 of boxes"
    cells = "40 to 600 images, {}, found in 57 or 92%, images alike or not"
    for title, keys, rates in ((micro, MICRO, (2.0,)), (macro, MACRO, tuple(np.geomspace(0.15, 2, 6)))):
        what = cells.format("2 boxes each" if keys is MICRO else "6 classes, .15 to 2 boxes each")
        yield coverage(f"{title}: coverage", cells_of(_single(keys, rates, repeats, rng), repeats), what)
        yield coverage(
            f"paired difference of {title}: coverage",
            cells_of(_paired(keys, rates, repeats, rng), repeats),
            what + "; a gain or none",
            mean=(0.945, 0.975),
            worst=0.92,
        )


def _grid():
    for images in IMAGES:
        for ease in EASE.values():
            for alike in ALIKE:
                yield images, ease, alike


def _single(keys, rates, repeats, rng):
    rows: dict[str, list] = {}
    for images, ease, alike in _grid():
        large = [x.sum(axis=1, keepdims=True) for x in _drawn(rates, (TRUTH, 1), ease, alike, 0.0, rng)[0]]
        hits, misses, alarms = _drawn(rates, (images, repeats), ease, alike, 0.0, rng)[0]
        totals = _totals([hits, misses, alarms], _cells(len(rates)))
        for key in keys:
            truth, family = _value(key, *large)[0, 0], metric_for(key, "detection").family
            found = family.estimate(totals, confidence=0.95, **MEASURE)
            bounds = {"ours: the images that tell as much": (found.low, found.high)}
            few = np.concatenate([hits, misses, alarms])[..., : max(repeats // 20, 4)]
            bounds["percentile bootstrap of 100, images"] = bootstrap.of_clusters(_of_counts(key), few, rng)
            if len(rates) == 1:
                bounds["each box as if alone"] = _alone(key, hits[0], misses[0], alarms[0])
            collect(rows, bounds, truth)
    return rows


def _paired(keys, rates, repeats, rng):
    rows: dict[str, list] = {}
    for images, ease, alike in _grid():
        for gain in (0.0, 0.5):
            large = [
                [x.sum(axis=1, keepdims=True) for x in side]
                for side in _drawn(rates, (TRUTH, 1), ease, alike, gain, rng)[:2]
            ]
            *sides, joint = _drawn(rates, (images, repeats), ease, alike, gain, rng)
            totals = _totals(joint, _joint_cells(len(rates)))
            for key in keys:
                truth = np.diff([_value(key, *side)[0, 0] for side in large])[0]
                found = metric_for(key, "detection").family.difference(totals, levels=(0.95,), **MEASURE)
                few = np.concatenate([x for side in sides for x in side])[..., : max(repeats // 20, 4)]
                bounds = {
                    "ours": found.levels[0.95],
                    "percentile bootstrap of 100, images": bootstrap.of_clusters(_change_of_counts(key), few, rng),
                }
                collect(rows, bounds, truth)
    return rows


def _drawn(rates, shape, ease, alike, gain, rng):
    """Hits, misses and false alarms of two releases, each (classes, images, repeats), and the joint counts of both."""
    own = alike * rng.normal(size=shape)
    boxes = np.stack([rng.poisson(rate * np.exp(0.3 * rng.normal(size=shape))) for rate in rates])
    first, second = expit(ease + own), expit(ease + gain + own)
    both = first * second + 0.6 * np.sqrt(first * (1 - first) * second * (1 - second))
    both = np.minimum(both, np.minimum(first, second))
    found = rng.binomial(boxes, both)
    lost = rng.binomial(boxes - found, (first - both) / (1 - both))
    won = rng.binomial(boxes - found - lost, np.clip((second - both) / (1 - first), 0, 1))
    missed = boxes - found - lost - won
    more = 0.2 * np.asarray(rates)[:, None, None] * np.exp(-0.3 * own)
    shared, before, after = (rng.poisson(times * more + 0 * boxes) for times in (0.6, 0.4, 0.4 - gain / 4))
    joint = [found, lost, won, missed, shared, before, after]
    return (found + lost, won + missed, shared + before), (found + won, lost + missed, shared + after), joint


def _cells(classes: int) -> list[tuple]:
    names = [str(number) for number in range(classes)]
    return [cell(name) for cell in (lambda n: (n, n), lambda n: (n, NOTHING), lambda n: (NOTHING, n)) for name in names]


def _joint_cells(classes: int) -> list[tuple]:
    kinds = ("nnn", "nn-", "n-n", "n--", "-nn", "-n-", "--n")
    flips = {"nn-": "broke", "n-n": "fixed"}
    return [
        (*(str(number) if letter == "n" else NOTHING for letter in kind), flips.get(kind, "same"))
        for kind in kinds
        for number in range(classes)
    ]


def _totals(counts, cells) -> Totals:
    """Cells of each image, from counts of shape (classes, images, repeats); repeats are scenarios."""
    flat = np.concatenate(counts).astype(float)
    images = flat.shape[1]
    clusters = np.tile(np.arange(images), len(flat))
    return Totals(tuple(cell for cell in cells for _ in range(images)), flat.reshape(-1, flat.shape[2]), {}, clusters)


def _value(key: str, hits, misses, alarms):
    """The metric from hits, misses and false alarms, (classes, …): the mean over the classes that have a value."""
    with np.errstate(all="ignore"):
        of = {"recall": hits + misses, "precision": hits + alarms, "f1": hits + (misses + alarms) / 2}
        return np.nanmean(hits / of[key.split("_")[1]], axis=0)


def _of_counts(key: str):
    return lambda counts: _value(key, *np.split(counts, 3))


def _change_of_counts(key: str):
    return lambda counts: _of_counts(key)(np.split(counts, 2)[1]) - _of_counts(key)(np.split(counts, 2)[0])


def _alone(key: str, hits, misses, alarms):
    """Wilson's interval of all boxes as if they were independent; F1 through its Jaccard index."""
    right = hits.sum(axis=0)
    of = right + {"recall": misses, "precision": alarms, "f1": misses + alarms}[key.split("_")[1]].sum(axis=0)
    low, high = wilson(right, of)
    return (2 * low / (1 + low), 2 * high / (1 + high)) if key == "micro_f1" else (low, high)
