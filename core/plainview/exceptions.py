"""The tree of errors. Each says what was wrong, where, what was expected, and the nearest right name.

PlainviewError
├── InputError (ValueError)           what a person handed over cannot be used; nothing was written
│   ├── SpecificationError            the specification: names file, line, column
│   ├── PredicateError                a scenario's ``where``: names what is not allowed, or not there
│   └── FrameError                    the rows: names the column, the row, the id
└── StoreError (OSError)              the place where evaluations are kept
    ├── StoreMissingError             there is no store at this address (opening never creates one)
    ├── NotFoundError (LookupError)   no such project, release or evaluation in the store
    ├── DamagedError                  bytes do not match their digest: never a wrong number
    ├── ConflictError                 the name is taken by other content
    └── NewerFormatError              written by a newer Plainview than this one
"""

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


def nearest(name: str, known: Iterable[str], *, limit: int = 12) -> str:
    """The end of an error message that helps: the nearest known name, else the list of them."""
    known = [str(item) for item in known]
    close = get_close_matches(str(name), known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    if not known:
        return "There are none to choose from."
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return "Known: " + ", ".join(known[:limit]) + more + "."
