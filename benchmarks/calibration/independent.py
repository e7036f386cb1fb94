"""Coverage for two releases that were judged on different examples: a metric of every family, through the library."""

import numpy as np
from scipy.special import expit

from benchmarks.calibration import peers, published
from benchmarks.calibration.figures import Cells, Figure, cells_of, collect, coverage
from benchmarks.calibration.means import ERRORS
from benchmarks.calibration.published import World
from plainview.kernel import Totals
from plainview.methods.independent import difference_of
from plainview.metrics import metric_for

SIZES = ((80, 80), (200, 200), (1000, 300))  # 30 of the rarer class, at least
GAINS = (0.0, 0.5)
UNEQUAL = ((30, 30), (100, 100), (50, 500), (1000, 1000), (5000, 5000))
FAMILIES = {
    "proportions": ("accuracy", "recall[yes]", "precision[yes]", "f1[yes]"),
    "averages and agreement": ("macro_f1", "cohen_kappa", "matthews_correlation"),
    "areas under curves": ("roc_auc[yes]", "average_precision[yes]"),
    "losses": ("log_loss", "brier_score"),
    "calibration error": ("expected_calibration_error[yes]",),
    "mean errors and RMSE": ("mae", "bias", "rmse"),
    "quantiles of errors": ("median_absolute_error", "absolute_error_p90"),
    "R²": ("r2",),
}
CLASSES = tuple(key for name in list(FAMILIES)[:5] for key in FAMILIES[name])
NUMBERS = tuple(key for name in list(FAMILIES)[5:] for key in FAMILIES[name])


def figures(repeats: int, rng: np.random.Generator):
    """Accuracies and mean absolute errors beside what peers do; then one figure a family."""
    yield _accuracies(10 * repeats, rng)
    yield _mean_errors(10 * repeats, rng)
    found: dict[str, dict[str, list]] = {}
    for size in SIZES:
        for gain in GAINS:
            for world in _worlds(gain):
                held = published.independent(world, size, repeats, rng)
                for key, (_, difference) in published.truths(world, rng).items():
                    collect(found.setdefault(key, {}), {"ours: square-and-add": held[key]}, difference)
    for family, keys in FAMILIES.items():
        rows = {name: [cell for key in keys for cell in found[key][name]] for name in found[keys[0]]}
        yield _figure(family, cells_of(rows, repeats))


def _accuracies(repeats: int, rng: np.random.Generator) -> Figure:
    rows: dict[str, list] = {}
    for sizes in UNEQUAL:
        for truth in (0.5, 0.8, 0.95, 0.99):
            for gain in (0.0, -0.05):
                truths = (truth, truth + gain)
                right = [rng.binomial(n, p, size=repeats) for n, p in zip(sizes, truths, strict=True)]
                before, after = (np.stack([n - r, r]).astype(float) for n, r in zip(sizes, right, strict=True))
                totals = [Totals((("yes", "no"), ("yes", "yes")), counts) for counts in (before, after)]
                shares = [r / n for n, r in zip(sizes, right, strict=True)]
                reach = peers.Z * np.sqrt(sum(p * (1 - p) / n for n, p in zip(sizes, shares, strict=True)))
                bounds = {
                    "ours: square-and-add": _ours("accuracy", "classification", totals),
                    "unpaired z": (shares[1] - shares[0] - reach, shares[1] - shares[0] + reach),
                    "percentile bootstrap of 100": _resampled(sizes, shares, rng),
                }
                collect(rows, bounds, gain)
    cells = f"{len(rows['unpaired z'])} cells: 30 to 5,000 examples, alike and unlike many, p .45 to .99"
    methods = cells_of(rows, repeats)
    return coverage("different examples, accuracy: coverage of the difference", methods, cells, mean=(0.945, 0.975))


def _mean_errors(repeats: int, rng: np.random.Generator) -> Figure:
    rows: dict[str, list] = {}
    for sizes in UNEQUAL[:-1]:
        for law in ERRORS.values():
            for gain in (0.0, 0.2):
                errors = [
                    scale * law.rvs(size=(n, repeats), random_state=rng)
                    for n, scale in zip(sizes, (1.0, 1.0 - gain), strict=True)
                ]
                bounds = {
                    "ours: square-and-add": _ours("mae", "regression", [_summed(each) for each in errors]),
                    "Welch": peers.welch(errors[1], errors[0]),
                }
                collect(rows, bounds, -gain * law.mean())
    cells = f"{len(rows['Welch'])} cells: 30 to 1,000 examples, half-normal, exponential, log-normal errors"
    title = "different examples, mean absolute error: coverage of the difference"
    return coverage(title, cells_of(rows, repeats), cells, mean=(0.945, 0.975))


def _ours(metric: str, task: str, totals: list[Totals]):
    found = difference_of(
        metric_for(metric, task).family,
        *totals,
        name=None,
        classes=(),
        levels=(0.95,),
        around_zero=False,
    )
    return found.levels[0.95]


def _summed(errors: np.ndarray) -> Totals:
    """The totals of absolute errors, (rows, repeats); repeats are scenarios."""
    powers = {"e": 1, "abs": 1, "e²": 2, "abs³": 3, "e³": 3, "e⁴": 4}
    terms = {name: (errors**power).sum(axis=0)[None] for name, power in powers.items()}
    return Totals((("there", "there"),), np.full((1, errors.shape[1]), float(len(errors))), terms)


def _resampled(sizes, shares, rng):
    draws = [rng.binomial(n, p, size=(100, len(p))) / n for n, p in zip(sizes, shares, strict=True)]
    return np.quantile(draws[1] - draws[0], [0.025, 0.975], axis=0)


def _figure(family: str, methods: dict[str, Cells]) -> Figure:
    cells = (
        f"{len(next(iter(methods.values())).rates)} cells: 80, 200, and 1,000 against 300 examples, equal and better"
    )
    return coverage(f"different examples, {family}: coverage of the difference", methods, cells, mean=(0.945, 0.975))


def _worlds(gain: float):
    yield World("classification", CLASSES, _classified(gain), {"score": "score"}, {"positive": "yes"})
    yield World("regression", NUMBERS, _measured(gain))


def _classified(gain: float):
    def draw(rows, rng):
        truth = rng.normal(size=rows)
        label = np.where(rng.random(rows) < expit(1.2 * truth - 0.5), "yes", "no")
        chances = [expit((1.5 + more) * truth - 0.5 + 0.7 * rng.normal(size=rows)) for more in (0.0, gain)]
        answers = ({"prediction": np.where(p > 0.5, "yes", "no"), "score": p} for p in chances)
        return {"label": label}, *answers

    return draw


def _measured(gain: float):
    def draw(rows, rng):
        label = rng.gamma(4, size=rows)
        return {"label": label}, *(
            {"prediction": label + scale * rng.laplace(size=rows)} for scale in (1.0, 1.0 - gain / 2)
        )

    return draw
