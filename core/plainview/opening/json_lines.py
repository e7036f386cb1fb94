"""JSON Lines: an object a line, each line looked over before it is parsed: its length, its depth, how many keys there are."""

import codecs
import io
import json
import math
import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from plainview.exceptions import FrameError, shown
from plainview.opening.limits import MAX_DEPTH, MAX_LINE, VIEW, check_opened, check_width
from plainview.opening.packed import check_utf8

_BLOCK = 5_000  # lines whose keys are looked up at a time: the cost of a key grows with the number of keys
_STEP = 1 << 24  # bytes looked over at a time
_ESCAPED = re.compile(rb"\\.", re.DOTALL)


def read_json_lines(data: bytes, packed: int, name: str) -> pl.DataFrame:
    """The frame of JSON Lines; ``packed`` is the size of the file that they came from.

    FrameError where a line is no JSON object, too long or nested too deeply, or where all keys over all lines take more
    memory than the file may; it names the line.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    check_utf8(data, name)
    if not data.strip():
        raise FrameError(f"{name} is empty: a line an example was expected, each a JSON object.")
    ends = _line_ends(data, name)
    _check_depth(data, ends, name)
    try:
        schema = _schema(data, ends, packed, name)
        return pl.read_ndjson(data, schema=schema)
    except pl.exceptions.PolarsError as error:
        raise FrameError(f"{name}{_fault(data) or ': ' + str(error).strip().split(chr(10))[0]}") from error


def _line_ends(data: bytes, name: str) -> np.ndarray:
    """Where each line ends; FrameError where one is too long."""
    found = [np.flatnonzero(part == ord("\n")) + start for start, part in _parts(data)]
    ends = np.concatenate([*found, [len(data)]])
    lengths = np.diff(ends, prepend=-1) - 1
    longest = int(lengths.argmax())
    if lengths[longest] > MAX_LINE:
        raise FrameError(
            f"{name}, line {longest + 1:,}: {lengths[longest]:,} bytes were found; at most {MAX_LINE:,} were expected."
        )
    return ends


def _parts(data: bytes) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(data), _STEP):
        yield start, np.frombuffer(data, np.uint8, min(_STEP, len(data) - start), start)


def _check_depth(data: bytes, ends: np.ndarray, name: str) -> None:
    """Lines with few brackets cannot be deep; only the others are gone through one by one."""
    opening = np.concatenate(
        [np.flatnonzero((part == ord("{")) | (part == ord("["))) + start for start, part in _parts(data)]
    )
    counts = np.diff(np.searchsorted(opening, ends), prepend=0)
    for line in np.flatnonzero(counts > MAX_DEPTH).tolist():
        start = int(ends[line - 1]) + 1 if line else 0
        depth = _depth(data[start : ends[line]])
        if depth > MAX_DEPTH:
            raise FrameError(f"{name}, line {line + 1:,}: nested {depth:,} deep; at most {MAX_DEPTH} was expected.")


def _depth(line: bytes) -> int:
    """How deep values lie within values; brackets within texts do not count."""
    characters = np.frombuffer(_ESCAPED.sub(b"__", line) if b"\\" in line else line, np.uint8)
    outside = np.cumsum(characters == ord('"')) % 2 == 0
    step = np.zeros(len(characters), np.int32)
    step[outside & ((characters == ord("{")) | (characters == ord("[")))] = 1
    step[outside & ((characters == ord("}")) | (characters == ord("]")))] = -1
    return int(np.cumsum(step).max(initial=0))


def _schema(data: bytes, ends: np.ndarray, packed: int, name: str) -> pl.Schema:
    """The columns and their types over all lines, where what they take is allowed.

    A few keys a line, other ones on each, make a table of lines times keys: the keys are counted block by block.
    """
    fields: set[tuple[str, ...]] = set()
    schemas: list[pl.Schema] = []
    for first in range(0, len(ends), _BLOCK):
        start = int(ends[first - 1]) + 1 if first else 0
        block = data[start : ends[min(first + _BLOCK, len(ends)) - 1]]
        if block.strip():
            schemas.append(_inferred(block))
            if schemas[-1] != schemas[0] or len(schemas) == 1:
                fields |= set(_fields(schemas[-1]))
                check_width(len(fields), name)
                check_opened(2 * len(data) + VIEW * len(fields) * len(ends), packed, name)
    return schemas[0] if all(schema == schemas[0] for schema in schemas[1:]) else _inferred(data)


def _inferred(data: bytes) -> pl.Schema:
    return pl.scan_ndjson(io.BytesIO(data), infer_schema_length=None).collect_schema()


def _fields(kinds: pl.Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every field that holds values, those within structs and lists included."""
    for name, kind in kinds.items():
        while isinstance(kind, pl.List | pl.Array):
            kind = kind.inner
        if isinstance(kind, pl.Struct) and kind.fields:
            yield from _fields(kind.to_schema(), (*path, name))
        else:
            yield (*path, name)


def _fault(data: bytes) -> str | None:
    """Where and why the first line that is not a JSON object is none."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            if line.strip() and not isinstance(json.loads(line, parse_constant=no_constant, parse_float=_finite), dict):
                return f", line {number}: a JSON object was expected."
        except ValueError as error:
            return f", line {number}: {error}."
    return None


def no_constant(name: str) -> None:
    """What a JSON parser calls for NaN and Infinity: they are refused."""
    raise ValueError(f"{name} is not JSON; write null where a value is missing")


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{shown(text)} is more than a number can hold")
    return number
