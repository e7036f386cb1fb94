"""Prints what an evaluation costs: a million rows, 200 overlapping scenarios, 5 metrics with intervals, beside its peers.

python -m benchmarks.evaluate [ROWS]

Beside it, in the same run: reading the same columns with Polars (the floor), Fairlearn's MetricFrame on 200 groups that do not
overlap, a scikit-learn loop over the scenarios, and DuckDB's filtered aggregates; none of them has intervals. Then rows and
scenarios grow, with the slopes: 1.0 is linear. Last, ten times the rows are published from a file that is streamed, with the
most memory that the process had.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from plainview.evaluation import evaluate
from plainview.membership import scenario_masks
from plainview.specification import Specification, load_specification

ROWS, SCENARIOS = 1_000_000, 200
REPEATS, ENOUGH = 5, 10.0  # runs, unless they took so many seconds already
GROUP = 500_000  # rows of a row group
COLUMNS = 10  # that the scenarios' predicates read
Cost = tuple[float, float]


def frame(rows: int) -> pl.DataFrame:
    """Two classes, ten numbers that scenarios are made of, a group, and the answers of one release."""
    random = np.random.default_rng(0)
    label = random.choice(["a", "b"], rows)
    prediction = np.where(random.random(rows) < 0.8, label, np.where(label == "a", "b", "a"))
    features = {f"x{column}": random.random(rows) for column in range(COLUMNS)}
    group = random.integers(0, SCENARIOS, rows)
    return pl.DataFrame(
        {"id": np.arange(rows).astype(str), "label": label, "prediction": prediction, **features, "group": group}
    )


def conditions(scenarios: int) -> list[str]:
    """Predicates that overlap: from nearly all rows to a tenth of them."""
    return [f"x{k % COLUMNS} > {0.9 * k / scenarios:.4f}" for k in range(scenarios)]


def specification(scenarios: int) -> Specification:
    """So many scenarios (``all`` besides), and five metrics."""
    named = [{"name": f"s{k}", "where": where} for k, where in enumerate(conditions(scenarios))]
    return load_specification(
        {
            "project": "benchmark",
            "task": "classification",
            "columns": {"id": "id", "label": "label"},
            "metrics": ["accuracy", "macro_f1", "recall[a]", "precision[a]", "f1[a]"],
            "behaviours": [{"name": "All", "scenarios": named}],
        }
    )


def cost(work: Callable[[], object]) -> Cost:
    """Seconds of CPU and of wall time, the medians of a few runs."""
    runs: list[Cost] = []
    while len(runs) < REPEATS and sum(wall for _, wall in runs) < ENOUGH:
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        runs.append((time.process_time() - cpu, time.perf_counter() - wall))
    return tuple(float(np.median(each)) for each in zip(*runs, strict=True))


def ours(rows: pl.DataFrame, demanded: Specification) -> Callable[[], object]:
    """The whole evaluation, from rows in memory to results with intervals."""
    examples, predictions = rows.drop("prediction"), rows.select("prediction")
    return lambda: evaluate(examples, predictions, demanded)


def metrics() -> dict[str, Callable]:
    """The five metrics as scikit-learn has them."""
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

    return {
        "accuracy": accuracy_score,
        "macro_f1": lambda y, p: f1_score(y, p, average="macro"),
        "recall": lambda y, p: recall_score(y, p, pos_label="a"),
        "precision": lambda y, p: precision_score(y, p, pos_label="a"),
        "f1": lambda y, p: f1_score(y, p, pos_label="a"),
    }


def fairlearn(rows: pl.DataFrame) -> Callable[[], object]:
    """MetricFrame by group; raises ImportError where it is not installed."""
    from fairlearn.metrics import MetricFrame

    label, prediction, group = (rows[name].to_numpy() for name in ("label", "prediction", "group"))
    return lambda: MetricFrame(metrics=metrics(), y_true=label, y_pred=prediction, sensitive_features=group).by_group


def sklearn_loop(rows: pl.DataFrame, demanded: Specification) -> Callable[[], object]:
    """What people write in a notebook: each metric on the rows of each scenario. A twentieth of the scenarios, times 20."""
    label, prediction = rows["label"].to_numpy(), rows["prediction"].to_numpy()
    masks = scenario_masks(rows, demanded.scenarios[1::20], "id")
    return lambda: [[metric(label[mask], prediction[mask]) for metric in metrics().values()] for mask in masks]


def duckdb_aggregates(path: Path, scenarios: int) -> Callable[[], object]:
    """The four counts of each scenario that all five metrics need, as filtered aggregates over the file."""
    import duckdb

    cells = [f"label = '{y}' AND prediction = '{p}'" for y in "ab" for p in "ab"]
    counts = ", ".join(f"count(*) FILTER ({where} AND {cell})" for where in conditions(scenarios) for cell in cells)
    return lambda: duckdb.sql(f"SELECT {counts} FROM '{path}'").fetchall()


def peers(rows: pl.DataFrame, demanded: Specification, path: Path) -> dict[str, tuple[Callable, float]]:
    """How each peer's work is made, and by what its cost is multiplied."""
    return {
        "reading the columns (floor)": (lambda: lambda: pl.read_parquet(path), 1),
        "Fairlearn MetricFrame, 200 groups": (lambda: fairlearn(rows), 1),
        "scikit-learn, scenario by scenario": (lambda: sklearn_loop(rows, demanded), 20),
        "DuckDB filtered counts": (lambda: duckdb_aggregates(path, SCENARIOS), 1),
    }


def against_peers(size: int) -> None:
    """Print what each costs, and how many times ours that is."""
    rows, demanded = frame(size), specification(SCENARIOS)
    table = titled(f"{size:,} rows × {SCENARIOS} scenarios × 5 metrics", "what", "CPU s", "wall s", "times ours, CPU")
    own = cost(ours(rows, demanded))
    table.add_row("Plainview, with intervals", f"{own[0]:.2f}", f"{own[1]:.2f}", "1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        rows.drop("group").write_parquet(path)
        for what, (make, times) in peers(rows, demanded, path).items():
            try:
                cpu, wall = (times * seconds for seconds in cost(make()))
            except ImportError as missing:
                table.add_row(what, f"not installed: {missing.name}")
                continue
            table.add_row(what, f"{cpu:.2f}", f"{wall:.2f}", f"{cpu / own[0]:.2f}")
    Console().print(table)


def slopes(size: int) -> None:
    """Print how the cost grows with rows and with scenarios: the slope of log cost on log size."""
    table = titled("How it grows", "what", "sizes", "CPU s", "slope")
    rows = frame(size // 2)
    for what, sizes, make in (
        ("rows", [size // 4, size // 2, size], lambda n: ours(frame(n), specification(SCENARIOS))),
        ("scenarios", [100, 200, 400, 800], lambda k: ours(rows, specification(k))),
    ):
        seconds = [cost(make(each))[0] for each in sizes]
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        table.add_row(
            what, *(", ".join(f"{x:,.{k}f}" for x in xs) for xs, k in ((sizes, 0), (seconds, 2))), f"{slope:.2f}"
        )
    Console().print(table)


def streamed(size: int) -> None:
    """Publish a file of so many rows in a process of its own; print its time, its memory, and what reading alone takes."""
    table = titled(
        f"Publishing {size:,} rows × {SCENARIOS} scenarios from Parquet", "what", "CPU s", "wall s", "MiB at most"
    )
    with tempfile.TemporaryDirectory() as folder:
        rows, demanded = Path(folder, "rows.parquet"), Path(folder, "specification.yaml")
        write_large(rows, size)
        demanded.write_text(specification(SCENARIOS).text)
        publish = [
            str(Path(sys.executable).with_name("plainview")),
            "publish",
            str(rows),
            "-s",
            str(demanded),
            "-r",
            "1",
        ]
        read = [sys.executable, "-c", f"import polars; polars.read_parquet({str(rows)!r})"]
        for what, command in (
            ("plainview publish", [*publish, "--store", f"{folder}/store"]),
            ("reading the columns, in memory", read),
        ):
            table.add_row(what, *process_cost(command, {**os.environ, "PLAINVIEW_CACHE": f"{folder}/cache"}))
    Console().print(table)


def write_large(path: Path, size: int) -> None:
    """A Parquet file in row groups, ids in no order."""
    order = np.random.default_rng(1).permutation(size)
    writer = None
    for start in range(0, size, GROUP):
        ids = pl.Series("id", order[start : start + GROUP].astype(str))
        table = frame(len(ids)).drop("group").with_columns(ids).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


# Between: a process counts what the one that started it had in memory as its own.
STARTER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(code)
"""


def process_cost(command: list[str], environment: dict[str, str]) -> tuple[str, str, str]:
    """What a process cost: seconds of CPU, of wall time, and the most memory it had."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", STARTER, *command], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed")
    wall = time.perf_counter() - started
    cpu, most = map(float, done.stdout.split())
    return f"{cpu:.1f}", f"{wall:.1f}", f"{most / 1024:,.0f}"


def titled(title: str, *headings: str) -> Table:
    """An empty table, numbers to the right."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "what" else "right")
    return table


def main(size: int) -> None:
    """Measure and print the tables."""
    against_peers(size)
    slopes(size)
    streamed(10 * size)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
