"""What a table of Spark holds: its rows, whether each has an id of its own, and a digest of them in any order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from plainview.exceptions import FrameError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_SHOWN = 5
_LOOKED_AT = 100  # hashes that several rows have
_TOGETHER = 1_000_000  # rows whose hashes are sorted together, on average
_HALF = 0xFFFFFFFF  # a hash is summed in two halves of 32 bits, whose sums fit 64 bits for 2**31 rows


@dataclass(frozen=True)
class Contents:
    """What one pass over a table found."""

    rows: int
    digests: Mapping[str, str]


def contents_of(table: "DataFrame", id_column: str, columns: Mapping[str, Iterable[str]]) -> Contents:
    """How many rows there are, and for each name a digest of its ``columns``. Raises FrameError where a row has no id."""
    from pyspark.sql import functions

    names = list(columns)
    sums = [part for name in names for part in _parts(columns[name])]
    row = table.agg(functions.count(functions.lit(1)), functions.count_if(_is_missing(table, id_column)), *sums).first()
    if row[1]:
        raise FrameError(f"{row[1]:,} {'row' if row[1] == 1 else 'rows'} without an id in column {id_column!r}.")
    found = {name: _written(row[2 + 4 * place : 6 + 4 * place]) for place, name in enumerate(names)}
    return Contents(row[0], found)


def digest_of(table: "DataFrame", columns: Iterable[str]) -> str:
    """A digest of the rows of these columns that depends neither on their order nor on that of the columns.

    The sums of two 64-bit hashes (XXH64) of each row. It tells apart contents that differ by chance or by mistake; it is no
    defence against rows made to collide.
    """
    return _written(table.agg(*_parts(columns)).first())


def check_unique(table: "DataFrame", id_column: str, rows: int) -> None:
    """Raise FrameError unless no id is there twice among so many rows, one at least.

    Hashes are compared, which are short; then the ids that share one.
    Equal hashes meet in one partition and are sorted there: an aggregation by hash, of which nearly every group is one row,
    takes three times as long.
    """
    from pyspark.sql import functions

    hashed = table.select(
        functions.col(quoted(id_column)).alias("id"), functions.xxhash64(quoted(id_column)).alias("hash")
    )
    met = hashed.select("hash").repartition(-(-rows // _TOGETHER), "hash")
    shared = [row["hash"] for row in met.mapInArrow(_repeated, "hash bigint").limit(_LOOKED_AT).collect()]
    if not shared:
        return
    counted = hashed.where(functions.col("hash").isin(shared)).groupBy("id").count().where("count > 1")
    repeated = counted.orderBy("id").limit(_SHOWN).collect()
    if repeated:
        listed = "; ".join(f"{str(row['id'])!r:.80} in {row['count']:,} rows" for row in repeated)
        raise FrameError(f"Ids are repeated in column {id_column!r}: {listed}.")


def _repeated(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The hashes of a partition that several of its rows have, as far as they are looked at."""
    hashes = np.sort(np.concatenate([np.empty(0, np.int64), *(batch.column(0).to_numpy() for batch in batches)]))
    found = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])[:_LOOKED_AT]
    yield pa.RecordBatch.from_arrays([pa.array(found, pa.int64())], ["hash"])


def quoted(name: str) -> str:
    """A column's name as Spark reads it, whatever it holds."""
    return f"`{name.replace('`', '``')}`"


def _is_missing(table: "DataFrame", id_column: str) -> "Column":
    """An id that is null, blank, or no number."""
    from pyspark.sql import functions

    column = functions.col(quoted(id_column))
    missing = column.isNull() | functions.coalesce(column.cast("string").rlike(r"^\s*$"), functions.lit(False))
    kinds = {field.name: field.dataType.typeName() for field in table.schema.fields}
    return missing | functions.isnan(column) if kinds[id_column] in ("double", "float") else missing


def _parts(columns: Iterable[str]) -> "list[Column]":
    """The four sums of a digest: of both halves of two hashes of each row."""
    from pyspark.sql import functions

    named = [functions.col(quoted(name)) for name in sorted(columns)]
    held = [part for each in named for part in (each.isNull(), each)]  # the hash of a null is nothing
    parts = []
    for salt in (1, 2):
        hashed = functions.xxhash64(functions.lit(salt), *held)
        parts += [hashed.bitwiseAND(functions.lit(_HALF)), functions.shiftrightunsigned(hashed, 32)]
    return [functions.coalesce(functions.sum(part), functions.lit(0)) for part in parts]


def _written(sums: Iterable[int]) -> str:
    return "sum:" + ":".join(f"{int(value):x}" for value in sums)
