"""The bytes of a text file: unpacked where it is gzipped, never more of them than it may open to, and in UTF-8."""

import codecs
import gzip
import zlib
from pathlib import Path

from plainview.exceptions import FrameError
from plainview.opening.limits import check_opened

_STEP = 1 << 20
# How files begin that are not what their name says, and what to do about it.
_KINDS = (
    (b"\x1f\x8b", "gzip; end its name in .gz"),
    (b"\x28\xb5\x2f\xfd", "zstd; unpack it first"),
    (b"BZh", "bzip2; unpack it first"),
    (b"\xfd7zXZ", "xz; unpack it first"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"PAR1", "Parquet; end its name in .parquet"),
    (b"ARROW1", "Arrow; end its name in .arrow"),
)


def read_text_file(path: Path) -> bytes:
    """The file's bytes, unpacked if its name ends in .gz; FrameError where they are another format's or too many."""
    data = _unpacked(path) if path.suffix.lower() == ".gz" else path.read_bytes()
    for start, kind in _KINDS:
        if data.startswith(start):
            raise FrameError(f"{path.name} is not text but {kind}.")
    return data


def _unpacked(path: Path) -> bytes:
    size, opened, parts = path.stat().st_size, 0, []
    try:
        with gzip.open(path) as file:
            while part := file.read(_STEP):
                opened += len(part)
                check_opened(2 * opened, size, path.name)  # once as bytes, once as a table
                parts.append(part)
    except EOFError:
        raise FrameError(f"{path.name} could not be read: its gzip data is cut off.") from None
    except (zlib.error, gzip.BadGzipFile) as error:
        raise FrameError(f"{path.name} could not be read: it is not gzip that can be unpacked ({error}).") from None
    return b"".join(parts)


def check_utf8(data: bytes, name: str) -> None:
    """Raise FrameError, with the line, where the bytes are not UTF-8.

    Part by part, because decoded whole, one emoji would make four bytes of every character.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FrameError(f"{name} is UTF-16; save it as UTF-8.")
    start = 0
    while start < len(data):
        part = data[start : start + _STEP]
        try:
            start += codecs.utf_8_decode(part, "strict", start + len(part) == len(data))[1]
        except UnicodeDecodeError as error:
            place = start + error.start
            line = data.count(b"\n", 0, place) + 1
            byte = f"byte 0x{data[place]:02x} at offset {place:,}"
            raise FrameError(f"{name}, line {line}: {byte} is not UTF-8; save the file as UTF-8.") from None
