"""How many examples and how many errors every condition holds, and every two of them (or three): bits, counted.

A group of two conditions claims more than one: that it is worse than what is left of each of them alone, and not only than
everything else. Its p-value is the largest of those tests (an intersection-union test, Berger 1982), so a condition that
only rides along with a bad one is not found, and counts as a false discovery if it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from plainview.errors.conditions import Condition
from plainview.masks import Masks
from plainview.statistics.fisher import fisher_greater

MOST = 2 / 3  # of all examples: a larger group is described better by what it is not
_BLOCK = 4_000_000  # words that are counted at once

Progress = Callable[[int, int], None]  # steps done, steps in all


@dataclass(frozen=True)
class Tried:
    """All G groups that were tried: arrays of shape (G,), and which conditions make each, shape (G, depth), -1 for none."""

    conditions: np.ndarray
    examples: np.ndarray
    errors: np.ndarray
    p: np.ndarray


def try_groups(
    masks: Masks,
    events: np.ndarray,
    conditions: Sequence[Condition],
    *,
    depth: int,
    minimum: int,
    progress: Progress | None = None,
) -> Tried:
    """Every group of up to ``depth`` conditions that holds ``minimum`` examples or more, and not nearly all.

    ``masks`` says which rows each condition holds, ``events`` which rows are errors, booleans of shape (rows,).
    """
    space = _Space(masks, events, conditions, depth, minimum)
    found = [space.single()]
    for at, group in enumerate(space.starts()):
        found.append(space.extended(group))
        if progress is not None:
            progress(at + 1, space.steps)
    conditions_, examples, errors, p = (np.concatenate(each) for each in zip(*found, strict=True))
    return Tried(conditions_, examples, errors, p)


class _Space:
    """The conditions as bits over all rows, and over the errors alone: those are fewer, and counted as fast."""

    def __init__(self, masks: Masks, events: np.ndarray, conditions: Sequence[Condition], depth: int, minimum: int):
        self.all = masks.words
        self.wrong = Masks.packed((mask[events] for mask in masks), int(events.sum())).words
        self.rows, self.errors = len(events), int(events.sum())
        self.n, self.k = _count(self.all), _count(self.wrong)
        self.conditions, self.depth, self.minimum = conditions, depth, minimum
        self.most = int(MOST * self.rows)
        self.steps = len(conditions) if depth == 2 else len(conditions) * (len(conditions) - 1) // 2

    def starts(self) -> Iterator[tuple[int, ...]]:
        """The groups to which one more condition is added: later ones, so that none is tried twice."""
        for size in range(1, self.depth):
            yield from combinations(range(len(self.conditions)), size)

    def single(self) -> tuple[np.ndarray, ...]:
        """The groups of one condition."""
        fit = np.flatnonzero((self.n >= self.minimum) & (self.n <= self.most))
        p = fisher_greater(self.k[fit], self.n[fit], self.errors, self.rows)
        return self._labelled(np.full((len(fit), 0), -1), fit, self.n[fit], self.k[fit], p)

    def extended(self, group: tuple[int, ...]) -> tuple[np.ndarray, ...]:
        """The groups of these conditions and one later one."""
        held = np.bitwise_and.reduce(self.all[list(group)])
        size = int(np.bitwise_count(held).sum())
        first = group[-1] + 1 if size > self.minimum else len(self.conditions)
        n = _count(self.all[first:] & held)
        fit = (n >= self.minimum) & (n <= self.most) & (n < size) & (n < self.n[first:])
        later, n = np.flatnonzero(fit) + first, n[fit]
        missed = np.bitwise_and.reduce(self.wrong[list(group)])
        k = _count(self.wrong[later] & missed)
        return self._labelled(np.tile(group, (len(later), 1)), later, n, k, self._claims(group, later, n, k))

    def _claims(self, group: tuple[int, ...], later: np.ndarray, n: np.ndarray, k: np.ndarray) -> np.ndarray:
        """The largest p of: worse than everything else, and than the rest of each group with one condition fewer."""
        p = fisher_greater(k, n, self.errors, self.rows)
        hopeful = np.flatnonzero(p <= 0.5)  # the others are no evidence whatever else is tested
        for left_out in range(len(group) + 1):
            parents = self._parents(group, later[hopeful], left_out)
            p[hopeful] = np.maximum(p[hopeful], fisher_greater(k[hopeful], n[hopeful], parents[1], parents[0]))
        return p

    def _parents(self, group: tuple[int, ...], later: np.ndarray, left_out: int) -> tuple[np.ndarray, np.ndarray]:
        """Examples and errors of the groups without the condition at ``left_out``; the last is the later one."""
        kept = [one for at, one in enumerate(group) if at != left_out]
        whole, wrong = (np.bitwise_and.reduce(words[kept]) if kept else None for words in (self.all, self.wrong))
        if left_out == len(group):
            return np.bitwise_count(whole).sum(dtype=float), np.bitwise_count(wrong).sum(dtype=float)
        if whole is None:
            return self.n[later], self.k[later]
        return _count(self.all[later] & whole), _count(self.wrong[later] & wrong)

    def _labelled(self, group, later, n, k, p) -> tuple[np.ndarray, ...]:
        named = np.full((len(later), self.depth), -1)
        named[:, : group.shape[1]] = group
        named[:, group.shape[1]] = later
        return named, n, k, p


def _count(words: np.ndarray) -> np.ndarray:
    """The bits of each row of words, shape (rows of words,)."""
    step = max(1, _BLOCK // max(words.shape[1], 1))
    parts = [np.bitwise_count(words[at : at + step]).sum(axis=1) for at in range(0, len(words), step)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)
