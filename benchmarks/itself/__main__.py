"""Compare random releases with themselves: ``python -m benchmarks.itself [CASES] [--from SEED]``; exit 1 for any finding."""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from benchmarks.itself.findings import faults
from benchmarks.itself.specifications import TASKS, random_case


def main() -> int:
    """Print every fault with the seed that makes it, and how many cases of each task had none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.itself", description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=1000)
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    clean: Counter[str] = Counter()
    started = time.process_time()
    for seed in range(options.first, options.first + options.cases):
        case, found = random_case(seed), []
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = list(faults(case, Path(folder) / "store"))
            except Exception:
                found = [traceback.format_exc(limit=-4)]
        clean[case.task] += not found
        for fault in found:
            print(f"seed {seed}, {case.task}: {fault}", flush=True)
    seconds = time.process_time() - started
    print(f"{options.cases:,} random specifications, each against itself, a shuffled copy and a copy under other ids")
    print("nothing found: " + ", ".join(f"{clean[task]:,} {task}" for task in TASKS))
    print(f"{clean.total():,} of {options.cases:,} without a finding, {seconds:.0f} s of CPU")
    return 0 if clean.total() == options.cases else 1


if __name__ == "__main__":
    sys.exit(main())
