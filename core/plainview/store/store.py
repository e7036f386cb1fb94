"""The store as the rest of Plainview sees it: evaluations, releases, their tables, and what people wrote."""

import getpass
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Literal

import polars as pl

from plainview.exceptions import NotFoundError, StoreError, nearest
from plainview.records import Evaluation, Event, Result, StoredFile
from plainview.store import catalogue
from plainview.store.adapters import Adapter
from plainview.store.cache import Cache
from plainview.store.columns import Columns
from plainview.store.compacted import compact
from plainview.store.digests import Tabular
from plainview.store.doctor import ROUNDS, Finding, Patient, examine
from plainview.store.drafts import Draft, check_text
from plainview.store.events import append, new_event, with_tables
from plainview.store.faults import DamagedItem, belonging_to, explained
from plainview.store.gc import GRACE, GarbageReport, collect
from plainview.store.index import Contents, Index
from plainview.store.keys import COMMITS, EVENTS
from plainview.store.known import Known
from plainview.store.publishing import Publisher, without_results
from plainview.store.results import read_results, results_of
from plainview.store.seals import Seal, newest_seal, seal_days
from plainview.store.snapshots import write_snapshot
from plainview.store.sourced import SourcedDraft, elsewhere, read_sums
from plainview.store.tables import read_table
from plainview.store.verified import Verified
from plainview.store.verify import VerifyReport, verify

COMPACT_EVERY = 100  # publishes of a project
SNAPSHOT_EVERY = 100  # publishes


class Store:
    """An open store. Made by ``open_store`` and ``create_store``; safe to share between threads.

    Evaluations come without their results, which stay on disk until ``results`` is asked for them.
    Every method raises StoreError where the place cannot be read or written.
    """

    def __init__(self, adapter: Adapter, identifier: str) -> None:
        self._adapter = adapter
        self._cache = cache = Cache(identifier)
        self._verified = Verified()
        self._commits = Index(adapter, cache, COMMITS, Evaluation, slim=without_results)
        self._events = Index(adapter, cache, EVENTS, Event)
        self._columns = Columns(adapter, cache, self._results)
        self._last_shown: tuple[Contents | None, dict[str, Evaluation]] = (None, {})
        self._last_written: tuple[Contents | None, dict[str, list[Event]]] = (None, {})
        self._known: tuple[Contents | None, Known] = (None, Known())
        self._sealed_on: date | None = None
        self.id = identifier

    @property
    def url(self) -> str:
        """The address, as it was given."""
        return self._adapter.url

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    def fingerprint(self, *, of: Literal["evaluations", "events"] = "evaluations") -> str:
        """A short text that changes when an evaluation, or an event, is added, for the keys of caches; costs one listing."""
        with explained("read", self.url):
            listed = self._adapter.list(COMMITS if of == "evaluations" else EVENTS)
            return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:16]

    def projects(self) -> list[str]:
        """The names of all projects, sorted."""
        return sorted({each.project for each in self._all()})

    def evaluations(self, project: str | None = None) -> list[Evaluation]:
        """All evaluations with all revisions, in the order of releases; NotFoundError for an unknown project."""
        found = self._all()
        return catalogue.in_order(found if project is None else catalogue.of_project(found, project))

    def releases(self, project: str) -> list[Evaluation]:
        """Per release and test-set name the newest revision, in the order of releases: by date, then by publication.

        NotFoundError for an unknown project.
        """
        return catalogue.newest_revisions(catalogue.of_project(self._all(), project))

    def revisions(self, project: str, release: str) -> list[Evaluation]:
        """Every evaluation of one release, per test set oldest first; NotFoundError with the nearest name."""
        return catalogue.of_release(self._all(), project, release)

    def evaluation(self, project: str, release: str, *, test_set: str | None = None) -> Evaluation:
        """The newest revision of a release on a test set (default: "default", else the last published one).

        NotFoundError names the nearest project, release or test set.
        """
        return catalogue.choose(self.revisions(project, release), test_set=test_set)

    def damaged(self) -> list[DamagedItem]:
        """Records that cannot be used, each with the reason and what to do; the others are not affected."""
        with explained("read", self.url):
            return [*self._commits.contents().damaged, *self._events.contents().damaged]

    def specification_text(self, evaluation: Evaluation) -> str:
        """The specification as it was published; DamagedError where its bytes are not those."""
        with explained("read", self.url), belonging_to(evaluation):
            return self._verified.read(self._adapter, evaluation.specification).decode()

    def examples(self, evaluation: Evaluation, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """The examples, sorted by id, or some columns of them.

        DamagedError where the bytes are not those published, InputError for an unknown column, RowsElsewhereError where the
        rows stay in the evaluation's source.
        """
        return self._table(evaluation, evaluation.examples_file, columns)

    def predictions(self, evaluation: Evaluation, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """The predictions, row by row for the examples; raises as ``examples``."""
        return self._table(evaluation, evaluation.predictions_file, columns)

    def sums(self, evaluation: Evaluation) -> bytes:
        """The sums of an evaluation whose rows stay in its source, as `transfer.from_bytes` reads them; DamagedError."""
        with explained("read", self.url), belonging_to(evaluation):
            return read_sums(self._adapter, evaluation.sums_file, verified=self._verified)

    def joint_sums(self, evaluation: Evaluation) -> bytes:
        """The sums of it and its baseline on the examples that both have, likewise."""
        with explained("read", self.url), belonging_to(evaluation):
            return read_sums(self._adapter, evaluation.joint and evaluation.joint.sums, verified=self._verified)

    def results(self, evaluation: Evaluation) -> tuple[Result, ...]:
        """Every result, in the order of publishing; DamagedError where the bytes are not those published."""
        return evaluation.results if evaluation.results is not None else results_of(self._results(evaluation))

    def results_table(
        self,
        line: Sequence[Evaluation],
        *,
        scenario: str | None = None,
        metric: str | None = None,
        failed: Callable[[Evaluation, StoreError], None] | None = None,
    ) -> pl.DataFrame:
        """Every result of many evaluations at once, narrowed to one ``scenario`` or ``metric``.

        A row for each result: "order", the place of its evaluation in ``line`` (distinct evaluations), counted from 0, then
        the fields of ``records.Result``. Raises as ``results``; with ``failed`` calls that for each evaluation that cannot
        be read instead, and leaves it out. Thousands of evaluations cost one read of the local cache.
        """
        wanted = {name: value for name, value in {"scenario": scenario, "metric": metric}.items() if value is not None}
        with explained("read", self.url):
            return self._columns.table(line, where=wanted, failed=failed or _raise)

    def publish(
        self, draft: Draft | SourcedDraft, *, actor: str | None = None, as_newest: bool = False
    ) -> tuple[Evaluation, bool]:
        """Keep a draft; the evaluation, and whether it is new.

        It exists when this returns, and survives a power loss. The same content again is the same evaluation;
        other content under the same names is a new revision. With ``as_newest`` content whose place another revision took
        is kept once more, as the newest one. Raises InputError before anything is written,
        StoreError where it is not certain that it was kept: publishing again is always safe.
        """
        actor = actor or who()
        check_text(actor, what="The name of the publisher")
        with explained("publish to", self.url):
            publisher = Publisher(self._adapter, self._verified, self._remembered(), self._shown)
            options = {"plainview_version": version("plainview"), "as_newest": as_newest}
            kept, new = publisher.publish(draft, actor=actor, **options)
        if new and publisher.known.count(kept.project) % COMPACT_EVERY == 0:
            with suppress(StoreError):  # it is published, whatever becomes of the copies
                self.compact(kept.project)
        if new and self._adapter.at_once > 1 and publisher.known.total % SNAPSHOT_EVERY == 0:
            with suppress(StoreError):
                self.snapshot()
        self._seal_once_a_day()
        return kept, new

    def append_event(
        self,
        kind: str,
        project: str,
        *,
        body: dict,
        release: str | None = None,
        actor: str | None = None,
        tables: Mapping[str, Tabular] | None = None,
    ) -> Event:
        """Keep what a person or a tool wrote; ``tables`` are rows that belong to it, by name.

        InputError where a field is empty, ``body`` is not JSON, or a table has a type that is not kept.
        """
        return self.append_events(kind, project, bodies=[body], release=release, actor=actor, tables=tables)[0]

    def append_events(
        self,
        kind: str,
        project: str,
        *,
        bodies: Sequence[dict],
        release: str | None = None,
        actor: str | None = None,
        tables: Mapping[str, Tabular] | None = None,
    ) -> list[Event]:
        """Keep several events, one a body, that belong together and share their tables, which are written once.

        Raises as ``append_event``, before anything is written. Where the store fails between two of them the first are kept.
        """
        actor = actor or who()
        events = [new_event(kind, project, actor=actor, body=body, release=release) for body in bodies]
        with explained("write to", self.url):
            events = with_tables(self._adapter, events, tables or {})
            for event in events:
                append(self._adapter, event)
        return events

    def attached(self, event: Event, name: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """A table of an event, or some columns of it.

        NotFoundError for an unknown table, DamagedError where the bytes are not those that were written, InputError for an
        unknown column.
        """
        if name not in event.tables:
            raise NotFoundError(f"The {event.kind} {event.id} has no table {name!r}. {nearest(name, event.tables)}")
        with explained("read", self.url):
            return read_table(self._adapter, event.tables[name], verified=self._verified, columns=columns)

    def events(self, project: str | None = None, *, release: str | None = None, kind: str | None = None) -> list[Event]:
        """What people wrote, oldest first, narrowed to a project, a release, a kind."""
        written = self._written()
        found = (
            written.get(project, []) if project is not None else [each for mine in written.values() for each in mine]
        )
        asked = {name: value for name, value in {"release": release, "kind": kind}.items() if value is not None}
        matching = [event for event in found if all(getattr(event, name) == value for name, value in asked.items())]
        return matching if project is not None else sorted(matching, key=_written_at)

    def _written(self) -> dict[str, list[Event]]:
        """All events by project, oldest first; grouped anew only when there is another."""
        with explained("read", self.url):
            contents = self._events.contents()
        contents_before, written = self._last_written
        if contents is not contents_before:
            written = {}
            once = {event.id: event for event in contents.records}  # a copy under another month is no second event
            for event in sorted(once.values(), key=_written_at):
                written.setdefault(event.project, []).append(event)
            self._last_written = contents, written
        return written

    def verify(
        self, *, progress: Callable[[int, int], None] | None = None, noted_seal: str | None = None
    ) -> VerifyReport:
        """Read every byte again and say what is not as it was published or sealed. Nothing remembered counts.

        ``noted_seal`` is the SHA-256 of a seal, noted outside the store when it was the newest: it must still be there.
        """
        with explained("read", self.url):
            return verify(self._adapter, progress=progress, noted_seal=noted_seal)

    def seal(self) -> Seal | None:
        """Seal the records of the days that are over: from then on `verify` finds one that is changed, removed or added.

        None where every such day is sealed; publishing does it once a day. StoreError where a record is damaged.
        """
        with explained("seal", self.url):
            return seal_days(self._adapter, self.id, self._dates)

    def examine(self, *, rounds: int = ROUNDS) -> list[Finding]:
        """Whether this store can be relied on: reachable, writable, honest, in time, sound; what to do where it is not.

        Writes probes, in ``rounds`` races for one name, and removes them.
        """
        return examine(Patient(self._adapter, self._cache, self._commits.contents, self.damaged), rounds=rounds)

    def newest_seal(self) -> str:
        """The SHA-256 of the newest seal, to be noted outside the store; empty where there is none."""
        with explained("read", self.url):
            return newest_seal(self._adapter)

    def collect_garbage(self, *, delete: bool = False, grace: float = GRACE) -> GarbageReport:
        """Files older than ``grace`` seconds that no record names; removed only with ``delete``.

        StoreError where a record is damaged: what it names cannot be known, so nothing is removed.
        """
        with explained("clean", self.url):
            return collect(self._adapter, delete=delete, grace=grace)

    def compact(self, project: str) -> int:
        """Copy the results of a project's evaluations into fewer, larger files, which readers that start from nothing read
        faster; how many were made. Publishing does it once in a while.
        """
        with explained("write to", self.url):
            return len(compact(self._adapter, project, catalogue.of_project(self._all(), project), self._results))

    def _seal_once_a_day(self) -> None:
        if self._sealed_on != (today := datetime.now(UTC).date()):
            self._sealed_on = today
            with suppress(StoreError):  # it is published, whatever becomes of the seal
                self.seal()

    def _dates(self) -> dict[str, datetime]:
        """When each sound record was written, by its id."""
        events = {each.id: each.at for each in self._events.contents().records}
        return events | {each.id: each.published_at for each in self._commits.contents().records}

    def snapshot(self) -> None:
        """Copy all records into one item, with which readers far away start faster. Publishing does it once in a while."""
        with explained("write to", self.url):
            write_snapshot(self._adapter, {**self._commits.copies(), **self._events.copies()})

    def _all(self) -> list[Evaluation]:
        return list(self._shown().values())

    def _shown(self) -> dict[str, Evaluation]:
        """All evaluations but twins, by publish key."""
        with explained("read", self.url):
            contents = self._commits.contents()
        contents_before, shown = self._last_shown
        if contents is not contents_before:
            shown = catalogue.without_twins(contents.records)
            self._last_shown = contents, shown
        return shown

    def _remembered(self) -> Known:
        """What this process knows of the store, which costs no listing but the first: a publisher needs no more."""
        contents = self._commits.known()
        if contents is not self._known[0]:
            self._known = contents, Known(catalogue.without_twins(contents.records).values())
        return self._known[1]

    def _table(
        self, evaluation: Evaluation, file: StoredFile | None, columns: Iterable[str] | None = None
    ) -> pl.DataFrame:
        if file is None:
            raise elsewhere(evaluation)
        with explained("read", self.url), belonging_to(evaluation):
            return read_table(self._adapter, file, verified=self._verified, columns=columns)

    def _results(self, evaluation: Evaluation) -> pl.DataFrame:
        with explained("read", self.url), belonging_to(evaluation):
            try:
                return read_results(self._adapter, evaluation, verified=self._verified)
            except FileNotFoundError as error:
                which = f"{evaluation.project} {evaluation.release} ({evaluation.id})"
                raise NotFoundError(f"{which} is no longer in the store at {self.url}.") from error


def _written_at(event: Event) -> tuple[datetime, str]:
    return event.at, event.id


def _raise(evaluation: Evaluation, error: StoreError) -> None:
    raise error


def who() -> str:
    """The name of the user who runs this, or "unknown"."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"
