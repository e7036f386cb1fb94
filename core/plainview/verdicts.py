"""Verdicts: for every metric and scenario of a comparison one of five.

The rule, in this order, with d the gain (positive is better), m the margin, and all tests of a comparison one family:

1. *not comparable*: another task, or no example that both answered; the reason says which.
2. *inconclusive*: fewer examples than the specification's minimum.
3. *equivalent*: the 95% interval of d lies within (-m, m).
4. *better* or *worse*: the test finds a difference after Benjamini and Hochberg at 5%, **and** the 95% interval excludes
   zero. Where interval and test disagree, no difference is claimed: both have to say so.
5. *equivalent*: the 90% interval lies within (-m, m), which is two one-sided tests at 5%.
6. *inconclusive* otherwise, with about how many more examples would settle it.

Not worse (non-inferior), which "without sacrificing" needs: the lower end of the 90% interval of d is above -m.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from plainview.evaluation import CHUNK, measure_both, totals_of
from plainview.kernel import Totals
from plainview.methods import Difference, both_there, column
from plainview.methods.independent import SEPARATE, difference_of
from plainview.methods.proportions import Proportion
from plainview.metrics import metric_for, split_key
from plainview.quantities import count
from plainview.specification import Specification
from plainview.statistics.multiple import benjamini_hochberg
from plainview.statistics.power import more_examples_means
from plainview.tasks.part import WHOLE

Verdict = Literal["better", "worse", "equivalent", "inconclusive", "not comparable"]
ONE_SIDED = 0.90  # the two-sided confidence whose ends are one-sided 95% bounds
FALSE_DISCOVERY_RATE = 0.05

RULE: dict[str, str] = {
    "better": "The test finds a gain after correction for all tests of the comparison, and its 95% interval excludes zero.",
    "worse": "The same for a loss.",
    "equivalent": "The 90% interval of the difference lies inside the margin: two one-sided tests at 5%.",
    "inconclusive": "Neither: there are too few examples to tell. About how many more would settle it is said beside it.",
    "not comparable": "Another task, or no example that both releases answered; the reason is said beside it.",
}


@dataclass(frozen=True)
class Change:
    """One metric on one scenario, baseline against candidate, in the metric's own unit (0.076 is 7.6 points)."""

    scenario: str
    behaviour: str | None
    metric: str
    baseline: float | None
    candidate: float | None
    difference: float | None  # candidate - baseline; for a metric best at zero, of the distances from zero
    low: float | None
    high: float | None
    p_value: float | None  # of this test alone; `adjusted_p` is the one that decides
    verdict: Verdict
    examples: int  # that count for this metric and that both releases answered
    fixed: int | None  # wrong before, right now; for numbers: closer by more than the margin
    broke: int | None
    more_examples_needed: int | None  # about; None where settled or where no sensible number would do
    reason: str | None
    adjusted_p: float | None = None
    margin: float | None = None
    one_sided: tuple[float | None, float | None] = (None, None)  # ends of the 90% interval: one-sided 95% bounds
    not_worse: bool = False  # a loss as large as the margin is ruled out (one-sided 5%)
    missing: int = 0  # examples of the scenario that one of the releases has no answer for
    better: str = "higher"  # which values of the metric are better: "higher", "lower", or "zero" for the nearer to zero
    method: str = ""  # how the difference was made, with its version


def paired_changes(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: Specification,
    *,
    chunk: int = CHUNK,
) -> list[Change]:
    """Every change of the specification's metrics and scenarios, row by row: three frames of the same height.

    ``baseline`` and ``candidate`` have a column "prediction". The same for any ``chunk``.
    """
    joint = measure_both(examples, baseline, candidate, specification, chunk=chunk)
    return changes_of(totals_of(joint), specification)


def changes_of(totals: Mapping[str, Totals], specification: Specification) -> list[Change]:
    """The same from the joint totals of each part, with cells of (label, baseline's answer, candidate's answer)."""
    found: dict[str, Difference] = {}
    for key in specification.metric_keys:
        metric, of_class = metric_for(key, specification.task), split_key(key)[1]
        found[key] = metric.family.difference(
            totals[metric.part_of(of_class)],
            name=of_class,
            classes=specification.classes or (),
            levels=(specification.confidence, ONE_SIDED),
        )
    return _changes(found, specification, totals)


def independent_changes(
    baseline: Mapping[str, Totals],
    candidate: Mapping[str, Totals],
    specification: Specification,
    *,
    keys: Sequence[str] | None = None,
) -> list[Change]:
    """Every change between two releases that were judged on different examples, from the totals of each part.

    ``keys`` are the metrics to compare (default: all of the specification's).
    """
    levels = (specification.confidence, ONE_SIDED)
    found: dict[str, Difference] = {}
    for key in specification.metric_keys if keys is None else keys:
        metric, of_class = metric_for(key, specification.task), split_key(key)[1]
        found[key] = difference_of(
            metric.family,
            baseline[metric.part_of(of_class)],
            candidate[metric.part_of(of_class)],
            name=of_class,
            classes=specification.classes or (),
            levels=levels,
            around_zero=metric.direction == "zero",
        )
    return _changes(found, specification, None)


def no_changes(specification: Specification, reason: str) -> list[Change]:
    """One row for each scenario and metric where nothing can be compared, and why."""
    blank = dict.fromkeys(("baseline", "candidate", "difference", "low", "high", "p_value", "fixed", "broke"))
    return [
        Change(
            scenario=scenario.name,
            behaviour=scenario.behaviour,
            metric=key,
            **blank,
            verdict="not comparable",
            examples=0,
            more_examples_needed=None,
            reason=reason,
            margin=specification.margin_for(key, scenario.name),
        )
        for scenario in specification.scenarios
        for key in specification.metric_keys
    ]


def _changes(
    found: Mapping[str, Difference], specification: Specification, totals: Mapping[str, Totals] | None
) -> list[Change]:
    """Verdicts over the whole family of tests, then one row for each scenario and metric."""
    keys = list(found)
    minimum = np.array([specification.minimum_for(scenario.name) for scenario in specification.scenarios])
    enough = np.array([found[key].of >= minimum for key in keys])
    p = np.where(enough, np.array([found[key].p for key in keys]), np.nan)
    adjusted = benjamini_hochberg(p.reshape(-1), rate=FALSE_DISCOVERY_RATE)[0].reshape(p.shape)
    flips = {key: _flips(totals, key, specification.task) for key in keys}
    return [
        _change(found[key], key, adjusted[metric, position], position, specification, flips[key])
        for position in range(len(specification.scenarios))
        for metric, key in enumerate(keys)
    ]


def _flips(totals: Mapping[str, Totals] | None, key: str, task: str) -> dict[str, np.ndarray]:
    """How many examples that count for this metric were fixed, broke, or are missing: shape (scenarios,) each."""
    if totals is None:
        return {}
    metric, of_class = metric_for(key, task), split_key(key)[1]
    there = both_there(totals[metric.flips_of(of_class)], 0, 1, 2)
    read = totals[WHOLE if task == "detection" else metric.part_of(of_class)]  # other parts of detection are of boxes
    if isinstance(metric.family, Proportion):
        there = there.where(metric.family.counted(column(there, 0), of_class))
    kinds = column(there, -1)
    flips = {kind: there.count[kinds == kind].sum(axis=0) for kind in ("fixed", "broke")}
    return flips | {"missing": read.count.sum(axis=0) - both_there(read, 0, 1, 2).count.sum(axis=0)}


def _change(
    found: Difference,
    key: str,
    adjusted: float,
    position: int,
    specification: Specification,
    flips: Mapping[str, np.ndarray],
) -> Change:
    scenario, sign = specification.scenarios[position], specification.sign_of(key)
    margin = specification.margin_for(key, scenario.name)
    difference, of = found.difference[position], int(found.of[position])
    shown, one_sided = (
        tuple(float(end[position]) for end in found.levels[level]) for level in (specification.confidence, ONE_SIDED)
    )
    verdict, reason = _verdict(
        sign * difference,
        _turn(shown, sign),
        _turn(one_sided, sign),
        margin,
        p=found.p[position],
        adjusted=adjusted,
    )
    minimum, more = specification.minimum_for(scenario.name), None
    if np.isnan(difference):
        verdict, reason = "not comparable", found.reason
    elif of < minimum:
        verdict, reason = (
            "inconclusive",
            f"only {count(of, *specification.counted_by(key))}, {minimum} are needed",
        )
    if verdict == "inconclusive":
        settle = more_examples_means(of, found.spread[position], difference, margin or 0.0)
        more = max(int(settle), minimum - of, 0) or None if np.isfinite(settle) else None
    return Change(
        scenario=scenario.name,
        behaviour=scenario.behaviour,
        metric=key,
        baseline=_number(found.baseline[position]),
        candidate=_number(found.candidate[position]),
        difference=_number(difference),
        low=_number(shown[0]),
        high=_number(shown[1]),
        p_value=_number(found.p[position]),
        verdict=verdict,
        examples=of,
        fixed=_count(flips.get("fixed"), position),
        broke=_count(flips.get("broke"), position),
        more_examples_needed=more,
        reason=reason,
        adjusted_p=_number(adjusted),
        margin=margin,
        one_sided=(_number(one_sided[0]), _number(one_sided[1])),
        not_worse=verdict not in ("not comparable", "worse")
        and of >= minimum
        and margin is not None
        and _turn(one_sided, sign)[0] > -margin,
        missing=_count(flips.get("missing"), position) or 0,
        better=specification.direction_of(key),
        method=metric_for(key, specification.task).family.paired_method if flips else SEPARATE,
    )


def _verdict(
    gain: float,
    shown: tuple[float, float],
    one_sided: tuple[float, float],
    margin: float | None,
    *,
    p: float,
    adjusted: float,
) -> tuple[Verdict, str | None]:
    """The rule of the module, steps 3 to 6, for a gain (positive is better) with its two intervals."""
    if margin is not None and -margin < shown[0] and shown[1] < margin:
        return "equivalent", None
    excludes_zero = shown[0] > 0 or shown[1] < 0
    if adjusted <= FALSE_DISCOVERY_RATE and excludes_zero:
        return ("better" if gain > 0 else "worse"), None
    if margin is not None and -margin < one_sided[0] and one_sided[1] < margin:
        return "equivalent", None
    if excludes_zero and p <= FALSE_DISCOVERY_RATE:
        return "inconclusive", "a difference by itself, but not among so many tests"
    if excludes_zero or adjusted <= FALSE_DISCOVERY_RATE:
        return "inconclusive", "the test and the interval disagree"
    return "inconclusive", "no margin is set, so no change cannot be shown" if margin is None else None


def _turn(ends: tuple[float, float], sign: int) -> tuple[float, float]:
    return ends if sign > 0 else (-ends[1], -ends[0])


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _count(values: np.ndarray | None, position: int) -> int | None:
    return None if values is None else int(values[position])
