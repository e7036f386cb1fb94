"""Prints what publishing a table of Spark costs: ten million rows, 200 overlapping scenarios, 5 metrics, one executor and two.

python -m benchmarks.spark [ROWS] [--folder FOLDER]

Each master runs in a process of its own, on as many cores as it has executors: the release is published, then published again
beside its baseline, which joins both tables on the id. Time on the clock, time of all processors, and the most memory of all
processes together (the driver, Java and the workers). Then whether the results are those of the same rows published from the
file, and what a billion rows would cost at the same rate. The speed-up means something only where two cores are free: the load
of the machine is printed beside it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.evaluate import COLUMNS, SCENARIOS, specification
from plainview import publish
from plainview.engines.session import spark_session
from plainview.engines.spark import measure_table, pruned
from plainview.intake import Intake
from plainview.store import open_store

ROWS, GROUP = 10_000_000, 500_000
MASTERS = ("local[1]", "local[2]")
RELEASES = {"1.0": 0.80, "2.0": 0.81}  # and how many of its answers are right
STEPS = {
    "measure": "The kernel",
    "publish": "Publish, all of it",
    "beside": "Publish beside a baseline",
}


def main(rows: int, folder: Path) -> None:
    """Write the tables if they are not there, run every master, and print."""
    for release, right in RELEASES.items():
        if not (folder / f"{release}.parquet").exists():
            write(folder / f"{release}.parquet", rows, right)
    load = os.getloadavg()[0]
    found = {master: _in_a_process(master, folder) for master in MASTERS}
    local = _results(folder / "2.0.parquet")
    console = Console(width=120)
    table = Table(
        title=f"{rows:,} rows, {SCENARIOS} scenarios, 5 metrics; load {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    for title in ("", *(f"{master}: {unit}" for master in MASTERS for unit in ("s", "CPU s")), "speed-up"):
        table.add_column(title, justify="right")
    for step, title in STEPS.items():
        costs = [found[master]["steps"][step] for master in MASTERS]
        table.add_row(title, *(f"{each:.1f}" for cost in costs for each in cost), f"{costs[0][0] / costs[1][0]:.2f}")
    console.print(table)
    for master in MASTERS:
        _, cpu = found[master]["steps"]["publish"]
        million = cpu / rows * 1e6
        console.print(
            f"{master}: {found[master]['memory'] / 2**30:.2f} GiB at most; {million:.2f} CPU s a million rows, so "
            f"{million * 1000 / 3600:.2f} core hours a billion."
        )
    same = all(each["results"] == local for each in found.values())
    console.print(f"Results are {'the same as' if same else 'NOT those'} from the file.")


def write(path: Path, rows: int, right: float) -> None:
    """A release's table: two classes, ten numbers that scenarios are made of, and answers."""
    random = np.random.default_rng(0)
    writer = None
    for start in range(0, rows, GROUP):
        size = min(GROUP, rows - start)
        label = random.choice(["a", "b"], size)
        prediction = np.where(random.random(size) < right, label, np.where(label == "a", "b", "a"))
        features = {f"x{column}": random.random(size) for column in range(COLUMNS)}
        ids = (random.permutation(size) + start).astype(str)
        frame = pl.DataFrame({"id": ids, "label": label, "prediction": prediction, **features})
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=GROUP)
    writer.close()


def run(master: str, folder: Path) -> dict:
    """What one master costs, step by step."""
    demanded, steps = specification(SCENARIOS), {}
    with spark_session(master) as session, tempfile.TemporaryDirectory() as place, _Memory() as memory:
        before, after = (session.read.parquet(str(folder / f"{release}.parquet")) for release in RELEASES)
        intake = pruned(Intake.of(after.columns, demanded, "2.0"))
        measure_table(after, intake)  # as on a cluster that is up: its workers have started
        steps["measure"] = _cost(lambda: measure_table(after, intake))
        given = {"specification": demanded, "store": place}
        steps["publish"] = _cost(lambda: publish(after, release="2.0", **given))
        publish(before, release="1.0", **given)
        steps["beside"] = _cost(lambda: publish(after, release="2.0", baseline=before, **given))
        store = open_store(place)
        results = [row.model_dump_json() for row in store.results(store.evaluation(demanded.project, "2.0"))]
    return {"steps": steps, "memory": memory.most, "results": results}


def _cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of all processors."""
    start, used = time.perf_counter(), _used()
    work()
    return time.perf_counter() - start, _used() - used


def _tree() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def _used() -> float:
    total = 0.0
    for process in _tree():
        try:
            times = process.cpu_times()
        except psutil.Error:  # it ended: its parent has its time
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


class _Memory:
    """The most memory that this process and all under it had together, looked at five times a second."""

    most = 0

    def __enter__(self) -> "_Memory":
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.2):
            total = 0
            for process in _tree():
                try:
                    total += process.memory_info().rss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)


def _in_a_process(master: str, folder: Path) -> dict:
    command = [sys.executable, "-m", "benchmarks.spark", "--master", master, "--folder", str(folder)]
    cores = sorted(os.sched_getaffinity(0))[: int(re.sub(r"\D", "", master))]  # an executor has a core, and no more
    held = lambda: os.sched_setaffinity(0, cores)  # noqa: E731
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=held)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def _results(path: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        made = publish(path, specification=specification(SCENARIOS), release="2.0", store=place)
        return [row.model_dump_json() for row in open_store(place).results(made)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--master")
    asked = parser.parse_args()
    if asked.master:
        print(json.dumps(run(asked.master, asked.folder)))
    elif asked.folder:
        main(asked.rows, asked.folder)
    else:
        with tempfile.TemporaryDirectory() as made:
            main(asked.rows, Path(made))
