"""The kernel on Spark: each partition of a table gives sums, and sums are added; no row leaves the cluster.

Needs PySpark 4 and, on the executors, Plainview of the same version. Metrics that order matters for (quantiles, ROC AUC,
average precision) carry a few numbers a row to the driver; `spark.driver.maxResultSize` bounds them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from plainview import exceptions
from plainview.engines.contents import quoted
from plainview.engines.session import explained
from plainview.evaluation import CHUNK, added, measure, measure_both
from plainview.exceptions import FrameError, InputError
from plainview.frames import read_frame
from plainview.intake import Intake, Seen
from plainview.kernel import Sums
from plainview.pairing import Pairing
from plainview.specification import Specification, load_specification
from plainview.transfer import from_bytes, to_bytes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Measured = dict[str, Sums]
Work = Callable[[pl.DataFrame], tuple[Measured, dict]]  # of a chunk of rows, and what adds up besides

_SENT = "sums binary, found string, error string, kind string"
_COUNTED = ("examples", "relabelled", "unlabelled", "unanswered_baseline", "unanswered_candidate")
_BEFORE = "__plainview_before_"  # what stands before the baseline's columns in a joined table


def measure_table(table: "DataFrame", intake: Intake) -> tuple[Measured, Seen]:
    """The sums of every scenario and what the rows held, from one pass over the columns that the specification reads.

    Ids must be unique, see `contents.check_unique`. Raises FrameError for values that the task cannot use.
    """
    found, total = Seen(0, 0, 0, frozenset()), {}
    intake = pruned(intake)
    for sums, held in _run(table.select(*map(quoted, columns_read(intake))), partial(_measured, intake=_sent(intake))):
        total = added(total, sums)
        found += Seen(**{**held, "pinned": frozenset(held["pinned"])})
    if not found.rows:
        raise FrameError("The table has no rows: a row an example was expected.")
    intake.check(found)
    return total, found


def measure_pair(
    baseline: "DataFrame", candidate: "DataFrame", before: Intake, after: Intake
) -> tuple[Measured, dict[str, int]]:
    """The joint sums of two releases on the rows that both tables have and label alike, joined on the example id; and the
    numbers of `records.Joint`.

    ``before`` and ``after`` say how each table is read; scenarios are those of the candidate's rows.
    Raises FrameError where no row is in both.
    """
    after, columns = pruned(after), before.specification.columns
    before = replace(before, kept=tuple(filter(None, [columns.id, columns.label])))
    left = baseline.select(*(baseline[quoted(name)].alias(_BEFORE + name) for name in columns_read(before)))
    right = candidate.select(*map(quoted, columns_read(after)))
    same = left[quoted(_BEFORE + columns.id)] == right[quoted(after.specification.columns.id)]
    counts: Counter[str] = Counter()
    total: Measured = {}
    work = partial(_measured_pair, before=_sent(before), after=_sent(after))
    for sums, met in _run(right.join(left, same, "inner"), work):
        total = added(total, sums)
        counts.update(met)
    if not counts["shared"] - counts["relabelled"]:
        raise FrameError("No example is in both tables with one label: there is nothing to compare pair by pair.")
    return total, dict(counts)


def _run(table: "DataFrame", work: Work) -> Iterator[tuple[Measured, dict]]:
    """What every partition found; the first error that one of them met is raised here."""
    with explained():
        rows = table.mapInArrow(partial(_partition, work=work), _SENT).collect()
    for row in rows:
        if row["error"]:
            raise getattr(exceptions, row["kind"], FrameError)(row["error"])
        yield from_bytes(bytes(row["sums"])), json.loads(row["found"])


def _partition(batches: Iterator[pa.RecordBatch], *, work: Work) -> Iterator[pa.RecordBatch]:
    """What one partition sends: its sums and what it counted, or why it could not go on."""
    total: Measured = {}
    counted: dict = {}
    try:
        for rows in _chunks(batches):
            measured, found = work(rows)
            counted = {name: count + counted.get(name, type(count)()) for name, count in found.items()}
            total = added(total, measured)
    except InputError as error:
        yield _message(error=str(error), kind=type(error).__name__)
        return
    if counted:
        yield _message(sums=to_bytes(total), found=json.dumps(counted))


def _message(*, sums: bytes = b"", **said: str) -> pa.RecordBatch:
    texts = [pa.array([said.get(name)], pa.string()) for name in ("found", "error", "kind")]
    return pa.RecordBatch.from_arrays([pa.array([sums], pa.binary()), *texts], ["sums", "found", "error", "kind"])


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


def _measured(rows: pl.DataFrame, *, intake: dict) -> tuple[Measured, dict]:
    reader = _received(intake)
    rows = read_frame(rows, id_column=reader.specification.columns.id)
    examples, predictions = reader.take(rows)
    reader.check_types(examples, predictions)
    seen = asdict(reader.seen(examples, predictions))
    return measure(examples, predictions, reader.specification), seen | {"pinned": sorted(seen["pinned"])}


def _measured_pair(rows: pl.DataFrame, *, before: dict, after: dict) -> tuple[Measured, dict]:
    older, newer = _received(before), _received(after)
    specification = newer.specification
    rows = read_frame(rows, id_column=specification.columns.id)
    mine = [name for name in rows.columns if name.startswith(_BEFORE)]
    theirs = rows.select(pl.col(name).alias(name.removeprefix(_BEFORE)) for name in mine)
    examples, candidate = newer.take(rows.drop(mine))
    known, baseline = older.take(theirs)
    same = _alike(known, examples, older.specification, specification)
    examples, baseline, candidate = examples.filter(same), baseline.filter(same), candidate.filter(same)
    shared = Pairing(examples, baseline, candidate, relabelled=rows.height - examples.height).shared(
        specification.columns.label
    )
    counted = {name: getattr(shared, name) for name in _COUNTED}
    return measure_both(examples, baseline, candidate, specification), counted | {"shared": rows.height}


def _alike(known: pl.DataFrame, examples: pl.DataFrame, older: Specification, newer: Specification) -> pl.Series:
    """Which rows have the same label in both tables."""
    if older.columns.label is None or newer.columns.label is None:
        return pl.repeat(True, examples.height, eager=True)
    return known[older.columns.label].cast(pl.String).eq_missing(examples[newer.columns.label].cast(pl.String))


def pruned(intake: Intake) -> Intake:
    """The same intake, of the columns alone that the specification reads."""
    needed = [name for name in intake.specification.columns_needed() if name in intake.kept]
    return replace(intake, kept=tuple(needed))


def columns_read(intake: Intake) -> list[str]:
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
        if len(_known) > 4:
            _known.clear()
        _known[text] = load_specification(text)
    return _known[text]
