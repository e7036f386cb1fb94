"""Whether a store can be relied on: what was looked at, what was found, and what to do about it."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from plainview.exceptions import DamagedError
from plainview.records import Evaluation
from plainview.store.adapters import Adapter
from plainview.store.cache import Cache
from plainview.store.faults import REASONS, DamagedItem, mending
from plainview.store.index import Contents, read_record
from plainview.store.keys import COMMITS, TEMPORARY, commit_key, is_key
from plainview.store.publishing import without_results
from plainview.store.sealed import seal
from plainview.store.ulids import new_ulid
from plainview.store.verified import check
from plainview.store.verify import twins

ROUNDS, RACERS = 200, 8
SAMPLE = 20  # evaluations whose files are read whole
MOST_BYTES = 1 << 30  # of those files
SKEW = 60.0  # seconds; a clock that is further off puts evaluations in another order

Status = Literal["fine", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str  # a few words
    status: Status
    found: str  # a sentence
    what_to_do: str = ""  # a sentence; empty where there is nothing to do


@dataclass(frozen=True)
class Patient:
    """A store, opened up."""

    adapter: Adapter
    cache: Cache
    commits: Callable[[], Contents[Evaluation]]  # what is there now
    damaged: Callable[[], Sequence[DamagedItem]]


def examine(patient: Patient, *, rounds: int = ROUNDS, sample: int = SAMPLE) -> list[Finding]:
    """Look at everything, whatever one look finds. Writes only probes, which it removes."""
    findings = [_guarded("The store", lambda: _reached(patient))]
    if findings[0].status != "problem":
        findings.append(_guarded("Writing", lambda: _written(patient.adapter)))
        if findings[-1].status == "fine":
            findings.append(_guarded("Conditional writes", lambda: _raced(patient.adapter, rounds)))
            findings.append(_guarded("The clock", lambda: _clock(patient.adapter)))
        findings.append(_guarded("The records", lambda: _records(patient)))
        findings.append(_guarded("The files", lambda: _files(patient, sample)))
        findings.append(_guarded("Repeated content", lambda: _repeated(patient)))
        findings.append(_guarded("The local index", lambda: _index(patient, sample)))
    return findings


def _guarded(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except OSError as error:
        reason = REASONS.get(error.errno) or str(error).rstrip(".") or type(error).__name__
        return Finding(what, "problem", f"It could not be looked at: {reason}.", "Mend that, then run this again.")


def _reached(patient: Patient) -> Finding:
    started = time.perf_counter()
    there = sum(map(is_key, patient.adapter.list(COMMITS)))
    spent = 1000 * (time.perf_counter() - started)
    return Finding("The store", "fine", f"It answers: {there:,} evaluations listed in {spent:,.0f} ms.")


def _written(adapter: Adapter) -> Finding:
    data = b"written by plainview doctor\n"
    try:
        with _probe(adapter) as key:
            adapter.put(key, data)
            back = adapter.get(key)
    except OSError as error:
        reason = REASONS.get(error.errno) or str(error).rstrip(".")
        return Finding(
            "Writing", "warning", f"Nothing can be written: {reason}.", "Reading works; publish from elsewhere."
        )
    if back != data:
        return Finding("Writing", "problem", "What was written was not what was read back.", "Do not publish here.")
    return Finding("Writing", "fine", "A file was written, read back and removed.")


def _raced(adapter: Adapter, rounds: int) -> Finding:
    broken = sum(not _one_winner(adapter) for _ in range(rounds))
    done = f"{rounds:,} races of {RACERS} writers"
    if not broken:
        return Finding("Conditional writes", "fine", f"In {done} for one name each had one winner.")
    mend = (
        "Nothing is lost by it; the same content may be kept twice, and is shown once. "
        "Let the server, or the proxy before it, honour If-None-Match."
    )
    return Finding("Conditional writes", "warning", f"In {broken:,} of {done} not exactly one won.", mend)


def _one_winner(adapter: Adapter) -> bool:
    barrier, won = threading.Barrier(RACERS), []
    errors: list[OSError] = []
    with _probe(adapter) as key:

        def race(number: int) -> None:
            barrier.wait()
            try:
                if adapter.put_if_absent(key, b"%d" % number):
                    won.append(b"%d" % number)
            except OSError as error:
                errors.append(error)

        threads = [threading.Thread(target=race, args=(number,)) for number in range(RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return won == [adapter.get(key)]


@contextmanager
def _probe(adapter: Adapter) -> Iterator[str]:
    """A name for a file of ours, which is removed at the end; what cannot be removed is garbage that `gc` finds."""
    key = f"{TEMPORARY}{new_ulid()}"
    try:
        yield key
    finally:
        with suppress(OSError):
            adapter.delete(key)


def _clock(adapter: Adapter) -> Finding:
    with _probe(adapter) as key:
        before = time.time()
        adapter.put(key, b"what time is it?\n")
        stat, after = adapter.stat(key), time.time()
    if stat is None:
        return Finding("The clock", "problem", "A file that was written is not there.", "Do not publish here.")
    # Some stores round to whole seconds: only what is outside the second counts.
    skew = max(before - 1 - stat.modified, stat.modified - after - 1, 0.0)
    if skew <= SKEW:
        return Finding("The clock", "fine", "The clocks of this machine and of the store agree.")
    found = f"The clocks of this machine and of the store differ by {skew:,.0f} seconds."
    return Finding("The clock", "warning", found, "Set this machine's clock: new evaluations are ordered by it.")


def _records(patient: Patient) -> Finding:
    damaged = patient.damaged()
    if not damaged:
        return Finding("The records", "fine", f"All {len(patient.commits().records):,} evaluations can be listed.")
    first = damaged[0]
    more = f" {len(damaged) - 1:,} more are damaged; see plainview verify." if len(damaged) > 1 else ""
    return Finding("The records", "problem", f"{first.reason}{more}", first.what_to_do)


def _files(patient: Patient, sample: int) -> Finding:
    """Of the newest evaluations and some of the others every file, up to MOST_BYTES."""
    known = patient.commits().records
    chosen = [*known[-(sample // 2) :], *random.sample(known, min(len(known), sample // 2))]
    files = {file.key: (one, file) for one in chosen for file in one.files}
    looked, size = 0, 0
    for one, file in files.values():
        if size <= MOST_BYTES:
            try:
                check(patient.adapter, file)
            except DamagedError as error:
                which = f"{one.project} {one.release}"
                return Finding("The files", "problem", f"{error} It belongs to {which}.", mending(which))
            looked, size = looked + 1, size + file.bytes
    return Finding("The files", "fine", f"A sample of {looked:,} files, {size:,} bytes, is as it was published.")


def _repeated(patient: Patient) -> Finding:
    hidden = twins(patient.commits().records)
    if not hidden:
        return Finding("Repeated content", "fine", "No content was published twice.")
    found = f"{len(hidden):,} evaluations have the content of an earlier one, and are not shown: {hidden[0]}"
    found += " and others." if len(hidden) > 1 else "."
    mend = "Nothing needs to be done. Racing publishers leave them where a bucket ignores conditions."
    return Finding("Repeated content", "warning", found, mend)


def _index(patient: Patient, sample: int) -> Finding:
    """Whether the cache has what is listed, and says what the store says."""
    what, path = "The local index", patient.cache.path
    known = {commit_key(each.id): each for each in patient.commits().records}
    kept = patient.cache.records(COMMITS)
    if lacking := len(known.keys() - kept.keys()):
        found = f"{path} lacks {lacking:,} of {len(known):,} evaluations, which are read from the store each time."
        return Finding(what, "warning", found, "Set PLAINVIEW_CACHE to a folder that can be written.")
    for key in random.sample(sorted(known), min(len(known), sample)):
        own = seal(without_results(read_record(patient.adapter, key, Evaluation)))
        if kept[key] != own:
            return Finding(what, "problem", f"{path} does not say of {key} what the store says.", f"Delete {path}.")
    return Finding(what, "fine", f"{path} has all {len(known):,} evaluations, and a sample of them is right.")
