"""Exposure: what errors come to in use, from each scenario's share of the traffic and the cost of one error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.exceptions import InputError
from plainview.metrics import METRICS, split_key
from plainview.records import Result
from plainview.specification import Specification

REQUESTS = 10_000


@dataclass(frozen=True)
class Exposure:
    """Expected errors of one scenario, or of all together, among 10,000 requests; for numbers, the sum of the errors."""

    scenario: str
    traffic: float  # share of the requests
    errors: float | None
    errors_low: float | None
    errors_high: float | None
    cost: float | None  # None where the specification names no cost
    cost_low: float | None = None
    cost_high: float | None = None


def exposure(
    specification: Specification,
    results: Sequence[Result],
    *,
    mix: Mapping[str, float] | None = None,
) -> list[Exposure]:
    """Expected errors and cost per 10,000 requests, scenario by scenario, then "together" where each has a value.

    ``mix`` replaces the specification's shares of traffic: what if there were more of one kind? Shares are of scenarios
    that do not overlap, and may leave a rest that nothing is said of. Intervals of the sum add the half-widths of the
    scenarios in quadrature. Raises InputError for shares below 0 or above 1 in sum, and for a scenario that is not there.
    """
    shares = (
        dict(mix) if mix is not None else {each.name: each.traffic for each in specification.scenarios if each.traffic}
    )
    _check(shares, specification)
    metric = specification.metric_keys[0]
    found = {result.scenario: result for result in results if result.metric == metric}
    rows = [_row(specification, found[name], metric, share) for name, share in shares.items()]
    return rows + ([_together(rows)] if len(rows) > 1 and all(row.errors is not None for row in rows) else [])


def _check(shares: Mapping[str, float], specification: Specification) -> None:
    for name, share in shares.items():
        specification.scenario(name)
        if not 0 <= share <= 1:
            raise InputError(f"The share of traffic of {name!r} must lie between 0 and 1. Got {share!r} instead.")
    if sum(shares.values()) > 1 + 1e-9:
        raise InputError(f"Shares of traffic must not add up to more than 1. They add up to {sum(shares.values()):g}.")


def _row(specification: Specification, result: Result, metric: str, share: float) -> Exposure:
    cost = specification.scenario(result.scenario).cost
    ends = [_error(end, metric) for end in (result.value, result.low, result.high)]
    value, *bounds = [None if end is None else REQUESTS * share * end for end in ends]
    low, high = sorted(bounds) if None not in bounds else (None, None)
    priced = [None if cost is None or each is None else cost * each for each in (value, low, high)]
    return Exposure(result.scenario, share, value, low, high, *priced)


def _error(value: float | None, metric: str) -> float | None:
    """Errors for each example: the share of wrong answers, or for numbers how far off they are."""
    row = METRICS[split_key(metric)[0]]
    if value is None:
        return None
    return 1 - value if row.unit == "proportion" and row.direction == "higher" else abs(value)


def _together(rows: Sequence[Exposure]) -> Exposure:
    def added(part: str) -> tuple[float | None, float | None, float | None]:
        ends = [[getattr(row, name) for row in rows] for name in (part, f"{part}_low", f"{part}_high")]
        if any(None in end for end in ends):
            return None, None, None
        value, low, high = (np.array(end, dtype=float) for end in ends)
        total = value.sum()
        below, above = np.sqrt(((value - low) ** 2).sum()), np.sqrt(((high - value) ** 2).sum())
        return float(total), float(total - below), float(total + above)

    return Exposure("together", sum(row.traffic for row in rows), *added("errors"), *added("cost"))
