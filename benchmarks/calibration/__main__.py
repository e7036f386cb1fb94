"""Print every figure against its target: ``python -m benchmarks.calibration [--short] [--markdown] [--only NAME]``."""

import argparse
import sys
import time

import numpy as np

from benchmarks.calibration import (
    boxes,
    calibrated,
    clusters,
    counts,
    decisions,
    independent,
    labels,
    means,
    paired,
    proportions,
    ranked_boxes,
    ratios,
    rows,
)
from benchmarks.calibration.figures import markdown, text

NOTE = (
    "Coverage of nominal 95% intervals unless another rate is named. A worst cell may miss its bound by two standard errors of "
    "the simulation. Bootstraps and jackknives are measured on fewer repeats than ours, so their worst cell is noisier."
)
SECTIONS = {
    "proportions": (proportions.figures, 600, 4000),
    "paired": (paired.figures, 1500, 5000),
    "counts": (counts.figures, 3000, 20000),
    "means": (means.figures, 2000, 8000),
    "ratios": (ratios.figures, 300, 1500),
    "rows": (rows.figures, 200, 1000),
    "calibrated": (calibrated.figures, 200, 1000),
    "labels": (labels.figures, 40, 600),
    "boxes": (boxes.figures, 100, 600),
    "ranked_boxes": (ranked_boxes.figures, 20, 400),
    "independent": (independent.figures, 60, 300),
    "clusters": (clusters.figures, 1500, 5000),
    "decisions": (decisions.figures, 400, 2000),
}


def main() -> int:
    """Run the sections, print their figures, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer repeats: under a minute, and noisier worst cells")
    parser.add_argument("--markdown", action="store_true", help="print one table for the README")
    parser.add_argument("--only", choices=SECTIONS, action="append", help="only these sections")
    options = parser.parse_args()
    figures = []
    print(NOTE)
    for name in options.only or SECTIONS:
        section, few, many = SECTIONS[name]
        started = time.process_time()
        found = list(section(few if options.short else many, np.random.default_rng(20240501)))
        figures += found
        if not options.markdown:
            print(text(found), f"\n         [{name}: {time.process_time() - started:.0f} s]", flush=True)
    print(
        "\n" + markdown(figures)
        if options.markdown
        else f"\n{sum(f.reached for f in figures)} of {len(figures)} reached"
    )
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
