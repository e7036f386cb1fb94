"""Two releases compared in a metric made of counts, by the joint counts of both: see `statistics.effective`.

What one release is judged by is a statistic of its cells (label, prediction), the same one before and after.
"""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from plainview.kernel import Totals
from plainview.methods import Difference, Interval, between, scaled
from plainview.statistics.arrays import Statistic
from plainview.statistics.effective import compare_counts

Cells = Sequence[tuple[str, str]]  # (label, prediction)
CountInterval = Callable[[np.ndarray, np.ndarray | float], Interval]  # (counts of cells, confidence) -> (low, high)
MOST_CELLS = 400  # up to 20 classes every cell that could occur is listed; beyond, those that did


def possible_cells(seen: Cells) -> list[tuple[str, str]]:
    """Every pair of label and prediction that could occur, seen or not; only those seen where they would be too many.

    A single label says nothing of which others there are: then every answer might have been one.
    """
    names = sorted({name for cell in seen for name in cell})
    labels = sorted({label for label, _ in seen})
    possible = list(product(labels if len(labels) > 1 else names, names))
    return possible if 0 < len(possible) <= MOST_CELLS else sorted(set(seen)) or [("", "")]


def spread_out(seen: np.ndarray, places: Sequence[int], cells: int) -> np.ndarray:
    """Counts of the cells that were seen, (seen, columns), added up at their places among all cells."""
    counts = np.zeros((cells, seen.shape[1]))
    np.add.at(counts, np.asarray(places, dtype=int), seen)
    return counts


def class_sums(values: np.ndarray, names: Sequence[str]) -> Statistic:
    """Adds up counts, (cells, columns), by class: (names, columns). ``values``, shape (cells,), is the class of each cell.

    Not a product of matrices, which is made thousands of times and whose threads would wait for each other.
    """
    place = {name: row for row, name in enumerate(names)}
    rows = np.array([place.get(value, -1) for value in values], dtype=int)
    order = np.argsort(rows, kind="stable")[np.count_nonzero(rows < 0) :]
    there, starts = np.unique(rows[order], return_index=True)

    def add(counts: np.ndarray) -> np.ndarray:
        sums = np.zeros((len(names), counts.shape[1]))
        if len(there):
            sums[there] = np.add.reduceat(counts[order], starts, axis=0)
        return sums

    return add


def compare_joint(
    joint: Totals,
    judged_by: Callable[[Cells], tuple[Statistic, CountInterval | None]],
    *,
    of: np.ndarray,
    levels: Sequence[float],
    reason: str,
) -> Difference:
    """Candidate minus baseline from ``joint``, cells of (label, baseline, candidate, …).

    ``judged_by`` gives, for the cells of one release, the statistic of their counts, and its own interval where it has a
    better one. ``of``, shape (S,), counts the examples that matter.
    """
    merged, into = joint.merged()
    sides = [[(cell[0], cell[side]) for cell in merged.cells] for side in (1, 2)]
    cells = possible_cells([*sides[0], *sides[1]])
    place = {cell: row for row, cell in enumerate(cells)}
    before, after = (np.array([place[cell] for cell in side], dtype=int) for side in sides)
    statistic, interval = judged_by(cells)

    def change(seen: np.ndarray) -> np.ndarray:
        later, earlier = (statistic(spread_out(seen, side, len(cells))) for side in (after, before))
        return later - earlier

    counts = scaled(joint, merged, into, change)
    found = compare_counts(statistic, counts, after, before, cells=len(cells), interval=interval)
    return between(found, levels=levels, of=of, reason=reason)
