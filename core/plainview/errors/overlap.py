"""Of many groups of examples that tell the same story, those that tell it best.

Groups are taken in the order of their evidence (the likelihood ratio of a rate of their own). One more is kept only if it
still has more errors than expected where the ones before it are held fixed: within the examples that share the same kept
groups (Mantel and Haenszel 1959). So what merely holds a bad group, or is held by one, or crosses it, is merged into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, xlogy

from plainview.masks import Masks

ALIKE = 0.8  # of two groups' errors, shared: the same story
UNDILUTED = 0.7  # of a group's lift, what a simpler one must have to stand for it
REMAINS = 0.4  # of a group's surplus of errors, what must remain beside the groups before it
DOUBT = 0.01  # the one-sided p at which what remains is taken for chance


@dataclass
class Kept:
    """A group that was kept, by its place, and how many others were merged into it."""

    place: int
    merged: int = 0


def evidence(k: np.ndarray, n: np.ndarray, errors: int, rows: int) -> np.ndarray:
    """Twice the log likelihood ratio of two rates, inside and elsewhere, against one."""
    inside, elsewhere = _fit(k, n), _fit(errors - k, rows - n)
    return 2 * (inside + elsewhere - _fit(np.asarray(errors), np.asarray(rows)))


def _fit(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The log likelihood of k of n at its own rate."""
    share = k / np.maximum(n, 1)
    return xlogy(k, share) + xlogy(n - k, 1 - share)


def apart(masks: Masks, events: np.ndarray, sizes: Sequence[int], strength: np.ndarray, *, most: int) -> list[Kept]:
    """The groups to keep, the strongest first, at most ``most`` of them.

    ``masks`` says which rows each group holds, ``sizes`` how many conditions it takes, ``strength`` is its `evidence`.
    """
    wrong = Masks.packed((mask[events] for mask in masks), int(events.sum())).words
    lifts = _lifts(masks, events)
    kept: list[Kept] = []
    strata = np.zeros(len(events), dtype=np.int64)
    waiting = list(np.argsort(-strength, kind="stable"))
    while waiting:
        place = waiting.pop(0)
        if kept and not _adds(masks[place], events, strata):
            _nearest(kept, wrong, place).merged += 1
            continue
        if len(kept) == most:
            break
        simpler = _simplest(place, waiting, wrong, sizes, lifts)
        if simpler != place:
            waiting[waiting.index(simpler)] = place
        kept.append(Kept(simpler))
        strata = np.unique(2 * strata + masks[simpler], return_inverse=True)[1]
    return kept


def _adds(mask: np.ndarray, events: np.ndarray, strata: np.ndarray) -> bool:
    """Whether a group has more errors than expected even among examples that share the same kept groups."""
    n, k = np.bincount(strata), np.bincount(strata, events)
    inside = np.bincount(strata[mask], minlength=len(n))
    share = inside / n
    surplus = events[mask].sum() - (share * k).sum()
    plain = events[mask].sum() - mask.mean() * events.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(n > 1, inside * (1 - share) * k * (1 - k / n) / (n - 1), 0.0).sum()
    return bool(surplus > REMAINS * plain and surplus > -ndtri(DOUBT) * np.sqrt(variance) > 0)


def _nearest(kept: Sequence[Kept], wrong: np.ndarray, place: int) -> Kept:
    """The kept group that shares most errors with another one."""
    return max(kept, key=lambda each: np.bitwise_count(wrong[each.place] & wrong[place]).sum())


def _simplest(place: int, others: Sequence[int], wrong: np.ndarray, sizes: Sequence[int], lifts: np.ndarray) -> int:
    """Of the groups with nearly the same errors, and not much diluted, the one of fewest conditions."""
    fewer = [each for each in others if sizes[each] < sizes[place] and lifts[each] >= UNDILUTED * lifts[place]]
    alike = [each for each in fewer if _shared(wrong[place], wrong[each]) >= ALIKE]
    return min([place, *alike], key=lambda each: (sizes[each], -lifts[each]))


def _lifts(masks: Masks, events: np.ndarray) -> np.ndarray:
    """By how much the share of errors in each group is above that elsewhere."""
    n, k = (np.array([(mask & of).sum() for mask in masks], float) for of in (np.ones_like(events), events))
    return k / np.maximum(n, 1) - (events.sum() - k) / np.maximum(len(events) - n, 1)


def _shared(one: np.ndarray, other: np.ndarray) -> float:
    """The errors of both groups, of the errors of either."""
    return float(np.bitwise_count(one & other).sum() / max(np.bitwise_count(one | other).sum(), 1))
