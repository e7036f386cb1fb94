"""Thrift's compact protocol, as far as Parquet's footer and the headers of its pages need it: structs of numbers and lists."""

from typing import Any

MAX_ITEMS = 1_000_000  # structs in lists: of a footer about four for each column of each group of rows
_DEEPEST = 16
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_WHOLE = (4, 5, 6)  # 16, 32 and 64 bits


class Struct(dict[int, Any]):
    """Fields by number. Each is asked for as what it should be, and is empty where it is missing or something else."""

    __slots__ = ()

    def whole(self, field: int, default: int = 0) -> int:
        """A number."""
        found = self.get(field)
        return found if isinstance(found, int) else default

    def inner(self, field: int) -> "Struct":
        """A struct."""
        found = self.get(field)
        return found if isinstance(found, Struct) else Struct()

    def structs(self, field: int) -> "list[Struct]":
        """A list of structs."""
        found = self.get(field)
        return [item for item in found if isinstance(item, Struct)] if isinstance(found, list) else []

    def text(self, field: int) -> str:
        """A text, or the texts of a list with dots between them."""
        found = self.get(field)
        parts = found if isinstance(found, list) else [found]
        return ".".join(part.decode(errors="replace") for part in parts if isinstance(part, bytes))


def read_struct(data: bytes) -> tuple[Struct, int]:
    """The struct at the start of ``data``, and how many bytes it takes.

    Raises IndexError where the data ends before it does, ValueError where it is none.
    """
    reader = _Reader(data)
    return reader.struct(0), reader.position


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.position, self.items = data, 0, 0

    def struct(self, depth: int) -> Struct:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        found, field = Struct(), 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            kind = head & 15
            found[field] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _WHOLE:
            return self._number()
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind == _BINARY:
            return self._taken(self._varint())
        if kind in (_LIST, _SET):
            return self._list(depth + 1)
        if kind == _DOUBLE:
            return self._taken(8)
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        raise ValueError(f"Parquet has no values of kind {kind}")

    def _list(self, depth: int) -> list:
        head = self._byte()
        count, kind = head >> 4, head & 15
        count = self._varint() if count == 15 else count
        self.items += count
        if depth > _DEEPEST or self.items > (MAX_ITEMS if kind == _STRUCT else len(self.data)):
            raise ValueError("more parts than a file has")
        return [self._value(kind, depth) for _ in range(count)]

    def _byte(self) -> int:
        self.position += 1
        return self.data[self.position - 1]

    def _taken(self, length: int) -> bytes:
        self.position += length
        if self.position > len(self.data):
            raise IndexError(self.position)
        return self.data[self.position - length : self.position]

    def _number(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) >= 128:
            value |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number beyond 64 bits")
        return value | byte << shift
