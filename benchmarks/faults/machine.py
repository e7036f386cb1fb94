"""Any order of publishing, reading, cleaning, copying, sealing, rot and loss of caches, by wrong clocks and other versions.

The model is a list of what was published and said: after every step each reader sees just that.
"""

import json
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from servers.processes import Place
from store_cases import draft, result

from benchmarks.faults.figures import Figure
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for, keys_under
from plainview.store.cache import cache_folder
from plainview.store.drafts import Draft
from plainview.store.gc import GRACE, collect
from plainview.store.identity import Identity
from plainview.store.keys import COMMITS, COMPACTED, STORE, commit_key
from plainview.store.publishing import Publisher
from plainview.store.sealed import seal, seal_line, unseal_line
from plainview.store.seals import seal_days
from plainview.store.store import Store
from plainview.store.ulids import new_ulid

WRITERS = st.integers(0, 1)
CLOCKS = st.integers(-24, 24)  # hours that a clock is wrong
CONTENTS = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2"]), st.integers(0, 2))
FUTURE = 9  # a format that nobody has yet
Content = tuple[str, str, int]  # project, release, seed


def content(project: str, release: str, seed: int) -> Draft:
    """A draft whose one result says what it is of."""
    return draft(release, project=project, seed=seed, results=[result(f"{project} {release}", value=(seed + 1) / 10)])


@contextmanager
def clock(hours: int) -> Iterator[None]:
    """The clock of a publisher, wrong by some hours."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(tz) + timedelta(hours=hours)

    class WrongTime:
        @staticmethod
        def time_ns() -> int:
            return time.time_ns() + hours * 3600 * 10**9

    with ExitStack() as patched:
        for name in ("publishing", "events"):
            patched.enter_context(patch(f"plainview.store.{name}.datetime", Wrong))
        patched.enter_context(patch("plainview.store.ulids.time", WrongTime))
        yield


class StoreMachine(RuleBasedStateMachine):
    """Two writers, who know only what they have looked at, and two readers; in a folder, or in the place that is set."""

    place: Place | None = None

    def __init__(self) -> None:
        super().__init__()
        self.few = patch("plainview.store.compacted.WORTHWHILE", 2)
        self.few.start()
        self.folder = Path(tempfile.mkdtemp())
        self.url = self.place.url(f"w{new_ulid().lower()}") if self.place else str(self.folder / "store")
        create_store(self.url)
        self.adapter = adapter_for(self.url)
        weeks_ago = int((time.time() - 14 * 86400) * 1000)
        self.adapter.put(STORE, seal(Identity(id=new_ulid(weeks_ago))))
        self.writers = [open_store(self.url), open_store(self.url)]
        self.readers = [open_store(self.url), open_store(self.url)]
        self.published: dict[Content, dict[str, datetime]] = defaultdict(dict)  # which id at which time
        self.without_claim: set[Content] = set()
        self.newer: set[str] = set()  # ids of what only a newer Plainview reads
        self.said: list[int] = []

    def teardown(self) -> None:
        """Whatever happened: nothing is damaged but what is said to be newer, and after a day there is no garbage."""
        collect(self.adapter, delete=True, now=time.time() + GRACE + 3600)
        report = open_store(self.url).verify()
        assert {item.key for item in report.damaged} == {commit_key(each) for each in self.newer} | self._rotten()
        self.few.stop()
        shutil.rmtree(self.folder)

    @rule(writer=WRITERS, which=CONTENTS, hours=CLOCKS)
    def publish(self, writer: int, which: Content, hours: int) -> None:
        """By a publisher with a wrong clock; the same content again is the same evaluation."""
        with clock(hours):
            evaluation, created = self.writers[writer].publish(content(*which))
        assert created or which in self.published
        assert not created or which not in self.published or which in self.without_claim
        self.published[which].setdefault(evaluation.id, evaluation.published_at)

    @rule(which=CONTENTS)
    def publish_as_the_version_before_claims(self, which: Content) -> None:
        """It looked at the records alone, and chose its own id."""
        with (
            patch.object(Publisher, "_claimed", lambda publisher, key: None),
            patch("plainview.store.publishing.claim", lambda adapter, key: new_ulid()),
        ):
            evaluation, created = open_store(self.url).publish(content(*which))
        assert created is (which not in self.published)
        self.published[which].setdefault(evaluation.id, evaluation.published_at)
        if created:
            self.without_claim.add(which)

    @rule(writer=WRITERS, which=CONTENTS, hours=CLOCKS)
    def publish_by_both_versions(self, writer: int, which: Content, hours: int) -> None:
        """Of two records with one content, which a writer who looked before may leave, one is shown."""
        self.publish_as_the_version_before_claims(which)
        self.publish(writer, which, hours)

    @rule(which=CONTENTS)
    def stop_before_the_record(self, which: Content) -> None:
        """A publisher that is killed leaves files and a claim, and no evaluation."""
        with (
            suppress(KeyboardInterrupt),
            patch("plainview.store.publishing.commit", side_effect=KeyboardInterrupt),
        ):
            open_store(self.url).publish(content(*which))

    @precondition(lambda self: self.published)
    @rule(needed=st.booleans())
    def publish_as_a_newer_version(self, needed: bool) -> None:
        """With a field that nobody knows yet; where a newer reader is needed, it is listed as such."""
        kept = json.loads(unseal_line(self.adapter.get(keys_under(self.adapter, COMMITS)[0]), key=""))
        identifier, release = new_ulid(), f"newer {new_ulid()}"
        kept |= {"id": identifier, "release": release, "publish_key": new_ulid(), "mood": "good"}
        kept |= {"schema_version": FUTURE, "min_reader": FUTURE if needed else 1, "project": "newer"}
        self.adapter.put(commit_key(identifier), seal_line(json.dumps(kept).encode()))
        if needed:
            self.newer.add(identifier)
        else:
            self.published["newer", release, 0][identifier] = datetime.fromisoformat(kept["published_at"])

    @rule(writer=WRITERS, number=st.integers(), hours=CLOCKS)
    def say(self, writer: int, number: int, hours: int) -> None:
        """An event, by a wrong clock."""
        with clock(hours):
            self.writers[writer].append_event("comment", "a", body={"n": number})
        self.said.append(number)

    @rule(hours=CLOCKS, delete=st.booleans())
    def clean_by_a_wrong_clock(self, hours: int, delete: bool) -> None:
        """Nothing is a day old yet."""
        assert collect(self.adapter, delete=delete, now=time.time() + hours * 3600 - 120).keys == ()

    @rule()
    def clean_a_day_later(self) -> None:
        """Files of stopped publishers go, and nothing else."""
        collect(self.adapter, delete=True, now=time.time() + GRACE + 3600)

    @rule(hours=CLOCKS)
    def seal_by_a_wrong_clock(self, hours: int) -> None:
        """Days without records, but for the clocks."""
        seal_days(self.adapter, self.writers[0].id, dict, now=datetime.now(UTC) + timedelta(hours=hours))

    @rule()
    def lose_the_cache(self) -> None:
        """It is never truth."""
        shutil.rmtree(cache_folder(), ignore_errors=True)

    @rule(which=WRITERS, readers=st.booleans())
    def restart(self, which: int, readers: bool) -> None:
        """A new process."""
        (self.readers if readers else self.writers)[which] = open_store(self.url)

    @precondition(lambda self: any(key[0] != "newer" for key in self.published))
    @rule(data=st.data())
    def rot_and_publish_again(self, data: st.DataObject) -> None:
        """The same content mends the file."""
        which = data.draw(st.sampled_from(sorted(key for key in self.published if key[0] != "newer")))
        kept = next(each for each in self.readers[0].evaluations() if each.id == min(self.published[which]))
        self.adapter.put(kept.predictions_file.key, self.adapter.get(kept.predictions_file.key)[:-1])
        self.publish(1, which, 0)

    @precondition(lambda self: self.published)
    @rule(writer=WRITERS, data=st.data())
    def copy(self, writer: int, data: st.DataObject) -> None:
        """Results into compacted files."""
        self.writers[writer].compact(data.draw(st.sampled_from(sorted({project for project, *_ in self.published}))))

    @rule()
    def rot_copies(self) -> None:
        """Copies are never truth either."""
        for key in keys_under(self.adapter, COMPACTED):
            self.adapter.put(key, self.adapter.get(key)[:-1])

    @invariant()
    def the_store_is_what_the_list_says(self) -> None:
        """For every reader."""
        shown = {which: (at := min(ids), ids[at]) for which, ids in self.published.items()}
        for reader in self.readers:
            self._agrees(reader, shown)

    def _agrees(self, reader: Store, shown: dict[Content, tuple[str, datetime]]) -> None:
        line = reader.evaluations()
        assert sorted((*key[:2], one) for key, (one, _) in shown.items()) == sorted(
            (each.project, each.release, each.id) for each in line
        )
        for project in {key[0] for key in shown}:
            for newest in reader.releases(project):
                same = [(at, one) for key, (one, at) in shown.items() if key[:2] == (project, newest.release)]
                assert newest.id == max(same)[1]
        assert sorted(event.body["n"] for event in reader.events()) == sorted(self.said)
        assert {item.key for item in reader.damaged()} == {commit_key(each) for each in self.newer}
        assert all(item.newer for item in reader.damaged())
        assert all(reader.predictions(each).height == 24 for each in line)
        self._agree_on_results(reader, shown)

    def _agree_on_results(self, reader: Store, shown: dict[Content, tuple[str, datetime]]) -> None:
        line = reader.evaluations()
        table = reader.results_table(line)
        said = {line[row["order"]].id: (row["scenario"], row["value"]) for row in table.iter_rows(named=True)}
        assert table.height == len(line) == len(said)
        for (project, release, seed), (identifier, _) in shown.items():
            assert project == "newer" or said[identifier] == (f"{project} {release}", (seed + 1) / 10)

    def _rotten(self) -> set[str]:
        """Copies that were made to rot and are not yet cleaned."""
        return {item.key for item in open_store(self.url).verify().damaged if item.key.startswith(COMPACTED)}


def walks(place: Place, *, examples: int, steps: int) -> Figure:
    """That many random walks; none diverges from the list."""

    class InPlace(StoreMachine):
        pass

    InPlace.place = None if place.kind == "folder" else place
    quiet = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(InPlace, settings=quiet)
    return Figure("any order of everything", f"{examples} walks of up to {steps} steps agree", "no divergence", True)
