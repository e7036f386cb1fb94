"""What a Parquet file opens to, from the headers of its pages, which are what a reader acts on.

The footer's own numbers may lie. A page header cannot, without being found out: a reader unpacks as many bytes and values
as it says, and no more. One dictionary entry repeated is the bomb that no header shows, so the longest entry is looked up.
Footer and headers are read here, because the libraries that read them end the process over some that lie.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from plainview.exceptions import FrameError, shown
from plainview.opening.limits import VIEW, check_opened, check_width
from plainview.opening.thrift import Struct, read_struct

MAX_LEVELS = 100  # of columns within columns: three for each list
_MAGIC = b"PAR1"
_HEADERS = (512, 16_384, 4 << 20)  # bytes in which a header is looked for: statistics can make one long
_PAGE = 4_096  # bytes reckoned for any page: a file of a million empty ones is refused before they take long
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3  # types of page
_BY_DICTIONARY, _BY_PREFIX = (2, 8), 7  # encodings
_BOOLEAN, _BYTE_ARRAY, _FIXED = 0, 6, 7  # types of value
_CODECS = {1: "snappy", 2: "gzip", 4: "brotli", 5: "lz4", 6: "zstd", 7: "lz4_raw"}


class _Chunk(NamedTuple):
    """One column of one group of rows, as the footer has it."""

    name: str
    kind: int
    codec: int
    values: int
    rows: int  # of the group
    start: int
    end: int

    @classmethod
    def of(cls, meta: Struct, rows: int) -> "_Chunk":
        start = min((meta.whole(field) for field in (9, 11) if meta.whole(field)), default=0)
        end = start + meta.whole(7)
        return cls(shown(meta.text(3)), meta.whole(1, -1), meta.whole(4), meta.whole(5), rows, start, end)


class _Page(NamedTuple):
    """One page: its header, and where what follows the header begins."""

    kind: int
    unpacked: int
    packed: int
    values: int
    encoding: int
    start: int

    @classmethod
    def of(cls, header: Struct, start: int) -> "_Page":
        kind = header.whole(1, -1)
        inner = header.inner({_DATA_V2: 8, _DICTIONARY: 7}.get(kind, 5))
        encoding = inner.whole(4 if kind == _DATA_V2 else 2)
        return cls(kind, header.whole(2), header.whole(3), inner.whole(1), encoding, start)


def check_parquet(path: Path) -> None:
    """Raise FrameError where the file would open to more than it may, where footer and pages disagree, or where one of them
    cannot be read; OSError where the file cannot.
    """
    size, opened = path.stat().st_size, 0
    with path.open("rb") as file:
        for chunk in _chunks(_footer(file, size, path.name), path.name):
            opened += _opened(file, size, chunk, path.name)
            check_opened(opened, size, path.name)


def _footer(file: BinaryIO, size: int, name: str) -> Struct:
    file.seek(max(0, size - 8))
    end = file.read(8)
    if len(end) < 8 or end[4:] != _MAGIC:
        raise FrameError(f"{name} could not be read: it does not end as Parquet does. Is all of it there?")
    length = int.from_bytes(end[:4], "little")
    if length > size - 12:
        raise FrameError(f"{name} could not be read: its footer claims more bytes than the file has.")
    file.seek(size - 8 - length)
    try:
        return read_struct(file.read(length))[0]
    except (IndexError, ValueError) as error:
        raise FrameError(f"{name} could not be read: its footer is damaged ({error}).") from None


def _chunks(footer: Struct, name: str) -> Iterator[_Chunk]:
    """The columns of all groups of rows; FrameError where they are not those of the schema."""
    kinds = _kinds(footer, name)
    groups = footer.structs(4)
    rows = sum(group.whole(3) for group in groups)
    if rows != footer.whole(3):
        raise _lie(name, f"{footer.whole(3):,} rows, its parts {rows:,}")
    for group in groups:
        columns = [_Chunk.of(column.inner(3), group.whole(3)) for column in group.structs(1)]
        if [column.kind for column in columns] != kinds:
            raise _lie(name, "other columns than its groups of rows")
        yield from columns


def _kinds(footer: Struct, name: str) -> list[int]:
    """The types of the columns, in order, from the tree that the schema lists parents first."""
    found, open_levels = [], [1]  # how many parts each open level still lacks
    for element in footer.structs(2):
        while open_levels and open_levels[-1] == 0:
            open_levels.pop()
        if not open_levels:
            break
        open_levels[-1] -= 1
        if children := element.whole(5):
            open_levels.append(children)
        else:
            found.append(element.whole(1, -1))
        if len(open_levels) > MAX_LEVELS:
            raise FrameError(f"{name} could not be read: its columns are nested more than {MAX_LEVELS} levels deep.")
    check_width(len(found), name)
    return found


def _opened(file: BinaryIO, size: int, chunk: _Chunk, name: str) -> int:
    """Bytes in memory of one column of one group of rows."""
    is_text = chunk.kind in (_BYTE_ARRAY, _FIXED)
    values = unpacked = text = longest = 0
    for page in _pages(file, size, chunk, name):
        unpacked += max(_PAGE, page.unpacked)
        check_opened(unpacked, size, name)
        if page.kind == _DICTIONARY and is_text:
            longest = max(longest, _longest(file, page, chunk))
        elif page.kind in (_DATA, _DATA_V2):
            values += page.values
            text += _text(page, longest) if is_text else 0
    if values != chunk.values or values < chunk.rows:
        claimed = max(chunk.rows, chunk.values)
        raise _lie(name, f"{claimed:,} values in column {chunk.name}, its pages {values:,}")
    width = 1 if chunk.kind == _BOOLEAN else VIEW if is_text else 8
    return max(unpacked, values * width + text)


def _text(page: _Page, longest: int) -> int:
    """Bytes of all texts of a page, or a bound of them."""
    if page.encoding in _BY_DICTIONARY:
        return page.values * longest
    return page.unpacked * (page.values if page.encoding == _BY_PREFIX else 1)


def _pages(file: BinaryIO, size: int, chunk: _Chunk, name: str) -> Iterator[_Page]:
    if not 0 < chunk.start <= chunk.end <= size:
        raise _lie(name, f"that column {chunk.name} stands beyond its end")
    position = chunk.start
    while position < chunk.end:
        page = _page(file, position, name)
        position = page.start + page.packed
        if min(page.packed, page.unpacked, page.values) < 0 or position > chunk.end:
            raise FrameError(f"{name} is damaged: a page before byte {page.start:,} is longer than its column.")
        yield page


def _page(file: BinaryIO, position: int, name: str) -> _Page:
    for length in _HEADERS:
        file.seek(position)
        try:
            header, used = read_struct(file.read(length))
        except IndexError:
            continue
        except ValueError:
            break
        return _Page.of(header, position + used)
    raise FrameError(f"{name} is damaged: no page of a column begins at byte {position:,}.")


def _longest(file: BinaryIO, page: _Page, chunk: _Chunk) -> int:
    """The length of a dictionary's longest entry; that of the whole where it cannot be looked into."""
    import pyarrow as pa

    if chunk.kind == _FIXED:
        return page.unpacked // max(1, page.values)
    file.seek(page.start)
    data = file.read(page.packed)
    with suppress(pa.ArrowException, OSError, ValueError, KeyError):
        if chunk.codec:
            data = pa.Codec(_CODECS[chunk.codec]).decompress(data, page.unpacked, asbytes=True)
        return _longest_entry(data)
    return page.unpacked


def _longest_entry(data: bytes) -> int:
    """Of texts that each follow four bytes with their length; ValueError where the bytes are no such list."""
    first = 4 + int.from_bytes(data[:4], "little")
    if len(data) % first == 0 and len({data[start : start + 4] for start in range(0, len(data), first)}) == 1:
        return first - 4  # all alike, as ids often are
    longest = position = 0
    read = struct.Struct("<I").unpack_from
    while position <= len(data) - 4:
        (length,) = read(data, position)
        longest = max(longest, length)
        position += 4 + length
    if position != len(data):
        raise ValueError("no list of texts")
    return longest


def _lie(name: str, claim: str) -> FrameError:
    return FrameError(f"{name} is damaged: its footer says {claim}.")
