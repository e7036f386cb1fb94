"""A seekable stream over an item that is fetched piece by piece."""

import io
from collections.abc import Callable
from typing import BinaryIO

PIECE = 4 << 20  # bytes a request


class _Ranged(io.RawIOBase):
    """``fetch(start, end)`` gives the bytes from ``start`` up to ``end``, at least one of them."""

    def __init__(self, fetch: Callable[[int, int], bytes], size: int) -> None:
        self._fetch, self._size, self._position = fetch, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:
        end = min(self._position + len(buffer), self._size)
        if end <= self._position:
            return 0
        piece = self._fetch(self._position, end)[: len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def readall(self) -> bytes:
        """In few requests: by itself, the base class asks for 8 KiB at a time."""
        pieces = []
        while self._position < self._size:
            piece = self._fetch(self._position, min(self._position + PIECE, self._size))
            pieces.append(piece)
            self._position += len(piece)
        return b"".join(pieces)


def ranged(fetch: Callable[[int, int], bytes], size: int) -> BinaryIO:
    """A buffered stream over an item of ``size`` bytes."""
    return io.BufferedReader(_Ranged(fetch, size), PIECE)
