"""What a Parquet file opens to, from the headers of its pages, which are what a reader acts on.

The footer's own numbers may lie. A page header cannot, without being found out: a reader unpacks as many bytes and values
as it says, and no more. One dictionary entry repeated is the bomb that no header shows, so the longest entry is looked up.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from plainview.exceptions import FrameError
from plainview.opening.limits import VIEW, check_opened, check_width
from plainview.opening.thrift import Struct, read_struct

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnChunkMetaData, FileMetaData

_HEADERS = (512, 16_384, 4 << 20)  # bytes in which a header is looked for: statistics can make one long
_PAGE = 4_096  # bytes reckoned for any page: a file of a million empty ones is refused before they take long
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3  # types of page
_TYPE, _UNPACKED, _PACKED, _OF_DATA, _OF_DICTIONARY, _OF_DATA_V2 = 1, 2, 3, 5, 7, 8  # fields of a header
_BY_DICTIONARY = (2, 8)  # encodings
_BY_PREFIX = 7
_WIDTHS = {"BOOLEAN": 1, "BYTE_ARRAY": VIEW}  # bytes a value in memory; all else 8


@dataclass(frozen=True)
class _Page:
    header: Struct
    start: int  # of what follows the header

    @property
    def kind(self) -> int:
        return self.header.get(_TYPE, -1)

    @property
    def unpacked(self) -> int:
        return self.header.get(_UNPACKED, 0)

    @property
    def packed(self) -> int:
        return self.header.get(_PACKED, 0)

    @property
    def values(self) -> int:
        return self._of_data.get(1, 0)

    @property
    def encoding(self) -> int:
        return self._of_data.get(4 if self.kind == _DATA_V2 else 2, 0)

    @property
    def _of_data(self) -> Struct:
        return self.header.get(_OF_DATA_V2 if self.kind == _DATA_V2 else _OF_DATA, {})


def check_parquet(path: Path) -> None:
    """Raise FrameError where the file would open to more than it may, or where footer and pages disagree.

    OSError or ArrowException where there is no footer that can be read.
    """
    with path.open("rb") as file:
        _check(file, path.stat().st_size, path.name)


def _check(file: BinaryIO, size: int, name: str) -> None:
    import pyarrow.parquet as pq  # 60 ms: only for those who read Parquet

    footer = pq.read_metadata(file)
    check_width(footer.num_columns, name)
    rows = sum(footer.row_group(index).num_rows for index in range(footer.num_row_groups))
    if rows != footer.num_rows:
        raise _lie(name, f"{footer.num_rows:,} rows, its parts {rows:,}")
    opened = 0
    for chunk, rows in _chunks(footer):
        opened += _opened(file, size, chunk, rows, name)
        check_opened(opened, size, name)


def _chunks(footer: "FileMetaData") -> Iterator[tuple["ColumnChunkMetaData", int]]:
    for index in range(footer.num_row_groups):
        group = footer.row_group(index)
        for column in range(group.num_columns):
            yield group.column(column), group.num_rows


def _opened(file: BinaryIO, size: int, chunk: "ColumnChunkMetaData", rows: int, name: str) -> int:
    """Bytes in memory of one column of one group of rows."""
    is_text = chunk.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
    values = unpacked = text = longest = 0
    for page in _pages(file, size, chunk, name):
        unpacked += max(_PAGE, page.unpacked)
        if page.kind == _DICTIONARY and is_text:
            longest = _longest(file, page, chunk)
        elif page.kind in (_DATA, _DATA_V2):
            values += page.values
            if is_text:
                text += _text(page, longest)
        check_opened(unpacked, size, name)
    if values != chunk.num_values or values < rows:
        raise _lie(
            name, f"{max(rows, chunk.num_values):,} values in column {chunk.path_in_schema!r:.80}, its pages {values:,}"
        )
    return max(unpacked, values * _WIDTHS.get(chunk.physical_type, 8) + text)


def _text(page: _Page, longest: int) -> int:
    """Bytes of all texts of a page, or a bound of them."""
    if page.encoding in _BY_DICTIONARY:
        return page.values * longest
    return page.unpacked * (page.values if page.encoding == _BY_PREFIX else 1)


def _pages(file: BinaryIO, size: int, chunk: "ColumnChunkMetaData", name: str) -> Iterator[_Page]:
    starts = [start for start in (chunk.dictionary_page_offset, chunk.data_page_offset) if start]
    position = min(starts, default=0)
    end = position + chunk.total_compressed_size
    if not 0 < position <= end <= size:
        raise _lie(name, f"that column {chunk.path_in_schema!r:.80} stands beyond its end")
    while position < end:
        page = _page(file, position, name)
        if min(page.packed, page.unpacked, page.values) < 0 or page.start + page.packed > end:
            raise FrameError(f"{name} is damaged: a page at byte {position:,} is longer than its column.")
        yield page
        position = page.start + page.packed


def _page(file: BinaryIO, position: int, name: str) -> _Page:
    for length in _HEADERS:
        file.seek(position)
        try:
            header, used = read_struct(file.read(length))
        except IndexError:
            continue
        except ValueError:
            break
        return _Page(header, position + used)
    raise FrameError(f"{name} is damaged: no page of a column begins at byte {position:,}.")


def _longest(file: BinaryIO, page: _Page, chunk: "ColumnChunkMetaData") -> int:
    """The length of a dictionary's longest entry; that of the whole where it cannot be looked into."""
    import pyarrow as pa

    file.seek(page.start)
    data = file.read(page.packed)
    if chunk.physical_type == "FIXED_LEN_BYTE_ARRAY":
        return page.unpacked // max(1, page.header.get(_OF_DICTIONARY, {}).get(1, 1))
    try:
        if chunk.compression != "UNCOMPRESSED":
            data = pa.Codec(chunk.compression.lower()).decompress(data, page.unpacked, asbytes=True)
        return _longest_entry(data)
    except (pa.ArrowException, ValueError, OSError, struct.error):
        return page.unpacked


def _longest_entry(data: bytes) -> int:
    """Of texts that each follow four bytes with their length."""
    longest = position = 0
    first = 4 + int.from_bytes(data[:4], "little")
    if len(data) % first == 0 and data[::first] == data[:1] * (len(data) // first):  # all alike, as ids often are
        heads = {data[start : start + 4] for start in range(0, len(data), first)}
        if len(heads) == 1:
            return first - 4
    read = struct.Struct("<I").unpack_from
    while position < len(data):
        (length,) = read(data, position)
        longest = max(longest, length)
        position += 4 + length
    return longest


def _lie(name: str, claim: str) -> FrameError:
    return FrameError(f"{name} is damaged: its footer says {claim}.")
