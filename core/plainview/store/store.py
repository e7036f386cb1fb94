"""The store as the rest of Plainview sees it: evaluations, releases, their tables, and what people wrote."""

import getpass
import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import version

import polars as pl

from plainview.exceptions import NotFoundError
from plainview.records import Evaluation, Event, Result, StoredFile
from plainview.store import catalogue
from plainview.store.adapters import Adapter
from plainview.store.cache import Cache
from plainview.store.drafts import Draft, check_text
from plainview.store.events import append, new_event
from plainview.store.faults import DamagedItem, explained
from plainview.store.gc import GRACE, GarbageReport, collect
from plainview.store.index import Contents, Index, read_record
from plainview.store.keys import COMMITS, EVENTS, commit_key
from plainview.store.publishing import Publisher, results_of, without_results
from plainview.store.tables import read_table
from plainview.store.verified import Verified
from plainview.store.verify import VerifyReport, verify


class Store:
    """An open store. Made by ``open_store`` and ``create_store``; safe to share between threads.

    Evaluations come without their results, which stay on disk until ``results`` is asked for them.
    Every method raises StoreError where the place cannot be read or written.
    """

    def __init__(self, adapter: Adapter, identifier: str) -> None:
        self._adapter = adapter
        cache = Cache(identifier)
        self._verified = Verified()
        self._commits = Index(adapter, cache, COMMITS, Evaluation, slim=without_results)
        self._events = Index(adapter, cache, EVENTS, Event)
        self._last_shown: tuple[Contents | None, dict[str, Evaluation]] = (None, {})
        self.id = identifier

    @property
    def url(self) -> str:
        """The address, as it was given."""
        return self._adapter.url

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    def fingerprint(self) -> str:
        """A short text that changes when an evaluation is added, for the keys of caches; costs one listing."""
        with explained("read", self.url):
            return hashlib.sha256("\n".join(self._adapter.list(COMMITS)).encode()).hexdigest()[:16]

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
        with explained("read", self.url):
            return self._verified.read(self._adapter, evaluation.specification).decode()

    def examples(self, evaluation: Evaluation, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """The examples, sorted by id, or some columns of them.

        DamagedError where the bytes are not those published, InputError for an unknown column.
        """
        return self._table(evaluation.examples_file, columns)

    def predictions(self, evaluation: Evaluation, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """The predictions, row by row for the examples; raises as ``examples``."""
        return self._table(evaluation.predictions_file, columns)

    def results(self, evaluation: Evaluation) -> tuple[Result, ...]:
        """Every result, in the order of publishing; DamagedError where the bytes are not those published."""
        if evaluation.results is not None:
            return evaluation.results
        if evaluation.results_file is not None:
            return results_of(self._table(evaluation.results_file))
        with explained("read", self.url):
            return self._full(evaluation).results or ()

    def publish(self, draft: Draft, *, actor: str | None = None) -> tuple[Evaluation, bool]:
        """Keep a draft; the evaluation, and whether it is new.

        It exists when this returns, and survives a power loss. The same content again is the same evaluation;
        other content under the same names is a new revision. Raises InputError before anything is written,
        StoreError where it is not certain that it was kept: publishing again is always safe.
        """
        actor = actor or who()
        check_text(actor, what="The name of the publisher")
        publisher = Publisher(self._adapter, self._verified, self._shown)
        with explained("publish to", self.url):
            return publisher.publish(draft, actor=actor, plainview_version=version("plainview"))

    def append_event(
        self, kind: str, project: str, *, body: dict, release: str | None = None, actor: str | None = None
    ) -> Event:
        """Keep what a person wrote. InputError where a field is empty or ``body`` is not JSON."""
        event = new_event(kind, project, actor=actor or who(), body=body, release=release)
        with explained("write to", self.url):
            append(self._adapter, event)
        return event

    def events(self, project: str | None = None, *, release: str | None = None, kind: str | None = None) -> list[Event]:
        """What people wrote, oldest first, narrowed to a project, a release, a kind."""
        with explained("read", self.url):
            found = self._events.contents().records
        wanted = {"project": project, "release": release, "kind": kind}
        asked = {name: value for name, value in wanted.items() if value is not None}
        matching = (event for event in found if all(getattr(event, name) == value for name, value in asked.items()))
        return sorted(matching, key=lambda event: (event.at, event.id))

    def verify(self, *, progress: Callable[[int, int], None] | None = None) -> VerifyReport:
        """Read every byte again and say what is not as it was published. Nothing remembered counts."""
        with explained("read", self.url):
            return verify(self._adapter, progress=progress)

    def collect_garbage(self, *, delete: bool = False, grace: float = GRACE) -> GarbageReport:
        """Files older than ``grace`` seconds that no record names; removed only with ``delete``.

        StoreError where a record is damaged: what it names cannot be known, so nothing is removed.
        """
        with explained("clean", self.url):
            return collect(self._adapter, delete=delete, grace=grace)

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

    def _table(self, file: StoredFile, columns: Iterable[str] | None = None) -> pl.DataFrame:
        with explained("read", self.url):
            return read_table(self._adapter, file, verified=self._verified, columns=columns)

    def _full(self, evaluation: Evaluation) -> Evaluation:
        key = commit_key(evaluation.id)
        try:
            return read_record(self._adapter, key, Evaluation)
        except FileNotFoundError as error:
            raise NotFoundError(f"{key} is no longer in the store at {self.url}.") from error


def who() -> str:
    """The name of the user who runs this, or "unknown"."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "unknown"
