"""Many publishers as processes: under load, racing for one content, and killed at random beside a reader that re-hashes."""

import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from polars.testing import assert_frame_equal
from servers.processes import Place
from store_cases import draft, kill, publish_all, publish_until_killed, read_until

from benchmarks.faults.figures import Figure, rate, zeros
from plainview.store import Store, create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.gc import GRACE, collect

# A clean server process forks the others: they start in milliseconds and share no threads or connections.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "pyarrow.parquet", "plainview.store"])
PATIENCE = 120.0  # seconds
# publishes a second; nothing is asked of Google's, whose stand-in is no server that anybody would use
LEAST = {"folder": 50, "moto": 30, "seaweedfs": 30, "azurite": 30, "google": 0, "postgres": 15}


def load(place: Place, *, writers: int = 8, each: int = 50) -> list[Figure]:
    """Publishers at once; every evaluation there once, byte for byte."""
    url = place.url("load")
    create_store(url)
    work = [[{"release": f"{w}-{n}", "seed": 100 * w + n, "rows": 20 + w} for n in range(each)] for w in range(writers)]
    told, seconds = _race(place, url, work)
    store, wanted = open_store(url), {fields["release"]: fields for drafts in work for fields in drafts}
    shown = Counter(one.release for one in store.evaluations())
    changed = sum(not _is_as_published(store, fields) for name, fields in wanted.items() if name in shown)
    figure = zeros(
        f"load of {writers} x {each}",
        f"{len(told)} published",
        failed=sum(one[0] == "error" for one in told),
        lost=len(wanted.keys() - shown.keys()),
        twice=sum(count > 1 for count in shown.values()),
        changed=changed + (not store.verify().ok),
    )
    return [figure, rate("  its speed", len(told) / seconds, LEAST[place.kind], "a second")]


def _is_as_published(store: Store, fields: dict) -> bool:
    expected, found = draft(**fields), store.evaluation("sentiment", fields["release"])
    try:
        assert_frame_equal(store.examples(found), expected.examples)
        assert_frame_equal(store.predictions(found), expected.predictions)
    except AssertionError:
        return False
    return store.results(found) == tuple(expected.results)


def races(place: Place, *, rounds: int = 5, racers: int = 8) -> Figure:
    """Racers with one content: one evaluation is shown, and it is the one that all were told."""
    url = place.url("races")
    create_store(url)
    failed = shown_twice = lost = 0
    for number in range(rounds):
        told, _ = _race(place, url, [[{"release": f"1.{number}"}]] * racers)
        failed += sum(one[0] == "error" for one in told)
        shown = open_store(url).revisions("sentiment", f"1.{number}")
        shown_twice += len(shown) != 1
        lost += shown[0].id != min(identifier for identifier, *_ in told)
    return zeros(
        f"{racers} racers with one content",
        f"{rounds} races",
        failed=failed,
        shown_twice=shown_twice,
        lost=lost,
        damaged=len(open_store(url).verify().damaged),
    )


def _race(place: Place, url: str, work: Sequence[list[dict]]) -> tuple[list[tuple], float]:
    """What each publisher was told, and the seconds it took."""
    gate, outcomes = CONTEXT.Barrier(len(work) + 1), CONTEXT.Queue()
    environment = dict(place.environment)
    processes = [CONTEXT.Process(target=publish_all, args=(url, each, gate, outcomes, environment)) for each in work]
    with _running(processes):
        gate.wait(timeout=PATIENCE)
        started = time.perf_counter()
        told = [outcomes.get(timeout=PATIENCE) for drafts in work for _ in drafts]
        seconds = time.perf_counter() - started
        for process in processes:
            process.join()
    return told, seconds


@contextmanager
def _running(processes: Sequence[BaseProcess]) -> Iterator[None]:
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def kills(place: Place, *, count: int = 100, seed: int = 13) -> list[Figure]:
    """SIGKILL at random points, while a reader hashes whatever appears; then garbage collection, a day later."""
    url, environment, chance = place.url("kills"), dict(place.environment), random.Random(seed)
    create_store(url)
    stop, problems, seen = CONTEXT.Event(), CONTEXT.Queue(), CONTEXT.Value("i", 0)
    reader = CONTEXT.Process(target=read_until, args=(url, stop, problems, seen, environment))
    with tempfile.TemporaryDirectory() as folder, _running([reader]):
        for number in range(count):
            log = Path(folder) / str(number)
            process = CONTEXT.Process(target=publish_until_killed, args=(url, number, str(log), environment))
            process.start()
            if number % 4:
                _wait_for_a_line(log)
            kill(process, after=chance.uniform(0.0, 0.08))
        acknowledged = dict(line.split() for log in Path(folder).iterdir() for line in log.read_text().splitlines())
        time.sleep(0.5)
        stop.set()
        reader.join(timeout=PATIENCE)
        crashed = int(reader.exitcode != 0)
    partial = crashed
    while not problems.empty():
        partial += bool(problems.get())
    return [_after_kills(url, acknowledged, count, partial), _cleaned(url)]


def _wait_for_a_line(log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not (log.exists() and log.stat().st_size):
        time.sleep(0.002)


def _after_kills(url: str, acknowledged: dict[str, str], count: int, partial: int) -> Figure:
    store = open_store(url)
    shown = {each.id: each.release for each in store.evaluations()}
    return zeros(
        "SIGKILL beside a live reader",
        f"{count} kills, {len(acknowledged)} acknowledged",
        lost=len(acknowledged.items() - shown.items()),
        partial=partial + len(store.verify().damaged),
        twice=len(shown) - len(set(shown.values())),
    )


def _cleaned(url: str) -> Figure:
    before = open_store(url).verify()
    young = collect(adapter_for(url), delete=True).keys
    removed = collect(adapter_for(url), delete=True, now=time.time() + GRACE + 3600).keys
    after = open_store(url).verify()
    return zeros(
        "  garbage collection a day later",
        f"{len(before.orphans)} orphans, {len(removed)} files removed",
        too_early=len(young),
        left=len(after.orphans),
        live_files_removed=len(after.damaged) + before.files - after.files,
    )
