"""Rows as people hand them over, as one Polars frame with few, plain types.

Whole numbers become Int64; other numbers Float64, with NaN as missing and infinities kept; text, categories and enums
String; truths Boolean; dates Date; moments Datetime in microseconds, in UTC and without a zone; times of day text;
durations seconds. Lists and structs become JSON text. Bytes and Python objects are refused by name.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from plainview.delimited import opened_bytes, read_date, read_delimited, read_moment, typed
from plainview.exceptions import FrameError, InputError, cut, nearest, shown
from plainview.opening.json_lines import read_json_lines
from plainview.opening.limits import check_names, check_opened, first_repeated
from plainview.opening.packed import read_text_file
from plainview.opening.parquet_pages import check_parquet

FORMATS = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".arrow", ".feather", ".ipc", ".csv.gz", ".jsonl.gz")
_UNREADABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    EOFError,
    ValueError,
    IndexError,
    MemoryError,
    RecursionError,
    NotImplementedError,
    KeyError,
)  # what libraries raise over a file that is not what it says
_LONGEST_REASON = 300  # characters
_SHOWN = 5  # ids or rows that an error names before it says how many more there are


def read_frame(source: Any, *, id_column: str | None = None) -> pl.DataFrame:
    """Read a file or take a frame of pandas, Polars or Arrow; ``id_column`` becomes text, leading zeros and all.

    A path ends in one of ``FORMATS`` (``.tsv`` and ``.ndjson`` may be gzipped too). A file may open to 256 MB, or to a hundred
    times its own size where that is more; the environment variable PLAINVIEW_MAX_OPENED_BYTES says otherwise. The index of a
    pandas frame is not read. Raises FrameError where the rows cannot be read or are none, naming the column, line or row.
    """
    if isinstance(source, str | os.PathLike):
        frame, name = _read_file(Path(source), id_column), Path(source).name
    else:
        frame, name = _take_frame(source), "The frame"
    if frame.height == 0 or frame.width == 0:
        raise FrameError(f"{name} has no rows: a row an example was expected.")
    check_names(frame.columns, name)
    return frame.select([_normalised(column, is_id=column.name == id_column) for column in frame.iter_columns()])


def check_ids(frame: pl.DataFrame, id_column: str) -> None:
    """Raise FrameError unless every row has an id of its own. Rows are counted from 1, the header not counted."""
    if id_column not in frame.columns:
        raise FrameError(f"There is no id column {id_column!r}. {nearest(id_column, frame.columns)}")
    ids = class_text(frame[id_column])
    missing = (ids.is_null() | (ids.str.strip_chars() == "")).arg_true()
    if len(missing):
        raise FrameError(f"{_count(len(missing), 'row')} without an id in column {id_column!r}: {_rows(missing)}.")
    if ids.n_unique() < len(ids):
        raise FrameError(_repeated(ids, id_column))


def class_text(values: pl.Series) -> pl.Series:
    """Labels, predictions or ids as canonical text: true and 1 for True and 1.0, so that frames and files agree.

    Numbers that are whole lose their point, others are as Python writes them; the empty text is missing.
    """
    if values.dtype == pl.String:
        return values.set((values == "").fill_null(False), None)
    if values.dtype.is_float():
        return _decimal_text(values)
    return values.cast(pl.String)


def class_name(value: object) -> str:
    """One class as the same text that ``class_text`` gives a column of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _decimal_text(values: pl.Series) -> pl.Series:
    values = values.cast(pl.Float64).fill_nan(None)
    whole = values.cast(pl.Int64, strict=False)
    if whole.null_count() == values.null_count() and (whole.cast(pl.Float64) == values).all():
        return whole.cast(pl.String)
    return pl.Series(values.name, [None if value is None else class_name(value) for value in values], dtype=pl.String)


def _read_file(path: Path, id_column: str | None) -> pl.DataFrame:
    reader = _reader(path)
    try:
        if path.is_dir():
            raise FrameError(f"{path} is a folder; a file was expected.")
        if not path.is_file():
            raise FrameError(f"There is no file {path}.{_nearest_file(path)}")
        return reader(path, id_column)
    except InputError:
        raise
    except _UNREADABLE as error:
        raise FrameError(f"{cut(path.name)} could not be read: {_first_line(error)}") from error


def _nearest_file(path: Path) -> str:
    known = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    advice = nearest(path.name, known)
    return f" {advice}" if advice.startswith("Did you mean") else ""


def _reader(path: Path) -> Callable[[Path, str | None], pl.DataFrame]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else "".join(suffixes[-1:])
    zipped = suffixes[-1:] == [".gz"]
    if kind not in _READERS or (zipped and kind not in (".csv", ".tsv", ".jsonl", ".ndjson")):
        raise FrameError(f"{cut(path.name)} is of no known format. Known: {', '.join(FORMATS)}.")
    return _READERS[kind]


def _read_csv(path: Path, id_column: str | None) -> pl.DataFrame:
    return _delimited(path, ",", id_column)


def _read_tsv(path: Path, id_column: str | None) -> pl.DataFrame:
    return _delimited(path, "\t", id_column)


def _delimited(path: Path, separator: str, id_column: str | None) -> pl.DataFrame:
    data = read_text_file(path)
    check_opened(opened_bytes(data, separator), path.stat().st_size, path.name)
    return read_delimited(data, separator=separator, name=path.name, text_columns=[id_column or ""])


def _read_json_lines(path: Path, id_column: str | None) -> pl.DataFrame:
    frame = read_json_lines(read_text_file(path), path.stat().st_size, path.name)
    dated = [column.name for column in frame.iter_columns() if column.dtype == pl.String and column.name != id_column]
    return frame.with_columns([typed(frame[name], (read_date, read_moment)) for name in dated])


def _read_parquet(path: Path, id_column: str | None) -> pl.DataFrame:
    check_parquet(path)
    with path.open("rb") as file:
        return pl.read_parquet(file)


def _read_arrow(path: Path, id_column: str | None) -> pl.DataFrame:
    from plainview.opening.arrow_messages import read_arrow_file  # imports Arrow's reader

    return read_arrow_file(path)


_READERS: dict[str, Callable[[Path, str | None], pl.DataFrame]] = {
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".arrow": _read_arrow,
    ".feather": _read_arrow,
    ".ipc": _read_arrow,
}


def _take_frame(source: Any) -> pl.DataFrame:
    """A frame of another library as a Polars frame, known by what it offers rather than by importing the library."""
    if isinstance(source, pl.DataFrame):
        return source
    if isinstance(source, pl.LazyFrame):
        return source.collect()
    if type(source).__module__.split(".")[0] == "pandas" and hasattr(source, "columns"):
        return _from_pandas(source)
    expected = f"A path, or a frame of pandas, Polars or Arrow was expected; found {type(source).__name__}"
    if not hasattr(source, "__arrow_c_stream__"):
        raise FrameError(f"{expected}.")
    try:
        return pl.DataFrame(source)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, TypeError) as error:
        raise FrameError(f"{expected}, which is none: {_first_line(error)}") from error


def _from_pandas(source: Any) -> pl.DataFrame:
    names = [str(name) for name in source.columns]
    if repeated := first_repeated(names):
        raise FrameError(f"The frame has two columns named {shown(names[repeated[0] - 1])}.")
    columns = [_pandas_column(source.iloc[:, number], name) for number, name in enumerate(names)]
    return pl.DataFrame(columns)


def _pandas_column(series: Any, name: str) -> pl.Series:
    try:
        return pl.from_pandas(series.rename(name), nan_to_null=True).rename(name)
    except (pl.exceptions.PolarsError, ValueError, TypeError, NotImplementedError) as error:
        kinds = sorted({type(value).__name__ for value in series.dropna().head(1000)})
        raise FrameError(f"Column {name!r} holds {' and '.join(kinds)}, which is not one plain type.") from error


def _normalised(column: pl.Series, *, is_id: bool) -> pl.Series:
    """One column in the types that the module's docstring promises."""
    if is_id:
        return class_text(column if column.dtype.is_integer() else _plain(column))
    return _plain(column)


def _plain(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype.is_integer():
        return _whole(column)
    if dtype.is_float() or dtype.is_decimal():
        return column.cast(pl.Float64).fill_nan(None)
    if isinstance(dtype, pl.List | pl.Array | pl.Struct):
        return _json_text(column)
    if isinstance(dtype, pl.Datetime):
        zoned = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if dtype.time_zone else column
        return zoned.cast(pl.Datetime("us"))
    if dtype == pl.Duration:
        return column.dt.total_microseconds() / 1e6
    if dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null, pl.Time):
        return column.cast(pl.String)
    if dtype in (pl.Boolean, pl.Date):
        return column
    raise FrameError(f"Column {column.name!r} holds {dtype}, which cannot be kept; leave it out or turn it into text.")


def _whole(column: pl.Series) -> pl.Series:
    try:
        return column.cast(pl.Int64)
    except pl.exceptions.InvalidOperationError:
        raise FrameError(f"Column {column.name!r} holds a whole number beyond 64 bits; turn it into text.") from None


def _json_text(column: pl.Series) -> pl.Series:
    try:
        encoded = column.alias("v").to_frame().to_struct().struct.json_encode()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise FrameError(f"Column {column.name!r} holds {column.dtype}, which cannot be kept as JSON text.") from None
    text = encoded.str.slice(len('{"v":')).str.head(-1)  # what stands between {"v": and }
    return text.set(column.is_null(), None).alias(column.name)


def _first_line(error: BaseException) -> str:
    return cut(str(error).strip().split("\n")[0], _LONGEST_REASON)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _rows(indices: Iterable[int]) -> str:
    rows = [index + 1 for index in indices]
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, rows[:_SHOWN]))}{more}"


def _repeated(ids: pl.Series, id_column: str) -> str:
    places = pl.DataFrame({"id": ids, "row": pl.int_range(len(ids), eager=True)}).group_by("id", maintain_order=True)
    repeated = places.agg("row").filter(pl.col("row").list.len() > 1)
    listed = "; ".join(f"{shown(name)} in {_rows(rows)}" for name, rows in repeated.head(_SHOWN).iter_rows())
    more = f"; and {repeated.height - _SHOWN:,} more" if repeated.height > _SHOWN else ""
    return f"{_count(repeated.height, 'id')} repeated in column {id_column!r}: {listed}{more}."
