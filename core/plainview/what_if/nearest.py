"""The published examples nearest to one that was made up: they stand in where no model can be asked.

The distance is Gower's (1971), the mean over columns: of numbers the difference as a part of the column's range, at most 1;
of other values 0 where they are the same, else 1; of texts the share of words that only one of the two has (Jaccard). A
missing value is as far from any other as can be.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

LONG = 30  # characters: columns whose texts are as long on average are compared word by word
_WORDS = re.compile(r"\w+")


def distances(examples: pl.DataFrame, wanted: Mapping[str, Any]) -> np.ndarray:
    """How far each example lies from one with these values, 0 to 1, shape (examples,). ``wanted`` names the columns."""
    parts = [_apart(examples[name], value) for name, value in wanted.items()]
    return np.mean(parts, axis=0) if parts else np.zeros(examples.height)


def nearest(examples: pl.DataFrame, wanted: Mapping[str, Any], *, most: int, but: Sequence[int] = ()) -> pl.DataFrame:
    """The nearest examples: columns place (in ``examples``) and distance, the nearest first; ``but`` are places left out."""
    far = distances(examples, wanted)
    far[list(but)] = np.inf
    order = np.argsort(far, kind="stable")[: max(min(most, examples.height - len(set(but))), 0)]
    return pl.DataFrame({"place": order, "distance": far[order]}, schema={"place": pl.Int64, "distance": pl.Float64})


def _apart(column: pl.Series, value: Any) -> np.ndarray:
    missing = column.is_null().to_numpy()
    if value is None:
        return (~missing).astype(float)
    if column.dtype.is_numeric():
        found = column.cast(pl.Float64).to_numpy()
        low, high = column.min(), column.max()
        width = float(high - low) if low is not None and high is not None else 0.0
        gaps = np.minimum(np.abs(found - float(value)) / width, 1) if width else (found != float(value)).astype(float)
    elif is_prose(column):
        gaps = _words_apart(column, str(value))
    else:
        gaps = (
            column.cast(pl.String) != str(value).lower()
            if column.dtype == pl.Boolean
            else column.cast(pl.String) != str(value)
        )
        gaps = gaps.fill_null(True).to_numpy().astype(float)
    return np.where(missing, 1.0, gaps)


def is_prose(column: pl.Series) -> bool:
    """Whether a column holds texts rather than categories."""
    return column.dtype == pl.String and (column.str.len_chars().mean() or 0) > LONG


def _words_apart(column: pl.Series, text: str) -> np.ndarray:
    mine = set(_WORDS.findall(text.lower()))
    found = []
    for each in column.to_list():
        theirs = set(_WORDS.findall((each or "")[:10_000].lower()))
        either = len(mine | theirs)
        found.append(1 - len(mine & theirs) / either if either else 0.0)
    return np.array(found)
