"""SHA-256 of what a table says: the same whatever the order of columns, the slices, chunks, encodings or library.

Per column, by sorted name: its type, the positions of its nulls, and its values as little-endian bytes. Nulls are
zero, NaN is one NaN, -0.0 is 0.0; text is UTF-8 with its lengths; lists and structs go by their parts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from plainview.exceptions import FrameError

FORMAT = b"plainview-content/1"
Tabular = pl.DataFrame | pa.Table | pa.RecordBatch


def content_digest(table: Tabular | Iterable[pa.RecordBatch]) -> str:
    """Hex SHA-256 of the logical content of a table, or of batches of one schema.

    FrameError where a column's type cannot be kept.
    """
    digest = ContentDigest()
    for batch in batches_of(table):
        digest.update(batch)
    return digest.hexdigest()


def batches_of(table: Tabular | Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    """Record batches with normalised types; at least one, so that an empty table keeps its schema."""
    if isinstance(table, pl.DataFrame):
        table = table.to_arrow(compat_level=pl.CompatLevel.oldest())
    if isinstance(table, pa.Table):
        table = table.to_batches() or [empty(table.schema)]
    if isinstance(table, pa.RecordBatch):
        table = [table]
    return (normalised(batch) for batch in table)


def empty(schema: pa.Schema) -> pa.RecordBatch:
    """A batch without rows."""
    return pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)


def normalised(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch in the few types that are kept: large text, int64, float64, bool, date32, timestamps in us."""
    columns = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        kept = kept_type(field.type, field.name)
        try:
            columns.append(column if column.type == kept else column.cast(kept))
        except pa.ArrowInvalid as error:
            raise FrameError(f"Column {field.name!r} cannot be kept as {kept}: {error}.") from error
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def kept_type(given: pa.DataType, column: str) -> pa.DataType:
    """The type in which a column is kept; FrameError where there is none."""
    kinds = pa.types
    if kinds.is_dictionary(given):
        return kept_type(given.value_type, column)
    if kinds.is_timestamp(given):
        return pa.timestamp("us", None if given.tz is None else "UTC")
    if kinds.is_list(given) or kinds.is_large_list(given) or kinds.is_fixed_size_list(given):
        return pa.large_list(kept_type(given.value_type, column))
    if kinds.is_struct(given):
        return pa.struct([(field.name, kept_type(field.type, column)) for field in given])
    for matches, kept in _KEPT:
        if matches(given):
            return kept
    raise FrameError(f"Column {column!r} has the type {given}, which cannot be kept. Turn it into text or a number.")


def _is_text(given: pa.DataType) -> bool:
    return pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given)


_KEPT = (
    (_is_text, pa.large_string()),
    (pa.types.is_integer, pa.int64()),
    (pa.types.is_floating, pa.float64()),
    (pa.types.is_boolean, pa.bool_()),
    (pa.types.is_date, pa.date32()),
    (pa.types.is_null, pa.null()),
)


class ContentDigest:
    """A running digest over normalised batches of one table."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, ...], hashlib._Hash] = defaultdict(hashlib.sha256)
        self._lengths: dict[tuple[str, ...], int] = defaultdict(int)
        self._types: dict[tuple[str, ...], str] = {}

    def update(self, batch: pa.RecordBatch) -> None:
        """Add the rows of a batch."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            self._add((name,), column)

    def hexdigest(self) -> str:
        """Of all rows so far."""
        whole = hashlib.sha256(FORMAT)
        for path in sorted(self._types):
            names = "".join(f"{len(part)}:{part}/" for part in path)
            whole.update(f"{names}|{self._types[path]}|{self._lengths[path]}|".encode())
            for part in ("nulls", "lengths", "values"):
                whole.update(self._parts[(*path, part)].digest())
        return whole.hexdigest()

    def _add(self, path: tuple[str, ...], column: pa.Array) -> None:
        self._types.setdefault(path, _type_name(column.type))
        nulls = np.flatnonzero(_bits(column.is_null())) if column.null_count else np.empty(0, int)
        self._hash(path, "nulls", nulls + self._lengths[path], "<i8")
        self._lengths[path] += len(column)
        if pa.types.is_struct(column.type):
            for index, field in enumerate(column.type):
                self._add((*path, f".{field.name}"), pc.struct_field(column, [index]))
        elif pa.types.is_large_list(column.type):
            self._hash(path, "lengths", _values(pc.list_value_length(column), "<i8", nulls), "<i8")
            self._add((*path, "[]"), pc.list_flatten(column))
        elif pa.types.is_large_string(column.type):
            self._hash(path, "lengths", _values(pc.binary_length(column), "<i8", nulls), "<i8")
            self._parts[(*path, "values")].update(_characters(column.drop_null()))
        elif not pa.types.is_null(column.type):
            self._hash(path, "values", *_numbers(column, nulls))

    def _hash(self, path: tuple[str, ...], part: str, values: np.ndarray, dtype: str) -> None:
        self._parts[(*path, part)].update(np.ascontiguousarray(values, dtype=dtype).data)


# Buffers are read with numpy, because Arrow's own conversions import pandas wherever that is installed (0.3 s).


def _bits(column: pa.BooleanArray) -> np.ndarray:
    if not len(column):
        return np.empty(0, "u1")
    packed = np.frombuffer(column.buffers()[1], "u1")
    return np.unpackbits(packed, bitorder="little")[column.offset : column.offset + len(column)]


def _values(column: pa.Array, dtype: str, nulls: np.ndarray) -> np.ndarray:
    """The numbers of a column, zero where it is null."""
    if not len(column):
        return np.empty(0, dtype)
    values = np.frombuffer(column.buffers()[1], dtype)[column.offset : column.offset + len(column)]
    if len(nulls):
        values = values.copy()
        values[nulls] = 0
    return values


def _characters(column: pa.LargeStringArray) -> memoryview:
    """The UTF-8 of all texts, one after another."""
    _, offsets, characters = column.buffers()
    if not len(column) or characters is None:
        return memoryview(b"")
    start, end = np.frombuffer(offsets, "<i8")[[column.offset, column.offset + len(column)]]
    return memoryview(characters)[start:end]


def _numbers(column: pa.Array, nulls: np.ndarray) -> tuple[np.ndarray, str]:
    """Values with nulls as zero, and the little-endian type to hash them in."""
    if pa.types.is_floating(column.type):
        values = _values(column, "<f8", nulls) + 0.0  # -0.0 becomes 0.0
        return np.where(np.isnan(values), np.nan, values), "<f8"
    if pa.types.is_boolean(column.type):
        bits = _bits(column)
        bits[nulls] = 0
        return bits, "u1"
    return _values(column, "<i4" if pa.types.is_date(column.type) else "<i8", nulls), "<i8"


def _type_name(given: pa.DataType) -> str:
    if pa.types.is_struct(given):
        return "struct"
    return "list" if pa.types.is_large_list(given) else str(given)
