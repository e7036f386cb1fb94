"""The kernel on Spark: each partition of a table gives sums, and sums are added; no row leaves the cluster.

Needs PySpark 4 and, on the executors, Plainview of the same version. Metrics that order matters for (quantiles, ROC AUC,
average precision) carry a few numbers a row to the driver; `spark.driver.maxResultSize` bounds them.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from plainview.evaluation import CHUNK, add_up, measure
from plainview.exceptions import FrameError, InputError
from plainview.frames import read_frame
from plainview.intake import Intake, Seen
from plainview.kernel import Sums
from plainview.specification import Specification, load_specification
from plainview.tasks import TASKS
from plainview.transfer import from_bytes, to_bytes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Measured = dict[str, Sums]
Work = Callable[[pl.DataFrame], tuple[Measured, Seen]]  # of a chunk of rows

_SENT = "sums binary, seen string, error string"
_DIGITS = 15  # hexadecimal ones, which a 64-bit number holds
_BEFORE = "__plainview_before_"  # what stands before the baseline's columns in a joined table
_SHOWN = 5


def is_spark(frame: Any) -> bool:
    """Whether this is a table of Spark; PySpark is not imported to find out."""
    return type(frame).__module__.startswith("pyspark.sql")


def measure_table(table: "DataFrame", intake: Intake) -> tuple[Measured, Seen]:
    """The sums of every scenario and what the rows held, from one pass over the columns that the specification reads.

    Raises FrameError for values that the task cannot use, and for ids that are missing or repeated.
    """
    check_ids(table, intake.specification.columns.id)
    intake = _pruned(intake)
    found = _run(table.select(*map(_quoted, _read(intake))), partial(_measured, intake=_sent(intake)))
    intake.check(found[1])
    return found


def measure_pair(baseline: "DataFrame", candidate: "DataFrame", before: Intake, after: Intake) -> tuple[Measured, Seen]:
    """The joint sums of two releases on the rows that both tables have and label alike, joined on the example id.

    ``before`` and ``after`` say how each table is read; scenarios are those of the candidate's rows.
    """
    after, columns = _pruned(after), before.specification.columns
    before = replace(before, kept=tuple(filter(None, [columns.id, columns.label])))
    left = baseline.select(*(baseline[_quoted(name)].alias(_BEFORE + name) for name in _read(before)))
    right = candidate.select(*map(_quoted, _read(after)))
    same = left[_quoted(_BEFORE + columns.id)] == right[_quoted(after.specification.columns.id)]
    joined = right.join(left, same, "inner")
    return _run(joined, partial(_measured_pair, before=_sent(before), after=_sent(after)))


def check_ids(table: "DataFrame", id_column: str) -> None:
    """Raise FrameError unless every row has an id of its own."""
    from pyspark.sql import functions

    missing = table.where(functions.col(_quoted(id_column)).isNull()).limit(1).count()
    if missing:
        raise FrameError(f"There are rows without an id in column {id_column!r}.")
    counted = table.groupBy(functions.col(_quoted(id_column)).alias("id")).count().where("count > 1")
    repeated = counted.orderBy("id").limit(_SHOWN).collect()
    if repeated:
        listed = "; ".join(f"{row['id']!r} in {row['count']:,} rows" for row in repeated)
        raise FrameError(f"Ids are repeated in column {id_column!r}: {listed}.")


def digest_of(table: "DataFrame", columns: Iterable[str]) -> str:
    """A digest of the rows of these columns that does not depend on their order: the sums of four parts of each row's SHA-256.

    It tells apart contents that differ by chance or by mistake; it is no defence against rows made to collide.
    """
    from pyspark.sql import functions

    names = sorted(columns)
    text = functions.to_json(functions.struct(*map(_quoted, names)), {"ignoreNullFields": "false"})
    hashed = table.select(functions.sha2(text, 256).alias("sha256"))
    parts = [
        functions.sum(
            functions.conv(functions.substring("sha256", 1 + _DIGITS * part, _DIGITS), 16, 10).cast("decimal(38,0)")
        )
        for part in range(4)
    ]
    return "sum:" + ":".join(f"{int(value or 0):x}" for value in hashed.agg(*parts).first())


def _run(table: "DataFrame", work: Work) -> tuple[Measured, Seen]:
    """Every partition's sums, added up; the first error that one of them met is raised here."""
    total: Measured = {}
    seen = Seen(0, 0, 0, frozenset())
    for row in table.mapInArrow(partial(_partition, work=work), _SENT).collect():
        if row["error"]:
            raise FrameError(row["error"])
        for name, one in from_bytes(bytes(row["sums"])).items():
            total[name] = total[name] + one if name in total else one
        seen += Seen(**{**(found := json.loads(row["seen"])), "pinned": frozenset(found["pinned"])})
    if not seen.rows:
        raise FrameError("The table has no rows: a row an example was expected.")
    return total, seen


def _partition(batches: Iterator[pa.RecordBatch], *, work: Work) -> Iterator[pa.RecordBatch]:
    """What one partition sends: its sums, what it saw, or why it could not go on."""
    total: Measured = {}
    seen = Seen(0, 0, 0, frozenset())
    try:
        for rows in _chunks(batches):
            measured, held = work(rows)
            seen += held
            for name, one in measured.items():
                total[name] = total[name] + one if name in total else one
    except InputError as error:
        yield _message(b"", "", str(error))
        return
    yield _message(to_bytes(total), json.dumps({**asdict(seen), "pinned": sorted(seen.pinned)}), None)


def _message(sums: bytes, seen: str, error: str | None) -> pa.RecordBatch:
    columns = [pa.array([sums], pa.binary()), pa.array([seen]), pa.array([error], pa.string())]
    return pa.RecordBatch.from_arrays(columns, ["sums", "seen", "error"])


def _chunks(batches: Iterator[pa.RecordBatch]) -> Iterator[pl.DataFrame]:
    """Batches put together to chunks of the size that the kernel is quickest with."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= CHUNK:
            yield pl.DataFrame(pa.Table.from_batches(held))
            held = []
    if sum(each.num_rows for each in held):
        yield pl.DataFrame(pa.Table.from_batches(held))


def _measured(rows: pl.DataFrame, *, intake: dict) -> tuple[Measured, Seen]:
    reader = _received(intake)
    rows = read_frame(rows, id_column=reader.specification.columns.id)
    examples, predictions = reader.take(rows)
    return measure(examples, predictions, reader.specification), reader.seen(examples, predictions)


def _measured_pair(rows: pl.DataFrame, *, before: dict, after: dict) -> tuple[Measured, Seen]:
    older, newer = _received(before), _received(after)
    specification = newer.specification
    rows = read_frame(rows, id_column=specification.columns.id)
    mine = [name for name in rows.columns if name.startswith(_BEFORE)]
    theirs = rows.select(pl.col(name).alias(name.removeprefix(_BEFORE)) for name in mine)
    examples, candidate = newer.take(rows.drop(mine))
    known, baseline = older.take(theirs)
    same = _alike(known, examples, older.specification, specification)
    examples, baseline, candidate = examples.filter(same), baseline.filter(same), candidate.filter(same)
    paired_parts = TASKS[specification.task].paired_parts

    def contribute(part_rows: slice, part: pl.DataFrame, weight: np.ndarray | None) -> dict:
        return paired_parts(part, baseline[part_rows], candidate[part_rows], specification, weight)

    seen = Seen(rows.height, rows.height - examples.height, 0, frozenset())
    return add_up(examples, specification, contribute), seen


def _alike(known: pl.DataFrame, examples: pl.DataFrame, older: Specification, newer: Specification) -> pl.Series:
    """Which rows have the same label in both tables."""
    if older.columns.label is None or newer.columns.label is None:
        return pl.repeat(True, examples.height, eager=True)
    return known[older.columns.label].cast(pl.String).eq_missing(examples[newer.columns.label].cast(pl.String))


def _pruned(intake: Intake) -> Intake:
    """The same intake, of the columns alone that the specification reads."""
    needed = [name for name in intake.specification.columns_needed() if name in intake.kept]
    return replace(intake, kept=tuple(needed))


def _read(intake: Intake) -> list[str]:
    """The columns that an intake takes something from."""
    more = intake.specification.columns.more_answers().values()
    return list(dict.fromkeys([*intake.kept, intake.prediction, *filter(None, [intake.score]), *more]))


def _sent(intake: Intake) -> dict:
    """An intake as plain values, for the executors."""
    return {
        "specification": intake.specification.text,
        "prediction": intake.prediction,
        "score": intake.score,
        "kept": intake.kept,
    }


def _received(sent: dict) -> Intake:
    return Intake(_loaded(sent["specification"]), sent["prediction"], sent["score"], tuple(sent["kept"]))


_known: dict[str, Specification] = {}


def _loaded(text: str) -> Specification:
    """The specification of a text, parsed once in each worker."""
    if text not in _known:
        _known.clear()
        _known[text] = load_specification(text)
    return _known[text]


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
