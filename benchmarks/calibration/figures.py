"""One figure: what was measured, its target, ours, and the peers' on the same simulated rows; and how it is printed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Cells:
    """One number per simulated cell (a size, a truth): coverage, or a rate of error."""

    rates: np.ndarray
    lengths: np.ndarray = field(default_factory=lambda: np.array([]))
    repeats: int | None = None  # simulated in each cell; None: exact

    @property
    def mean(self) -> float:
        return float(np.mean(self.rates))

    @property
    def least(self) -> float:
        return float(np.min(self.rates))

    @property
    def most(self) -> float:
        return float(np.max(self.rates))

    def noise(self, rate: float) -> float:
        """Two standard errors of one cell's simulated rate: a worst cell may miss its bound by so much by chance."""
        return 0.0 if self.repeats is None else 2 * float(np.sqrt(rate * (1 - rate) / self.repeats))


def cells_of(rows: dict[str, list], repeats: int) -> dict[str, Cells]:
    """Each method's list of (covered, length), one a cell, as Cells."""
    return {name: Cells(*np.array(found).T, repeats=repeats) for name, found in rows.items()}


def collect(rows: dict[str, list], bounds: dict, truth) -> None:
    """Add one cell: how often each method's (low, high) hold the truth, and how long they are. NaN does not count."""
    for name, (low, high) in bounds.items():
        known = ~np.isnan(low + high)
        held = ((low <= truth) & (truth <= high))[known]
        rows.setdefault(name, []).append((held.mean(), (high - low)[known].mean()))


@dataclass(frozen=True)
class Figure:
    """A line of the table. ``met`` says whether ours reaches the target; ``show`` prints one method's cells."""

    title: str
    target: str
    methods: dict[str, Cells]  # ours first
    met: Callable[[Cells], bool]
    show: Callable[[Cells], str]
    cells: str = ""  # what was simulated

    @property
    def reached(self) -> bool:
        return self.met(next(iter(self.methods.values())))


def coverage(title: str, methods: dict[str, Cells], cells: str, *, mean=(0.945, 0.965), worst=0.91) -> Figure:
    """Coverage of nominal 95% intervals: the mean over cells within bounds, the worst above one."""
    return Figure(
        title,
        f"mean {mean[0]:.1%} to {mean[1]:.1%}, worst ≥ {worst:.0%}",
        methods,
        lambda found: mean[0] <= round(found.mean, 3) <= mean[1] and found.least >= worst - found.noise(worst),
        lambda found: f"{found.mean:.1%}, worst {found.least:.1%}" + _length(found),
        cells,
    )


def error(title: str, methods: dict[str, Cells], cells: str, *, mean: float, worst: float | None = None) -> Figure:
    """A rate of error that may not be larger than a bound, on average and in the worst cell."""
    return Figure(
        title,
        f"≤ {mean:.1%}" + (f", worst ≤ {worst:.0%}" if worst else ""),
        methods,
        lambda found: found.mean <= mean and (worst is None or found.most <= worst + found.noise(worst)),
        lambda found: f"{found.mean:.1%}, worst {found.most:.1%}",
        cells,
    )


def success(title: str, methods: dict[str, Cells], cells: str, *, least: float) -> Figure:
    """A rate of success that every cell has to reach."""
    return Figure(
        title,
        f"≥ {least:.0%}",
        methods,
        lambda found: found.least >= least - found.noise(least),
        lambda found: f"{found.mean:.1%}, worst {found.least:.1%}",
        cells,
    )


def _length(found: Cells) -> str:
    return f", length {np.mean(found.lengths):.3f}" if found.lengths.size else ""


def text(figures: Iterable[Figure]) -> str:
    """The figures as lines for a terminal."""
    lines = []
    for figure in figures:
        lines += ["", f"{'reached' if figure.reached else 'MISSED '}  {figure.title}   target {figure.target}"]
        lines += [f"         {figure.cells}"] if figure.cells else []
        width = max(len(name) for name in figure.methods)
        lines += [f"         {name:<{width}}  {figure.show(found)}" for name, found in figure.methods.items()]
    return "\n".join(lines)


def markdown(figures: Iterable[Figure]) -> str:
    """The figures as a table for the README: target, ours, and the peers in one column."""
    lines = ["| figure | target | ours | what peers do, on the same rows |", "|---|---|---|---|"]
    for figure in figures:
        (_, ours), *peers = figure.methods.items()
        beside = "; ".join(f"{name} {figure.show(found)}" for name, found in peers)
        lines.append(f"| {figure.title} | {figure.target} | **{figure.show(ours)}** | {beside} |")
    return "\n".join(lines)
