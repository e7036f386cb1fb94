"""Coverage for ratios of sums, which word error rates are: errors over words, one release and paired differences."""

from itertools import combinations_with_replacement

import numpy as np

from benchmarks.calibration import peers
from benchmarks.calibration.figures import cells_of, collect, coverage
from plainview.kernel import Totals
from plainview.methods.ratios import Ratio
from plainview.statistics.moments import t_interval

SIZES = (30, 100, 300, 1000, 5000)
RATES = (0.03, 0.1, 0.3)
ALIKE = (2, 20)  # of the beta distribution of a row's own rate: errors of a row go together, or hardly
MEASURE = {"name": None, "classes": ()}


def figures(repeats: int, rng: np.random.Generator):
    """A word error rate, and the paired difference of two."""
    cells = "30 cells: 30 to 5,000 rows of 3 words and more, rates .03 to .3, errors of a row alike or not"
    yield coverage("word error rate: coverage", _single(repeats, rng), cells)
    yield coverage(
        "paired difference of word error rates: coverage",
        _paired(repeats, rng),
        "the same, and as many again where a fifth of the errors went away",
        mean=(0.945, 0.975),
    )


def _single(repeats, rng):
    rows: dict[str, list] = {}
    for n, rate, alike in _grid():
        errors, words = (x[0] for x in _drawn((n, repeats), rate, alike, (0.0,), rng))
        found = Ratio().estimate(_totals({"a": errors, "b": words}, 3), confidence=0.95, **MEASURE)
        off = errors - found.value * words
        error = np.sqrt((off**2).sum(0) / (n - 1) / n) / words.mean(0)
        bounds = {
            "ours: skewed t": (found.low, found.high),
            "Student t, delta": t_interval(found.value, error, n - 1),
            "percentile bootstrap of 100": _resampled([errors], [words], rng),
        }
        collect(rows, bounds, rate)
    return cells_of(rows, repeats)


def _paired(repeats, rng):
    rows: dict[str, list] = {}
    for n, rate, alike in _grid():
        for fewer in (0.0, 0.2):
            errors, words = _drawn((n, repeats), rate, alike, (0.0, fewer), rng)
            sums = {"a0": errors[0], "b0": words[0], "a1": errors[1], "b1": words[1]}
            found = Ratio().difference(_totals(sums, 2), levels=(0.95,), **MEASURE)
            each = [(e - e.sum(0) / w.sum(0) * w) / w.mean(0) for e, w in zip(errors, words, strict=True)]
            reach = peers.Z * np.sqrt(sum(x.var(0) for x in each) / n)
            bounds = {
                "ours: paired t": found.levels[0.95],
                "percentile bootstrap of 100": _resampled(errors, words, rng),
                "unpaired z": (found.difference - reach, found.difference + reach),
            }
            collect(rows, bounds, -fewer * rate)
    return cells_of(rows, repeats)


def _grid():
    for n in SIZES:
        for rate in RATES:
            for alike in ALIKE:
                yield n, rate, alike


def _drawn(shape, rate, alike, fewer, rng):
    """Errors and words of each release; every row has its own rate, and of its errors some do not happen again."""
    words = rng.geometric(1 / 12, size=shape) + 2
    errors = rng.binomial(words, rng.beta(rate * alike, (1 - rate) * alike, size=shape))
    made = [errors] + [_answered_anew(errors, words, rate, alike, less, rng) for less in fewer[1:]]
    return [x.astype(float) for x in made], [words.astype(float)] * len(made)


def _answered_anew(errors, words, rate, alike, less, rng):
    """The errors of another release: four in five rows as before, the rest new; then some of all errors taken away."""
    new = rng.binomial(words, rng.beta(rate * alike, (1 - rate) * alike, size=words.shape))
    return rng.binomial(np.where(rng.random(words.shape) < 0.8, errors, new), 1 - less)


def _totals(factors: dict[str, np.ndarray], most: int) -> Totals:
    """The sums of all products of up to ``most`` factors, each of shape (rows, repeats); repeats are scenarios."""
    chosen = [names for many in range(1, most + 1) for names in combinations_with_replacement(factors, many)]
    terms = {"".join(names): np.prod([factors[name] for name in names], axis=0).sum(0)[None] for names in chosen}
    rows, repeats = next(iter(factors.values())).shape
    there = ("there", "there", "there")
    return Totals((there,), np.full((1, repeats), float(rows)), terms)


def _resampled(errors, words, rng):
    """100 draws of the rows, of some of the repeats."""
    few = max(errors[0].shape[1] // 20, 20)
    errors, words = ([x[:, :few] for x in side] for side in (errors, words))
    times = rng.multinomial(len(errors[0]), np.full(len(errors[0]), 1 / len(errors[0])), size=100)
    rates = [(times @ e) / (times @ w) for e, w in zip(errors, words, strict=True)]
    values = rates[0] if len(rates) == 1 else rates[1] - rates[0]
    return tuple(np.quantile(values, [0.025, 0.975], axis=0))
