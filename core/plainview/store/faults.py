"""What went wrong at the place where things are kept, said for the person who has to mend it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from plainview.exceptions import DamagedError, NewerFormatError, PlainviewError, StoreError
from plainview.records import Evaluation

REASONS = {
    errno.ENOSPC: "it is full. Free some space, then try again",
    errno.EDQUOT: "the quota is used up. Free some space, then try again",
    errno.EFBIG: "a file would be larger than this place allows",
    errno.EROFS: "it is read-only. Choose another place with --store, or ask for the right to write",
    errno.EACCES: "permission is denied. Choose another place with --store, or ask for the right to write",
    errno.EPERM: "permission is denied. Choose another place with --store, or ask for the right to write",
    errno.EIO: "the disk reports an error. Look after it before you rely on it",
    errno.ENOENT: "something is gone that was there. Was the store moved or deleted?",
}


@dataclass(frozen=True, slots=True)
class DamagedItem:
    """One thing in the store that cannot be used. The others are not affected."""

    key: str
    reason: str  # a sentence
    what_to_do: str  # a sentence
    newer: bool = False  # it is sound: a newer Plainview wrote it


@contextmanager
def explained(action: str, url: str) -> Iterator[None]:
    """Turn an OSError of the place into a StoreError that says what to do: "Cannot <action> the store at <url>: …"."""
    try:
        yield
    except PlainviewError:
        raise
    except OSError as error:
        reason = REASONS.get(error.errno) or (str(error) if str(error) else type(error).__name__)
        raise StoreError(f"Cannot {action} the store at {url}: {reason}.") from error


def mending(which: str) -> str:
    """What to do about a damaged file of an evaluation."""
    return f"Restore it from a backup, or publish {which} again with the same content: that mends it."


MAKE_AGAIN = "Restore it from a backup, or make it once more; nothing else is affected."  # a damaged table of an event


@contextmanager
def belonging_to(evaluation: Evaluation) -> Iterator[None]:
    """Say of damage which evaluation it belongs to, and what to do."""
    try:
        yield
    except DamagedError as error:
        which = f"{evaluation.project} {evaluation.release}"
        raise DamagedError(f"{error} It belongs to {which}. {mending(which)}") from error


def damaged_item(key: str, error: OSError) -> DamagedItem:
    """What to say of an item that could not be read."""
    if isinstance(error, NewerFormatError):
        return DamagedItem(key, str(error), "Upgrade Plainview to read it; nothing is lost.", newer=True)
    if isinstance(error, DamagedError):
        mend = "Restore this file from a backup; or publish or write the same again, then delete this file."
        return DamagedItem(key, str(error), mend)
    return DamagedItem(key, f"{key} could not be read: {error}.", "Look after the disk or the permissions; try again.")
