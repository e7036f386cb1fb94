"""Small test sets for metrics of every task, and what it takes to measure one of them through the public path."""

from functools import lru_cache

import numpy as np
import polars as pl

from plainview.evaluation import CHUNK, evaluate, measure, totals_of
from plainview.metrics import ROWS
from plainview.specification import Specification, load_specification
from plainview.verdicts import independent_changes, paired_changes

TASKS = ("classification", "multilabel", "regression")
CLASS, QUANTILE = "yes", "0.9"
COLUMNS = {
    "classification": {"score": "score"},
    "multilabel": {},
    "regression": {"lower": "lower", "upper": "upper"},
}


def key_of(row) -> str:
    """The key of a row of the table, with a class or a quantile where it needs one."""
    of = CLASS if row.per_class else QUANTILE if row.per_quantile else None
    return row.name if of is None else f"{row.name}[{of}]"


KEYS = {task: [key_of(row) for row in ROWS if task in row.tasks] for task in TASKS}
EVERY = [(task, key) for task in TASKS for key in KEYS[task]]


@lru_cache(maxsize=512)
def specification(task: str, keys: tuple[str, ...], columns: tuple, scenarios: tuple[str, ...] = (), **more):
    """A specification of ``task`` with these metrics, and a scenario for each condition."""
    written = {
        "project": "p",
        "task": task,
        "columns": {"id": "id", "label": "label"}
        | {part: dict(value) if isinstance(value, tuple) else value for part, value in columns},
        "metrics": list(keys),
        "minimum_examples": 1,
        **({"positive": CLASS} if task == "classification" else {}),
        **more,
    }
    written = {name: value for name, value in written.items() if value is not None}
    if scenarios:
        named = [{"name": condition, "where": condition} for condition in scenarios]
        written["behaviours"] = [{"name": "some", "scenarios": named}]
    return load_specification(written)


def frames(label, prediction, **more) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The test set and the answers; ``more`` names what else there is: weight, cluster and x are the test set's."""
    examples = {"id": [str(row) for row in range(len(label))], "label": label}
    examples |= {name: more.pop(name) for name in ("weight", "cluster", "x") if more.get(name) is not None}
    return pl.DataFrame(examples, strict=False), pl.DataFrame({"prediction": prediction, **more}, strict=False)


def asked(task: str, *keys: str, scenarios: tuple[str, ...] = (), columns=None, **used) -> Specification:
    """The specification of ``keys``; ``used`` says whether weight and cluster are."""
    given = COLUMNS[task] if columns is None else columns
    named = tuple({**given, **{name: name for name, value in used.items() if value is not None}}.items())
    return specification(task, keys, named, scenarios)


def measured(task: str, key: str, label, prediction, *, weight=None, cluster=None, columns=None, **answers):
    """The result of one metric on all rows."""
    examples, answered = frames(label, prediction, weight=weight, cluster=cluster, **answers)
    wanted = asked(task, key, weight=weight, cluster=cluster, columns=columns)
    return evaluate(examples, answered, wanted)[0]


def made(task: str, rows: int, seed: int = 1, *, noise: float = 0.5) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A test set with a number x, weights and clusters, and the answers of two releases; some of each are missing."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=rows)
    releases = [truth + rng.normal(scale=noise, size=rows) for _ in range(2)]
    label, *answers = (_written(task, values, rng) for values in (truth, *releases))
    cluster = [f"c{number}" if number else None for number in rng.integers(0, max(rows // 4, 2), rows)]
    examples = {
        "id": [f"{row:05d}" for row in range(rows)],
        "label": _gaps(label["prediction"], rng),
        "x": rng.random(rows),
        "weight": rng.integers(1, 5, rows).astype(float),
        "cluster": cluster,
    }
    told = [{name: _gaps(values, rng) for name, values in given.items()} for given in answers]
    return pl.DataFrame(examples), *(pl.DataFrame(given) for given in told)


def _written(task: str, values: np.ndarray, rng) -> dict[str, list]:
    """Labels or answers of a task, from numbers that are close where releases are right."""
    if task == "regression":
        width = np.abs(rng.normal(size=len(values)))
        ends = {"lower": (values - width).tolist(), "upper": (values + width).tolist()}
        return {"prediction": values.round(3).tolist(), **ends}
    if task == "multilabel":
        held = [
            [name for name, edge in (("yes", 0.2), ("no", 0.8), ("maybe", -0.5)) if value > edge] for value in values
        ]
        return {"prediction": ["|".join(names) or "[]" for names in held]}
    chance = 1 / (1 + np.exp(-values.round(1)))  # rounded, so that some scores are the same
    return {"prediction": np.where(chance > 0.5, "yes", "no").tolist(), "score": chance.tolist()}


def _gaps(values, rng) -> list:
    return [None if gone else value for value, gone in zip(values, rng.random(len(values)) < 0.05, strict=True)]


def paired(task: str, examples, baseline, candidate, *keys: str, chunk: int = CHUNK, scenarios=(), **used):
    """The changes of some metrics between two releases."""
    return paired_changes(examples, baseline, candidate, asked(task, *keys, scenarios=scenarios, **used), chunk=chunk)


def independent(task: str, before, after, key: str):
    """The change of one metric between two releases that are compared as if their examples were different ones."""
    wanted = asked(task, key)
    return independent_changes(*(totals_of(measure(*rows, wanted)) for rows in (before, after)), wanted)[0]
