"""Compacted files: copies of the results of many evaluations in one Parquet file, for readers that start from nothing.

Immutable, content-addressed, only ever added to; the commit records and their own files stay the truth. A reader that finds
one damaged, gone, or of another format reads the originals. Racing writers may copy the same twice: garbage collection
removes what others have as well.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress

import polars as pl

from plainview.exceptions import DamagedError, InputError
from plainview.records import Evaluation, StoredFile
from plainview.store.adapters import Adapter, keys_under
from plainview.store.keys import COMPACTED, compacted_key
from plainview.store.results import RESULT_TYPES
from plainview.store.segments import MEMBER, Member, Segment, member
from plainview.store.tables import read_whole, write_table

ID, PUBLISH_KEY = "evaluation", "publish_key"  # the columns that say whose a row is
WORTHWHILE = 50  # evaluations; fewer make no file
LARGEST = 1_000_000  # rows of one file


def group_of(project: str) -> str:
    """The digest under which the files of a project lie: no text of a user enters a key."""
    return hashlib.sha256(project.encode()).hexdigest()


def read_compacted(adapter: Adapter, project: str) -> Iterator[Segment]:
    """The sound files of a project. Any other is passed over: `verify` tells of it, and nothing is lost."""
    for key in keys_under(adapter, f"{COMPACTED}{group_of(project)}/"):
        with suppress(OSError, InputError):
            yield read_one(adapter, key)


def read_one(adapter: Adapter, key: str) -> Segment:
    """One file. DamagedError or InputError where it is not what its name says, FileNotFoundError where it is gone."""
    rows = read_whole(adapter.get(key), key, columns=[ID, PUBLISH_KEY, *RESULT_TYPES])
    whose = pl.struct(ID, PUBLISH_KEY).rle_id().alias(MEMBER)
    return Segment(_members(rows), rows.select(whose, *RESULT_TYPES))


def members_of(adapter: Adapter, key: str) -> set[Member]:
    """Whose results are in a file; raises as ``read_one``."""
    return set(_members(read_whole(adapter.get(key), key, columns=[ID, PUBLISH_KEY])))


def _members(rows: pl.DataFrame) -> tuple[Member, ...]:
    runs = rows.select(pl.struct(ID, PUBLISH_KEY).rle().struct.field("value")).unnest("value")
    return tuple(runs.iter_rows())


def compact(
    adapter: Adapter, project: str, evaluations: Iterable[Evaluation], read: Callable[[Evaluation], pl.DataFrame]
) -> list[StoredFile]:
    """Copy the results of those ``evaluations`` of a project that no file has yet, where it is worthwhile.

    ``read`` gives the results of one, from its record; those that are damaged are left out.
    """
    there: set[Member] = set()
    for key in keys_under(adapter, f"{COMPACTED}{group_of(project)}/"):
        with suppress(OSError, InputError):
            there |= members_of(adapter, key)
    fresh = [each for each in evaluations if member(each) not in there]
    if len(fresh) < WORTHWHILE:
        return []
    return [_write(adapter, project, part) for part in _parts(fresh, read)]


def _parts(
    evaluations: Sequence[Evaluation], read: Callable[[Evaluation], pl.DataFrame]
) -> Iterator[list[pl.DataFrame]]:
    part: list[pl.DataFrame] = []
    for each in evaluations:
        with suppress(DamagedError):
            part.append(read(each).with_columns(pl.lit(each.id).alias(ID), pl.lit(each.publish_key).alias(PUBLISH_KEY)))
        if sum(rows.height for rows in part) >= LARGEST:
            yield part
            part = []
    if part:
        yield part


def _write(adapter: Adapter, project: str, part: Sequence[pl.DataFrame]) -> StoredFile:
    return write_table(adapter, group_of(project), pl.concat(part), key=compacted_key)


def superfluous(adapter: Adapter, live: Collection[Member]) -> list[str]:
    """Files that no reader needs: damaged, or without anything that is ``live`` and in no larger file."""
    found: dict[str, set[Member]] = {}
    for key in keys_under(adapter, COMPACTED):
        try:
            found[key] = members_of(adapter, key).intersection(live)
        except FileNotFoundError:
            continue  # removed since it was listed
        except (DamagedError, InputError):
            found[key] = set()
    had: set[Member] = set()
    garbage = []
    for key in sorted(found, key=lambda each: (-len(found[each]), each)):
        if found[key] <= had:
            garbage.append(key)
        had |= found[key]
    return garbage
