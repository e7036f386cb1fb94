"""The commit protocol: data files first, one create-only record last. What has no record does not exist."""

import time

from plainview.exceptions import ConflictError, DamagedError, NewerFormatError, StoreError
from plainview.records import Evaluation, Record, StoredFile
from plainview.store.adapters import Adapter
from plainview.store.index import read_record
from plainview.store.keys import commit_key
from plainview.store.sealed import seal, unseal

PAUSES = (0.02, 0.1, 0.5)  # seconds before each further attempt
LONGEST_PUBLISH = 12 * 3600.0  # seconds; half the grace that garbage collection gives to files without a record


class Deadline:
    """A publish that takes too long may find its files collected as garbage: it stops before."""

    def __init__(self, seconds: float = LONGEST_PUBLISH) -> None:
        self._seconds = seconds
        self._started = time.monotonic(), time.time()

    def check(self) -> None:
        """StoreError after the time is over, by the clock that says more (one of them stops while asleep)."""
        spent = max(time.monotonic() - self._started[0], time.time() - self._started[1])
        if spent > self._seconds:
            raise StoreError(f"Publishing took {spent / 3600:.0f} hours and was stopped; nothing was published.")


def commit(adapter: Adapter, evaluation: Evaluation, *, deadline: Deadline) -> tuple[Evaluation, bool]:
    """Make ``evaluation`` exist: it does when this returns, and then survives a power loss.

    Returns what is there under its id, which may be what another publisher of the same content made, and whether it is new.
    Raises an OSError where that is not certain, and publishing the same again is safe; ConflictError where the id is
    another's.
    """
    for file in evaluation.files:
        check_present(adapter, file)
    deadline.check()
    key = commit_key(evaluation.id)
    if create_record(adapter, key, evaluation):
        return evaluation, True
    found = _read_whole(adapter, key)
    if found.publish_key != evaluation.publish_key:
        raise ConflictError(f"{key} is taken by another evaluation: {found.project} {found.release}.")
    return found, False


def _read_whole(adapter: Adapter, key: str) -> Evaluation:
    """A record that another publisher may be writing: where there are no links, it is seen before it is whole."""
    for pause in PAUSES:
        try:
            return read_record(adapter, key, Evaluation)
        except DamagedError:
            time.sleep(pause)
    return read_record(adapter, key, Evaluation)


def confirm(adapter: Adapter, identifier: str) -> Evaluation | None:
    """The evaluation of an id that was seen, or None where its record is not sound; it then survives a power loss.

    Whoever published it may have been stopped before that was so. Creating it again makes it so, and changes nothing.
    """
    key = commit_key(identifier)
    try:
        data = adapter.get(key)
        found = unseal(data, Evaluation, key=key)
    except (DamagedError, NewerFormatError, FileNotFoundError):
        return None
    return found if found.id == identifier and _create(adapter, key, data) else None


def check_present(adapter: Adapter, file: StoredFile) -> None:
    """DamagedError where a file that is about to be named is not there in its whole size."""
    stat = adapter.stat(file.key)
    if stat is None or stat.bytes != file.bytes:
        raise DamagedError(f"{file.key} was written and is not there. Nothing was published; try again.")


def create_record(adapter: Adapter, key: str, record: Record) -> bool:
    """Create a record under its own id; whether it is there, for good, with exactly these bytes."""
    return _create(adapter, key, seal(record))


def _create(adapter: Adapter, key: str, data: bytes) -> bool:
    """After an acknowledgement that was lost, the next attempt finds the key taken; reading back tells by whom."""
    for pause in PAUSES:
        try:
            return adapter.put_if_absent(key, data) or adapter.get(key) == data
        except (TimeoutError, ConnectionError, FileNotFoundError):
            time.sleep(pause)
    try:
        return adapter.put_if_absent(key, data) or adapter.get(key) == data
    except (TimeoutError, ConnectionError):
        return _read_back(adapter, key, data)


def _read_back(adapter: Adapter, key: str, data: bytes) -> bool:
    try:
        return adapter.get(key) == data
    except FileNotFoundError as error:
        raise TimeoutError(f"no answer to the creation of {key}, and it is not there") from error
