"""A part of what a task contributes: rows, and what each of them adds."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from plainview.kernel import Contributions

WHOLE = ""  # the part that most metrics read: a row an example
PREDICTION, SCORE = "prediction", "score"  # columns of answers, whatever the publisher called them


class Part(NamedTuple):
    """``rows`` has the columns that predicates read, one row for each of the contributions'.

    ``cluster`` names a column of ``rows`` whose equal values belong together although no cluster was declared: the boxes of
    an image. ``masks`` says which rows each scenario of the specification holds, booleans of shape (rows,), where predicates
    over ``rows`` alone cannot.
    """

    rows: pl.DataFrame
    contributions: Contributions
    cluster: str | None = None
    masks: Sequence[np.ndarray] | None = None
