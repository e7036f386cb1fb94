"""Coverage for averages over classes and other functions of counts, one release and paired differences."""

import numpy as np

from benchmarks.calibration import bootstrap, peers
from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.statistics.effective import compare_counts, estimate_counts

ACCURACIES = ((0.6, 0.6), (0.8, 0.8), (0.9, 0.8), (0.95, 0.93), (0.99, 0.99))


def figures(repeats: int, rng: np.random.Generator):
    """Macro F1, macro recall, kappa; precision, F1 and macro F1 paired."""
    for title, statistic, bounds in (
        ("macro F1", macro_f1, (0.0, 1.0)),
        ("macro recall", macro_recall, (0.0, 1.0)),
        ("Cohen’s kappa", kappa, (-1.0, 1.0)),
    ):
        yield _single(title, statistic, bounds, repeats, rng)
    for title, statistic in (("precision", precision), ("F1 of a class", f1), ("macro F1", macro_f1)):
        yield _paired(title, statistic, repeats, rng)


def _single(title, statistic, bounds, repeats, rng):
    rows: dict[str, list] = {}
    for classes, n, skew in _sizes():
        for accuracy, _ in ACCURACIES:
            chances = confusion(classes, skew, accuracy)
            truth = statistic(chances[:, None])[0]
            counts = rng.multinomial(n, chances, size=repeats).T.astype(float)
            methods = {
                "ours: Wilson at the effective size": estimate_counts(statistic, counts, bounds=bounds).interval(),
                "BCa bootstrap of the counts": bootstrap.bca(statistic, counts[:, : max(repeats // 200, 5)], rng),
                "percentile bootstrap of 100": peers.percentile_of_100(
                    statistic, counts[:, : max(repeats // 25, 20)], rng
                ),
                "20-bucket jackknife": peers.jackknife_of_20(statistic, counts[:, : max(repeats // 10, 20)], rng),
            }
            collect(rows, methods, truth)
    return coverage(f"{title}: coverage", cells_of(rows, repeats), _cells(len(rows["20-bucket jackknife"])))


def _paired(title, statistic, repeats, rng):
    rows: dict[str, list] = {}
    for classes, n, skew in _sizes():
        first, second = joint_cells(classes)
        for accuracies in ACCURACIES:
            for agreement in (0.3, 0.8):
                chances = joint(classes, skew, *accuracies, agreement)

                def difference(counts, first=first, second=second, cells=classes**2):
                    return statistic(gather(counts, first, cells)) - statistic(gather(counts, second, cells))

                truth = difference(chances[:, None])[0]
                counts = rng.multinomial(n, chances, size=repeats).T.astype(float)
                ours = compare_counts(statistic, counts, first, second, cells=classes**2)
                few = counts[:, : max(repeats // 40, 20)]
                methods = {
                    "ours: square-and-add, correlated": ours.interval(),
                    "BCa bootstrap of the counts": bootstrap.bca(difference, counts[:, : max(repeats // 400, 3)], rng),
                    "percentile bootstrap of 100": peers.percentile_of_100(difference, few, rng),
                    "20-bucket jackknife": peers.jackknife_of_20(difference, few, rng),
                }
                collect(rows, methods, truth)
    cells = _cells(len(rows["20-bucket jackknife"])) + ", errors correlated .3 and .8"
    heading = f"paired difference of {title}: coverage"
    return coverage(heading, cells_of(rows, repeats), cells, mean=(0.945, 0.975), worst=0.92)


def _cells(number: int) -> str:
    return f"{number} cells: n 50 to 5,000, 2 to 4 classes, ten or more of the rarest, accuracy .6 to .99"


def _sizes():
    for classes in (2, 4):
        for n in (50, 200, 1000, 5000):
            for skew in (1.0, 0.5):
                if n * _shares(classes, skew).min() >= 10:
                    yield classes, n, skew


def _shares(classes: int, skew: float) -> np.ndarray:
    shares = skew ** np.arange(classes)
    return shares / shares.sum()


def _wrong(classes: int, label: int) -> np.ndarray:
    """How errors on a label spread over the other classes: nearer classes are confused more."""
    spread = np.array([0.0 if other == label else 0.5 ** abs(other - label) for other in range(classes)])
    return spread / spread.sum()


def confusion(classes: int, skew: float, accuracy: float) -> np.ndarray:
    """Chances of the cells (label, prediction), flat."""
    table = [(1 - accuracy) * _wrong(classes, label) + accuracy * np.eye(classes)[label] for label in range(classes)]
    return (np.array(table) * _shares(classes, skew)[:, None]).ravel()


def joint(classes: int, skew: float, first: float, second: float, agreement: float) -> np.ndarray:
    """Chances of the cells (label, first, second), flat; being right is correlated by ``agreement``."""
    both = first * second + agreement * np.sqrt(first * (1 - first) * second * (1 - second))
    both = min(both, first, second)
    out = np.zeros((classes, classes, classes))
    for label in range(classes):
        wrong = _wrong(classes, label)
        out[label, label, label] = both
        out[label, label] += (first - both) * wrong
        out[label, :, label] += (second - both) * wrong
        out[label] += (1 - first - second + both) * (0.6 * np.diag(wrong) + 0.4 * np.outer(wrong, wrong))
    return (out * _shares(classes, skew)[:, None, None]).ravel()


def joint_cells(classes: int):
    """Which (label, prediction) cell each joint cell is, for the first and for the second."""
    label, first, second = (x.ravel() for x in np.indices((classes,) * 3))
    return label * classes + first, label * classes + second


def gather(counts, into, cells: int):
    out = np.zeros((cells, counts.shape[1]))
    np.add.at(out, into, counts)
    return out


def _parts(counts):
    classes = round(len(counts) ** 0.5)
    table = counts.reshape(classes, classes, -1)
    return np.einsum("iic->ic", table), table.sum(axis=1), table.sum(axis=0)


def _mean_defined(values):
    known = ~np.isnan(values)
    return np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)


def macro_f1(counts):
    right, labelled, predicted = _parts(counts)
    with np.errstate(all="ignore"):
        return _mean_defined(2 * right / (labelled + predicted))


def macro_recall(counts):
    right, labelled, _ = _parts(counts)
    with np.errstate(all="ignore"):
        return _mean_defined(right / labelled)


def kappa(counts):
    right, labelled, predicted = _parts(counts)
    n = counts.sum(axis=0)
    with np.errstate(all="ignore"):
        chance = (labelled * predicted).sum(axis=0) / n**2
        return (right.sum(axis=0) / n - chance) / (1 - chance)


def precision(counts):
    right, _, predicted = _parts(counts)
    with np.errstate(all="ignore"):
        return right[-1] / predicted[-1]


def f1(counts):
    right, labelled, predicted = _parts(counts)
    with np.errstate(all="ignore"):
        return 2 * right[-1] / (labelled[-1] + predicted[-1])
