"""Small simulations: intervals of 95% hold the truth nearly that often, for rows, weights and clusters, alone and in pairs.

Every repeat is a scenario of one test set, so that one call measures many. The large grids are in benchmarks/calibration.
"""

from functools import cache

import numpy as np
import polars as pl
import pytest
from metric_cases import KEYS, TASKS, asked, paired

from plainview.evaluation import evaluate
from plainview.methods.averages import Average
from plainview.methods.means import Mean, RootMeanSquare
from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for

BATCHES, REPEATS, ROWS, LARGE = 5, 40, 200, 100_000
AT_LEAST = 0.89  # four standard errors of 200 repeats below 95%
KINDS = ("rows", "weights", "clusters")
# Proportions and plain means of the whole have their own simulations; the Hamming loss needs classes to be listed.
ELSEWHERE = (Proportion, Average, Mean, RootMeanSquare)
keys_of = {
    task: [k for k in KEYS[task] if k != "hamming_loss" and not isinstance(metric_for(k, task).family, ELSEWHERE)]
    for task in TASKS
}


def _noise(rng, rows, kind, columns=1):
    """Standard normal numbers; with clusters of five rows, a third of the variance is the cluster's."""
    own = rng.normal(size=(rows, columns))
    if kind == "clusters":
        own = np.sqrt(2 / 3) * own + np.sqrt(1 / 3) * np.repeat(rng.normal(size=(rows // 5, columns)), 5, axis=0)
    return own


def _drawn(task, kind, rows, repeats, seed):
    rng = np.random.default_rng(seed)
    truth, first, second = (_noise(rng, rows, kind) for _ in range(3))
    second = 0.8 * first + 0.6 * second
    build = {"classification": _classes, "regression": _numbers, "multilabel": _sets}[task]
    label, before, after = build(rng, truth[:, 0], first[:, 0], second[:, 0])
    examples = pl.DataFrame({"id": np.arange(rows).astype(str), "label": label})
    examples = examples.with_columns(
        x=pl.Series(np.repeat(np.arange(repeats), rows // repeats)),
        weight=pl.Series(rng.choice([0.5, 1.0, 3.0], rows)),
        cluster=pl.Series(np.repeat(np.arange(rows // 5), 5)).cast(pl.String),
    )
    return examples, before, after


def _classes(rng, truth, first, second):
    chances = [1 / (1 + np.exp(-(1.5 * truth + 0.7 * side))) for side in (first, second)]  # somewhat too sure
    label = np.where(rng.random(len(truth)) < 1 / (1 + np.exp(-1.2 * truth)), "yes", "no")
    return label, *(pl.DataFrame({"prediction": np.where(p > 0.5, "yes", "no"), "score": p}) for p in chances)


def _numbers(rng, truth, first, second):
    label = 20 + 3 * truth
    ends = ({"lower": label + e - 1.5, "upper": label + e + np.abs(e) + 0.5} for e in (first, second))
    return label, *(
        pl.DataFrame({"prediction": label + e, **given}) for e, given in zip((first, second), ends, strict=True)
    )


def _sets(rng, truth, first, second):
    names = ("maybe", "no", "yes")
    held = [truth + rng.normal(size=len(truth)) > edge for edge in (-0.5, 0.0, 1.0)]
    wrong = [[side + rng.normal(size=len(truth)) > 1.4 for _ in names] for side in (first, second)]
    told = ([has ^ off for has, off in zip(held, side, strict=True)] for side in wrong)
    return _written(names, held), *(pl.DataFrame({"prediction": _written(names, side)}) for side in told)


def _written(names, held):
    columns = [pl.Series(np.where(has, name, "")) for name, has in zip(names, held, strict=True)]
    joined = pl.DataFrame(dict(zip(names, columns, strict=True))).select(pl.concat_str(names, separator="|"))
    return joined.to_series().str.strip_chars("|").str.replace("||", "|", literal=True).replace("", "[]")


@cache
def _coverage(task, kind):
    """How often the interval holds the value on many rows: {key: (one release, difference)}."""
    used = {} if kind == "rows" else {kind[:-1]: 1}
    keys = keys_of[task]
    large = _drawn(task, kind, LARGE, 1, 1)
    truths = [row.value for row in evaluate(large[0], large[2], asked(task, *keys))]
    changes = [row.difference for row in paired(task, *large, *keys)]
    conditions = tuple(f"x = {repeat}" for repeat in range(REPEATS))
    found, differences = [], []
    for batch in range(BATCHES):
        frames = _drawn(task, kind, REPEATS * ROWS, REPEATS, 2 + batch)
        found += evaluate(frames[0], frames[2], asked(task, *keys, scenarios=conditions, **used))[len(keys) :]
        differences += paired(task, *frames, *keys, scenarios=conditions, **used)[len(keys) :]
    return {
        key: (_share(found[place :: len(keys)], truths[place]), _share(differences[place :: len(keys)], changes[place]))
        for place, key in enumerate(keys)
    }


def _share(rows, truth):
    """Of those that have an interval: p95 has none in few clusters."""
    return np.mean([row.low <= truth <= row.high for row in rows if row.low is not None])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("task", TASKS)
def test_intervals_hold_the_truth_about_as_often_as_they_say(task, kind):
    found = _coverage(task, kind)
    assert {key: shares for key, shares in found.items() if min(shares) < AT_LEAST} == {}
    assert 0.925 <= np.mean([shares[0] for shares in found.values()]) <= 0.99
    assert 0.925 <= np.mean([shares[1] for shares in found.values()]) <= 0.995
