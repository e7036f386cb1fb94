"""Many processes at once, and processes that are killed: nothing is lost, nothing twice, nothing half."""

import dataclasses
import multiprocessing
import random
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from store_cases import draft, kill, own_cache, publish_all, publish_until_killed, read_until  # noqa: F401

from plainview.store import create_store, open_store
from plainview.store.cache import cache_folder

# A clean server process forks the others: they start in milliseconds and share no threads or connections.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "pyarrow.parquet", "plainview.store"])
KILLS = 100


@pytest.fixture
def root(tmp_path):
    create_store(tmp_path / "store")
    return tmp_path / "store"


def race(root, work, environment=None):
    """Processes that publish at once; what each of them was told, and the seconds it took."""
    gate, outcomes = CONTEXT.Barrier(len(work) + 1), CONTEXT.Queue()
    processes = [
        CONTEXT.Process(target=publish_all, args=(str(root), drafts, gate, outcomes, environment)) for drafts in work
    ]
    for process in processes:
        process.start()
    gate.wait(timeout=60)
    started = time.perf_counter()
    told = [outcomes.get(timeout=60) for drafts in work for _ in drafts]
    seconds = time.perf_counter() - started
    for process in processes:
        process.join()
    return told, seconds


def test_eight_publishers_of_fifty_evaluations_lose_none_and_repeat_none(root):
    work = [[{"release": f"{w}-{n}", "seed": 100 * w + n, "rows": 20 + w} for n in range(50)] for w in range(8)]
    told, seconds = race(root, work)
    print(f"\n8 x 50 publishes: {400 / seconds:.0f} a second")
    assert [each for each in told if each[0] == "error"] == []
    store = open_store(root)
    assert Counter(each.release for each in store.evaluations()) == Counter(release for _, release, _ in told)
    assert {each.id for each in store.evaluations()} == {identifier for identifier, _, _ in told}
    for fields in (drafts[n] for drafts in work for n in (0, 31)):
        expected, found = draft(**fields), store.evaluation("sentiment", fields["release"])
        assert_frame_equal(store.examples(found), expected.examples)
        assert_frame_equal(store.predictions(found), expected.predictions)
        assert store.results(found) == tuple(expected.results)
    report = store.verify()
    assert report.ok
    assert (report.evaluations, report.twins) == (400, ())
    assert len(list((root / "data" / "examples").iterdir())) == 8
    assert list((root / "_tmp").iterdir()) == []


def test_of_eight_racers_with_the_same_content_one_evaluation_is_shown(root):
    for number in range(5):
        told, _ = race(root, [[{"release": f"1.{number}"}]] * 8)
        assert [each for each in told if each[0] == "error"] == []
        assert any(created for _, _, created in told)
        shown = open_store(root).revisions("sentiment", f"1.{number}")
        assert len(shown) == 1
        assert shown[0].id == min(identifier for identifier, _, _ in told)
        assert open_store(root).publish(draft(f"1.{number}")) == (shown[0], False)
    report = open_store(root).verify()
    assert report.ok
    assert report.evaluations - len(report.twins) == 5


def wait_for_a_line(log):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (log.exists() and log.stat().st_size):
        time.sleep(0.002)


def test_a_hundred_kills_lose_nothing_acknowledged_and_show_nothing_half(root, tmp_path):
    stop, problems, seen, chance = CONTEXT.Event(), CONTEXT.Queue(), CONTEXT.Value("i", 0), random.Random(13)
    reader = CONTEXT.Process(target=read_until, args=(str(root), stop, problems, seen))
    reader.start()
    for number in range(KILLS):
        log = tmp_path / f"acknowledged-{number}"
        process = CONTEXT.Process(target=publish_until_killed, args=(str(root), number, str(log)))
        process.start()
        if number % 2:
            wait_for_a_line(log)
        kill(process, after=chance.uniform(0.0, 0.08))
    time.sleep(0.3)
    stop.set()
    reader.join(timeout=60)
    assert reader.exitcode == 0
    assert problems.empty()

    acknowledged = [line.split() for path in tmp_path.glob("acknowledged-*") for line in path.read_text().splitlines()]
    store = open_store(root)
    shown = {each.id: each.release for each in store.evaluations()}
    assert len(acknowledged) >= KILLS // 2
    assert dict(acknowledged).items() <= shown.items()
    assert len(shown) - len(acknowledged) <= KILLS  # at most one that was kept, and whose publisher could not say so
    assert seen.value > 0
    print(f"\n{KILLS} kills: {len(acknowledged)} acknowledged, all there; {len(store.verify().orphans)} orphans")
    report = store.verify()
    assert report.ok
    store.collect_garbage(delete=True, grace=-1)
    assert open_store(root).verify() == dataclasses.replace(report, orphans=())
    assert list((root / "_tmp").iterdir()) == []


def test_a_reader_of_a_store_that_is_published_to_never_sees_damage(root):
    stop, problems, seen = CONTEXT.Event(), CONTEXT.Queue(), CONTEXT.Value("i", 0)
    reader = CONTEXT.Process(target=read_until, args=(str(root), stop, problems, seen))
    reader.start()
    for number in range(60):
        open_store(root).publish(draft(str(number), seed=number))
    deadline = time.monotonic() + 20
    while seen.value == 0 and time.monotonic() < deadline and reader.is_alive():
        time.sleep(0.2)
        stop.set()
    reader.join(timeout=30)
    assert problems.empty()
    assert Path(root).is_dir()


def test_copies_made_while_others_publish_read_and_clean_change_no_number(root, monkeypatch):
    """Publishers as processes; beside them readers that start from nothing, copiers, and garbage collection."""
    monkeypatch.setattr("plainview.store.compacted.WORTHWHILE", 3)
    work = [[{"release": f"{w}-{n}", "seed": 100 * w + n, "results": 3 + n} for n in range(25)] for w in range(3)]
    gate, outcomes = CONTEXT.Barrier(len(work) + 1), CONTEXT.Queue()
    processes = [CONTEXT.Process(target=publish_all, args=(str(root), drafts, gate, outcomes)) for drafts in work]
    for process in processes:
        process.start()
    gate.wait(timeout=60)
    store, seen = open_store(root), 0
    while any(process.is_alive() for process in processes):
        seen = max(seen, check_the_table(open_store(root)))
        if store.evaluations():
            store.compact("sentiment")
        store.collect_garbage(delete=True)
        shutil.rmtree(cache_folder())
    for _ in range(75):
        outcomes.get(timeout=10)
    assert check_the_table(open_store(root)) == 75
    assert list(root.glob("compacted/*/*.parquet"))
    assert open_store(root).verify().ok


def check_the_table(store):
    """How many evaluations there are, where each has its own results in the table."""
    line = store.evaluations()
    counts = dict(store.results_table(line).group_by("order").len().iter_rows())
    assert counts == {place: 3 + int(one.release.split("-")[1]) for place, one in enumerate(line)}
    return len(line)
