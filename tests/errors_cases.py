"""Rows to look for errors in: without structure, and with groups that are known because they were planted."""

import numpy as np
import polars as pl

from plainview.errors.judged import Judged
from plainview.specification import load_specification


def demanded(**columns):
    """A small specification of classification."""
    parts = {"id": "id", "label": "label", **columns}
    return load_specification({"project": "x", "task": "classification", "columns": parts, "metrics": ["accuracy"]})


def rows(random: np.random.Generator, n: int, **more) -> pl.DataFrame:
    """Four columns of numbers and four of categories, none of which means anything, and ``more``."""
    numbers = {f"x{place}": random.normal(size=n).round(3) for place in range(4)}
    categories = {f"c{place}": random.choice(list("abcd"), n) for place in range(4)}
    return pl.DataFrame({"id": [f"{at:05d}" for at in range(n)], "label": ["yes"] * n, **numbers, **categories, **more})


def judged(frame: pl.DataFrame, events: np.ndarray, **fields) -> Judged:
    """The rows with what is wrong of them."""
    specification = fields.pop("specification", None) or demanded()
    answers = pl.DataFrame({"prediction": np.where(events, "no", "yes")})
    return Judged(frame, answers, np.asarray(events, bool), specification, **fields)
