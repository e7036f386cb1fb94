"""Seals: what the records of past days were, in a chain of files that each hold the digest of the one before.

A seal covers the days since the last one and is named by the first of them, so that of racing sealers exactly one can go on
from where the chain ended. A day is sealed when it has been over for so long that no honest clock writes into it any more.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter

from plainview.exceptions import StoreError
from plainview.records import PLAIN, Evaluation, Record
from plainview.store.adapters import Adapter, keys_under
from plainview.store.commit import create_record
from plainview.store.faults import DamagedItem, damaged_item
from plainview.store.index import opened, read_record
from plainview.store.keys import COMMITS, EVENTS, SEALS, TEMPORARY, commit_key, seal_key, stem
from plainview.store.sealed import unseal_line
from plainview.store.ulids import new_ulid, time_of

SETTLED = timedelta(days=2)  # a publisher's clock may be a day behind, a sealer's a day ahead
DAY = timedelta(days=1)
Dates = Mapping[str, datetime]
MOMENT = TypeAdapter(datetime)  # numbers and texts are read as they are in records


class Seal(Record):
    """What the records of some days were."""

    schema_version: int = PLAIN
    min_reader: int = PLAIN
    id: str  # the first day, in UTC
    until: date  # the last day
    previous: str  # SHA-256 of the seal before; empty in the first one
    records: dict[str, str]  # key to SHA-256 of the file


@dataclass(frozen=True)
class Seen:
    """A record as it is now."""

    sha256: str
    day: date | None  # on which it says it was written; None where it cannot be read


@dataclass
class Chain:
    """All seals of a store, read in order."""

    digests: list[str] = field(default_factory=list)
    until: date | None = None
    sealed: dict[str, tuple[str, int]] = field(default_factory=dict)  # by key: digest, and which seal has it
    damaged: list[DamagedItem] = field(default_factory=list)

    def add(self, key: str, data: bytes) -> None:
        """Read the next seal."""
        digest = hashlib.sha256(data).hexdigest()
        try:
            self._follow(key, opened(data, key, Seal))
        except OSError as error:
            self.damaged.append(damaged_item(key, error))
        self.digests.append(digest)

    def _follow(self, key: str, seal: Seal) -> None:
        follows = self.until is None or seal.id == (self.until + DAY).isoformat()
        if not follows or seal.previous != (self.digests[-1] if self.digests else ""):
            said = f"{key} does not follow the seal before it: a seal was changed, removed or added."
            self.damaged.append(DamagedItem(key, said, "Restore the folder seals from a backup, then verify again."))
        for name, digest in seal.records.items():
            self.sealed.setdefault(name, (digest, len(self.digests)))
        self.until = seal.until


def read_chain(adapter: Adapter) -> Chain:
    """Every seal, checked against the one before."""
    chain = Chain()
    for key in keys_under(adapter, SEALS):
        chain.add(key, adapter.get(key))
    return chain


def newest_seal(adapter: Adapter) -> str:
    """The SHA-256 of the last seal; empty where there is none."""
    keys = keys_under(adapter, SEALS)
    return hashlib.sha256(adapter.get(keys[-1])).hexdigest() if keys else ""


def seal_days(adapter: Adapter, store: str, dates: Callable[[], Dates], *, now: datetime | None = None) -> Seal | None:
    """Seal the days that are settled and in no seal; the seal, or None where there are none.

    ``store`` is the id of the store, ``dates`` gives when records were written, by id; others are read. StoreError where a
    record or the last seal is damaged: what is damaged must not be sealed.
    """
    now = datetime.now(UTC) if now is None else now
    first, previous = time_of(store).date(), ""
    if _last_settled(now) < first:
        return None
    if earlier := keys_under(adapter, SEALS):
        data = adapter.get(earlier[-1])
        first, previous = opened(data, earlier[-1], Seal).until + DAY, hashlib.sha256(data).hexdigest()
    if _last_settled(now) < first or (until := _last_settled(min(now, _clock(adapter)))) < first:
        return None
    records = _records(adapter, dates(), since=first if earlier else date.min, until=until)
    create_record(
        adapter,
        seal_key(first.isoformat()),
        Seal(id=first.isoformat(), until=until, previous=previous, records=records),
    )
    return read_record(adapter, seal_key(first.isoformat()), Seal)  # ours, or that of a sealer who was faster


def _last_settled(now: datetime) -> date:
    return (now - SETTLED).date() - DAY


def _clock(adapter: Adapter) -> datetime:
    """The time by the clock of the store: a machine that is years ahead must not seal days that are to come."""
    key = f"{TEMPORARY}{new_ulid()}"
    adapter.put(key, b"what time is it?\n")
    try:
        stat = adapter.stat(key)
    finally:
        adapter.delete(key)
    if stat is None:
        raise StoreError(f"{key} was written and is not there. Nothing was sealed.")
    return datetime.fromtimestamp(stat.modified, UTC)


def _records(adapter: Adapter, dates: Dates, *, since: date, until: date) -> dict[str, str]:
    """The digests of the records of some days."""
    found = {}
    for key in (*keys_under(adapter, COMMITS), *keys_under(adapter, EVENTS)):
        known = dates.get(stem(key))
        if known is not None and not since <= day_of(known) <= until:
            continue
        with suppress(FileNotFoundError):
            data = adapter.get(key)
            if since <= said_day(data, key) <= until:
                found[key] = hashlib.sha256(data).hexdigest()
    return found


def day_of(moment: datetime) -> date:
    """The day in UTC; the first of all days for what no calendar has."""
    with suppress(OverflowError):
        return moment.astimezone(UTC).date()
    return date.min


def said_day(data: bytes, key: str) -> date:
    """The day on which a record says it was written, whatever its format. DamagedError where its bytes do not match."""
    with suppress(ValueError, TypeError, AttributeError):
        content = json.loads(unseal_line(data, key=key))
        return day_of(MOMENT.validate_python(content.get("published_at", content.get("at"))))
    return time_of(stem(key)).date()


def tampered(
    chain: Chain, seen: Mapping[str, Seen], evaluations: Sequence[Evaluation], *, noted: str | None = None
) -> Iterator[DamagedItem]:
    """What is not as it was sealed. ``seen`` has every record that is there, by key; ``noted`` is the digest of a seal."""
    yield from chain.damaged
    for key, (digest, _) in chain.sealed.items():
        if key not in seen:
            yield DamagedItem(key, f"{key} was sealed and is gone.", "Restore it from a backup.")
        elif seen[key].sha256 != digest:
            yield DamagedItem(key, f"{key} was changed after it was sealed.", "Restore it from a backup.")
    for key, found in seen.items():
        if chain.until and found.day and found.day <= chain.until and key not in chain.sealed:
            said = f"{key} says that it was written on {found.day}, and was not there when that day was sealed."
            yield DamagedItem(key, said, "Find out who added it, and delete it where nobody can say.")
    yield from _hiding(chain, evaluations)
    if noted is not None and noted not in chain.digests:
        said = f"No seal has the digest {noted:.64}: the seals are not those that were noted."
        yield DamagedItem(SEALS, said, "Restore the whole store from a backup from before it was noted.")


def _hiding(chain: Chain, evaluations: Sequence[Evaluation]) -> Iterator[DamagedItem]:
    """A record added under a lower id hides the one that was sealed before: readers show the lowest of equal contents."""
    shown: dict[str, Evaluation] = {}
    for each in sorted(evaluations, key=lambda one: one.id):
        first = shown.setdefault(each.publish_key, each)
        if _place(chain, first) > _place(chain, each):
            key = commit_key(first.id)
            said = f"{key} claims the content of {commit_key(each.id)}, which was sealed before, and hides it."
            yield DamagedItem(key, said, "Find out who added it, and delete it where nobody can say.")


def _place(chain: Chain, evaluation: Evaluation) -> int:
    return chain.sealed.get(commit_key(evaluation.id), ("", len(chain.digests)))[1]
