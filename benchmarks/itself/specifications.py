"""Random specifications of every task: metrics, scenarios, margins, minimums, clusters, weights and requirements."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import yaml

from benchmarks.itself.rows import CLASSES, random_rows
from plainview.metrics import ROWS, metric_for
from plainview.metrics.metric import Metric, metric_key

TASKS = ("classification", "multilabel", "regression", "detection", "scored")
WHERE = (
    "x > 0",
    "x > 2.5",
    "g = 'north'",
    "g IN ('south', 'east') AND n >= 2",
    "x IS NULL",
    "NOT flag",
    "flag OR x * 2 < n",
    "n BETWEEN 1 AND 3",
    "n = 99",
)
OF_BOXES = (
    "box.area < 900",
    "box.hidden = 1",
    "box.class = 'a'",
    "box.width > box.height AND flag",
    "box.x < 100 AND n > 1",
)
SCORED = {"pass_rate": ("passed",), "ratio": ("errors/words", "seconds/words")}  # columns that suit; else any number
NUMBERS = (None, "seconds", "errors")


@dataclass(frozen=True)
class Case:
    """One specification, as YAML, and the rows that are published under it."""

    seed: int
    task: str
    specification: str
    rows: pl.DataFrame


def random_case(seed: int) -> Case:
    """The case of this seed: 1 to 300 rows of one of the tasks, and a specification that fits them."""
    rng = np.random.default_rng(seed)
    task = TASKS[seed % len(TASKS)]
    rows = random_rows(task, int(np.exp(rng.uniform(0, np.log(60 if task == "detection" else 300)))), rng)
    written = yaml.safe_dump(_demanded(task, rows, rng), sort_keys=False, allow_unicode=True)
    return Case(seed, task, written, rows)


def _demanded(task: str, rows: pl.DataFrame, rng: np.random.Generator) -> dict:
    metrics = _metrics(task, int(rng.integers(1, 6)), rng)
    scenarios = _scenarios(task, rows, rng)
    names = ["all", *(scenario["name"] for scenario in scenarios)]
    whole = {
        "project": "itself",
        "task": task,
        "columns": _columns(task, rng),
        "positive": "a" if task == "classification" and rng.random() < 0.5 else None,
        "classes": list(CLASSES) if task in ("classification", "multilabel") and rng.random() < 0.5 else None,
        "metrics": metrics,
        "confidence": float(rng.choice([0.8, 0.9, 0.95, 0.99])),
        "margin": _margin(metrics, rng),
        "minimum_examples": int(rng.choice([1, 5, 30, 60])),
        "iou": float(rng.choice([0.3, 0.5, 0.75])) if task == "detection" else None,
        "score_threshold": float(rng.choice([0.0, 0.3, 0.5])) if task == "detection" else None,
        "behaviours": _behaviours(scenarios, rng),
        "requirements": [_requirement(number, task, metrics, names, rng) for number in range(rng.integers(0, 4))],
    }
    return {key: value for key, value in whole.items() if value is not None}


def _columns(task: str, rng: np.random.Generator) -> dict:
    columns = {"id": "id", "prediction": "prediction"} | ({} if task == "scored" else {"label": "label"})
    own = {
        "classification": {"score": "score"}
        if rng.random() < 0.6
        else {"probabilities": {name: f"chance_{name}" for name in CLASSES}},
        "regression": {"lower": "lower", "upper": "upper"},
        "scored": {"answers": ["passed", "seconds", "errors", "words"]},
    }.get(task, {})
    more = {part: part for part in ("weight", "cluster") if rng.random() < 0.35}
    return columns | own | more


def _metrics(task: str, many: int, rng: np.random.Generator) -> list[dict]:
    rows = [row for row in ROWS if task in row.tasks]
    chosen = {}
    for at in rng.permutation(len(rows))[:many]:
        metric = _metric(rows[at], rng)
        chosen[metric_key(metric["name"], metric.get("class"))] = metric
    return list(chosen.values())


def _metric(row: Metric, rng: np.random.Generator) -> dict:
    of = None
    if row.per_class:
        of = str(rng.choice(CLASSES))
    elif row.per_quantile:
        of = str(rng.choice(["0.1", "0.5", "0.9"]))
    elif row.per_column:
        of = rng.choice(np.array(SCORED.get(row.name, NUMBERS), dtype=object))
    given = {"name": row.name, "class": of, "margin": _some(rng, [0.005, 0.02, 0.3])}
    if row.per_column:
        given["better"] = _some(rng, ["higher", "lower"])
    return {key: value for key, value in given.items() if value is not None}


def _scenarios(task: str, rows: pl.DataFrame, rng: np.random.Generator) -> list[dict]:
    conditions = [*WHERE, *(OF_BOXES if task == "detection" else ())]
    scenarios = []
    for number, at in enumerate(rng.permutation(len(conditions))[: rng.integers(0, 7)]):
        chosen = {"where": conditions[at]} if rng.random() < 0.85 else {"ids": _pinned(rows, rng)}
        more = {"margin": _some(rng, [0.03]), "minimum_examples": _some(rng, [1, 10])}
        scenarios.append({"name": f"scenario {number}", **chosen} | {k: v for k, v in more.items() if v is not None})
    return scenarios


def _pinned(rows: pl.DataFrame, rng: np.random.Generator) -> list[str]:
    some = rng.choice(rows.height, size=min(rows.height, int(rng.integers(1, 9))), replace=False)
    return [str(rows["id"][int(row)]) for row in some]


def _behaviours(scenarios: list[dict], rng: np.random.Generator) -> list[dict] | None:
    if not scenarios:
        return None
    cut = int(rng.integers(0, len(scenarios)))
    groups = [group for group in (scenarios[:cut], scenarios[cut:]) if group]
    return [{"name": f"Behaviour {number}", "scenarios": group} for number, group in enumerate(groups)]


def _margin(metrics: list[dict], rng: np.random.Generator) -> float | dict | None:
    kind = rng.integers(0, 3)
    if kind < 2:
        return (None, 0.02)[kind]
    return {metric["name"]: float(rng.choice([0.01, 0.5])) for metric in metrics}


def _requirement(number: int, task: str, metrics: list[dict], scenarios: list[str], rng: np.random.Generator) -> dict:
    metric = metrics[rng.integers(len(metrics))]
    largest = 1.0 if metric_for(metric["name"], task).unit == "proportion" else 50.0
    demand = (
        {"at_least": float(rng.choice([0.0, 0.5, 0.9]))},
        {"at_most": float(rng.choice([0.1, largest]))},
        {"no_worse_than": "previous", "margin": float(rng.choice([0.001, 0.3]))},
        {"no_worse_than": "best", "margin": 0.02},
    )[rng.integers(4)]
    return {
        "id": f"R-{number}",
        "scenario": str(rng.choice(scenarios)),
        "metric": {key: value for key, value in metric.items() if key in ("name", "class")},
        "priority": str(rng.choice(["must", "should", "could"])),
        "rule": str(rng.choice(["interval", "point"])),
        **demand,
    }


def _some(rng: np.random.Generator, values: list):
    """One of the values, or None in half of the cases."""
    return None if rng.random() < 0.5 else values[rng.integers(len(values))]
