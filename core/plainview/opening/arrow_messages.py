"""What an Arrow file opens to, from its messages: the lengths of the buffers that each record batch lists.

A message is a flatbuffer; of it only a batch's length, buffers and compression are looked up here. A file's messages are
those that its footer points at, as often as it does; a stream's are one after another.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import ipc

from plainview.exceptions import FrameError
from plainview.opening.limits import MAX_DEPTH, VIEW, check_opened, check_width

_MAGIC = b"ARROW1"
_FEATHER_1 = b"FEA1"
_BATCHES = {"record batch": 2, "dictionary": 2}  # the field of the message that holds the batch
_HEADER, _LENGTH, _NODES, _BUFFERS, _COMPRESSION, _DATA = 2, 0, 1, 2, 3, 1  # numbers of fields
_DICTIONARIES, _RECORD_BATCHES = 2, 3  # of the footer


def read_arrow_file(path: Path) -> pl.DataFrame:
    """The frame of an Arrow file or stream, compressed or not.

    FrameError where it would open to more than it may, or holds what a frame does not; ArrowException or OSError where it
    cannot be read.
    """
    data = path.read_bytes()
    if data.startswith(_FEATHER_1):
        raise FrameError(f"{path.name} is Feather of version 1, which is no longer read; write it anew as version 2.")
    buffer = pa.py_buffer(data)
    try:
        reader, messages = _file(buffer) if data.startswith(_MAGIC) else _stream(buffer)
        opened = sum(_opened(message) for message in messages)
    except (struct.error, IndexError, EOFError, SystemError) as error:
        raise FrameError(f"{path.name} is damaged: a message points beyond its end.") from error
    check_opened(opened, len(data), path.name)
    check_width(len(reader.schema), path.name)
    for field in reader.schema:
        _check_type(field.type, field.name, path.name)
    table = reader.read_all()
    views = sum(_view_bytes(chunk) for column in table.columns for chunk in column.chunks)
    check_opened(views, len(data), path.name)  # first, because all of it is looked at to validate it
    table.validate(full=True)
    frame = pl.DataFrame(table)
    check_opened(sum(map(_text_bytes, frame.iter_columns())), len(data), path.name)
    return frame


def _stream(data: pa.Buffer) -> tuple[ipc.RecordBatchStreamReader, Iterable[ipc.Message]]:
    return ipc.open_stream(data), ipc.MessageReader.open_stream(pa.BufferReader(data))


def _file(data: pa.Buffer) -> tuple[ipc.RecordBatchFileReader, Iterable[ipc.Message]]:
    reader = ipc.open_file(data)  # verifies the footer
    (length,) = struct.unpack("<i", data.slice(data.size - len(_MAGIC) - 4, 4))
    footer = _Table.root(data.slice(data.size - len(_MAGIC) - 4 - length, length).to_pybytes())
    blocks = [block for field in (_DICTIONARIES, _RECORD_BATCHES) for block in footer.blocks(field)]
    return reader, (ipc.read_message(data.slice(offset, head + body)) for offset, head, body in blocks)


def _opened(message: ipc.Message) -> int:
    """Bytes that a batch takes once it is unpacked."""
    if message.type not in _BATCHES:
        return 0
    table = _Table.root(message.metadata.to_pybytes()).table(_HEADER)
    batch = table.table(_DATA) if message.type == "dictionary" else table
    buffers = list(batch.pairs(_BUFFERS))
    lengths = (length for _, length in buffers)
    if batch.has(_COMPRESSION):
        lengths = (_unpacked(message.body, offset, length) for offset, length in buffers)
    rows = batch.number(_LENGTH)
    columns = sum(1 for _ in batch.pairs(_NODES))
    return sum(lengths) + VIEW * max(0, rows) * max(1, columns)


def _unpacked(body: pa.Buffer, offset: int, length: int) -> int:
    """A compressed buffer begins with the length that it has when it is not; -1 where it was left as it is."""
    if length < 8 or not 0 <= offset <= body.size - 8:
        return max(0, length)
    (found,) = struct.unpack("<q", body.slice(offset, 8))
    return length if found < 0 else found


class _Table:
    """A table of a verified flatbuffer: fields by number, found through the table of offsets before it."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _field(self, number: int) -> int:
        """Where a field stands; 0 where it is left out."""
        offsets = self._position - struct.unpack_from("<i", self._data, self._position)[0]
        (size,) = struct.unpack_from("<H", self._data, offsets)
        slot = 4 + 2 * number
        (relative,) = struct.unpack_from("<H", self._data, offsets + slot) if slot < size else (0,)
        return self._position + relative if relative else 0

    def has(self, number: int) -> bool:
        return self._field(number) != 0

    def table(self, number: int) -> "_Table":
        place = self._field(number)
        return _Table(self._data, place + struct.unpack_from("<I", self._data, place)[0])

    def number(self, number: int) -> int:
        place = self._field(number)
        return struct.unpack_from("<q", self._data, place)[0] if place else 0

    def pairs(self, number: int) -> Iterator[tuple[int, int]]:
        """A vector of structs of two numbers of 64 bits."""
        return self._structs(number, "<qq")

    def blocks(self, number: int) -> Iterator[tuple[int, int, int]]:
        """A vector of places of messages: where each begins, the length of its head and that of its body."""
        return self._structs(number, "<qi4xq")

    def _structs(self, number: int, form: str) -> Iterator[tuple]:
        place = self._field(number)
        if place:
            start = place + struct.unpack_from("<I", self._data, place)[0]
            (count,) = struct.unpack_from("<I", self._data, start)
            yield from struct.iter_unpack(form, self._data[start + 4 : start + 4 + struct.calcsize(form) * count])


def _check_type(kind: pa.DataType, column: str, name: str, depth: int = 0) -> None:
    """Raise FrameError for types that no frame of examples holds, or that can stand for more than they take."""
    if depth > MAX_DEPTH:
        raise FrameError(f"{name}: column {column!r:.80} is nested more than {MAX_DEPTH} deep.")
    types = pa.types
    if types.is_union(kind) or types.is_run_end_encoded(kind) or types.is_map(kind) or types.is_list_view(kind):
        raise FrameError(f"{name}: column {column!r:.80} holds {kind!s:.80}, which cannot be kept; write it as text.")
    for part in _parts(kind):
        _check_type(part, column, name, depth + 1)


def _parts(kind: pa.DataType) -> Iterable[pa.DataType]:
    if pa.types.is_dictionary(kind):
        return [kind.value_type]
    return [kind.field(index).type for index in range(kind.num_fields)]


def _view_bytes(array: pa.Array) -> int:
    """Bytes of the texts of an array that are views, of which many may be the same part of one buffer."""
    kind = array.type
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        lengths = np.frombuffer(array.buffers()[1], "<i4")[::4] if len(array) else np.empty(0, "<i4")
        return int(lengths[array.offset : array.offset + len(array)].clip(0).sum(dtype=np.int64))
    if pa.types.is_dictionary(kind):
        return _view_bytes(array.dictionary)
    if pa.types.is_struct(kind):
        return sum(_view_bytes(array.field(index)) for index in range(kind.num_fields))
    return _view_bytes(array.values) if pa.types.is_nested(kind) else 0


def _text_bytes(column: pl.Series) -> int:
    """Bytes of all texts of a column, written out: many may share one entry of a dictionary."""
    kind = column.dtype
    if isinstance(kind, pl.Categorical | pl.Enum):
        return _sum(column.cat.len_bytes())
    if kind == pl.String:
        return _sum(column.str.len_bytes())
    if kind == pl.Binary:
        return _sum(column.bin.size())
    if isinstance(kind, pl.Struct):
        return sum(map(_text_bytes, column.struct.unnest().iter_columns()))
    return _text_bytes(column.explode()) if isinstance(kind, pl.List | pl.Array) else 0


def _sum(lengths: pl.Series) -> int:
    return lengths.cast(pl.UInt64).sum()
