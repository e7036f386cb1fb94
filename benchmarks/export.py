"""How long a report takes to write: one release of 200 scenarios, format by format, warm. python -m benchmarks.export."""

import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import plainview
from plainview.export.formats import FORMATS
from plainview.export.releases import export
from plainview.store import open_store

SCENARIOS, EXAMPLES, TIMES = 200, 5_000, 5
TARGET = 2.0  # seconds for a PDF, warm


def main() -> None:
    """Publish two releases, then write each format several times; the median, and what of it is reading and comparing."""
    with tempfile.TemporaryDirectory() as folder:
        store = _published(Path(folder) / "store")
        reading = _median(lambda: plainview.release_report(store, "speed", "1.1"))
        print(f"{SCENARIOS} scenarios, {EXAMPLES:,} examples; reading and comparing alone: {reading:.2f} s\n")
        print(f"{'format':<12}{'first':>9}{'warm':>9}{'of reading':>12}{'bytes':>12}")
        for file in FORMATS:
            begun = time.perf_counter()
            data = export(store, "speed", "1.1", file)
            first = time.perf_counter() - begun
            warm = _median(lambda file=file: export(store, "speed", "1.1", file))
            verdict = f"   target {TARGET:g} s: {'met' if warm <= TARGET else 'MISSED'}" if file == "pdf" else ""
            print(f"{file:<12}{first:>8.2f}s{warm:>8.2f}s{warm / reading:>11.1f}x{len(data):>12,}{verdict}")


def _median(work) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return float(np.median(took))


def _published(place: Path):
    scenarios = [
        {"name": f"Scenario {n}", "where": f"kind BETWEEN {n % 97} AND {n % 97 + 3}"} for n in range(SCENARIOS)
    ]
    behaviours = [
        {"name": f"Behaviour {n}", "scenarios": scenarios[n * 10 : n * 10 + 10]} for n in range(SCENARIOS // 10)
    ]
    demanded = [{"id": f"R{n}", "scenario": f"Scenario {n}", "metric": "accuracy", "at_least": 0.7} for n in range(20)]
    specification = {
        "project": "speed", "task": "classification", "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy", "macro_f1"], "behaviours": behaviours, "requirements": demanded,
    }  # fmt: skip
    random = np.random.default_rng(7)
    for number, right in enumerate((0.8, 0.83)):
        rows = pl.DataFrame(
            {
                "id": [f"{n:06}" for n in range(EXAMPLES)],
                "label": ["yes" if n % 2 else "no" for n in range(EXAMPLES)],
                "kind": np.arange(EXAMPLES) % 100,
                "prediction": [
                    "yes" if (n % 2) ^ wrong else "no" for n, wrong in enumerate(random.random(EXAMPLES) > right)
                ],
            }
        )
        plainview.publish(rows, specification=specification, release=f"1.{number}", store=place)
    return open_store(place)


if __name__ == "__main__":
    main()
