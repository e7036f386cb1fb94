"""A soak: replicas that publish, write events and read, one of which is killed every minute; and one reader who watches."""

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
GROWTH = 0.05  # of memory, after the first third


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


def soak(place: Place, *, seconds: float = 60.0, interval: float = 60.0, seed: int = 5) -> Figure:
    """For ``seconds``; a replica is killed and replaced each ``interval``, the first one after half of it."""
    url, chance = place.url("soak"), random.Random(seed)
    create_store(url)
    with tempfile.TemporaryDirectory() as folder:
        with _replicas(url, folder, place) as running:
            killed, memory = _watched(url, running, seconds=seconds, interval=interval, chance=chance)
        lines = [line.split() for log in Path(folder).iterdir() for line in log.read_text().splitlines()]
    kept = {word[1] for word in lines if word[0] == "kept" and len(word) == 2}
    late = max((float(word[1]) for word in lines if word[0] == "late" and len(word) == 2), default=0.0)
    store = open_store(url)
    lost = len(kept - {each.id for each in (*store.evaluations(), *store.events())})
    damaged = len(store.verify().damaged)
    growth = memory[-1] / memory[len(memory) // 3] - 1
    found = f"{seconds:.0f} s, {killed} killed, {len(kept)} kept: {lost} lost, {damaged} damaged, "
    found += f"events seen within {late:.1f} s, memory {growth:+.1%}"
    target = f"0 lost, 0 damaged, within {LATEST:.0f} s, memory < +{GROWTH:.0%}"
    met = not lost and not damaged and 0 < late <= LATEST and growth < GROWTH and len(kept) > 2 * REPLICAS
    return Figure("soak", found, target, met)


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


def _watched(
    url: str, running: Replicas, *, seconds: float, interval: float, chance: random.Random
) -> tuple[int, list[int]]:
    """How many were killed, and the memory of a reader who reads all the while."""
    begun, killed, memory = time.monotonic(), 0, []
    watcher = open_store(url)
    while (spent := time.monotonic() - begun) < seconds:
        if spent > interval * (killed + 0.5):
            running.kill(chance.randrange(REPLICAS))
            running.fill()
            killed += 1
        watcher.results_table(watcher.evaluations())
        watcher.events()
        memory.append(_resident())
        time.sleep(PAUSE)
    return killed, memory


def _resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
