"""Reading every byte of a store again, and saying what is not as it was published."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import polars as pl

from plainview.exceptions import DamagedError, InputError, NewerFormatError, StoreMissingError
from plainview.records import Evaluation, Event, Record, StoredFile
from plainview.store.adapters import Adapter, keys_under
from plainview.store.claims import claimed
from plainview.store.compacted import read_one
from plainview.store.faults import MAKE_AGAIN, DamagedItem, damaged_item, mending
from plainview.store.identity import identity_of
from plainview.store.index import opened
from plainview.store.keys import (
    CLAIMS,
    COMMITS,
    COMPACTED,
    DATA,
    EVENTS,
    SNAPSHOTS,
    SPECIFICATIONS,
    STORE,
    commit_key,
    event_key,
    stem,
)
from plainview.store.publishing import without_results
from plainview.store.results import read_results
from plainview.store.seals import Seen, read_chain, said_day, tampered
from plainview.store.segments import MEMBER, Member, member
from plainview.store.snapshots import copies_in
from plainview.store.verified import Verified, check

HARMLESS = "Delete it: it only saves time, and nothing is lost."

Progress = Callable[[int, int], None]  # files done, files in all


@dataclass(frozen=True, kw_only=True)
class VerifyReport:
    """What was found."""

    evaluations: int  # sound records
    events: int  # sound ones
    files: int  # named by records, each read once
    bytes: int  # of those files
    damaged: tuple[DamagedItem, ...]
    orphans: tuple[str, ...]  # files that no record names: left by publishers that were stopped, harmless
    twins: tuple[str, ...]  # records hidden because another one has the same publish key: harmless
    seals: int
    sealed_until: date | None  # the last day that is sealed
    newest_seal: str  # its SHA-256: noted elsewhere, it proves that no seal was replaced

    @property
    def ok(self) -> bool:
        """Whether everything that was published is there, byte for byte."""
        return not self.damaged


def verify(adapter: Adapter, *, progress: Progress | None = None, noted_seal: str | None = None) -> VerifyReport:
    """Read all records and seals, hash all files. ``noted_seal`` is the SHA-256 of a seal that must be there."""
    chain = read_chain(adapter)  # first: what is sealed meanwhile is no concern of this look
    damaged: list[DamagedItem] = []
    seen: dict[str, Seen] = {}
    evaluations = _records(adapter, COMMITS, Evaluation, damaged, seen)
    events = _records(adapter, EVENTS, Event, damaged, seen)
    if identity_of(adapter) is None:
        raise StoreMissingError(f"There is no {STORE} at {adapter.url}.")
    owners = (*evaluations, *events)
    named = {file.key: file for owner in owners for file in owner.files}
    for done, file in enumerate(named.values(), start=1):
        damaged.extend(_damage(adapter, file, owners))
        if progress is not None:
            progress(done, len(named))
    damaged.extend(_damaged_copies(adapter, evaluations))
    damaged.extend(_damaged_snapshots(adapter, evaluations, events))
    known = {item.key for item in damaged}
    damaged.extend(item for item in tampered(chain, seen, evaluations, noted=noted_seal) if item.key not in known)
    return VerifyReport(
        evaluations=len(evaluations),
        events=len(events),
        files=len(named),
        bytes=sum(file.bytes for file in named.values()),
        damaged=tuple(damaged),
        orphans=tuple(key for key in data_keys(adapter) if key not in named),
        twins=twins(evaluations),
        seals=len(chain.digests),
        sealed_until=chain.until,
        newest_seal=chain.digests[-1] if chain.digests else "",
    )


def data_keys(adapter: Adapter) -> list[str]:
    """Every file that a record could name."""
    return [*keys_under(adapter, DATA), *keys_under(adapter, SPECIFICATIONS)]


def _records(
    adapter: Adapter, prefix: str, kind: type[Record], damaged: list[DamagedItem], seen: dict[str, Seen]
) -> list[Record]:
    """The sound records; whatever is there goes to ``seen``, and what is wrong with it to ``damaged``."""
    found = []
    for key in keys_under(adapter, prefix):
        try:
            data = adapter.get(key)
            digest = hashlib.sha256(data).hexdigest()
            seen[key] = Seen(digest, None)
            seen[key] = Seen(digest, said_day(data, key))
            found.append(opened(data, key, kind))
        except OSError as error:
            damaged.append(damaged_item(key, error))
    return found


def _damage(adapter: Adapter, file: StoredFile, owners: Iterable[Evaluation | Event]) -> list[DamagedItem]:
    try:
        check(adapter, file)
    except DamagedError as error:
        using = [_called(each) for each in owners if file in each.files]
        which = ", ".join(using[:5]) + (f" and {len(using) - 5} more" if len(using) > 5 else "")
        published = any(file in each.files for each in owners if isinstance(each, Evaluation))
        return [DamagedItem(file.key, f"{error} It belongs to {which}.", mending(which) if published else MAKE_AGAIN)]
    except OSError as error:
        return [damaged_item(file.key, error)]
    return []


def _called(owner: Evaluation | Event) -> str:
    """How an evaluation or an event is spoken of: "sentiment 3.0.1", "the check of sentiment 3.0.1"."""
    of = f"{owner.project} {owner.release}" if owner.release else owner.project
    return f"the {owner.kind} of {of}" if isinstance(owner, Event) else of


def _damaged_copies(adapter: Adapter, evaluations: Iterable[Evaluation]) -> Iterator[DamagedItem]:
    """Claims and copies of results that do not say what they should."""
    for key in keys_under(adapter, CLAIMS):
        try:
            claimed(adapter, stem(key))
        except FileNotFoundError:
            continue
        except NewerFormatError as error:
            yield damaged_item(key, error)
        except OSError as error:
            yield DamagedItem(key, str(error), HARMLESS)
    by_member = {member(each): each for each in evaluations}
    for key in keys_under(adapter, COMPACTED):
        try:
            _compare(adapter, key, by_member)
        except FileNotFoundError:
            continue
        except (OSError, InputError) as error:
            yield DamagedItem(key, str(error), HARMLESS)


def _damaged_snapshots(
    adapter: Adapter, evaluations: Iterable[Evaluation], events: Iterable[Event]
) -> Iterator[DamagedItem]:
    """Snapshots of which a sound record says something else."""
    records = {commit_key(each.id): without_results(each) for each in evaluations}
    records |= {event_key(each.id, f"{each.at:%Y-%m}"): each for each in events}
    for key in keys_under(adapter, SNAPSHOTS):
        try:
            for name, data in copies_in(adapter, key):
                if name in records and opened(data, name, type(records[name])) != records[name]:
                    raise DamagedError(f"{key} is damaged: it does not say what {name} says.")
        except FileNotFoundError:
            continue
        except OSError as error:
            yield DamagedItem(key, str(error), HARMLESS)


def _compare(adapter: Adapter, key: str, evaluations: Mapping[Member, Evaluation]) -> None:
    """DamagedError where a copy of results is not what the evaluations themselves say."""
    segment = read_one(adapter, key)
    copies = segment.rows.partition_by(MEMBER, as_dict=True, include_key=False)
    for place, each in enumerate(segment.members):
        own = _own_results(adapter, evaluations[each]) if each in evaluations else None
        if own is not None and not own.equals(copies[place,]):
            raise DamagedError(f"{key} is damaged: it does not say of {each[0]} what its record says.")


def _own_results(adapter: Adapter, evaluation: Evaluation) -> pl.DataFrame | None:
    """None where they cannot be read, which is told of the evaluation itself."""
    with suppress(OSError):
        return read_results(adapter, evaluation, verified=Verified())
    return None


def twins(evaluations: Iterable[Evaluation]) -> tuple[str, ...]:
    """The ids of evaluations that are hidden because one with a lower id has the same publish key."""
    seen: set[str] = set()
    hidden = []
    for evaluation in sorted(evaluations, key=lambda each: each.id):
        if evaluation.publish_key in seen:
            hidden.append(evaluation.id)
        seen.add(evaluation.publish_key)
    return tuple(hidden)
