"""Publishing what does not fit into memory: rows are read in batches, sorted by id on disk, and measured range by range.

The evaluation is the same, byte for byte, as if the rows had been in memory. For Parquet and Arrow files; a CSV has no types
until all of it was read, so it is not streamed.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa

from plainview.evaluation import added, measure, results, totals_of
from plainview.exceptions import FrameError
from plainview.frames import class_text, read_frame
from plainview.intake import Intake, Seen
from plainview.kernel import Sums
from plainview.opening.parquet_pages import check_parquet
from plainview.records import Result
from plainview.specification import Specification
from plainview.spill import SortedRows, SortedTable

IN_MEMORY_ROWS = 2_000_000  # files of more rows are streamed
BATCH_ROWS = 131_072
SAMPLED_IDS = 200_000
_ANSWER = "\x1f"  # before the names of answers where they lie beside the examples; no column may hold it
_NONE = Seen(0, 0, 0, frozenset())


class Measured(NamedTuple):
    """What a publish is made of, id-sorted; tables are frames, or lie on disk."""

    examples: pl.DataFrame | SortedTable
    predictions: pl.DataFrame | SortedTable
    results: list[Result]
    seen: Seen


def is_large(source: Any) -> bool:
    """Whether a source is a Parquet file of so many rows that it is streamed."""
    if not isinstance(source, str | Path) or Path(source).suffix.lower() != ".parquet" or not Path(source).is_file():
        return False
    import pyarrow.parquet as pq

    try:
        return pq.read_metadata(source).num_rows > IN_MEMORY_ROWS
    except (pa.ArrowException, OSError):
        return False  # the ordinary reader says what is wrong with it


def stream(
    source: str | Path,
    held: SortedRows,
    specification: Specification,
    *,
    release: str,
    prediction: str | None,
    score: str | None,
    step: Callable[[str], None],
) -> Measured:
    """Read, sort and measure a Parquet file; ``held`` is where the rows lie sorted meanwhile.

    Raises FrameError or SpecificationError as `publishing.publish` does.
    """
    import pyarrow.parquet as pq

    check_parquet(Path(source))
    file = pq.ParquetFile(source, pre_buffer=False)  # a buffer would keep all that was read
    ids = specification.columns.id
    intake = Intake.of(file.schema_arrow.names, specification, release, prediction=prediction, score=score)
    if ids not in file.schema_arrow.names:
        read_frame(file.schema_arrow.empty_table(), id_column=ids)
    rows, seen = file.metadata.num_rows, _NONE

    def taken() -> Iterator[pl.DataFrame]:
        nonlocal seen
        for examples, predictions in _taken(file, intake):
            if not seen.rows:
                intake.check_types(examples, predictions)
            seen += intake.seen(examples, predictions)
            step(f"Reading {seen.rows:,} of {rows:,} rows")
            yield examples.hstack(predictions.rename(lambda name: _ANSWER + name))

    held.fill(taken(), _sampled(file, ids, rows), rows)
    intake.check(seen)
    columns = held.columns
    examples = held.table([name for name in columns if not name.startswith(_ANSWER)])
    answers = held.table([name for name in columns if name.startswith(_ANSWER)])
    predictions = answers.rename(lambda name: name.removeprefix(_ANSWER))
    return Measured(examples, predictions, _measured(examples, predictions, specification, step), seen)


def _sampled(file: Any, id_column: str, rows: int) -> list[pl.Series]:
    """Every so many-th id, as text. Raises FrameError where one is missing."""
    every = max(1, rows // SAMPLED_IDS)
    found, done = [], 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=[id_column]):
        ids = class_text(read_frame(batch, id_column=id_column)[id_column])
        missing = (ids.is_null() | (ids.str.strip_chars() == "")).arg_true()
        if len(missing):
            raise FrameError(f"There is no id in column {id_column!r}, row {done + missing[0] + 1:,}.")
        found.append(ids.gather_every(every))
        done += len(ids)
    return found


def _taken(file: Any, intake: Intake) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        yield intake.take(read_frame(batch, id_column=intake.specification.columns.id))


def _measured(
    examples: SortedTable, predictions: SortedTable, specification: Specification, step: Callable[[str], None]
) -> list[Result]:
    """The results, from one pass over the ranges."""
    total: dict[str, Sums] = {}
    done = 0
    for rows, answers in zip(examples.frames(), predictions.frames(), strict=True):
        total = added(total, measure(rows, answers, specification))
        done += rows.height
        step(f"Measuring {len(specification.scenarios)} scenarios, {done:,} of {examples.height:,} examples")
    return results(totals_of(total), specification)
