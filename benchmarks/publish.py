"""Prints what a publish costs: the whole process, against merely reading the same CSV with Polars, and where the time goes.

python -m benchmarks.publish [ROWS] [SCENARIOS]      default: 100000 rows, 50 scenarios; the target is under 5 seconds
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl

from plainview.evaluation import evaluate
from plainview.frames import read_frame
from plainview.publishing import publish_frame
from plainview.specification import load_specification

ROWS, SCENARIOS = 100_000, 50
REPEATS = 5
CLASSES = ("angry", "glad", "neutral", "sad")


def frame(rows: int) -> pl.DataFrame:
    """Messages of four classes with text, numbers, a date and gaps, and the answers of one release."""
    draw = np.random.default_rng(7)
    label = draw.integers(0, len(CLASSES), rows)
    guess = np.where(draw.random(rows) < 0.8, label, draw.integers(0, len(CLASSES), rows))
    names, words = np.array(CLASSES), np.array(["refund", "thanks", "late", "again", "love", "broken", "please"])
    return pl.DataFrame(
        {
            "id": [f"message-{row:08}" for row in range(rows)],
            "label": names[label],
            "text": [" ".join(row) for row in words[draw.integers(0, len(words), (rows, 12))]],
            "words": draw.integers(1, 60, rows),
            "hour": draw.integers(0, 24, rows),
            "country": np.array(["de", "fr", "jp", "us"])[draw.integers(0, 4, rows)],
            "waited": np.where(draw.random(rows) < 0.1, np.nan, draw.gamma(2, 9, rows).round(2)),
            "day": np.datetime64("2024-01-01") + draw.integers(0, 365, rows).astype("timedelta64[D]"),
            "prediction": names[guess],
        }
    ).with_columns(pl.col("waited").fill_nan(None))


def specification(scenarios: int) -> str:
    """YAML with so many scenarios, of every kind of condition, and four metrics."""
    kinds = (
        "words > {0}", "hour = {0} AND country IN ('de', 'fr')", "text LIKE '%late%' AND words BETWEEN {0} AND 50",
        "waited >= {0} OR waited IS NULL", "lower(country) = 'jp' AND NOT hour < {0}",
    )  # fmt: skip
    lines = [
        f'      - {{name: Scenario {n}, where: "{kinds[n % len(kinds)].format(n % 24)}"}}' for n in range(scenarios)
    ]
    head = (
        "project: benchmark\ntask: classification\ncolumns: {id: id, label: label}\n"
        "metrics: [accuracy, macro_f1, 'recall[angry]', 'precision[angry]']\n"
        "behaviours:\n  - name: Sorts messages\n    scenarios:\n"
    )
    return head + "\n".join(lines) + "\n"


def seconds(command: list[str]) -> float:
    """The median time of a whole process, in seconds, with a cache and a store of its own each time."""
    taken = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            given = [part.format(store=f"{folder}/store") for part in command]
            started = time.perf_counter()
            subprocess.run(
                given, check=True, capture_output=True, env={**os.environ, "PLAINVIEW_CACHE": f"{folder}/cache"}
            )
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Prints how long the block took."""
    started = time.perf_counter()
    yield
    print(f"  {what:<44} {time.perf_counter() - started:6.2f} s")


def stages(rows_file: Path, demanded_file: Path, folder: Path) -> None:
    """Prints where the time goes within a process that has everything imported."""
    os.environ["PLAINVIEW_CACHE"] = str(folder / "cache")
    demanded = load_specification(demanded_file)
    with told("reading the CSV"):
        rows = read_frame(rows_file, id_column="id")
    with told("measuring"):
        evaluate(rows.drop("prediction"), rows.select("prediction"), demanded)
    with told("publishing the frame, from memory to disk"):
        publish_frame(rows, specification=demanded, release="1.0", store=folder / "store")


def main() -> None:
    """Make the files, run both processes, print the table."""
    rows, scenarios = (int(given) for given in (*sys.argv[1:], *(ROWS, SCENARIOS)[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        rows_file, demanded_file = Path(folder, "rows.csv"), Path(folder, "specification.yaml")
        frame(rows).write_csv(rows_file)
        demanded_file.write_text(specification(scenarios))
        plainview = str(Path(sys.executable).with_name("plainview"))
        command = [plainview, "publish", str(rows_file), "-s", str(demanded_file), "-r", "1.0", "--store", "{store}"]
        published = seconds(command)
        read = seconds([sys.executable, "-c", f"import polars; polars.read_csv({str(rows_file)!r})"])
        print(f"{rows:,} rows × {scenarios} scenarios × 4 metrics, {rows_file.stat().st_size / 1e6:.1f} MB of CSV")
        print(f"  {'plainview publish, the whole process':<44} {published:6.2f} s   (target under 5 s)")
        print(f"  {'python and polars.read_csv, the whole process':<44} {read:6.2f} s")
        print(f"  {'ratio':<44} {published / read:6.1f}")
        stages(rows_file, demanded_file, Path(folder))


if __name__ == "__main__":
    main()
