"""Examples that are the same: duplicates, the same with another label, and the same in the training data.

Two rows are the same where all columns that the specification lists under ``data: same`` are equal (without a list: every
column of the test set but id, label, weight and cluster). A missing value equals a missing value; 28 equals 28.0.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import polars as pl

from plainview.data_tests.outcomes import AMISS, TEST_SET, TRAINING, DataTest, judged, named, nobody
from plainview.exceptions import FrameError, nearest
from plainview.frames import class_text, read_frame

if TYPE_CHECKING:
    from plainview.specification import Specification

DIGEST = "digest"  # the column of a training file that has digests in the place of rows
LEAK, TAUGHT_TWICE = "leak", "duplicates in the training data"
GROUP, LABEL = "_group_", "_label_"


class Training(NamedTuple):
    """Training data as it was given, and what its examples are known by."""

    rows: pl.DataFrame
    by: Literal["id", "columns", "digest"]
    also_by_id: bool


def same_columns(specification: "Specification", available: Sequence[str]) -> list[str]:
    """The columns by which two examples are the same one. FrameError where one that is declared is not there."""
    columns, declared = specification.columns, specification.data.same
    if declared is not None:
        for name in declared:
            if name not in available:
                raise FrameError(f"data.same names column {name!r}, which is not there. {nearest(name, available)}")
        return list(declared)
    parts = {columns.id, columns.label, columns.weight, columns.cluster, columns.prediction, columns.score}
    return [name for name in available if name not in parts | set(columns.more_answers().values())]


def row_digests(frame: Any, specification: "Specification", *, columns: Sequence[str] | None = None) -> pl.Series:
    """The SHA-256 of each row's ``columns`` (default: those that tell whether two examples are the same), as hex text.

    Given in a column "digest", they stand for training data that may not be handed over. Shape (rows,).
    """
    rows = read_frame(frame, id_column=specification.columns.id)
    chosen = sorted(columns if columns is not None else same_columns(specification, rows.columns))
    texts = [class_text(rows[name]).to_list() for name in chosen]
    digests = [
        hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest() for row in zip(*texts, strict=True)
    ]
    return pl.Series(DIGEST, digests, dtype=pl.String)


def sameness_tests(
    frame: pl.DataFrame, specification: "Specification", training: Training | None
) -> Iterator[DataTest]:
    """Duplicates and conflicts within the test set, and what it shares with the training data."""
    demands, columns = specification.data, specification.columns
    same = same_columns(specification, frame.columns)
    if not same:
        reason = "No column but ids and labels tells whether two examples are the same."
        yield DataTest("duplicates", "no evidence", of=frame.height, reason=reason)
    else:
        label = columns.label if columns.label in frame.columns and specification.task != "scored" else None
        repeated = _repeated(frame, same, columns.id, label)
        extra = repeated.height - repeated[GROUP].n_unique()
        yield _grouped("duplicates", repeated, extra, frame.height, demands.duplicates_at_most)
        if label is not None:
            torn = repeated.filter(pl.col(LABEL).n_unique().over(GROUP) > 1)
            yield _grouped("conflicting labels", torn, torn.height, frame.height, demands.conflicts_at_most)
    yield from _against_training(frame, specification, training, same)


def _repeated(
    frame: pl.DataFrame, same: Sequence[str], id_column: str, label: str | None, side: str = TEST_SET
) -> pl.DataFrame:
    """The rows that have another one the same, with the number of their group; columns of AMISS, and the label."""
    keyed = pl.DataFrame([alike(frame[name]).alias(f"{at}") for at, name in enumerate(same)])
    groups = keyed.select(pl.struct(pl.all()).rank("dense").cast(pl.Int64).alias(GROUP))[GROUP]
    told = class_text(frame[label]) if label else pl.Series([None] * frame.height, dtype=pl.String)
    rows = frame.select(named(frame, id_column)).with_columns(groups.alias(GROUP), told.alias(LABEL))
    rows = rows.filter(pl.col(GROUP).is_duplicated()).sort(GROUP, "id")
    number = pl.col(GROUP).rank("dense").cast(pl.Int64).alias("group")
    value = pl.when(pl.col(LABEL).is_null()).then(None).otherwise(pl.concat_str(pl.lit("label "), LABEL)).alias("value")
    return rows.with_columns(pl.lit(side).alias("side"), number, value)


def alike(column: pl.Series) -> pl.Series:
    """A column in a form in which equal values of files and frames are equal."""
    return column.cast(pl.Float64) if column.dtype.is_numeric() else class_text(column)


def _grouped(test: str, rows: pl.DataFrame, found: int, of: int, allowed: float) -> DataTest:
    return DataTest(
        test,
        judged(found, of, allowed),
        None,
        found,
        of,
        allowed,
        groups=rows[GROUP].n_unique(),
        amiss=rows.select(*AMISS),
    )


def training_of(source: Any, specification: "Specification", examples: pl.DataFrame) -> Training:
    """Training data: rows with the columns that tell examples apart, or their ids alone, or a column of digests.

    Raises FrameError where it has none of these.
    """
    id_column = specification.columns.id
    rows, same = read_frame(source, id_column=id_column), same_columns(specification, examples.columns)
    has_id = id_column in rows.columns
    lacking = [name for name in same if name not in rows.columns]
    if same and not lacking:
        return Training(rows, "columns", has_id)
    if DIGEST in rows.columns and DIGEST not in same:
        return Training(rows, "digest", has_id)
    if has_id:
        return Training(rows, "id", True)
    raise FrameError(
        f"The training data cannot be held against the test set: it has neither column {id_column!r}, nor {DIGEST!r}, nor all "
        f"of the columns that tell examples apart ({lacking[0]!r} is not there). {nearest(lacking[0], rows.columns)} "
        "The specification may name fewer of them: data: {same: […]}."
    )


def _against_training(
    frame: pl.DataFrame, specification: "Specification", training: Training | None, same: Sequence[str]
) -> Iterator[DataTest]:
    demands, id_column = specification.data, specification.columns.id
    if training is None:
        yield DataTest(LEAK, "no evidence", of=0, reason="No training data was given.")
        return
    shared = shared_with(frame, specification, training, same)
    amiss = nobody() if not shared.any() else _leaked(frame, shared, id_column)
    found = int(shared.sum())
    yield DataTest(
        LEAK,
        judged(found, frame.height, demands.leaks_at_most),
        None,
        found,
        frame.height,
        demands.leaks_at_most,
        amiss=amiss,
    )
    if training.by == "columns":
        repeated = _repeated(training.rows, same, id_column, None, TRAINING)
        extra = repeated.height - repeated[GROUP].n_unique()
        yield _grouped(TAUGHT_TWICE, repeated, extra, training.rows.height, demands.duplicates_at_most)


def shared_with(
    frame: pl.DataFrame, specification: "Specification", training: Training, same: Sequence[str]
) -> pl.Series:
    """Which examples the training data has too: by what it is known by, or by id where it has ids."""
    shared = pl.Series([False]).new_from_index(0, frame.height)
    if training.by == "columns":
        ours, theirs = (
            pl.DataFrame([alike(rows[name]).alias(name) for name in same]) for rows in (frame, training.rows)
        )
        theirs = theirs.unique().with_columns(pl.lit(True).alias(GROUP))
        joined = ours.join(theirs, on=list(same), how="left", nulls_equal=True, maintain_order="left")
        shared = joined[GROUP].fill_null(False)
    elif training.by == "digest":
        shared = row_digests(frame, specification, columns=same).is_in(training.rows[DIGEST].to_list())
    if training.also_by_id:
        column = specification.columns.id
        shared = shared | frame[column].is_in(training.rows[column].drop_nulls().to_list())
    return shared


def _leaked(frame: pl.DataFrame, shared: pl.Series, id_column: str) -> pl.DataFrame:
    rows = frame.filter(shared).select(named(frame, id_column)).sort("id")
    return rows.with_columns(
        pl.lit(TEST_SET).alias("side"), pl.lit(None, pl.Int64).alias("group"), pl.lit(None, pl.String).alias("value")
    ).select(*AMISS)
