"""Any order of publishing, reading, cleaning, rot and loss of caches, by two writers: the store is what a list says."""

import shutil
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from store_cases import draft, own_cache, result  # noqa: F401

from plainview.store import create_store, open_store
from plainview.store.adapters.folder import FolderAdapter
from plainview.store.cache import cache_folder
from plainview.store.gc import collect

WRITERS = st.integers(0, 1)
CONTENTS = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2"]), st.integers(0, 2))


def content(project, release, seed):
    """A draft whose one result says what it is of."""
    return draft(release, project=project, seed=seed, results=[result(f"{project} {release}", value=(seed + 1) / 10)])


class StoreMachine(RuleBasedStateMachine):
    """The model is a list of what was published first, and of what was said."""

    def __init__(self):
        super().__init__()
        self.few = patch("plainview.store.compacted.WORTHWHILE", 2)
        self.few.start()
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "store"
        create_store(self.root)
        self.writers = [open_store(self.root), open_store(self.root)]
        self.published: dict[tuple, str] = {}  # content to id, in the order of publishing
        self.said: list[int] = []

    def teardown(self):
        self.few.stop()
        shutil.rmtree(self.folder)

    @rule(writer=WRITERS, which=CONTENTS)
    def publish(self, writer, which):
        evaluation, created = self.writers[writer].publish(content(*which))
        assert created is (which not in self.published)
        assert self.published.setdefault(which, evaluation.id) == evaluation.id

    @rule(writer=WRITERS, number=st.integers())
    def say(self, writer, number):
        self.writers[writer].append_event("comment", "a", body={"n": number})
        self.said.append(number)

    @rule(hours=st.integers(-24, 24), delete=st.booleans())
    def clean_by_a_wrong_clock(self, hours, delete):
        assert collect(FolderAdapter(self.root), delete=delete, now=time.time() + hours * 3600 - 60).keys == ()

    @rule()
    def lose_the_cache(self):
        shutil.rmtree(cache_folder(), ignore_errors=True)

    @rule(writer=WRITERS)
    def restart(self, writer):
        self.writers[writer] = open_store(self.root)

    @precondition(lambda self: self.published)
    @rule(data=st.data())
    def rot_and_publish_again(self, data):
        key = data.draw(st.sampled_from(sorted(self.published)))
        evaluation = next(each for each in self.writers[0].evaluations() if each.id == self.published[key])
        path = self.root / evaluation.predictions_file.key
        path.write_bytes(path.read_bytes()[:-1])
        self.publish(1, key)

    @precondition(lambda self: self.published)
    @rule(writer=WRITERS, data=st.data())
    def copy(self, writer, data):
        self.writers[writer].compact(data.draw(st.sampled_from(sorted({project for project, *_ in self.published}))))

    @rule()
    def rot_copies(self):
        for path in self.root.glob("compacted/*/*.parquet"):
            path.write_bytes(path.read_bytes()[:-1])

    @invariant()
    def the_store_is_what_the_list_says(self):
        for reader in self.writers:
            expected = [(*key[:2], identifier) for key, identifier in self.published.items()]
            assert sorted(expected) == sorted((each.project, each.release, each.id) for each in reader.evaluations())
            for project in {key[0] for key in self.published}:
                for newest in reader.releases(project):
                    last = [each for key, each in self.published.items() if key[:2] == (project, newest.release)][-1]
                    assert newest.id == last
            assert sorted(event.body["n"] for event in reader.events()) == sorted(self.said)
            assert reader.damaged() == []
            assert all(reader.predictions(each).height == 24 for each in reader.evaluations())
            table = reader.results_table(line := reader.evaluations())
            said = [(line[row["order"]].id, row["scenario"], row["value"]) for row in table.iter_rows(named=True)]
            assert sorted(said) == sorted(
                (identifier, f"{project} {release}", (seed + 1) / 10)
                for (project, release, seed), identifier in self.published.items()
            )


StoreMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStoreMachine = StoreMachine.TestCase
