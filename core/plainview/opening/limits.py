"""How much a file may open to: in memory against its own size, in columns, in lengths of lines and of names.

A file of a few kilobytes can hold one value repeated a billion times. Every reader reckons what it is about to open and
refuses what is beyond ``allowance``; a person who means it raises that by the environment variable ``VARIABLE``.
"""

import os
import re
from collections.abc import Iterable, Sequence

from plainview.exceptions import FrameError, InputError, shown

VARIABLE = "PLAINVIEW_MAX_OPENED_BYTES"
FLOOR = 256 << 20  # bytes that any file may open to
RATIO = 100  # beyond the floor: bytes in memory for each byte of the file
MAX_COLUMNS = 10_000
MAX_COLUMN_NAME = 1_000  # characters
MAX_LINE = 16 << 20  # bytes of one line of JSON
MAX_DEPTH = 40  # of values within values
VIEW = 16  # bytes that a text costs besides its own

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PATTERN = re.compile(r"\*|\^.*\$", re.DOTALL)  # what Polars takes for several columns at once


def allowance(packed: int) -> int:
    """Bytes that a file of ``packed`` bytes may take in memory once it is open.

    The number in PLAINVIEW_MAX_OPENED_BYTES where that is set, more or less than usual; else FLOOR, or RATIO times the
    file's own size where that is more. InputError where the variable is no whole number.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return max(FLOOR, RATIO * packed)
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise InputError(f"{VARIABLE} is {shown(given)}; a whole number of bytes was expected, such as 2000000000.")
    return int(given)


def check_opened(opened: int, packed: int, name: str) -> None:
    """Raise FrameError where a file would open to more than it may."""
    allowed = allowance(packed)
    if opened > allowed:
        raise FrameError(
            f"{name} has {spoken_bytes(packed)} and would open to {spoken_bytes(opened)} or more; at most "
            f"{spoken_bytes(allowed)} were expected. If it is meant so, set {VARIABLE} to the bytes that it may take."
        )


def check_names(names: Sequence[str], where: str) -> None:
    """Raise FrameError unless the columns are few enough, and named in plain, short text."""
    check_width(len(names), where)
    for number, name in enumerate(names, start=1):
        if len(name) > MAX_COLUMN_NAME:
            raise FrameError(
                f"{where}: the name of column {number} has {len(name):,} characters: {shown(name)}. "
                f"At most {MAX_COLUMN_NAME:,} were expected."
            )
        if found := _CONTROL.search(name):
            raise FrameError(
                f"{where}: the name of column {number}, {shown(name)}, holds the control character "
                f"U+{ord(found.group()):04X}. Rename it."
            )
        if _PATTERN.fullmatch(name):
            raise FrameError(
                f"{where}: the name of column {number}, {shown(name)}, would be read as a pattern of names. Rename it."
            )


def check_width(columns: int, where: str) -> None:
    """Raise FrameError where there are more columns than anyone means."""
    if columns > MAX_COLUMNS:
        raise FrameError(f"{where} has {columns:,} columns or more; at most {MAX_COLUMNS:,} were expected.")


def first_repeated(names: Iterable[str]) -> tuple[int, int] | None:
    """The places, from 1, of the first two that are named alike."""
    places: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if name in places:
            return places[name], number
        places[name] = number
    return None


def spoken_bytes(number: int) -> str:
    """874 bytes, 12 kB, 1.6 GB."""
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return f"{number / size:.3g} {unit}" if number < 1000 * size else f"{number // size:,} {unit}"
    return f"{number} bytes"
