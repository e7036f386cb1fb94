"""Where the kernel runs besides this process: one file an engine. Rows stay there; sums come here, and are the same."""

from typing import Any


def is_spark(frame: Any) -> bool:
    """Whether this is a table of Spark; PySpark is not imported to find out."""
    return type(frame).__module__.startswith("pyspark.sql")
