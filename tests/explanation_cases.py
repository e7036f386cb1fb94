"""A release to explain, with known reasons: one column makes its errors, another its answers, one word goes with errors."""

import numpy as np
import polars as pl

import plainview

N = 1_200
SPECIFICATION = {
    "project": "known",
    "task": "classification",
    "columns": {"id": "id", "label": "label", "prediction": "prediction"},
    "classes": ["no", "yes"],
    "positive": "yes",
    "metrics": ["accuracy"],
}


def frame(seed: int = 0, *, n: int = N) -> pl.DataFrame:
    """Labels follow x; answers are wrong where ``site`` is west, three times in five; "refund" stands in most wrong texts."""
    random = np.random.default_rng(seed)
    x, site = random.normal(size=n), random.choice(["north", "south", "west"], n)
    labels = np.where(x + random.normal(size=n) / 4 > 0, "yes", "no")
    wrong = random.random(n) < np.where(site == "west", 0.6, 0.05)
    texts = [f"order {at} {'wants a refund' if bad and at % 4 else 'asks for it'}" for at, bad in enumerate(wrong)]
    return pl.DataFrame(
        {
            "id": [f"{at:04d}" for at in range(n)],
            "label": labels,
            "prediction": np.where(wrong, np.where(labels == "yes", "no", "yes"), labels),
            "x": x,
            "twin": x * 2 + 1,
            "noise": random.normal(size=n),
            "site": site,
            "text": texts,
        }
    )


def predict(rows):
    """A release that looks at x alone: chances of no and of yes, from a pandas frame."""
    chance = 1 / (1 + np.exp(-3 * rows["x"].to_numpy()))
    return np.stack([1 - chance, chance], axis=1)


def classes(rows):
    """The same, answering with classes."""
    return np.where(rows["x"].to_numpy() > 0, "yes", "no")


def published(folder, rows: pl.DataFrame | None = None, **changes):
    """A store with one release of the frame; the open store."""
    rows = frame() if rows is None else rows
    plainview.publish(rows, specification=SPECIFICATION | changes, release="1.0", store=folder / "store")
    return plainview.open_store(folder / "store")
