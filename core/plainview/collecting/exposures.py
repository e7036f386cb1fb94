"""What one error is worth in a list of what to do: one, or, where scenarios name their traffic, its part of 10,000 requests
times its cost.
"""

import numpy as np

from plainview.errors.judged import Judged
from plainview.exposure import REQUESTS
from plainview.membership import scenario_masks


def worth(judged: Judged) -> tuple[np.ndarray, str]:
    """What an error of each example is worth, shape (n,), and in what unit.

    An example stands for its share of the traffic of its scenarios. What is in none of them shares the rest of the traffic, at
    the mean cost; without any traffic named each example is worth one.
    """
    specification = judged.specification
    named = [each for each in specification.scenarios if each.traffic]
    n = len(judged.events)
    if not named or not n:
        return np.ones(n), "errors"
    priced = any(each.cost is not None for each in named)
    mean = sum(each.traffic * (1 if each.cost is None else each.cost) for each in named) / sum(
        each.traffic for each in named
    )
    found, outside = np.zeros(n), np.ones(n, dtype=bool)
    for each, mask in zip(named, scenario_masks(judged.rows, named, specification.columns.id), strict=True):
        cost = mean if each.cost is None else each.cost
        if mask.any():
            found[mask] += REQUESTS * each.traffic * (cost if priced else 1) / mask.sum()
            outside &= ~mask
    rest = max(0.0, 1 - sum(each.traffic for each in named))
    if outside.any():
        found[outside] = REQUESTS * rest * (mean if priced else 1) / outside.sum()
    return found, f"{'cost' if priced else 'errors'} among {REQUESTS:,} requests"
