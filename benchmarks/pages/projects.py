"""The store that pages are measured on: a hundred releases of two hundred scenarios, published as anyone would."""

from pathlib import Path

import numpy as np
import polars as pl

from plainview.publishing import publish
from plainview.specification import load_specification
from plainview.store import create_store

PROJECT, RELEASES, SCENARIOS, ROWS = "crowded", 100, 200, 2_000


def filled(folder: Path, *, releases: int = RELEASES) -> Path:
    """A store with one project of so many releases, each a little better than the last."""
    random = np.random.default_rng(7)
    label = random.choice(["no", "yes"], ROWS)
    place = {f"x{number}": random.random(ROWS).round(4) for number in range(10)}
    scenarios = [{"name": f"Scenario {k}", "where": f"x{k % 10} > {0.8 * k / SCENARIOS:.4f}"} for k in range(SCENARIOS)]
    demanded = load_specification({
        "project": PROJECT, "title": "Two hundred scenarios", "task": "classification",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"}, "metrics": ["accuracy", "macro_f1"],
        "behaviours": [{"name": f"Behaviour {k}", "scenarios": scenarios[10 * k : 10 * k + 10]} for k in range(20)],
        "requirements": [
            {"id": f"R-{k}", "scenario": f"Scenario {k}", "metric": "accuracy", "at_least": 0.7, "priority": "should"}
            for k in range(0, SCENARIOS, 20)
        ],
    })  # fmt: skip
    store = create_store(folder)
    luck = random.random(ROWS)
    for number in range(releases):
        right = luck < 0.7 + 0.2 * number / releases
        answer = np.where(right, label, np.where(label == "no", "yes", "no"))
        frame = pl.DataFrame(
            {"id": [f"{row:05}" for row in range(ROWS)], "label": label, "prediction": answer, **place}
        )
        publish(frame, specification=demanded, release=f"1.{number}", store=store)
    return folder
