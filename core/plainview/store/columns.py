"""The results of many evaluations at once, as columns: from the cache, else from compacted files, else one by one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from plainview.exceptions import StoreError
from plainview.records import Evaluation
from plainview.store.adapters import Adapter
from plainview.store.cache import Cache
from plainview.store.compacted import read_compacted
from plainview.store.results import RESULT_TYPES
from plainview.store.segments import Member, Segment, from_bytes, member, of_one, to_bytes, together

FEW = 4  # up to so many are read one by one, rather than looked for in compacted files
LARGEST = 2_000_000  # rows of a segment in the cache

Read = Callable[[Evaluation], pl.DataFrame]
Failed = Callable[[Evaluation, StoreError], None]


@dataclass(frozen=True)
class Asked:
    """What is asked of one project, and by and by found."""

    project: str
    missing: dict[Member, Evaluation]  # loses whatever is found
    where: Mapping[str, str]
    failed: Failed


class Columns:
    """Results by evaluation, and the cache that keeps them in segments. ``read`` gives the results of one from the store."""

    def __init__(self, adapter: Adapter, cache: Cache, read: Read) -> None:
        self._adapter, self._cache, self._read = adapter, cache, read

    def table(self, line: Sequence[Evaluation], *, where: Mapping[str, str], failed: Failed) -> pl.DataFrame:
        """A row for each result: "order", the place of its evaluation in ``line``, then the columns of RESULT_TYPES.

        ``where`` gives the values that columns must have. ``failed`` is called for each evaluation whose results cannot be
        read; it has no rows.
        """
        tables = [pl.DataFrame(schema={"order": pl.Int64, **RESULT_TYPES})]
        places = {member(each): place for place, each in enumerate(line)}
        for project in dict.fromkeys(each.project for each in line):
            missing = {member(each): each for each in line if each.project == project}
            for segment, taken in self._segments(Asked(project, missing, where, failed)):
                tables.append(segment.numbered({each: places[each] for each in taken}).filter(**where))
        whole = pl.concat(tables)
        return whole if whole["order"].is_sorted() else whole.sort("order", maintain_order=True)

    def _segments(self, asked: Asked) -> Iterator[tuple[Segment, set[Member]]]:
        """Segments until nothing is missing, each with the members to take from it."""
        for source in (self._cached, self._compacted, self._one_by_one):
            for segment in source(asked):
                taken = asked.missing.keys() & set(segment.members)
                for each in taken:
                    del asked.missing[each]
                if taken:
                    yield segment, taken

    def _cached(self, asked: Asked) -> Iterator[Segment]:
        for sha256, _, members in self._cache.segments(asked.project):
            here = not asked.missing.keys().isdisjoint(_parsed(members))
            if here and (segment := self._load(sha256, where=asked.where)):
                yield segment

    def _compacted(self, asked: Asked) -> Iterator[Segment]:
        if len(asked.missing) <= FEW:
            return
        held: list[Segment] = []
        for segment in read_compacted(self._adapter, asked.project):
            held.append(segment)
            yield segment
            if sum(each.rows.height for each in held) >= LARGEST:
                self._keep(asked.project, held)
                held = []
        self._keep(asked.project, held)

    def _one_by_one(self, asked: Asked) -> Iterator[Segment]:
        read: list[Segment] = []
        try:
            for evaluation in list(asked.missing.values()):
                try:
                    read.append(of_one(evaluation, self._read(evaluation)))
                except StoreError as error:
                    asked.failed(evaluation, error)
        finally:  # ``failed`` may raise: what was read need not be read again
            self._keep(asked.project, read)
        yield from read

    def _load(self, sha256: str, *, where: Mapping[str, str] | None = None) -> Segment | None:
        try:
            return from_bytes(self._cache.segment(sha256), sha256, where=where)
        except StoreError:  # damaged, or gone since: it is read from the store again
            self._cache.forget_segment(sha256)
            return None

    def _keep(self, project: str, segments: Sequence[Segment]) -> None:
        """Put segments into the cache as one, with those there that are no larger: so there are never many."""
        segments, instead_of = list(segments), []
        rows = sum(each.rows.height for each in segments)
        if not rows:
            return
        for sha256, size, _ in self._cache.segments(project):
            if size > rows or rows + size > LARGEST:
                break
            if smaller := self._load(sha256):
                segments.append(smaller)
                instead_of.append(sha256)
                rows += size
        whole = together(segments)
        sha256, data = to_bytes(whole)
        self._cache.put_segment(sha256, project, whole.rows.height, _listed(whole.members), data, instead_of=instead_of)


def _listed(members: Iterable[Member]) -> str:
    return "\n".join(" ".join(each) for each in members)


def _parsed(members: str) -> set[tuple[str, ...]]:
    return {tuple(line.split(" ")) for line in members.splitlines()}
