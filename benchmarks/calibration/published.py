"""Coverage of whole metrics as they are published: rows through the library, every repeat a scenario of one test set."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from plainview.evaluation import evaluate, measure, totals_of
from plainview.specification import Specification, load_specification
from plainview.verdicts import independent_changes, paired_changes

AT_ONCE = 100  # repeats measured in one go
LARGE = 200_000  # rows that stand for the truth

Drawn = tuple[dict, dict, dict]  # columns of the test set, answers of the one release, answers of the other
Draw = Callable[[int, np.random.Generator], Drawn]  # rows -> what was drawn
Ends = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class World:
    """Where rows come from: ``draw`` gives independent rows for two releases on one test set."""

    task: str
    keys: Sequence[str]  # metrics
    draw: Draw
    columns: dict | None = None  # of the specification, besides id and label
    settings: dict | None = None  # further parts of the specification

    def specification(self, repeats: int) -> Specification:
        """A scenario for each repeat, beside all rows."""
        columns = {"id": "id", **({} if self.task == "scored" else {"label": "label"}), **(self.columns or {})}
        scenarios = [{"name": f"repeat {k}", "where": f"repeat = {k}"} for k in range(repeats)]
        written = {"project": "world", "task": self.task, "columns": columns, "metrics": list(self.keys)}
        behaviours = [{"name": "Repeats", "scenarios": scenarios}] if repeats else []
        return load_specification(written | {"behaviours": behaviours} | (self.settings or {}))

    def frames(self, rows: int, repeats: int, rng: np.random.Generator) -> tuple[pl.DataFrame, ...]:
        """``repeats`` samples of ``rows`` each: the test set and both releases' answers."""
        examples, before, after = (pl.DataFrame(part) for part in self.draw(rows * repeats, rng))
        ids = pl.Series("id", np.arange(rows * repeats)).cast(pl.String)
        numbers = pl.Series("repeat", np.repeat(np.arange(repeats), rows))
        return examples.with_columns(ids, numbers), before, after


def truths(world: World, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Of each metric its value for the second release, and the difference of the two, on very many rows."""
    examples, before, after = world.frames(LARGE, 1, rng)
    one, other = (
        {row.metric: row.value for row in evaluate(examples, said, world.specification(0))} for said in (before, after)
    )
    return {key: (other[key], other[key] - one[key]) for key in world.keys}


def estimates(world: World, rows: int, repeats: int, rng: np.random.Generator) -> dict[str, Ends]:
    """The ends of every repeat's interval for the second release."""
    return _collected(world, repeats, lambda many: _single(world, rows, many, rng))


def paired(world: World, rows: int, repeats: int, rng: np.random.Generator) -> dict[str, Ends]:
    """The ends of every repeat's interval for the difference on the same rows."""
    return _collected(world, repeats, lambda many: _paired(world, rows, many, rng))


def independent(world: World, rows: tuple[int, int], repeats: int, rng: np.random.Generator) -> dict[str, Ends]:
    """The ends of every repeat's interval for the difference, each release on its own rows."""
    return _collected(world, repeats, lambda many: _independent(world, rows, many, rng))


def _single(world, rows, many, rng):
    examples, _, after = world.frames(rows, many, rng)
    return evaluate(examples, after, world.specification(many))


def _paired(world, rows, many, rng):
    return paired_changes(*world.frames(rows, many, rng), world.specification(many))


def _independent(world, rows, many, rng):
    specification = world.specification(many)
    one, before, _ = world.frames(rows[0], many, rng)
    other, _, after = world.frames(rows[1], many, rng)
    sides = (totals_of(measure(*side, specification)) for side in ((one, before), (other, after)))
    return independent_changes(*sides, specification)


def _collected(world: World, repeats: int, run: Callable[[int], Sequence]) -> dict[str, Ends]:
    found: dict[str, list] = {key: [] for key in world.keys}
    for many in _batches(repeats):
        for row in run(many):
            if row.scenario != "all":
                ends = (row.low, row.high)
                found[row.metric].append([np.nan if end is None else end for end in ends])
    return {key: tuple(np.array(ends).T) for key, ends in found.items()}


def _batches(repeats: int) -> Iterator[int]:
    for start in range(0, repeats, AT_ONCE):
        yield min(AT_ONCE, repeats - start)
