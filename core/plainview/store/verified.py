"""Reading a stored file only while its bytes are those that were published: every byte, every time it is read."""

import hashlib
import io
import threading
from typing import BinaryIO

from plainview.exceptions import DamagedError
from plainview.records import StoredFile
from plainview.store.adapters import Adapter

BLOCK = 1 << 20
SMALL = 4 << 20  # bytes; below, the whole file is read and hashed


class Verified:
    """Opens files whose SHA-256 is right.

    A large file is hashed whole once a process. Then the hashes of its blocks are known, and the blocks that are read
    later are compared with those: what rots after the first look shows as well.
    """

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, str], list[bytes]] = {}
        self._lock = threading.Lock()

    def read(self, adapter: Adapter, file: StoredFile) -> bytes:
        """All bytes of a file; DamagedError where they are missing or others."""
        try:
            data = adapter.get(file.key)
        except FileNotFoundError as error:
            raise _missing(file) from error
        _compare(file, len(data), hashlib.sha256(data).hexdigest())
        return data

    def open(self, adapter: Adapter, file: StoredFile) -> BinaryIO:
        """A stream over a file that matches; DamagedError otherwise, here or while it is read."""
        stat = adapter.stat(file.key)
        if stat is None:
            raise _missing(file)
        _compare_size(file, stat.bytes)
        if file.bytes <= SMALL:
            return io.BytesIO(self.read(adapter, file))
        with self._lock:
            blocks = self._blocks.get((file.key, stat.version))
        if blocks is None:
            blocks = check(adapter, file)
            with self._lock:
                self._blocks[file.key, stat.version] = blocks
        return io.BufferedReader(_CheckedFile(adapter.open(file.key), file, blocks), BLOCK)


class _CheckedFile(io.RawIOBase):
    """A file of known blocks. A block is handed out only when its hash is right."""

    def __init__(self, stream: BinaryIO, file: StoredFile, blocks: list[bytes]) -> None:
        self._stream, self._stored, self._blocks = stream, file, blocks
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._stored.bytes}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:
        number, start = divmod(self._position, BLOCK)
        if number >= len(self._blocks):
            return 0
        piece = self._block(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _block(self, number: int) -> bytes:
        if self._held[0] != number:
            self._stream.seek(number * BLOCK)
            data = self._stream.read(BLOCK)
            if hashlib.sha256(data).digest() != self._blocks[number]:
                raise _changed(self._stored)
            self._held = number, data
        return self._held[1]


def check(adapter: Adapter, file: StoredFile) -> list[bytes]:
    """The SHA-256 of every block of a file; DamagedError where it is missing or not what the record says."""
    whole, size, blocks = hashlib.sha256(), 0, []
    try:
        with adapter.open(file.key) as stream:
            while block := stream.read(BLOCK):
                whole.update(block)
                size += len(block)
                blocks.append(hashlib.sha256(block).digest())
    except FileNotFoundError as error:
        raise _missing(file) from error
    _compare(file, size, whole.hexdigest())
    return blocks


def _missing(file: StoredFile) -> DamagedError:
    return DamagedError(f"{file.key} is missing from the store.")


def _changed(file: StoredFile) -> DamagedError:
    return DamagedError(f"{file.key} is damaged: its bytes do not match their SHA-256.")


def _compare(file: StoredFile, size: int, sha256: str) -> None:
    _compare_size(file, size)
    if sha256 != file.sha256:
        raise _changed(file)


def _compare_size(file: StoredFile, size: int) -> None:
    if size != file.bytes:
        raise DamagedError(f"{file.key} is damaged: {size} bytes instead of {file.bytes}.")
