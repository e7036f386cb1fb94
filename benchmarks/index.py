"""Prints how fast a long history is read: 1,000 releases x 200 scenarios x 5 metrics listed and trended, cold and warm.

python -m benchmarks.index [FOLDER]      the folder decides which disk is measured (default: a temporary one)

Every figure is a median, of the processor's time and of the clock's: on a machine with other work the first one counts.
"""

import io
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.store import draft, filled
from plainview.records import Evaluation, Result
from plainview.store import Store, create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.index import read_record
from plainview.store.keys import COMMITS, commit_key
from plainview.store.results import frame_of
from plainview.store.sealed import seal
from plainview.store.tables import write_table
from plainview.store.ulids import new_ulid

RELEASES, SCENARIOS = 1_000, 200
METRICS = ("accuracy", "macro_f1", "recall[negative]", "precision[negative]", "mcc")
MANY = 10_000
Timed = tuple[float, float]  # milliseconds of the processor and of the clock


def results(seed: int, *, scenarios: int = SCENARIOS) -> list[Result]:
    """What one release would have: every metric on every scenario, with an interval."""
    values = iter(np.random.default_rng(seed).uniform(0.6, 0.9, scenarios * len(METRICS)).tolist())
    return [
        Result(
            scenario=f"Scenario number {number}", behaviour=f"Behaviour {number // 20}", metric=metric,
            value=(value := next(values)), low=value - 0.02, high=value + 0.02, examples=1_000 + number,
            of=1_000.0 + number, method="wilson/1",
        )
        for number in range(scenarios)
        for metric in METRICS
    ]  # fmt: skip


def long_history(root: Path) -> Store:
    """A store of RELEASES releases, each with results of its own, in their own files as the publisher writes them."""
    store, adapter = create_store(root), adapter_for(root)
    one, _ = store.publish(draft("0", seed=0))
    whole = read_record(adapter, commit_key(one.id), Evaluation)
    for number in range(1, RELEASES):
        update = {
            "id": new_ulid(), "release": str(number), "publish_key": f"{number:064x}", "results": None,
            "published_at": whole.published_at + timedelta(seconds=number),
            "results_file": write_table(adapter, "results", frame_of(results(number))),
        }  # fmt: skip
        copy = whole.model_copy(update=update)
        (root / COMMITS / f"{copy.id}.json").write_bytes(seal(copy))
    return store


def timed(work: Callable[[], object], *, before: Callable[[], object] = lambda: None, repeats: int = 5) -> Timed:
    """Median milliseconds, of the processor and of the clock; ``before`` is not counted."""
    times = []
    for _ in range(repeats):
        before()
        started = time.process_time(), time.perf_counter()
        work()
        times.append((time.process_time() - started[0], time.perf_counter() - started[1]))
    return tuple(1000 * statistics.median(column) for column in zip(*times, strict=True))


def forget() -> None:
    """Delete every cache."""
    shutil.rmtree(os.environ["PLAINVIEW_CACHE"], ignore_errors=True)


def list_and_trend(store: Store, *, metric: str | None = METRICS[0]) -> pl.DataFrame:
    """What a page of trends asks for: the releases in order, and one metric of every scenario over all of them."""
    return store.results_table(store.releases("benchmark"), metric=metric)


def one_file(store: Store) -> bytes:
    """The floor: the same columns in one Parquet file, with nothing to check."""
    file = io.BytesIO()
    list_and_trend(store, metric=None).write_parquet(file)
    return file.getvalue()


def histories(root: Path) -> list[tuple[str, Timed, str]]:
    """The rows of the table for a long history."""
    store = long_history(root)
    floor = one_file(store)
    numbers = iter(range(100_000))
    return [
        ("floor: one Parquet file, unchecked", timed(lambda: pl.read_parquet(floor)), ""),
        (
            "release by release, as records.Result",
            timed(lambda: [store.results(each) for each in store.releases("benchmark")], repeats=1),
            "",
        ),
        ("cold, without copies", timed(lambda: list_and_trend(open_store(root)), before=forget, repeats=3), ""),
        ("compacting (once in 100 publishes: of 100)", timed(lambda: store.compact("benchmark"), repeats=1), ""),
        ("cold: list and trend", timed(lambda: list_and_trend(open_store(root)), before=forget), "2000"),
        ("warm, new process: list and trend", timed(lambda: list_and_trend(open_store(root))), "150"),
        ("warm, running process: list and trend", timed(lambda: list_and_trend(store)), "150"),
        ("warm, running process: every result", timed(lambda: list_and_trend(store, metric=None)), "150"),
        (
            "one more publish seen: list and trend",
            timed(
                lambda: list_and_trend(store),
                before=lambda: open_store(root).publish(
                    draft(f"new {(number := next(numbers))}", seed=number, measured=results(number))
                ),
                repeats=20,
            ),
            "200",
        ),
    ]


def listings(root: Path) -> list[tuple[str, Timed, str]]:
    """The rows for very many releases."""
    filled(root, MANY)
    store = open_store(root)
    store.evaluations()
    return [
        (f"list {MANY:,}: warm, new process", timed(lambda: open_store(root).evaluations()), "500"),
        (f"list {MANY:,}: warm, running process", timed(store.evaluations), "500"),
    ]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        os.environ["PLAINVIEW_CACHE"] = str(Path(folder) / "cache")
        rows = [*histories(Path(folder) / "long"), *listings(Path(folder) / "many")]
    floor = rows[0][1][0]
    print(f"{RELEASES:,} releases x {SCENARIOS} scenarios x {len(METRICS)} metrics")
    print(f"{'':46} {'CPU ms':>9} {'ms':>9} {'x floor':>8}  target ms")
    for name, (processor, clock), target in rows:
        print(f"{name:46} {processor:9.1f} {clock:9.1f} {processor / floor:8.1f}  {'<= ' + target if target else ''}")


if __name__ == "__main__":
    main()
