"""A soak: replicas that publish, write events and read, one of which is killed every minute; and one reader who watches.

Readers keep what there is, so memory grows with the store. What must not grow is what one needs who has read all the while
beside one who has just come.
"""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from servers.processes import Place
from store_cases import draft

from benchmarks.faults.figures import Figure
from benchmarks.faults.traffic import CONTEXT, PATIENCE
from plainview.store import create_store, open_store

REPLICAS = 3
PAUSE = 0.4  # seconds between the acts of a replica
LATEST = 5.0  # seconds until an event must be seen everywhere
GROWTH = 0.05  # of memory
LOOKS = 5  # of a reader who has just come, until its memory is that of a reader


def replica(url: str, name: str, log: str, environment: dict[str, str]) -> None:
    """Publish, say, read; a line for each acknowledgement, and for each event of others how late it was seen."""
    os.environ.update(environment)
    store, seen = open_store(url), set()
    with Path(log).open("a", buffering=1) as lines:
        for number in range(1_000_000):
            evaluation, _ = store.publish(draft(f"{name}-{number}", seed=number, rows=20 + number % 5))
            lines.write(f"kept {evaluation.id}\n")
            lines.write(f"kept {store.append_event('comment', 'sentiment', body={'n': number}).id}\n")
            first = not seen
            for event in store.events():
                if event.id not in seen and not first:
                    lines.write(f"late {(datetime.now(UTC) - event.at).total_seconds()}\n")
                seen.add(event.id)
            time.sleep(PAUSE)


def reader(url: str, log: str, environment: dict[str, str]) -> None:
    """Read everything again and again; a line for the memory after each time."""
    os.environ.update(environment)
    store = open_store(url)
    with Path(log).open("a", buffering=1) as lines:
        while True:
            store.results_table(store.evaluations())
            store.events()
            lines.write(f"{_resident()}\n")
            time.sleep(PAUSE)


def soak(place: Place, *, seconds: float = 60.0, interval: float = 60.0, seed: int = 5) -> Figure:
    """For ``seconds``; a replica is killed and replaced each ``interval``, the first one after half of it."""
    url, chance = place.url("soak"), random.Random(seed)
    create_store(url)
    with tempfile.TemporaryDirectory() as folder:
        with _reading(url, f"{folder}/all the while", place) as old, _replicas(url, folder, place) as running:
            killed = _killed(running, seconds=seconds, interval=interval, chance=chance)
            _await_looks(old, 1)
        with _reading(url, f"{folder}/just come", place) as new:
            _await_looks(new, LOOKS)
        long, short = (int(log.read_text().splitlines()[-1]) for log in (old, new))
        logs = [log for log in Path(folder).iterdir() if log.name.isdecimal()]
        lines = [line.split() for log in logs for line in log.read_text().splitlines()]
    kept = {word[1] for word in lines if word[0] == "kept" and len(word) == 2}
    late = max((float(word[1]) for word in lines if word[0] == "late" and len(word) == 2), default=0.0)
    store = open_store(url)
    lost = len(kept - {each.id for each in (*store.evaluations(), *store.events())})
    damaged, growth = len(store.verify().damaged), long / short - 1
    found = f"{seconds:.0f} s, {killed} killed, {len(kept)} kept: {lost} lost, {damaged} damaged, "
    found += f"events seen within {late:.1f} s, memory {growth:+.1%} beside a new reader's {short >> 20} MiB"
    target = f"0 lost, 0 damaged, within {LATEST:.0f} s, memory < +{GROWTH:.0%}"
    met = not lost and not damaged and 0 < late <= LATEST and growth < GROWTH and len(kept) > 2 * REPLICAS
    return Figure("soak", found, target, met)


@contextmanager
def _reading(url: str, log: str, place: Place) -> Iterator[Path]:
    """A reader, while this lasts, that finds no cache of others; the file of its lines."""
    process = CONTEXT.Process(target=reader, args=(url, log, {**place.environment, "PLAINVIEW_CACHE": f"{log} cache"}))
    process.start()
    try:
        yield Path(log)
    finally:
        process.kill()
        process.join(PATIENCE)


def _await_looks(log: Path, more: int) -> None:
    """Until a reader has looked so many times more."""
    wanted, until = _looks(log) + more, time.monotonic() + PATIENCE
    while _looks(log) < wanted:
        if time.monotonic() > until:
            raise TimeoutError("A reader cannot read")
        time.sleep(PAUSE)


def _looks(log: Path) -> int:
    return log.read_text().count("\n") if log.exists() else 0


class Replicas:
    """Processes that are replaced when they are killed."""

    def __init__(self, url: str, folder: str, place: Place) -> None:
        self._url, self._folder, self._environment = url, folder, dict(place.environment)
        self._running: list[BaseProcess] = []
        self._started = 0

    def fill(self) -> None:
        """Start those that are missing."""
        while len(self._running) < REPLICAS:
            log = str(Path(self._folder) / str(self._started))
            arguments = (self._url, str(self._started), log, self._environment)
            self._running.append(CONTEXT.Process(target=replica, args=arguments))
            self._running[-1].start()
            self._started += 1

    def kill(self, number: int) -> None:
        """SIGKILL."""
        process = self._running.pop(number)
        process.kill()
        process.join(PATIENCE)


@contextmanager
def _replicas(url: str, folder: str, place: Place) -> Iterator[Replicas]:
    running = Replicas(url, folder, place)
    try:
        running.fill()
        yield running
    finally:
        for number in reversed(range(REPLICAS)):
            running.kill(number)


def _killed(running: Replicas, *, seconds: float, interval: float, chance: random.Random) -> int:
    """Let so much time pass; how many were killed meanwhile."""
    begun, killed = time.monotonic(), 0
    while (spent := time.monotonic() - begun) < seconds:
        if spent > interval * (killed + 0.5):
            running.kill(chance.randrange(REPLICAS))
            running.fill()
            killed += 1
        time.sleep(PAUSE)
    return killed


def _resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
