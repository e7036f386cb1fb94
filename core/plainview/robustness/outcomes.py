"""What came of a check: a row for each copy that was judged, with what it was made of and what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

# One row a copy. Copies of one example share its ``case``: they are not independent.
SCHEMA = {
    "case": pl.String,  # the example's id, or the place of a template's filling
    "variant": pl.Int64,  # which copy, from 1; 0 where the example itself is judged
    "passed": pl.Boolean,
    "before": pl.String,  # the example, as far as it is changed
    "after": pl.String,  # the copy, likewise
    "changed": pl.String,  # in words: "Gender: Female → Male", "two letters swapped"
    "expected": pl.String,  # "1", "not negative", "the same answer"
    "answer_before": pl.String,
    "answer": pl.String,
    "score_before": pl.Float64,  # the probability that is watched, or the number that was answered
    "score": pl.Float64,
}
LONGEST = 2_000  # characters that are kept of a text


@dataclass(frozen=True)
class Outcomes:
    """The copies of one check, judged."""

    table: pl.DataFrame  # the columns of SCHEMA
    left_out: int = 0  # examples to which the check does not apply
    measures: Mapping[str, Any] = field(default_factory=dict)  # more that was measured, as JSON knows it


def table(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as the table; what a row does not say is missing, long texts are cut."""
    columns = {name: [row.get(name) for row in rows] for name in SCHEMA}
    frame = pl.DataFrame(columns, schema=SCHEMA, strict=False)
    return frame.with_columns(pl.col(pl.String).str.slice(0, LONGEST))
