"""Suggested scenarios: a search for the groups of examples where a release is worst, or where it broke or fixed most.

What is tried, and how false suggestions are kept rare:

- Groups are one condition on a column, or two (three if asked). They are made without looking at errors.
- Each gets an exact one-sided p (Fisher): are errors more frequent in it than elsewhere, and, for a group of several
  conditions, than in what is left of the group with any one of them dropped? In how many examples a release broke is
  tested against those that it fixed there too (McNemar).
- Of all that were tried, those with an adjusted p (Benjamini and Hochberg 1995) of at most ``rate`` remain, if the odds of
  an error are ``effect`` times those elsewhere.
- Rows of one cluster count as their design effect says: a customer with ten wrong answers is not ten findings.
- Groups that tell the same story are merged (`overlap`), and the rest is ranked by errors explained.

Measured (``python -m benchmarks.suggestions`` repeats it): 100,000 rows × 20 columns, 15,070 groups in 1.4 s of CPU, where
SliceLine takes 24 s and tests nothing; three planted groups are all found. On 1,000 rows without structure none of 40 data
sets got a suggestion; with one planted pair each got that pair, and no other column.

What a search finds looks worse than it is, because it was picked for looking bad: intervals are
those of the group as it stands, and the next test-set version tells how much of it was chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from plainview.errors.conditions import Condition, conditions_of
from plainview.errors.judged import Event, Judged, judge
from plainview.errors.overlap import ALIKE, apart
from plainview.errors.passed import Passed
from plainview.errors.search import Progress, try_groups
from plainview.exceptions import InputError, nearest
from plainview.masks import Masks
from plainview.membership import scenario_masks
from plainview.records import Evaluation
from plainview.specification import Scenario, Specification
from plainview.statistics.combine import mover
from plainview.statistics.intervals import wilson
from plainview.store import Store

EFFECT, RATE, LIMIT = 1.5, 0.05, 20


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A group of examples that stands out. Shares are 0…1; ``p`` is adjusted for everything that was tried."""

    where: str
    conditions: tuple[Condition, ...]
    examples: int
    errors: int  # wrong, broken or fixed ones, as asked
    share: float
    low: float
    high: float
    elsewhere_examples: int
    elsewhere_errors: int
    elsewhere: float  # the share elsewhere
    difference: tuple[float, float]  # the interval of share minus elsewhere
    against: int | None  # of two releases: how many went the other way
    p: float
    merged: int  # other groups that tell the same story
    already: str | None  # the scenario of the specification that holds nearly the same errors

    @property
    def expected(self) -> float:
        """The errors that it would have at the share elsewhere."""
        return self.examples * self.elsewhere

    @property
    def more(self) -> float:
        """The errors it explains: those beyond what was expected."""
        return self.errors - self.expected


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What a search found, the most errors explained first, and what it looked through."""

    event: Event
    found: tuple[Suggestion, ...]
    examples: int
    errors: int
    tried: int  # groups that were tested
    minimum: int  # examples that a group had to have
    rate: float
    columns: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)  # columns without a condition, and why
    numbers: bool = False  # whether answers are numbers
    bar: float | None = None  # of numbers: the absolute error above which one counts as large


def suggested_scenarios(
    store: Store,
    evaluation: Evaluation,
    *,
    event: Event = "wrong",
    baseline: Evaluation | None = None,
    columns: Sequence[str] | None = None,
    depth: int = 2,
    minimum: int | None = None,
    effect: float = EFFECT,
    rate: float = RATE,
    limit: int = LIMIT,
    progress: Progress | None = None,
) -> Suggestions:
    """Where a release is wrong more often than elsewhere; or, with a baseline, where it "broke" or "fixed" most.

    ``columns`` of the test set are searched, all but id, label, cluster and weight where None. ``depth`` is the most
    conditions in one group, ``minimum`` the fewest examples (None: the specification's ``minimum_examples``), ``effect``
    the smallest odds ratio, ``rate`` the false discovery rate. Raises InputError for a column that is not there, a depth
    other than 1, 2 or 3, and a task whose answers are not right or wrong one by one.
    """
    judged = judge(store, evaluation, event=event, baseline=baseline)
    return suggest(
        judged, columns=columns, depth=depth, minimum=minimum, effect=effect, rate=rate, limit=limit, progress=progress
    )


def suggest(
    judged: Judged,
    *,
    columns: Sequence[str] | None = None,
    depth: int = 2,
    minimum: int | None = None,
    effect: float = EFFECT,
    rate: float = RATE,
    limit: int = LIMIT,
    progress: Progress | None = None,
) -> Suggestions:
    """The same of examples that are judged already; see `suggested_scenarios`."""
    if depth not in (1, 2, 3):
        raise InputError(f"The 'depth' parameter of suggested_scenarios must be 1, 2 or 3. Got {depth!r} instead.")
    names = _searched(judged, columns)
    least = max(judged.specification.minimum_examples if minimum is None else minimum, 2)
    conditions, left_out = conditions_of(judged.rows, names, minimum=least)
    masks = _masks(judged, [each.where for each in conditions])
    tried = try_groups(masks, judged.events, conditions, depth=depth, minimum=least, progress=progress)
    found = _suggestions(Passed(judged, masks, tried, rate=rate, effect=effect), conditions, limit)
    return Suggestions(
        event=judged.event,
        found=tuple(sorted(found, key=lambda one: -one.more)),
        examples=len(judged.events),
        errors=int(judged.events.sum()),
        tried=len(tried.p),
        minimum=least,
        rate=rate,
        columns=tuple(names),
        left_out=left_out,
        numbers=judged.numbers,
        bar=judged.bar,
    )


def _searched(judged: Judged, columns: Sequence[str] | None) -> list[str]:
    parts = judged.specification.columns
    if columns is None:
        own = {parts.id, parts.label, parts.cluster, parts.weight}
        return [name for name in judged.rows.columns if name not in own]
    for name in columns:
        if name not in judged.rows.columns:
            raise InputError(f"The test set has no column {name!r}. {nearest(name, judged.rows.columns)}")
    return list(columns)


def _masks(judged: Judged, wheres: Sequence[str]) -> Masks:
    """Which rows each ``where`` holds, as every scenario's are found."""
    scenarios = [Scenario(name=f"condition {at}", where=where) for at, where in enumerate(wheres)]
    if not scenarios:
        return Masks.none(0, judged.rows.height)
    return scenario_masks(judged.rows, scenarios, judged.specification.columns.id)


def _suggestions(passed: Passed, conditions: Sequence[Condition], limit: int) -> list[Suggestion]:
    """Those to show, one for each story."""
    if not len(passed.places):
        return []
    groups, judged = passed.masks_of(), passed.judged
    sizes = (passed.tried.conditions[passed.places] >= 0).sum(axis=1)
    kept = apart(groups, judged.events, sizes, passed.strength[passed.places], most=limit)
    known = _Known(judged)
    told = []
    for one in kept:
        place, mask = passed.places[one.place], groups[one.place]
        named = tuple(conditions[at] for at in passed.tried.conditions[place] if at >= 0)
        told.append(_told(judged, mask, named, p=float(passed.adjusted[place]), merged=one.merged, known=known))
    return told


def _told(
    judged: Judged, mask: np.ndarray, named: tuple[Condition, ...], *, p: float, merged: int, known
) -> Suggestion:
    """A group in numbers, counted on its rows."""
    level, events = judged.specification.confidence, judged.events
    k, n = int(events[mask].sum()), int(mask.sum())
    others, rest = int(events.sum()) - k, len(events) - n
    here, there = judged.design_effect(mask), judged.design_effect(~mask)
    low, high = wilson(k / here, n / here, confidence=level)
    difference = mover(k / n, low, high, others / rest, *wilson(others / there, rest / there, confidence=level))
    return Suggestion(
        where=" AND ".join(one.where for one in named),
        conditions=named,
        examples=n,
        errors=k,
        share=k / n,
        low=float(low),
        high=float(high),
        elsewhere_examples=rest,
        elsewhere_errors=others,
        elsewhere=others / rest,
        difference=(float(difference[0]), float(difference[1])),
        against=None if judged.against is None else int(judged.against[mask].sum()),
        p=p,
        merged=merged,
        already=known.as_scenario(mask),
    )


class _Known:
    """The scenarios that the specification has already."""

    def __init__(self, judged: Judged) -> None:
        specification: Specification = judged.specification
        self.scenarios = [each for each in specification.scenarios if each.definition]
        self.events = judged.events
        self.masks = scenario_masks(judged.rows, self.scenarios, specification.columns.id) if self.scenarios else []

    def as_scenario(self, mask: np.ndarray) -> str | None:
        """The scenario that holds nearly the same examples and nearly the same errors, if there is one."""
        for scenario, held in zip(self.scenarios, self.masks, strict=True):
            both, either = held & mask, held | mask
            same_errors = (both & self.events).sum() >= ALIKE * (either & self.events).sum()
            if same_errors and both.sum() >= ALIKE * either.sum():
                return scenario.name
        return None


def counts_of(judged: Judged, wheres: Sequence[str]) -> pl.DataFrame:
    """Examples and errors of any ``where``, counted anew on these examples: columns where, examples, errors."""
    masks = _masks(judged, wheres)
    examples = [int(mask.sum()) for mask in masks]
    errors = [int((mask & judged.events).sum()) for mask in masks]
    return pl.DataFrame({"where": list(wheres), "examples": examples, "errors": errors})
