"""METRICS: the table. Adding a metric is adding a row to one of its files; the tests hold their properties for every row.

Names are scikit-learn's where it has the metric: ``*_error`` and the error rates are to be small, the others large.
"""

from plainview.metrics import classification, regression
from plainview.metrics.metric import Metric, metric_key, split_key

METRICS: dict[str, Metric] = {row.name: row for file in (classification, regression) for row in file.ROWS}

__all__ = ["METRICS", "Metric", "metric_key", "split_key"]
