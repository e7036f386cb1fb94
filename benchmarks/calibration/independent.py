"""Coverage for two releases that were judged on different examples: a metric of every family, through the library."""

import numpy as np
from scipy.special import expit

from benchmarks.calibration import published
from benchmarks.calibration.figures import Cells, Figure, cells_of, collect, coverage
from benchmarks.calibration.published import World

SIZES = ((50, 50), (200, 200), (1000, 300))
GAINS = (0.0, 0.5)
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
    """One figure a family; beside it, where all that matters is a mean, the z interval that most tools print."""
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


def _figure(family: str, methods: dict[str, Cells]) -> Figure:
    cells = (
        f"{len(next(iter(methods.values())).rates)} cells: 50, 200, and 1,000 against 300 examples, equal and better"
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
