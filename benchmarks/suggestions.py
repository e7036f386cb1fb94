"""Prints how fast suggested scenarios are searched, what is found of what was planted, and how often chance is suggested.

python -m benchmarks.suggestions [ROWS] [DATA SETS]

100,000 rows of 20 columns, every pair of conditions, with three weak groups planted; beside it SliceLine, given
categories and tenths of the numbers, pairs, and as many results. SliceLine ranks by a weighted score and tests nothing, so on
rows without structure it still names its best groups: the second table counts data sets with a suggestion.
"""

import contextlib
import io
import sys
import time
import warnings

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from plainview.errors.judged import Judged
from plainview.errors.suggestions import LIMIT, suggest
from plainview.specification import load_specification

COLUMNS = 10  # of each kind
PLANTED = {"c0 = a": 0.3, "c1 = b and x1 above 0.5": 0.5, "x2 below -1 and x3 above 1": 0.7}  # and their error rates
BASE = 0.15
SPECIFICATION = load_specification(
    {
        "project": "benchmark",
        "task": "classification",
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
    }
)


def _frame(rows: int, random: np.random.Generator, columns: int = COLUMNS) -> pl.DataFrame:
    numbers = {f"x{at}": random.normal(size=rows).round(3) for at in range(columns)}
    categories = {f"c{at}": random.choice(list("abcdefgh"), rows) for at in range(columns)}
    return pl.DataFrame({"id": np.arange(rows).astype(str), "label": ["yes"] * rows, **numbers, **categories})


def _wrong(frame: pl.DataFrame, random: np.random.Generator) -> np.ndarray:
    groups = (
        pl.col("c0") == "a",
        (pl.col("c1") == "b") & (pl.col("x1") > 0.5),
        (pl.col("x2") < -1) & (pl.col("x3") > 1),
    )
    rate = np.full(frame.height, BASE)
    for group, planted in zip(groups, PLANTED.values(), strict=True):
        rate = np.maximum(rate, np.where(frame.select(group).to_series().to_numpy(), planted, 0.0))
    return random.random(frame.height) < rate


def _judged(frame: pl.DataFrame, events: np.ndarray) -> Judged:
    return Judged(frame, frame.select(prediction="label"), events, SPECIFICATION)


def _sliceline(frame: pl.DataFrame, events: np.ndarray) -> list[str]:
    """The groups that SliceLine names, as text; numbers in tenths of the rows, since it knows categories only."""
    from sliceline.slicefinder import Slicefinder

    names = [name for name in frame.columns if name not in ("id", "label")]
    cells = np.stack([_categories(frame[name]) for name in names], axis=1)
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        finder = Slicefinder(alpha=0.95, k=LIMIT, max_l=2, min_sup=30, verbose=False).fit(cells, events.astype(float))
    return [
        " AND ".join(f"{name} {value}" for name, value in zip(names, row, strict=True) if value is not None)
        for row in finder.top_slices_
    ]


def _categories(values: pl.Series) -> np.ndarray:
    """A column of categories as it is; of numbers which tenth of the rows each is in."""
    if values.dtype == pl.String:
        return values.to_numpy().astype(object)
    cuts = np.quantile(values, np.arange(1, 10) / 10)
    return np.array([f"{at}/10" for at in np.searchsorted(cuts, values)], dtype=object)


def _cost(work) -> tuple[float, float, list[str]]:
    """Seconds of CPU and of wall time, and what was found."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return time.process_time() - cpu, time.perf_counter() - wall, found


def speed(rows: int) -> None:
    """Measure and print the table of one search."""
    random = np.random.default_rng(0)
    frame = _frame(rows, random)
    events = _wrong(frame, random)
    searched = suggest(_judged(frame, events))
    work = {
        f"suggest, {searched.tried:,} groups": lambda: [one.where for one in suggest(_judged(frame, events)).found],
        "SliceLine, categories and tenths": lambda: _sliceline(frame, events),
    }
    table = Table(
        title=f"{rows:,} rows × {2 * COLUMNS} columns, pairs. Planted: {', '.join(PLANTED)}", title_justify="left"
    )
    for heading in ("what", "CPU s", "wall s", "found", "the first of them"):
        table.add_column(heading, justify="left" if heading in ("what", "the first of them") else "right")
    for what, search in work.items():
        try:
            cpu, wall, found = _cost(search)
        except ImportError:
            Console().print("SliceLine is not installed: pip install -r benchmarks/requirements.txt")
            continue
        table.add_row(what, f"{cpu:.2f}", f"{wall:.2f}", f"{len(found)}", "\n".join(found[:4]))
    Console(width=150).print(table)


def chance(sets: int, rows: int = 1_000) -> None:
    """Print in how many data sets without structure something is suggested, and how many suggestions are beside the point."""
    seen, beside, shown = 0, 0, 0
    for seed in range(sets):
        random = np.random.default_rng(seed)
        frame = _frame(rows, random, columns=4)
        seen += bool(suggest(_judged(frame, random.random(rows) < 0.2), effect=1.0).found)
        bad = frame.select((pl.col("c0") == "a") & (pl.col("x0") >= 0)).to_series().to_numpy()
        found = suggest(_judged(frame, random.random(rows) < np.where(bad, 0.7, BASE)), effect=1.0).found
        shown += len(found)
        beside += sum(not {each.column for each in one.conditions} <= {"c0", "x0"} for one in found)
    table = Table(title=f"{sets} data sets of {rows:,} rows × 8 columns, pairs, a rate of 5%", title_justify="left")
    for heading in ("without structure: a suggestion", "one weak pair: suggestions", "of them with another column"):
        table.add_column(heading, justify="right")
    table.add_row(f"{seen / sets:.1%}", f"{shown}", f"{beside / max(shown, 1):.1%}")
    Console().print(table)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    speed(given[0] if given else 100_000)
    chance(given[1] if len(given) > 1 else 200)
