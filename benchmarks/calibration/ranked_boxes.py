"""Coverage for average precision of boxes (AP, AP50, mAP) and average recall, one release and paired differences."""

import numpy as np
from scipy.special import expit, ndtr

from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.kernel import CLUSTER, Rows, Totals
from plainview.methods.ranked_boxes import ALL, AT_50, LABEL, RankedBoxes

FAMILIES = {"AP": RankedBoxes(ALL), "AP50": RankedBoxes(AT_50), "AR": RankedBoxes(ALL, recall=True)}
ALIKE = (0.0, 0.8)  # how much images differ
MEASURE = {"name": None, "classes": ()}
DRAWS = 100  # of the bootstrap over images
TRUTH = 50_000  # images that stand for the truth


def figures(repeats: int, rng: np.random.Generator):
    """One class and eight, few images and many, hard and easy."""
    title = "AP, AP50 and average recall of boxes"
    single, paired = _single(repeats, rng), _paired(repeats, rng)
    ours = next(iter(single))
    cells = "40 to 200 images, one class and the mean of eight, AP .24 to .96, images alike or not"
    yield coverage(f"{title}: coverage", cells_of(single, repeats), f"{len(single[ours])} cells: {cells}")
    cells = f"{len(next(iter(paired.values())))} cells: 40 to 200 images, one class and eight; a gain or none"
    yield coverage(
        f"paired difference of {title}: coverage", cells_of(paired, repeats), cells, mean=(0.945, 0.975), worst=0.92
    )


def _worlds():
    """Images, boxes of each class an image, and how easily each class is found."""
    for images in (40, 150):
        for ease in (-0.5, 0.8, 2.5):
            yield images, (0.8,), (ease,)
    for images in (60, 200):
        for ease in (np.linspace(-1, 2.5, 8), np.linspace(2, 3, 8)):
            yield images, tuple(np.geomspace(0.1, 1, 8)), tuple(ease)


def _single(repeats, rng):
    rows: dict[str, list] = {}
    for images, rates, ease in _worlds():
        for alike in ALIKE:
            large = _totals([_world(TRUTH, rates, ease, alike, 0.0, rng)[:-1]])
            samples = [_world(images, rates, ease, alike, 0.0, rng)[:-1] for _ in range(repeats)]
            drawn = [_resampled(sample, images, rng) for sample in samples[: max(repeats // 50, 2)]]
            totals, again = _totals(samples), [_totals(each) for each in drawn]
            for family in FAMILIES.values():
                truth = family.estimate(large, confidence=0.95, **MEASURE).value[0]
                found = family.estimate(totals, confidence=0.95, **MEASURE)
                values = [family.estimate(each, confidence=0.95, **MEASURE).value for each in again]
                bounds = {
                    "ours: the images that tell as much": (found.low, found.high),
                    "percentile bootstrap of 100, images": np.nanquantile(values, [0.025, 0.975], axis=1),
                }
                collect(rows, bounds, truth)
    return rows


def _paired(repeats, rng):
    rows: dict[str, list] = {}
    for images, rates, ease in _worlds():
        for gain in (0.0, 0.4):
            large = _totals([_world(TRUTH, rates, ease, 0.5, gain, rng)])
            totals = _totals([_world(images, rates, ease, 0.5, gain, rng) for _ in range(repeats)])
            for family in FAMILIES.values():
                truth = family.difference(large, levels=(0.95,), **MEASURE).difference[0] if gain else 0.0
                found = family.difference(totals, levels=(0.95,), **MEASURE)
                collect(rows, {"ours": found.levels[0.95]}, truth)
    return rows


def _world(images, rates, ease, alike, gain, rng) -> list[dict[str, np.ndarray]]:
    """Labelled boxes, and the detections of two releases, as rows; a third of what each does is its own."""
    own, blocks = alike * rng.normal(size=images), []
    for number, (rate, easy) in enumerate(zip(rates, ease, strict=True)):
        image = np.repeat(np.arange(images), rng.poisson(rate * np.exp(0.3 * rng.normal(size=images))))
        alarm = np.repeat(np.arange(images), rng.poisson(0.5 * np.exp(0.4 * rng.normal(size=images) - 0.3 * own)))
        shared = rng.normal(size=(4, len(image))), rng.normal(size=len(alarm))
        blocks.append(
            [
                _rows(image, number, LABEL),
                *(
                    _detected(image, alarm, easy + side * gain + own[image], shared, number, side, rng)
                    for side in (0, 1)
                ),
            ]
        )
    return [
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for parts in zip(*blocks, strict=True)
    ]


def _detected(image, alarm, ease, shared, number, side, rng):
    """Hits at as many overlaps as the box is placed well, and false alarms, of which four in five are raised."""
    own = [np.sqrt(0.7) * x + np.sqrt(0.3) * rng.normal(size=x.shape) for x in shared]
    clear = ease + 0.5 * own[0][0]
    found, raised = ndtr(own[0][1]) < expit(clear + 1), rng.random(len(alarm)) < 0.8
    placed = np.clip(np.round(11 * expit(clear + own[0][2] + 0.5)), 0, 10).astype(int)
    score = expit(0.75 + 0.5 * clear + 0.8 * own[0][3])
    hits = _rows(image[found], number, side, score[found], (1 << placed[found]) - 1)
    alarms = _rows(alarm[raised], number, side, expit(0.8 * own[1][raised] - 0.75))
    return {name: np.concatenate([hits[name], alarms[name]]) for name in hits}


def _rows(image, number, side, score=None, hits=None):
    nothing = np.zeros(len(image), dtype=np.int64)
    columns = {"image": image, "class": nothing + number, "side": nothing + side, "rank": np.arange(len(image))}
    return columns | {"score": nothing * 0.0 if score is None else score, "hits": nothing if hits is None else hits}


def _resampled(sample, images, rng):
    """The sample with images drawn again, many times; an image that is drawn twice is two."""
    blocks = []
    for _ in range(DRAWS):
        times = rng.multinomial(images, np.full(images, 1 / images))
        first = np.cumsum(times) - times
        parts = []
        for rows in sample:
            copies = times[rows["image"]]
            which = np.repeat(np.arange(len(copies)), copies)
            nth = np.arange(len(which)) - np.repeat(np.cumsum(copies) - copies, copies)
            parts.append({name: x[which] for name, x in rows.items()} | {"image": first[rows["image"]][which] + nth})
        blocks.append(parts)
    return blocks


def _totals(samples) -> Totals:
    """Rows of many samples, each of which is a scenario."""
    parts = [(number, rows) for number, sample in enumerate(samples) for rows in sample]
    values = {name: np.concatenate([rows[name] for _, rows in parts]) for name in parts[0][1]}
    which = np.concatenate([np.full(len(rows["image"]), number) for number, rows in parts])
    values["image"] = values["image"] + which * 2 * TRUTH
    values[CLUSTER], nothing = values["image"], np.zeros(len(which), dtype=np.int64)
    values |= {"ignored": nothing, "doubtful": nothing, "w": np.ones(len(which))}
    members = np.zeros((len(which), -(-len(samples) // 8)), dtype=np.uint8)
    members[np.arange(len(which)), which // 8] = 1 << (7 - which % 8)
    return Totals((("there", "there"),), np.zeros((1, len(samples))), {}, None, Rows(values, members))
