"""The verb `metrics`: what can be asked for, how its key is written, what it says and what it needs."""

from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import JsonOption, as_object, say, table

if TYPE_CHECKING:
    from plainview.metrics import Metric

_SCORES = "`score` or `probabilities`"
_CHANCES = "`probabilities`; of two classes a `score` from 0 to 1"
_NEEDS = {  # by name, or by the part of the rows that it reads
    "ranking": _SCORES,
    "expected_calibration_error": _CHANCES,
    "log_loss": _CHANCES,
    "brier_score": _CHANCES,
    "interval": "`lower` and `upper`",
    "interval_width": "`lower` and `upper`",
    "ranked": "a score of each detection",
}
_BETTER = {"higher": "higher", "lower": "lower", "zero": "nearer to 0"}


def metrics(
    task: Annotated[str | None, typer.Argument(help="Only those of this task.", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """List every metric that a specification may ask for: its key, what it says, and the columns it needs."""
    from plainview.exceptions import InputError, nearest
    from plainview.metrics import metrics_of
    from plainview.tasks import TASKS

    if task is not None and task not in TASKS:
        raise InputError(f"There is no task {task!r}. {nearest(task, TASKS)}")
    listed = {name: [_row(row) for row in metrics_of(name).values()] for name in ([task] if task else TASKS)}
    if as_json:
        return as_object({"metrics": [{"task": name, **row} for name, rows in listed.items() for row in rows]})
    for name, rows in listed.items():
        cells = [[row["key"], row["sentence"], row["better"], row["needs"]] for row in rows]
        table(name, ["Key", "What it says", "Better", "Needs besides the task’s columns"], cells)
    return say("CLASS is a class, COLUMN a column of answers. A key without a class is of the positive class.")


def _row(metric: "Metric") -> dict[str, str]:
    from plainview.metrics import metric_key

    of = _of(metric)
    return {
        "key": metric_key(metric.name, of),
        "sentence": metric.sentence.format(name=of),
        "better": "higher, or as `better` says" if metric.per_column else _BETTER[metric.direction],
        "needs": _needs(metric),
    }


def _of(metric: "Metric") -> str | None:
    """What stands in brackets: any class or column, or for a quantile an example."""
    if metric.per_class:
        return "CLASS"
    if metric.per_quantile:
        return "0.9"
    return ("COLUMN/COLUMN" if metric.name == "ratio" else "COLUMN") if metric.per_column else None


def _needs(metric: "Metric") -> str:
    if metric.per_column:
        return (
            "both columns in `answers`"
            if metric.name == "ratio"
            else "the column in `answers`; without brackets the prediction"
        )
    return _NEEDS.get(metric.name) or _NEEDS.get(metric.part.partition("[")[0], "")
