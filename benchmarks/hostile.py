"""Prints what hostile files cost: memory and seconds until each is refused or read, and what honest large files cost beside.

    python -m benchmarks.hostile [NAME …]      the corpus of the tests, or some of it, through the command line
    python -m benchmarks.hostile --honest      reading a million rows in each format, against the bare library

Exits with 1 where a bound is missed: 512 MB above what the process takes anyway, 5 seconds, exit code 2 and nothing written
for what is refused.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet  # noqa: F401 - loaded before anything is measured

from plainview.frames import read_frame

TESTS = Path(__file__).parent.parent / "tests"
MEGABYTES, SECONDS = 512, 5.0
ROWS, TIMES = 1_000_000, 5


def corpus(names: list[str]) -> bool:
    """Measure the corpus in a process of its own; whether every bound was kept."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(TESTS), "PLAINVIEW_CACHE": f"{folder}/cache", "COLUMNS": "200"}
        command = [sys.executable, str(TESTS / "hostile_run.py"), folder, *names]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    print(f"{'':30} {'size':>12} {'seconds':>8} {'MB':>5}  outcome")
    for each in found:
        print(
            f"{each['name'][:30]:30} {each['bytes']:12,} {each['seconds']:8.2f} {each['megabytes']:5}  {_outcome(each)}"
        )
    missed = [each["name"] for each in found if not _kept(each)]
    slowest, largest = (max(found, key=lambda each: each[part]) for part in ("seconds", "megabytes"))
    print(f"\n{len(found)} files and names; slowest {slowest['seconds']:.2f} s ({slowest['name']}), ", end="")
    print(f"largest {largest['megabytes']} MB ({largest['name']}); bounds missed: {', '.join(missed) or 'none'}")
    return not missed


def _kept(each: dict) -> bool:
    refused = each["code"] == 2 and not each["written"]
    return (refused or each["code"] == 0) and each["seconds"] <= SECONDS and each["megabytes"] <= MEGABYTES


def _outcome(each: dict) -> str:
    said = " ".join(each["said"].split())
    return each["crash"] or (said if len(said) <= 100 else said[:99] + "…")


def honest() -> None:
    """Seconds to read a million rows, the median of a few, by Plainview and by the bare library."""
    chance = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "id": [f"ex-{number:07}" for number in range(ROWS)],
            "label": chance.choice(["negative", "positive"], ROWS),
            "prediction": chance.choice(["negative", "positive"], ROWS),
            "score": chance.random(ROWS),
            "words": chance.integers(1, 60, ROWS),
            "text": [f"some words about thing {number % 5000}" for number in range(ROWS)],
        }
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix, (write, bare) in _FORMATS.items():
            path = folder / f"rows{suffix}"
            write(frame, path)
            ours, theirs = (
                _seconds(lambda path=path: read_frame(path)),
                _seconds(lambda path=path, bare=bare: bare(path)),
            )
            print(
                f"{suffix:9} {path.stat().st_size / 1e6:7.1f} MB: {ours:.3f} s, of which reading alone {theirs:.3f} s"
            )


def _seconds(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _write_gzip(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(frame.write_csv().encode(), 6))


_FORMATS: dict[str, tuple[Callable, Callable]] = {
    ".parquet": (pl.DataFrame.write_parquet, pl.read_parquet),
    ".arrow": (lambda frame, path: frame.write_ipc(path, compression="zstd"), pl.read_ipc),
    ".jsonl": (pl.DataFrame.write_ndjson, lambda path: pl.read_ndjson(path, infer_schema_length=None)),
    ".csv": (pl.DataFrame.write_csv, lambda path: pl.read_csv(path, infer_schema_length=None)),
    ".csv.gz": (_write_gzip, lambda path: pl.read_csv(path, infer_schema_length=None)),
}

if __name__ == "__main__":
    if "--honest" in sys.argv:
        honest()
    else:
        sys.exit(0 if corpus(sys.argv[1:]) else 1)
