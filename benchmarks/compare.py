"""Prints how fast two releases are compared: a million rows, 200 overlapping scenarios, 5 metrics, intervals included.

python -m benchmarks.compare [ROWS]

Beside it, in the same run: reading the same columns with Polars (the floor), and Fairlearn's MetricFrame with the same five
metrics of one release on 200 groups, which do not overlap, without intervals and without a comparison.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from plainview.specification import load_specification
from plainview.verdicts import paired_changes

SCENARIOS, REPEATS = 200, 3


def _frame(rows: int) -> pl.DataFrame:
    random = np.random.default_rng(0)
    label = random.choice(["a", "b"], rows)
    other = np.where(label == "a", "b", "a")
    answers = {
        name: np.where(random.random(rows) < right, label, other) for name, right in (("old", 0.8), ("new", 0.81))
    }
    features = {f"x{column}": random.random(rows) for column in range(10)}
    group = random.integers(0, SCENARIOS, rows)
    return pl.DataFrame({"id": np.arange(rows).astype(str), "label": label, **answers, **features, "group": group})


def _specification():
    scenarios = [{"name": f"s{k}", "where": f"x{k % 10} > {0.9 * k / SCENARIOS:.4f}"} for k in range(SCENARIOS - 1)]
    return load_specification(
        {
            "project": "benchmark",
            "task": "classification",
            "columns": {"id": "id", "label": "label"},
            "metrics": ["accuracy", "macro_f1", "recall[a]", "precision[a]", "f1[a]"],
            "behaviours": [{"name": "All", "scenarios": scenarios}],
        }
    )


def _cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU and of wall time, the medians of a few runs."""
    runs = []
    for _ in range(REPEATS):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        runs.append((time.process_time() - cpu, time.perf_counter() - wall))
    return tuple(float(np.median(each)) for each in zip(*runs, strict=True))


def _fairlearn(frame: pl.DataFrame) -> Callable[[], object]:
    from fairlearn.metrics import MetricFrame
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

    label, prediction, group = (frame[name].to_numpy() for name in ("label", "new", "group"))
    metrics = {
        "accuracy": accuracy_score,
        "macro_f1": lambda y, p: f1_score(y, p, average="macro"),
        "recall": lambda y, p: recall_score(y, p, pos_label="a"),
        "precision": lambda y, p: precision_score(y, p, pos_label="a"),
        "f1": lambda y, p: f1_score(y, p, pos_label="a"),
    }
    return lambda: MetricFrame(metrics=metrics, y_true=label, y_pred=prediction, sensitive_features=group).by_group


def main(rows: int) -> None:
    """Measure and print the table."""
    frame, specification = _frame(rows), _specification()
    old, new = (frame.select(pl.col(name).alias("prediction")) for name in ("old", "new"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        frame.drop("group").write_parquet(path)
        costs = {
            "read the columns (floor)": _cost(lambda: pl.read_parquet(path)),
            "compare, 200 scenarios × 5 metrics": _cost(lambda: paired_changes(frame, old, new, specification)),
        }
    try:
        costs["Fairlearn MetricFrame, 200 groups × 5 metrics, one release"] = _cost(_fairlearn(frame))
    except ImportError:
        Console().print("Fairlearn is not installed: pip install -r benchmarks/requirements.txt")
    ours = costs["compare, 200 scenarios × 5 metrics"]
    table = Table(title=f"{rows:,} rows", title_justify="left")
    for heading in ("what", "CPU s", "wall s", "ours ÷ this, CPU"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for what, (cpu, wall) in costs.items():
        table.add_row(what, f"{cpu:.2f}", f"{wall:.2f}", f"{ours[0] / cpu:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
