"""METRICS: the table. Adding a metric is adding a row to one of its files; the tests hold their properties for every row.

Names are scikit-learn's where it has the metric: ``*_error`` and the error rates are to be small, the others large.
"""

from plainview.metrics import classification, detection, multilabel, regression, scored
from plainview.metrics.metric import Metric, metric_key, split_key

ROWS: tuple[Metric, ...] = tuple(
    row for file in (classification, multilabel, regression, detection, scored) for row in file.ROWS
)
# By name. A name that means the same in several tasks may have a row for each: the first one is here, see `metric_for`.
METRICS: dict[str, Metric] = {row.name: next(first for first in ROWS if first.name == row.name) for row in ROWS}
_BY_TASK: dict[tuple[str, str], Metric] = {(task, row.name): row for row in ROWS for task in row.tasks}


def metric_for(key: str, task: str) -> Metric:
    """The row of a metric's key, or name, in one task: its family and its part are that task's. KeyError for none."""
    return _BY_TASK[task, split_key(key)[0]]


def metrics_of(task: str) -> dict[str, Metric]:
    """Every metric of one task, by name, in the order of the table."""
    return {row.name: row for row in ROWS if task in row.tasks}


__all__ = ["METRICS", "ROWS", "Metric", "metric_for", "metric_key", "metrics_of", "split_key"]
