"""Drift: whether what production sends is still like the test set that releases are judged on.

sides.py says what is compared, cells.py puts values into cells, distances.py says how far two sides are apart, chance.py how
often chance alone would take them as far, judging.py what follows, measuring.py lets Evidently measure, performance.py
compares values of metrics where labels have arrived, monitoring.py does all of it to a batch and keeps it, alerts.py tells
someone.
"""

from plainview.drift.alerts import send_alert
from plainview.drift.batches import KIND, Batch, batch_in
from plainview.drift.judging import VERDICTS, Shift
from plainview.drift.monitoring import compare_batch, monitor

__all__ = ["KIND", "VERDICTS", "Batch", "Shift", "batch_in", "compare_batch", "monitor", "send_alert"]
