"""The kernel: rows become contributions, contributions are summed per scenario, and sums are added, exactly.

One contract carries every metric, engine and chunking. A task turns a chunk of rows into `Contributions`:
an integer *cell* for each row (for classification the pair of label and prediction) and float *terms*
(for regression the error, its square, …). `sums` adds them up per scenario. Sums of chunks are added with ``+``.

Sums are exact, so any chunking, order or machine gives the same bytes: a float is split into integers on a fixed
grid of powers of two, 26 bits each, whose sums stay below 2**53 for up to 2**27 rows. The idea is the pre-rounded
reproducible sum of Demmel and Nguyen (2013); here nothing is rounded, the remainder goes to the next grid.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from plainview.exceptions import FrameError
from plainview.masks import Masks

BITS = 26
CLUSTER = "cluster"
LARGEST = 1e300  # beyond this the products that variances need would overflow

FEW_CELLS = 32  # up to here counting bits is faster than counting codes

Cell = tuple[str | None, ...]
Piece = tuple[str, int, np.ndarray]  # a term, its level, and that part of each row's value


@dataclass(frozen=True)
class Contributions:
    """What each of n rows adds: its cell, and its terms.

    ``cells`` says what each code stands for; a None inside a cell is a value that is missing.
    ``codes`` has shape (n,), integers into ``cells``. Each of ``terms`` has shape (n,), float64, finite.
    ``kept`` are values that order matters for (a score, an error): they are not summed but carried along, row by row.
    """

    cells: tuple[Cell, ...]
    codes: np.ndarray
    terms: Mapping[str, np.ndarray] = field(default_factory=dict)
    kept: Mapping[str, np.ndarray] = field(default_factory=dict)

    def by_cluster(self, clusters: Sequence[str]) -> "Contributions":
        """The same contributions, kept apart by the cluster of each row, shape (n,): one more value in every cell."""
        names, which = ranked(clusters)
        seen, codes = np.unique(which * len(self.cells) + self.codes, return_inverse=True)
        pairs = zip(*(part.tolist() for part in np.divmod(seen, max(len(self.cells), 1))), strict=True)
        cells = tuple((*self.cells[cell], names[cluster]) for cluster, cell in pairs)
        kept = {**self.kept, CLUSTER: np.asarray(clusters, dtype=str)} if self.kept else self.kept
        return Contributions(cells, codes, self.terms, kept)


@dataclass(frozen=True, eq=False)
class Rows:
    """Values carried row by row, and which scenarios each row is in: ``members`` packs (n, scenarios) bits by row."""

    values: Mapping[str, np.ndarray]
    members: np.ndarray

    def __add__(self, other: "Rows") -> "Rows":
        names = dict.fromkeys([*self.values, *other.values])
        values = {name: np.concatenate([self._column(name, other), other._column(name, self)]) for name in names}
        return Rows(values, np.concatenate([self.members, other.members]))

    def _column(self, name: str, other: "Rows") -> np.ndarray:
        """A value of these rows; 0 throughout where only the ``other`` rows have it."""
        return self.values[name] if name in self.values else np.zeros(len(self.members), other.values[name].dtype)

    def ordered(self) -> "Rows":
        """In an order that does not depend on how the rows arrived: by their values, then by their scenarios."""
        values = (self.values[name] for name in sorted(self.values, reverse=True))
        keys = (digits(ranked(each.tolist())[1]) if each.dtype.kind == "U" else each for each in values)
        order = np.lexsort([*self.members.T[::-1], *keys])
        return Rows({name: self.values[name][order] for name in sorted(self.values)}, self.members[order])

    def of(self, scenario: int) -> dict[str, np.ndarray]:
        """The values of one scenario's rows."""
        inside = (self.members[:, scenario // 8] >> (7 - scenario % 8)) & 1 > 0
        return {name: values[inside] for name, values in self.values.items()}


@dataclass(frozen=True)
class Totals:
    """Sums as numbers: ``count`` and each of ``terms`` have shape (cells, columns); columns are scenarios.

    Where rows come in clusters, ``clusters`` says which one each cell belongs to, shape (cells,), and cells repeat.
    """

    cells: tuple[Cell, ...]
    count: np.ndarray
    terms: Mapping[str, np.ndarray] = field(default_factory=dict)
    clusters: np.ndarray | None = None
    rows: Rows | None = None

    def where(self, keep: np.ndarray) -> "Totals":
        """Only the cells for which ``keep``, shape (cells,), is true."""
        cells = tuple(cell for cell, wanted in zip(self.cells, keep, strict=True) if wanted)
        terms = {name: values[keep] for name, values in self.terms.items()}
        return Totals(cells, self.count[keep], terms, None if self.clusters is None else self.clusters[keep], self.rows)

    def merged(self) -> tuple["Totals", np.ndarray]:
        """The totals with clusters added up, and which of its cells each of these went to, shape (cells,)."""
        index = {cell: row for row, cell in enumerate(dict.fromkeys(self.cells))}
        rows = np.array([index[cell] for cell in self.cells], dtype=int)
        if self.clusters is None:
            return self, rows
        merged = self.project(*range(len(self.cells[0]))) if self.cells else self
        return Totals(merged.cells, merged.count, merged.terms), rows

    def project(self, *positions: int) -> "Totals":
        """The totals over the cells' values at ``positions`` alone: (label, baseline) of (label, baseline, candidate)."""
        short = [tuple(cell[position] for position in positions) for cell in self.cells]
        cells = tuple(dict.fromkeys(short))
        index = {cell: row for row, cell in enumerate(cells)}
        rows = np.array([index[cell] for cell in short], dtype=int)

        def add(values: np.ndarray) -> np.ndarray:
            out = np.zeros((len(cells), *values.shape[1:]))
            np.add.at(out, rows, values)
            return out

        return Totals(cells, add(self.count), {name: add(values) for name, values in self.terms.items()})


@dataclass(frozen=True)
class Sums:
    """Exact sums per scenario, ready to be added to those of other rows. ``clustered``: cells end with a cluster.

    ``parts`` maps (cell, term, level) to shape (scenarios,): integers that count units of 2**(26·level).
    The term "" is the count of rows, at level 0.
    """

    scenarios: int
    parts: Mapping[tuple[Cell, str, int], np.ndarray]
    clustered: bool = False
    rows: Rows | None = None

    def __add__(self, other: "Sums") -> "Sums":
        if self.scenarios != other.scenarios:
            raise ValueError(f"Sums of {self.scenarios} and of {other.scenarios} scenarios cannot be added.")
        parts = dict(self.parts)
        for key, values in other.parts.items():
            parts[key] = parts[key] + values if key in parts else values
        rows = self.rows + other.rows if self.rows and other.rows else self.rows or other.rows
        return Sums(self.scenarios, parts, self.clustered or other.clustered, rows)

    def totals(self) -> Totals:
        """Round once, from the smallest level up, in an order that does not depend on how the rows arrived."""
        pieces: dict[tuple[str, int], tuple[list[Cell], list[np.ndarray]]] = {}
        for (cell, term, level), values in self.parts.items():
            found = pieces.setdefault((term, level), ([], []))
            found[0].append(cell)
            found[1].append(values)
        cells, last = _in_order({cell for cell, _, _ in self.parts})
        row = {cell: position for position, cell in enumerate(cells)}
        table = {term: np.zeros((len(cells), self.scenarios)) for term, _ in [*pieces, ("", 0)]}
        for (term, level), (which, values) in sorted(pieces.items(), key=lambda piece: piece[0]):
            places = np.fromiter(map(row.__getitem__, which), dtype=np.int64, count=len(which))
            table[term][places] += np.ldexp(np.array(values), BITS * level)
        count = table.pop("")
        kept = self.rows.ordered() if self.rows else None
        if not self.clustered:
            return Totals(cells, count, table, rows=kept)
        return Totals(tuple(cell[:-1] for cell in cells), count, table, last, kept)


def sums(contributions: Contributions, masks: Sequence[np.ndarray], *, clustered: bool = False) -> Sums:
    """Add up the rows of each scenario.

    ``masks`` holds one boolean array of shape (n,) for each scenario; scenarios may overlap. ``clustered``: the cells end
    with a cluster, see `Contributions.by_cluster`.
    """
    held = masks if isinstance(masks, Masks) else Masks.packed(masks, len(contributions.codes))
    size = len(contributions.cells)
    pieces = [(name, level, part) for name, values in contributions.terms.items() for level, part in _levels(values)]
    counts, added = _counts(contributions.codes, size, held), _added(contributions.codes, size, held, pieces)
    parts: dict[tuple[Cell, str, int], np.ndarray] = {}
    for code, cell in enumerate(contributions.cells):
        parts[cell, "", 0] = counts[:, code]
        for piece, (name, level, _) in enumerate(pieces):
            if added[piece, :, code].any():
                parts[cell, name, level] = added[piece, :, code]
    for cell, name in product(contributions.cells[:1], contributions.terms):
        parts.setdefault((cell, name, 0), np.zeros(len(held)))  # a term that is 0 everywhere is there all the same
    return Sums(
        len(held), parts, clustered, Rows(dict(contributions.kept), held.by_row()) if contributions.kept else None
    )


def _counts(codes: np.ndarray, size: int, masks: Masks) -> np.ndarray:
    """The rows of each scenario in each cell, shape (scenarios, cells)."""
    if size <= FEW_CELLS:
        return masks.counts(codes, size)
    return np.array([np.bincount(codes[mask], minlength=size) for mask in masks], dtype=float).reshape(len(masks), size)


def _added(codes: np.ndarray, size: int, masks: Masks, pieces: Sequence[Piece]) -> np.ndarray:
    """The parts of each term, summed per scenario and cell: shape (pieces, scenarios, cells)."""
    added = np.zeros((len(pieces), len(masks), size))
    if pieces:
        for scenario, mask in enumerate(masks):
            rows = np.flatnonzero(mask)
            inside = codes[rows]
            for piece, (_, _, part) in enumerate(pieces):
                added[piece, scenario] = np.bincount(inside, weights=part[rows], minlength=size)
    return added


def _levels(values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Split floats into integer parts on the fixed grid: values == Σ part · 2**(26·level), each |part| < 2**26."""
    rest = np.asarray(values, dtype=np.float64)
    largest = np.abs(rest).max(initial=0.0)
    if not largest < LARGEST:
        raise FrameError(f"A number is too large to be summed: {largest:g}. Values must stay below {LARGEST:g}.")
    level = int(np.floor(np.frexp(largest)[1] / BITS)) if largest else 0
    while rest.any():
        part = np.trunc(np.ldexp(rest, -BITS * level))
        if part.any():
            yield level, part
            rest = rest - np.ldexp(part, BITS * level)
        level -= 1


def _in_order(cells: Iterable[Cell]) -> tuple[tuple[Cell, ...], np.ndarray]:
    """The cells by their values, first value first; and the ranks of their last values, shape (cells,)."""
    cells = tuple(cells)
    ranks = [ranked(values)[1] for values in zip(*cells, strict=True)]
    if not ranks:
        return cells, np.zeros(len(cells), dtype=np.int64)
    order = np.lexsort([digits(each) for each in ranks[::-1]])
    return tuple(cells[place] for place in order.tolist()), ranks[-1][order]


def ranked(values: Sequence[str | None]) -> tuple[list[str | None], np.ndarray]:
    """The distinct values in order, None first, and which of them each is, shape (n,)."""
    distinct = sorted(set(values), key=lambda value: (value is not None, "" if value is None else value))
    rank = {value: place for place, value in enumerate(distinct)}
    return distinct, np.fromiter(map(rank.__getitem__, values), dtype=np.int64, count=len(values))


def digits(ranks: np.ndarray) -> np.ndarray:
    """The same ranks in 16 bits where they fit: those are sorted by their digits, many times faster."""
    return ranks.astype(np.uint16) if ranks.max(initial=0) < 2**16 else ranks
