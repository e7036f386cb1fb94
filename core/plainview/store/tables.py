"""Tables as zstd Parquet with page checksums, hashed while they are written, and read only when the hash is right."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import polars as pl
import pyarrow as pa

from plainview.exceptions import DamagedError, InputError, nearest
from plainview.records import StoredFile
from plainview.store.adapters import Adapter
from plainview.store.digests import Tabular, batches_of, empty, kept_type
from plainview.store.keys import stem, table_key
from plainview.store.verified import Verified

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

GROUP_ROWS = 131_072
BATCH_ROWS = 65_536
MEMORY_FLOOR = 512 << 20  # decoded bytes that any file may have
EXPANSION_LIMIT = 100  # beyond the floor: decoded bytes per stored byte


def write_table(
    adapter: Adapter,
    kind: str,
    table: Tabular | Iterable[pa.RecordBatch],
    *,
    key: Callable[[str, str], str] = table_key,
) -> StoredFile:
    """Store a table, in bounded memory where it comes as batches, under ``key(kind, sha256)``."""
    with adapter.staged() as path:
        with _HashingFile(path) as sink:
            rows = _write(sink, batches_of(table))
        file = StoredFile(key=key(kind, sink.hexdigest()), sha256=sink.hexdigest(), bytes=sink.tell(), rows=rows)
        adapter.put(file.key, path)
    return file


def _write(sink: "_HashingFile", batches: Iterable[pa.RecordBatch]) -> int:
    import pyarrow.parquet as pq  # 60 ms: only for those who read or write tables

    batches = iter(batches)
    first = next(batches)
    rows = 0
    options = {"compression": "zstd", "write_page_checksum": True, "version": "2.6"}
    with pq.ParquetWriter(sink, first.schema, **options) as writer:
        for table in _groups(first, batches):
            writer.write_table(table, row_group_size=GROUP_ROWS)
            rows += table.num_rows
    return rows


def _groups(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches gathered into row groups, so that many small ones make no small groups."""
    held, rows = [first], first.num_rows
    for batch in rest:
        if rows + batch.num_rows > GROUP_ROWS and rows:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
        held.append(batch)
        rows += batch.num_rows
    yield pa.Table.from_batches(held)


class _HashingFile:
    """What Arrow writes to: a local file and a SHA-256 at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._sha256 = hashlib.sha256()
        self._bytes = 0

    def write(self, data: bytes) -> int:
        self._sha256.update(data)
        self._bytes += len(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()

    def tell(self) -> int:
        return self._bytes

    def flush(self) -> None:
        self._file.flush()

    @property
    def closed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "_HashingFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_table(
    adapter: Adapter, file: StoredFile, *, verified: Verified, columns: Iterable[str] | None = None
) -> pl.DataFrame:
    """The table as it was written, or the ``columns`` of it, in that order.

    Raises DamagedError where it is not what its record says, InputError where it has no such column.
    """
    names = None if columns is None else list(dict.fromkeys(columns))
    return pl.from_arrow(pa.Table.from_batches(read_batches(adapter, file, verified=verified, columns=names)))


def read_whole(data: bytes, key: str, *, columns: list[str] | None = None) -> pl.DataFrame:
    """A table that is held in memory, whose key says its SHA-256, or ``columns`` of it. Raises as ``read_table``."""
    import pyarrow.parquet as pq

    file = StoredFile(key=key, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    if file.sha256 != stem(key):
        raise DamagedError(f"{key} is damaged: its bytes do not match their SHA-256.")
    with _as_damage(file):
        file = file.model_copy(update={"rows": pq.read_metadata(io.BytesIO(data)).num_rows})
        return pl.from_arrow(pa.Table.from_batches(_decode(io.BytesIO(data), file, columns)))


def read_batches(
    adapter: Adapter, file: StoredFile, *, verified: Verified, columns: list[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows of a table in batches of at most BATCH_ROWS; at least one batch. Raises as ``read_table``."""
    with _as_damage(file), verified.open(adapter, file) as source:
        yield from _decode(source, file, columns)


@contextmanager
def _as_damage(file: StoredFile) -> Iterator[None]:
    """What goes wrong while bytes are decoded is damage of the file."""
    try:
        yield
    except (DamagedError, InputError):
        raise
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise DamagedError(f"{file.key} is damaged: it cannot be read as a table: {str(error)[:300]}") from error


def _decode(source: BinaryIO, file: StoredFile, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    schema = _schema(pq.read_metadata(source), file)
    source.seek(0)
    _check_columns(columns, schema.names, file)
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    # Text stays coded until its decoded size is known: one long value repeated is a bomb of a few bytes.
    texts = [field.name for field in schema if pa.types.is_large_string(field.type)]
    reader = pq.ParquetFile(source, page_checksum_verification=True, read_dictionary=texts, pre_buffer=False)
    rows, budget = 0, _budget(file)
    for batch in reader.iter_batches(batch_size=BATCH_ROWS, columns=wanted.names):
        rows += batch.num_rows
        budget -= _decoded_bytes(batch)
        if rows > file.rows or budget < 0:
            raise DamagedError(f"{file.key} is damaged: it opens to more than its {file.rows} rows or than is allowed.")
        batch.validate(full=True)
        yield batch.select(wanted.names).cast(wanted)
    if rows != file.rows:
        raise DamagedError(f"{file.key} is damaged: {rows} rows instead of {file.rows}.")
    if rows == 0:
        yield empty(wanted)


def _schema(footer: "FileMetaData", file: StoredFile) -> pa.Schema:
    """The columns, where the footer says what it must: the right rows, an allowed size, only types that are kept."""
    groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
    if footer.num_rows != file.rows or sum(group.num_rows for group in groups) != file.rows:
        raise DamagedError(f"{file.key} is damaged: {footer.num_rows} rows instead of {file.rows}.")
    if sum(group.total_byte_size for group in groups) > _budget(file):
        raise DamagedError(f"{file.key} is damaged: its {file.bytes} bytes claim to open to more than is allowed.")
    schema = footer.schema.to_arrow_schema()
    if any(field.type != kept_type(field.type, field.name) for field in schema):
        raise DamagedError(f"{file.key} is damaged: it has columns of types that are not kept.")
    return schema.remove_metadata()


def _budget(file: StoredFile) -> int:
    return max(MEMORY_FLOOR, EXPANSION_LIMIT * file.bytes)


def _check_columns(columns: list[str] | None, known: list[str], file: StoredFile) -> None:
    for name in columns or ():
        if name not in known:
            raise InputError(f"There is no column {name!r} in {file.key}. {nearest(name, known)}")


def _decoded_bytes(batch: pa.RecordBatch) -> int:
    import pyarrow.compute as pc

    total = 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            lengths = pc.binary_length(column.dictionary)
            total += 8 * len(column) + (pc.sum(lengths.take(column.indices)).as_py() or 0)
        else:
            total += column.nbytes
    return total
