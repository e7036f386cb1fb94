"""Prints how fast a store in a folder is: publishing by racing processes, listing, reading results, with history.

python -m benchmarks.store [FOLDER]      the folder decides which disk is measured (default: a temporary one)
"""

import itertools
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from plainview.records import Evaluation, Result
from plainview.store import Draft, Store, create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.index import read_record
from plainview.store.keys import COMMITS, commit_key
from plainview.store.sealed import seal
from plainview.store.ulids import new_ulid

ROWS = 1_000
WRITERS, EACH = 8, 50
PUBLISHES = 40  # small ones whose median counts
Clock = Callable[[], float]


def draft(
    release: str, *, seed: int, rows: int = ROWS, results: int = 20, measured: Sequence[Result] | None = None
) -> Draft:
    """A small evaluation: ``rows`` reviews, one prediction each, ``results`` results or those ``measured``."""
    truth = np.random.default_rng(0).integers(0, 2, rows)
    guess = np.where(np.random.default_rng(seed).random(rows) < 0.8, truth, 1 - truth)
    names = np.array(["negative", "positive"])
    examples = pl.DataFrame({"id": [f"{row:08}" for row in range(rows)], "label": names[truth], "words": truth + 7})
    return Draft(
        project="benchmark",
        title="Benchmark",
        task="classification",
        release=release,
        specification=b"project: benchmark\n",
        examples=examples,
        predictions=pl.DataFrame({"prediction": names[guess]}),
        results=measured or [_result(number) for number in range(results)],
        core_columns=("id", "label"),
    )


def _result(number: int) -> Result:
    share = 0.8 + number / 10_000
    return Result(
        scenario=f"Scenario {number}", behaviour="Understands negation", metric="accuracy", value=share,
        low=share - 0.02, high=share + 0.02, examples=ROWS, of=ROWS, method="wilson/1",
    )  # fmt: skip


def publish_many(root: str, writer: int, ready: object, go: object) -> None:
    """One of the racing publishers."""
    store = open_store(root)
    drafts = [draft(f"{writer}-{number}", seed=1000 * writer + number) for number in range(EACH)]
    ready.release()
    go.wait()
    for each in drafts:
        store.publish(each, actor=f"writer {writer}")


def race(root: Path) -> float:
    """Publishes per second of WRITERS processes with EACH evaluations each."""
    store = create_store(root)
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    writers = [context.Process(target=publish_many, args=(str(root), number, ready, go)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in writers:
        ready.acquire()
    started = time.perf_counter()
    go.set()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - started
    found = len(store.evaluations())
    if found != WRITERS * EACH or any(writer.exitcode for writer in writers):
        raise SystemExit(f"{found} of {WRITERS * EACH} evaluations: something was lost")
    return WRITERS * EACH / seconds


def filled(root: Path, count: int, *, results: int = 20) -> None:
    """A store with ``count`` evaluations whose records are true copies of one, under other ids and releases."""
    store = create_store(root)
    one, _ = store.publish(draft("0", seed=0, results=results))
    whole = read_record(adapter_for(root), commit_key(one.id), Evaluation)
    for number in range(1, count):
        update = {
            "id": new_ulid(), "release": str(number), "publish_key": f"{number:064x}",
            "published_at": whole.published_at + timedelta(seconds=number),
        }  # fmt: skip
        copy = whole.model_copy(update=update)
        (root / COMMITS / f"{copy.id}.json").write_bytes(seal(copy))


def milliseconds(work: Callable[[], object], *, repeats: int = 5, clock: Clock = time.perf_counter) -> float:
    """Median duration, by the clock or by ``time.process_time``."""
    times = []
    for _ in range(repeats):
        started = clock()
        work()
        times.append(clock() - started)
    return 1000 * statistics.median(times)


def publishing(root: Path) -> dict[int, Callable[[], object]]:
    """By length of history: a small publish, again and again, by a long-lived process."""

    def publisher(history: int) -> Callable[[], object]:
        folder = root / str(history)
        filled(folder, history)
        store, drafts = open_store(folder), (draft(f"new {number}", seed=number + 1) for number in itertools.count())
        store.publish(next(drafts))
        ready = [next(drafts) for _ in range(2 * PUBLISHES)]
        return lambda: store.publish(ready.pop())

    return {history: publisher(history) for history in (10, 10_000)}


def listing(root: Path, *, results: int) -> tuple[float, float, float, float, float]:
    """Milliseconds to list 1,000 evaluations: cold, with the cache, in a running process; and to read all results, cold and
    with the cache.
    """
    filled(root, 1_000, results=results)

    def forget() -> Store:
        shutil.rmtree(os.environ["PLAINVIEW_CACHE"], ignore_errors=True)
        return open_store(root)

    def every(store: Store) -> pl.DataFrame:
        return store.results_table(store.evaluations())

    cold = milliseconds(lambda: forget().evaluations())
    warm = milliseconds(lambda: open_store(root).evaluations())
    store = open_store(root)
    running = milliseconds(store.evaluations)
    return cold, warm, running, milliseconds(lambda: every(forget()), repeats=3), milliseconds(lambda: every(store))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        os.environ["PLAINVIEW_CACHE"] = str(Path(folder) / "cache")
        rows = [(f"publishing, {WRITERS} processes x {EACH}", race(Path(folder) / "race"), "a second", ">= 50")]
        publishers = publishing(Path(folder) / "history")
        for kind, clock in (("", time.perf_counter), (" (processor)", time.process_time)):
            few, many = (milliseconds(each, repeats=PUBLISHES, clock=clock) for each in publishers.values())
            rows += [
                (f"one small publish after 10{kind}", few, "ms", "<= 50"),
                (f"one small publish after 10,000{kind}", many, "ms", "<= 50"),
                ("  ratio", many / few, "", "<= 1.5"),
            ]
        for results in (20, 200):
            cold, warm, running, cold_results, results_table = listing(
                Path(folder) / f"list-{results}", results=results
            )
            rows += [
                (f"list 1,000 evaluations of {results} results, cold", cold, "ms", ""),
                ("  new process, with the cache", warm, "ms", "<= 50"),
                ("  running process", running, "ms", "<= 50"),
                ("  and read every result, cold", cold_results, "ms", ""),
                ("  and read every result, with the cache", results_table, "ms", "<= 150" if results == 200 else ""),
            ]
    for name, figure, unit, target in rows:
        print(f"{name:50} {figure:9.1f} {unit:9} {target}")


if __name__ == "__main__":
    main()
