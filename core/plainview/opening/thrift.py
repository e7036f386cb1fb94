"""Thrift's compact protocol, as far as the header of a Parquet page needs it: numbers and structs; the rest is passed over."""

from typing import Any

Struct = dict[int, Any]  # by field number: an int, a Struct, or None for what is passed over

_DEEPEST = 16
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_WHOLE = (4, 5, 6)  # 16, 32 and 64 bits


def read_struct(data: bytes) -> tuple[Struct, int]:
    """The struct at the start of ``data``, and how many bytes it takes.

    Raises IndexError where the data ends before it does, ValueError where it is none.
    """
    return _struct(data, 0, 0)


def _struct(data: bytes, position: int, depth: int) -> tuple[Struct, int]:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    found: Struct = {}
    field = 0
    while head := data[position]:
        position += 1
        if head >> 4:
            field += head >> 4
        else:
            field, position = _zigzag(data, position)
        found[field], position = _value(data, position, head & 15, depth)
    return found, position + 1


def _value(data: bytes, position: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _WHOLE:
        return _zigzag(data, position)
    if kind == _STRUCT:
        return _struct(data, position, depth + 1)
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, position
    return None, _end(data, position, kind, depth)


def _end(data: bytes, position: int, kind: int, depth: int) -> int:
    """Where a value ends that is not needed."""
    if kind == _BYTE:
        return position + 1
    if kind == _DOUBLE:
        return position + 8
    if kind == _BINARY:
        length, position = _varint(data, position)
        if position + length > len(data):
            raise IndexError(position)
        return position + length
    if kind in (_LIST, _SET):
        return _list_end(data, position, depth)
    raise ValueError(f"no header of a page holds the kind {kind}")


def _list_end(data: bytes, position: int, depth: int) -> int:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    head = data[position]
    position += 1
    count, kind = head >> 4, head & 15
    if count == 15:
        count, position = _varint(data, position)
    if count > len(data):
        raise ValueError("a list longer than its file")
    for _ in range(count):
        if kind in (_TRUE, _FALSE):
            position += 1
        else:
            _, position = _value(data, position, kind, depth + 1)
    return position


def _zigzag(data: bytes, position: int) -> tuple[int, int]:
    value, position = _varint(data, position)
    return (value >> 1) ^ -(value & 1), position


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7
        if shift > 63:
            raise ValueError("a number beyond 64 bits")
