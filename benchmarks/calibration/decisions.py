"""How often a verdict is wrong: better or worse with nothing changed, discoveries, "without sacrificing", and power."""

import numpy as np
from scipy.special import ndtr
from scipy.stats import binom

from benchmarks.calibration.figures import Cells, Figure, error, success
from plainview.statistics.differences import paired_proportion_difference, paired_proportion_p
from plainview.statistics.intervals import wilson
from plainview.statistics.multiple import benjamini_hochberg
from plainview.statistics.power import more_examples_for_bar_proportion, more_examples_paired_proportions

MARGIN = 0.01


def figures(repeats: int, rng: np.random.Generator):
    """Every figure that judges a whole comparison rather than one interval."""
    yield _nothing_changed(repeats, rng)
    yield _discoveries(repeats, rng)
    yield _without_sacrificing(repeats, rng)
    yield _more_examples(repeats, rng)
    yield _more_for_bar(repeats, rng)
    yield _power(repeats, rng)


def _named(counts):
    """Our rule: a test after Benjamini and Hochberg, and the interval has to agree. Counts (4, repeats, scenarios)."""
    low, high = paired_proportion_difference(*counts)
    _, rejected = benjamini_hochberg(paired_proportion_p(counts[1], counts[2]))
    return rejected & ((low > 0) | (high < 0))


def _z_p(counts, *, paired: bool):
    both, first, second, neither = counts
    n = both + first + second + neither
    p, q = (both + first) / n, (both + second) / n
    variance = (first + second) / n - (p - q) ** 2 if paired else p * (1 - p) + q * (1 - q)
    with np.errstate(all="ignore"):
        return np.nan_to_num(2 * ndtr(-np.abs(p - q) / np.sqrt(variance / n)), nan=1.0)


def _rules(counts):
    return {
        "ours": _named(counts),
        "McNemar, uncorrected": paired_proportion_p(counts[1], counts[2]) < 0.05,
        "unpaired z": _z_p(counts, paired=False) < 0.05,
        "Wald": _z_p(counts, paired=True) < 0.05,
        "any difference of the point estimates": counts[1] != counts[2],
    }


def _nothing_changed(repeats, rng):
    """50 overlapping scenarios of one test set; each release is right as often as the other, everywhere."""
    rates: dict[str, list] = {}
    for n in (1000, 5000):
        for flips in (0.02, 0.1):
            member = (rng.random((50, n)) < rng.uniform(0.03, 0.6, size=(50, 1))).astype(np.float32)
            kind = rng.choice(4, p=[0.8 - flips / 2, flips / 2, flips / 2, 0.2 - flips / 2], size=(n, repeats))
            counts = np.stack([(member @ (kind == k).astype(np.float32)).T for k in range(4)]).astype(float)
            for name, named in _rules(counts).items():
                rates.setdefault(name, []).append(named.any(axis=-1).mean())
    return error(
        "nothing changed, 50 scenarios: any named better or worse",
        {name: Cells(np.array(found), repeats=repeats) for name, found in rates.items()},
        "4 cells: 1,000 and 5,000 examples, flips 2 and 10%, overlapping scenarios",
        mean=0.05,
    )


def _discoveries(repeats, rng):
    """100 scenarios of 50 to 500 examples, 20 of them changed by 1 to 8 points."""
    rates: dict[str, list] = {}
    for flips in (0.1, 0.2):
        size = rng.integers(50, 500, size=100)
        truth = np.where(np.arange(100) < 20, rng.uniform(0.01, 0.08, 100) * rng.choice([-1, 1], 100), 0.0)
        up, down = (flips + truth) / 2, (flips - truth) / 2
        chances = np.stack([0.8 - flips / 2 + 0 * up, up, down, 0.2 - flips / 2 + 0 * up], axis=-1)
        counts = np.moveaxis(rng.multinomial(size, chances, size=(repeats, 100)), -1, 0).astype(float)
        wrong_way = np.sign(counts[1] - counts[2]) != np.sign(truth)
        for name, named in _rules(counts).items():
            found = (named & wrong_way).sum(1) / np.maximum(named.sum(1), 1)
            rates.setdefault(name, []).append(found.mean())
    return error(
        "20 of 100 scenarios changed: share of false discoveries",
        {name: Cells(np.array(found), repeats=repeats) for name, found in rates.items()},
        "2 cells: 50 to 500 examples, flips 10 and 20%, changes of 1 to 8 points; the wrong direction counts as false",
        mean=0.05,
    )


def _without_sacrificing(repeats, rng):
    """Nine scenarios, eight unchanged, one worse by the margin: all nine have to pass non-inferiority."""
    rates: dict[str, list] = {}
    for n in (100, 300, 1000, 3000, 10000, 30000):
        for flips in (0.02, 0.05, 0.1):
            truth = np.array([-MARGIN] + [0.0] * 8)
            up, down = (flips + truth) / 2, (flips - truth) / 2
            chances = np.stack([0.8 - flips / 2 + 0 * up, up, down, 0.2 - flips / 2 + 0 * up], axis=-1)
            counts = np.moveaxis(rng.multinomial(n, chances, size=(repeats, 9)), -1, 0).astype(float)
            low, _ = paired_proportion_difference(*counts, confidence=0.9)
            point = (counts[1] - counts[2]) / n
            said = {
                "ours": low > -MARGIN,
                "no scenario significantly worse": ~((_z_p(counts, paired=False) < 0.05) & (point < 0)),
                "no point estimate worse by the margin": point > -MARGIN,
            }
            for name, passed in said.items():
                rates.setdefault(name, []).append(passed.all(axis=-1).mean())
    return error(
        "false “without sacrificing”, one of nine scenarios worse by the margin",
        {name: Cells(np.array(found), repeats=repeats) for name, found in rates.items()},
        "18 cells: 100 to 30,000 examples a scenario, flips 2 to 10%, margin 1 point",
        mean=0.05,
        worst=0.06,
    )


def _settled(table, margin):
    low, high = paired_proportion_difference(*table)
    inner_low, inner_high = paired_proportion_difference(*table, confidence=0.9)
    differs = ((low > 0) | (high < 0)) & (paired_proportion_p(table[1], table[2]) <= 0.05)
    return differs | ((inner_low > -margin) & (inner_high < margin))


def _more_examples(repeats, rng):
    rates = []
    for n in (50, 200, 1000):
        for flips in (0.02, 0.05, 0.1, 0.2):
            for margin in (0.01, 0.03):
                for gain in (0, 0.25, 0.5, 1, 2, 3):
                    if gain * margin <= flips:
                        rates.append(_settles(n, flips, gain * margin, margin, repeats, rng))
    found = Cells(np.array([rate for rate in rates if rate is not None]), repeats=repeats)
    return success(
        "“about N more examples”, N more drawn: settled",
        {"ours": found},
        f"{len(found.rates)} cells: 50 to 1,000 seen, flips 2 to 20%, margin 1 and 3 points, truth 0 to 3 margins",
        least=0.7,
    )


def _settles(n, flips, truth, margin, repeats, rng):
    up, down = (flips + truth) / 2, (flips - truth) / 2
    chances = [0.8 * (1 - flips), up, down, 0.2 * (1 - flips)]
    seen = rng.multinomial(n, chances, size=repeats).T.astype(float)
    seen = seen[:, ~_settled(seen, margin)]
    more = more_examples_paired_proportions(n, seen[1], seen[2], margin)
    seen, more = seen[:, np.isfinite(more)], more[np.isfinite(more)].astype(int)
    if len(more) < repeats / 10:
        return None
    return _settled(seen + rng.multinomial(more, chances).T, margin).mean()


def _more_for_bar(repeats, rng):
    """Against a bar there is no margin: a true value near the bar cannot be planned for, so the mean is the target."""
    rates = []
    for n in (30, 100, 300, 1000):
        for bar in (0.5, 0.8, 0.95):
            for gap in (-0.05, -0.02, 0.02, 0.04):
                right = rng.binomial(n, bar + gap, size=repeats)
                low, high = wilson(right, n)
                right = right[(low <= bar) & (bar <= high)]
                more = more_examples_for_bar_proportion(right, n, bar)
                right, more = right[np.isfinite(more)], more[np.isfinite(more)].astype(int)
                if len(more) < repeats / 10:
                    continue
                low, high = wilson(right + rng.binomial(more, bar + gap), n + more)
                rates.append(np.mean((low > bar) | (high < bar)))
    return Figure(
        "“about N more examples” for a requirement: settled",
        "≥ 70% on average",
        {"ours": Cells(np.array(rates))},
        lambda found: found.mean >= 0.7,
        lambda found: f"{found.mean:.1%}, worst {found.least:.1%}",
        f"{len(rates)} cells: 30 to 1,000 seen, true value 2 to 5 points from the bar",
    )


def _power(repeats, rng):
    """Against the uniformly most powerful unbiased test, which tosses a coin at the edge (Lehmann 1959)."""
    short = {"ours": [], "exact McNemar": [], "unpaired z": []}
    for n in (100, 300, 1000, 3000):
        for flips in (0.05, 0.1, 0.2):
            for gain in (0.01, 0.03, 0.05):
                up, down = (flips + gain) / 2, (flips - gain) / 2
                if down < 0:
                    continue
                counts = rng.multinomial(n, [0.75, up, down, 0.25 - up - down], size=repeats).T.astype(float)
                best = _most_powerful(counts[1], counts[2])
                low, high = paired_proportion_difference(*counts)
                ours = (paired_proportion_p(counts[1], counts[2]) <= 0.05) & ((low > 0) | (high < 0))
                exact = 2 * binom.cdf(np.minimum(counts[1], counts[2]), counts[1] + counts[2], 0.5) <= 0.05
                for name, said in (
                    ("ours", ours),
                    ("exact McNemar", exact),
                    ("unpaired z", _z_p(counts, paired=False) < 0.05),
                ):
                    short[name].append(best - said.mean())
    return Figure(
        "power short of the most powerful unbiased test",
        "≤ 3 points",
        {name: Cells(np.array(found), repeats=repeats) for name, found in short.items()},
        lambda found: found.mean <= 0.03,
        lambda found: f"{100 * found.mean:.1f} points, worst {100 * found.most:.1f}",
        f"{len(short['ours'])} cells: 100 to 3,000 examples, flips 5 to 20%, changes of 1 to 5 points",
    )


def _most_powerful(first, second):
    flips, fewer = first + second, np.minimum(first, second)
    below, edge = binom.cdf(fewer - 1, flips, 0.5), binom.pmf(fewer, flips, 0.5)
    return np.clip((0.025 - below) / np.maximum(edge, 1e-300), 0, 1).mean()
