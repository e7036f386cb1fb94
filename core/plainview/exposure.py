"""Exposure: what errors come to in use, from each scenario's share of the traffic and the cost of one error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from plainview.exceptions import InputError
from plainview.metrics import split_key
from plainview.records import Result
from plainview.specification import Specification

REQUESTS = 10_000
RIGHT = ("accuracy", "exact_match", "pass_rate")  # the share of requests that are answered right
OFF = ("mae",)  # how far off an answer is
NO_ERRORS = "accuracy, exact match, pass rate or mean absolute error would tell, and none of them is measured"


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
    reason: str | None = None  # why there is no value, or why it may not be relied on


def error_metric(specification: Specification) -> str | None:
    """The first metric that says how many requests go wrong, or by how much; None where none is measured.

    Recall, F1 and the like are shares of something else than the requests, and a mean of seconds is no error: of those
    nothing can be said for 10,000 requests.
    """
    return next((key for key in specification.metric_keys if split_key(key)[0] in RIGHT + OFF), None)


def shares_of(specification: Specification) -> dict[str, float]:
    """The share of the traffic that the specification gives to scenarios."""
    return {each.name: each.traffic for each in specification.scenarios if each.traffic}


def exposure(
    specification: Specification,
    results: Sequence[Result],
    *,
    mix: Mapping[str, float] | None = None,
) -> list[Exposure]:
    """Expected errors and cost per 10,000 requests, scenario by scenario, then "together" where each has a value.

    ``mix`` replaces the specification's shares of traffic: what if there were more of one kind? Shares are of scenarios
    that do not overlap, and may leave a rest that nothing is said of. The interval of the sum adds the scenarios'
    half-widths in quadrature, each side for itself (Zou and Donner 2008): it holds for estimates that are independent, as
    those of scenarios without an example or a cluster in common are. Raises InputError for shares below 0 or above 1 in sum,
    and for a scenario that is not there.
    """
    shares = dict(mix) if mix is not None else shares_of(specification)
    _check(shares, specification)
    metric = error_metric(specification)
    if metric is None:
        return [Exposure(name, share, *[None] * 4, reason=NO_ERRORS) for name, share in shares.items()]
    found = {result.scenario: result for result in results if result.metric == metric}
    rows = [_row(specification, found[name], share) for name, share in shares.items()]
    return rows + ([_together(rows)] if len(rows) > 1 and all(row.errors is not None for row in rows) else [])


def _check(shares: Mapping[str, float], specification: Specification) -> None:
    for name, share in shares.items():
        specification.scenario(name)
        if not 0 <= share <= 1:
            raise InputError(f"The share of traffic of {name!r} must lie between 0 and 1. Got {share!r} instead.")
    if sum(shares.values()) > 1 + 1e-9:
        raise InputError(f"Shares of traffic must not add up to more than 1. They add up to {sum(shares.values()):g}.")


def _row(specification: Specification, result: Result, share: float) -> Exposure:
    cost = specification.scenario(result.scenario).cost
    ends = [_error(end, result.metric) for end in (result.value, result.low, result.high)]
    value, *bounds = [None if end is None else REQUESTS * share * end for end in ends]
    low, high = sorted(bounds) if None not in bounds else (None, None)
    priced = [None if cost is None or each is None else cost * each for each in (value, low, high)]
    return Exposure(result.scenario, share, value, low, high, *priced, reason=result.reason)


def _error(value: float | None, metric: str) -> float | None:
    """Errors of a request: the share of wrong answers, or for numbers how far off they are."""
    if value is None:
        return None
    return 1 - value if split_key(metric)[0] in RIGHT else value


def _together(rows: Sequence[Exposure]) -> Exposure:
    def added(part: str) -> tuple[float | None, float | None, float | None]:
        ends = [[getattr(row, name) for row in rows] for name in (part, f"{part}_low", f"{part}_high")]
        if None in ends[0]:
            return None, None, None
        value = np.array(ends[0], dtype=float)
        if None in ends[1] or None in ends[2]:
            return float(value.sum()), None, None
        below, above = (np.sqrt(((value - np.array(end, dtype=float)) ** 2).sum()) for end in ends[1:])
        return float(value.sum()), float(value.sum() - below), float(value.sum() + above)

    few = [row.reason for row in rows if row.reason]
    why = f"{len(few)} of the scenarios may not be relied on" if few else None
    return Exposure("together", sum(row.traffic for row in rows), *added("errors"), *added("cost"), reason=why)
