"""The tree of errors. Each says what was wrong, where, what was expected, and the nearest right name.

PlainviewError
├── InputError (ValueError)           what a person handed over cannot be used; nothing was written
│   ├── SpecificationError            the specification: names file, line, column
│   ├── PredicateError                a scenario's ``where``: names what is not allowed, or not there
│   └── FrameError                    the rows: names the column, the row, the id
├── AccessError (PermissionError)     the reader may not do this in this project; nothing was written
│   └── TooManyWritesError            they may, and did too often within a minute
└── StoreError (OSError)              the place where evaluations are kept
    ├── StoreMissingError             there is no store at this address (opening never creates one)
    ├── NotFoundError (LookupError)   no such project, release or evaluation in the store
    ├── DamagedError                  bytes do not match their digest: never a wrong number
    ├── ConflictError                 the name is taken by other content
    ├── NewerFormatError              written by a newer Plainview than this one
    └── RowsElsewhereError            the rows of an evaluation stay in a table outside of the store
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches


class PlainviewError(Exception):
    """Any error that Plainview raises on purpose. ``str(error)`` is written for the person who caused it."""


class InputError(PlainviewError, ValueError):
    """What was handed over cannot be used; nothing was written."""


class SpecificationError(InputError):
    """The specification is not valid; the message names the file, the line and the column."""


class PredicateError(InputError):
    """A scenario's ``where`` uses something that is not allowed, or a column that is not there."""


class FrameError(InputError):
    """The rows cannot be used: a column is missing, an id is repeated, a label is unknown."""


class AccessError(PlainviewError, PermissionError):
    """The reader may not see or do this; nothing was written."""


class TooManyWritesError(AccessError):
    """Somebody wrote too often within a short time; nothing was written."""


class StoreError(PlainviewError, OSError):
    """The store could not be read or written."""


class StoreMissingError(StoreError):
    """There is no store at this address; opening never creates one."""


class NotFoundError(StoreError, LookupError):
    """The store holds no such project, release or evaluation."""


class DamagedError(StoreError):
    """Stored bytes do not match their digest."""


class ConflictError(StoreError):
    """The same name was published with other content."""


class NewerFormatError(StoreError):
    """A record was written by a newer Plainview; upgrade to read it."""


class RowsElsewhereError(StoreError):
    """The rows of an evaluation are in a table outside of the store, which has the sums of them alone."""


_LONGEST_SHOWN = 200  # characters of a name in an error
_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}")
_COMPARED = 2_000  # names among which the nearest is looked for; each costs some 50 µs

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # a Path has one slash where an address had two


def cut(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """The text, or the start of one that is too long to be read in an error."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def spoken_path(path: object) -> str:
    """A path as an error shows it; of an address, which may hold a secret, its last part alone."""
    text = str(path)
    return cut(text.rsplit("/", 1)[-1] if _ADDRESS.match(text) else text)


def shown(value: object, longest: int = 80) -> str:
    """A value as an error quotes it, however long it is."""
    return repr(cut(value, longest)) if isinstance(value, str) else cut(repr(value), longest)


def reason_of(error: PlainviewError) -> str:
    """The first sentence of an error, as the end of another sentence: what is wrong, without what to do about it.

    Digests, of which the names of files are made, keep the first of their characters.
    """
    return _DIGEST.sub(r"\1…", str(error).split(". ")[0].rstrip("."))


def nearest(name: str, known: Iterable[str], *, limit: int = 12) -> str:
    """The end of an error message that helps: the nearest known name, else the list of them."""
    known = [cut(str(item)) for item in known]
    folded: dict[str, str] = {}  # spelled alike but for capitals: the first of them
    for item in known:
        folded.setdefault(item.casefold(), item)
    close = get_close_matches(cut(str(name)).casefold(), list(folded)[:_COMPARED], n=1, cutoff=0.6)
    if close:
        return f"Did you mean {folded[close[0]]!r}?"
    if not known:
        return "There are none to choose from."
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return "Known: " + ", ".join(known[:limit]) + more + "."
