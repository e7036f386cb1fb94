"""CSV and TSV, read strictly: every row as wide as the header, and each column's type found from the whole file.

A column is a number when every value is one, without leading zeros (``02134`` is a postcode, and stays text); true and
false, dates (yyyy-mm-dd) and moments (ISO 8601) likewise. An empty field is missing. ``NA``, ``NaN``, ``null`` and the
like are missing in a column of numbers, truths or dates, and ordinary text in a column of text.
"""

import codecs
import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from plainview.exceptions import FrameError, shown
from plainview.opening.limits import check_names, first_repeated
from plainview.opening.packed import check_utf8

_MISSING = ("NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None")
_SAMPLE = 50  # values that rule most types out before a whole column is looked at
_WHOLE = r"\A-?(0|[1-9][0-9]{0,18})\z"
_DECIMAL = r"\A[+-]?(((0|[1-9][0-9]{0,17})|(0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|inf|Infinity)\z"
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DATE = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
_MOMENT = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
_ZONE = r"(Z|[+-][0-9]{2}:?[0-9]{2})\z"

_BLOCK = 1 << 24  # bytes read at a time; a longer row is read in one block
_FIELD = 24  # bytes that a field takes as text of Arrow and of Polars, besides its characters
_LARGEST_BLOCK = (1 << 31) - 1

Reader = Callable[[pl.Series], pl.Series | None]


def read_delimited(data: bytes, *, separator: str, name: str, text_columns: Sequence[str] = ()) -> pl.DataFrame:
    """The frame that a delimited file's bytes hold; ``text_columns`` are kept as text, leading zeros and all.

    Raises FrameError where the bytes are not UTF-8, a column is named twice or not at all, a row is too short or too
    long, or a quote is not closed; it names the line.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    check_utf8(data, name)
    header = _header(data, separator, name)
    _check_quotes(data, separator, name)
    frame = _read_strictly(data, header, separator, name)
    return frame.with_columns([typed(frame[column]) for column in header if column not in text_columns])


def typed(series: pl.Series, readers: Sequence[Reader] | None = None) -> pl.Series:
    """A text column as the first type that every one of its values can be read as; itself where there is none."""
    values = series.set(series.is_in(_MISSING).fill_null(False), None)
    sample = values.drop_nulls().head(_SAMPLE)
    if sample.is_empty():
        return series
    for reader in readers or (read_whole, read_decimal, read_truth, read_date, read_moment):
        if reader(sample) is not None:
            found = reader(values)
            if found is not None:
                return found
    return series


def _all_read(values: pl.Series, found: pl.Series) -> pl.Series | None:
    return found if found.null_count() == values.null_count() else None


def _matches(values: pl.Series, pattern: str) -> bool:
    return bool(values.str.contains(pattern).all())


def read_whole(values: pl.Series) -> pl.Series | None:
    """Whole numbers of 64 bits; longer ones are names rather than quantities, and stay text."""
    return _all_read(values, values.cast(pl.Int64, strict=False)) if _matches(values, _WHOLE) else None


def read_decimal(values: pl.Series) -> pl.Series | None:
    """Numbers, with a point as the decimal mark, or in scientific notation, or infinite."""
    return _all_read(values, values.cast(pl.Float64, strict=False)) if _matches(values, _DECIMAL) else None


def read_truth(values: pl.Series) -> pl.Series | None:
    """true and false, in lower case, upper case or capitalised."""
    return _all_read(values, values.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean))


def read_date(values: pl.Series) -> pl.Series | None:
    """Dates, yyyy-mm-dd."""
    if not _matches(values, _DATE):
        return None
    return _all_read(values, values.str.to_date("%Y-%m-%d", strict=False))


def read_moment(values: pl.Series) -> pl.Series | None:
    """Moments of ISO 8601, all with an offset (then turned into UTC) or none of them."""
    if _matches(values, _MOMENT + r"\z"):
        return _all_read(values, _moments(values, "%Y-%m-%d %H:%M:%S%.f"))
    if not _matches(values, _MOMENT + _ZONE):
        return None
    plain = values.str.replace(r"Z\z", "+0000").str.replace(r":([0-9]{2})\z", "$1")
    found = _moments(plain, "%Y-%m-%d %H:%M:%S%.f%z")
    return _all_read(values, found.dt.replace_time_zone(None))


def _moments(values: pl.Series, pattern: str) -> pl.Series:
    seconds = values.str.replace("T", " ", literal=True).str.replace(r"\A(.{16})([+-]|\z)", "${1}:00$2")
    return seconds.str.to_datetime(pattern, time_unit="us", strict=False)


def opened_bytes(data: bytes, separator: str) -> int:
    """Bytes that the table takes while it is read, at most: its text twice, and what each field costs besides."""
    return 2 * len(data) + _FIELD * (data.count(separator.encode()) + data.count(b"\n"))


def _header(data: bytes, separator: str, name: str) -> list[str]:
    """The names of the columns, each there and there once."""
    try:
        header = next(_records(data, separator), None)
    except csv.Error as error:
        raise FrameError(f"{name}, line 1: the column names cannot be read: {error}.") from None
    if not header:
        raise FrameError(f"{name} is empty: a line with the column names and one line an example were expected.")
    for number, column in enumerate(header, start=1):
        if not column.strip():
            raise FrameError(f"{name}, line 1: column {number} has no name (pandas: to_csv(index=False)).")
    if repeated := first_repeated(header):
        first, second = repeated
        raise FrameError(
            f"{name}, line 1: the name {shown(header[first - 1])} is used twice, for columns {first} and {second}."
        )
    check_names(header, f"{name}, line 1")
    if len(header) == 1 and ";" in header[0]:
        raise FrameError(f"{name}, line 1: the columns look separated by semicolons; commas were expected.")
    return header


def _read_strictly(data: bytes, header: Sequence[str], separator: str, name: str) -> pl.DataFrame:
    """Every column as text; pyarrow, because it refuses short rows where Polars fills them with nulls."""
    import pyarrow as pa

    try:
        try:
            return _read_blocks(data, header, separator, _BLOCK)
        except pa.ArrowInvalid as error:
            if "straddling" not in str(error):
                raise
            return _read_blocks(data, header, separator, min(len(data) + 1, _LARGEST_BLOCK))
    except pa.ArrowInvalid as error:
        raise FrameError(_ragged_row(data, header, separator, name) or f"{name} could not be read: {error}") from None


def _read_blocks(data: bytes, header: Sequence[str], separator: str, block: int) -> pl.DataFrame:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(block_size=block),
        parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=b'"' in data),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    return pl.DataFrame(table)


def _records(data: bytes, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
    return csv.reader(text, delimiter=separator, strict=strict)


def _ragged_row(data: bytes, header: Sequence[str], separator: str, name: str) -> str | None:
    """The message for the first row that is not as wide as the header; None where there is none to be found."""
    line = 1
    records = _records(data, separator)
    with contextlib.suppress(csv.Error):  # a field longer than the csv module reads
        for record in records:
            if record and len(record) != len(header):
                fields = "1 field was" if len(record) == 1 else f"{len(record):,} fields were"
                return f"{name}, line {line}: {fields} found; the header names {len(header):,}."
            line = records.line_num + 1
    return None


def _check_quotes(data: bytes, separator: str, name: str) -> None:
    """An unclosed quote swallows every row after it; it leaves an odd number of quotes, which is quick to count."""
    if data.count(b'"') % 2 == 0:
        return
    line = 1
    records = _records(data, separator, strict=True)
    try:
        for _ in records:
            line = records.line_num + 1
    except csv.Error:
        raise FrameError(f"{name}, line {line}: a quote that opens in this row is not closed.") from None
