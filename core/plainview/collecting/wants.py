"""What is wanted, kind by kind: a row a thing to collect or to check, with how many, why, and what is at stake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import bdtrc

from plainview.collecting.labels import Doubted
from plainview.errors.confusions import confusions
from plainview.errors.judged import Judged
from plainview.errors.suggestions import Suggestions
from plainview.membership import scenario_masks
from plainview.narrative.suggestions import group_phrase
from plainview.records import Result
from plainview.specification import Scenario, Specification
from plainview.statistics.intervals import wilson
from plainview.statistics.multiple import benjamini_hochberg
from plainview.statistics.power import examples_needed, paired_deviation
from plainview.tasks import TASKS
from plainview.tasks.part import PREDICTION

Kind = Literal["too few", "weak", "confused", "label errors", "conflicts"]
COLLECT, CHECK = "collect", "check labels"
FEWEST_CONFUSED = 3  # times that two classes were taken for each other
RATE = 0.05


@dataclass(frozen=True, kw_only=True)
class Want:
    """One thing that is wanted."""

    kind: Kind
    what: str  # the scenario, the group, the classes
    examples: int  # how many to collect, or whose labels to check
    has: int  # how many there are today
    stake: float  # errors that it is about: found, or that could be there unseen
    weight: float  # the same in the unit of the list: what it is ranked by
    share: float | None = None  # of today's examples that are wrong, 0…1
    elsewhere: float | None = None
    needed: int | None = None  # how many it takes for a verdict, or to see half of it fixed
    where: str | None = None  # the condition of a group
    scenario: str | None = None
    classes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()  # requirements that cannot be judged without it
    numbers: bool = False  # whether answers are numbers, nearer or further off
    by_chance: float = 0.0  # of labels: how many would be doubted if every one were right

    @property
    def action(self) -> str:
        """What to do: collect examples, or check labels."""
        return CHECK if self.kind in ("label errors", "conflicts") else COLLECT


def too_few(
    specification: Specification, results: Sequence[Result], judged: Judged | None, worth: np.ndarray | None
) -> Iterator[Want]:
    """Scenarios with too few examples for any verdict of the headline metric.

    At stake is what could be wrong there unseen: the upper end of the interval of the share of errors, among as many examples
    as a verdict needs.
    """
    headline = specification.metric_keys[0]
    masks = {}
    if judged is not None:
        scenarios = specification.scenarios
        found = scenario_masks(judged.rows, scenarios, specification.columns.id)
        masks = {each.name: mask for each, mask in zip(scenarios, found, strict=True)}
    for row in results:
        least = specification.minimum_for(row.scenario)
        if row.metric != headline or row.of >= least:
            continue
        mask = masks.get(row.scenario)
        n, k = (0, 0) if mask is None else (int(mask.sum()), int((mask & judged.events).sum()))
        upper = float(wilson(k, n, confidence=specification.confidence)[1]) if n else 1.0
        named = specification.scenario(row.scenario)
        each = _worth_of(worth, mask, named, least, specification)
        demanded = tuple(one.id for one in specification.requirements if one.scenario == row.scenario)
        yield Want(
            kind="too few",
            what=row.scenario,
            examples=int(np.ceil(least - row.of)),
            has=int(row.of),
            stake=upper * least,
            weight=upper * least * each,
            share=k / n if n else None,
            needed=least,
            scenario=row.scenario,
            demanded=demanded,
        )


def _worth_of(worth, mask, named: Scenario, least: int, specification: Specification) -> float:
    """What an error in a scenario is worth; of one with its own traffic, as if it had the examples that it needs."""
    if worth is None or not len(worth):
        return 1.0
    if not any(each.traffic for each in specification.scenarios):
        return 1.0
    if mask is not None and mask.any():
        return float(worth[mask].sum()) / least if named.traffic else float(worth[mask].mean())
    return float(worth.mean())


def weak(judged: Judged, found: Suggestions, worth: np.ndarray) -> Iterator[Want]:
    """Suggested scenarios, by the errors that they explain."""
    if not found.found:
        return
    scenarios = [Scenario(name=f"group {at}", where=each.where) for at, each in enumerate(found.found)]
    masks = scenario_masks(judged.rows, scenarios, judged.specification.columns.id)
    for each, mask in zip(found.found, masks, strict=True):
        needed = to_see_fixed(each.share, each.elsewhere)
        yield Want(
            kind="weak",
            what=group_phrase(each.conditions),
            examples=max(needed - each.examples, int(np.ceil(each.more))),
            has=each.examples,
            stake=each.more,
            weight=each.more * float(worth[mask].mean()),
            share=each.share,
            elsewhere=each.elsewhere,
            needed=needed,
            where=each.where,
            numbers=judged.numbers,
        )


def to_see_fixed(share: float, elsewhere: float = 0.0) -> int:
    """How many examples show, four times in five, that half of what is wrong beyond ``elsewhere`` was fixed."""
    half = max((share - elsewhere) / 2, 1e-6)
    return int(examples_needed(float(paired_deviation(half, half)), half))


def confused(judged: Judged, worth: np.ndarray) -> Iterator[Want]:
    """Pairs of classes that are taken for each other more often than if wrong answers fell evenly on the other classes.

    Of three classes or more. Tested by the binomial, both ways together, with false discoveries held at 5% over all pairs.
    """
    pairs, task, parts = confusions(judged), TASKS["classification"], judged.specification.columns
    if not pairs.height:
        return
    label, said = (task.prepare(side).to_numpy() for side in (judged.rows[parts.label], judged.answers[PREDICTION]))
    classes = {name for name in label if name is not None}
    if len(classes) < 3:
        return
    tried = []
    for one, other, times, back in pairs.select("label", "prediction", "examples", "back").iter_rows():
        if times + back < FEWEST_CONFUSED or (back > 0 and one > other):
            continue
        mistaken, even = int((judged.events & np.isin(label, (one, other))).sum()), 1 / (len(classes) - 1)
        tried.append((one, other, times + back, float(bdtrc(times + back - 1, mistaken, even)), mistaken * even))
    kept = benjamini_hochberg([row[3] for row in tried], rate=RATE)[1] if tried else []
    for (one, other, times, _, expected), stands_out in zip(tried, kept, strict=True):
        if stands_out:
            yield _confused(judged, label, said, worth, (one, other), times, expected)


def _confused(judged, label, said, worth, classes: tuple[str, str], times: int, expected: float) -> Want:
    mine = np.isin(label, classes)
    both = judged.events & mine & np.isin(said, classes)
    n, share = int(mine.sum()), float(times / mine.sum())
    needed, stake = to_see_fixed(share), times - expected
    return Want(
        kind="confused",
        what=" / ".join(classes),
        examples=max(needed - n, times),
        has=n,
        stake=stake,
        weight=stake * float(worth[both].mean()),
        share=share,
        needed=needed,
        classes=classes,
    )


def doubted(judged: Judged, found: Doubted, kind: Kind, worth: np.ndarray) -> Iterator[Want]:
    """Labels to check: all that are doubted, as one thing to do."""
    ids = found.table["id"].to_list()
    if not ids:
        return
    mask = np.isin(judged.rows[judged.specification.columns.id].to_numpy().astype(str), ids)
    stake = found.wrong
    what = "equal examples with different labels" if kind == "conflicts" else "labels that are likely wrong"
    weight = stake * (float(worth[mask].mean()) if mask.any() else 1.0)
    n, chance = len(ids), found.by_chance
    yield Want(kind=kind, what=what, examples=n, has=n, stake=stake, weight=weight, ids=tuple(ids), by_chance=chance)
