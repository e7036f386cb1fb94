"""Random rows of every task: labels, answers, columns for scenarios, weights and clusters, and values that are missing."""

import json

import numpy as np
import polars as pl

CLASSES = ("a", "b", "c")


def random_rows(task: str, size: int, rng: np.random.Generator) -> pl.DataFrame:
    """``size`` rows in no order, with every column that a random specification of the task may name."""
    gaps = rng.choice([0.0, 0.02, 0.3])
    frame = pl.DataFrame({"id": _ids(size, rng), **_features(size, rng), **_ANSWERED[task](size, rng)}, strict=False)
    holes = {
        name: pl.Series(rng.random(size) < gaps)
        for name in frame.columns
        if name not in ("id", "weight", *(("chance_a", "chance_b", "chance_c") if rng.random() < 0.7 else ()))
    }
    frame = frame.with_columns(
        pl.when(hole).then(None).otherwise(pl.col(name)).alias(name) for name, hole in holes.items()
    )
    whole = frame.drop_nulls([name for name in ("label", "prediction") if name in frame.columns])
    if task == "detection":  # without a labelled box nobody knows what such boxes have
        whole = whole.filter(pl.col("label") != "[]")
    return frame if whole.height else random_rows(task, size, rng)


def _ids(size: int, rng: np.random.Generator) -> list:
    numbers = rng.permutation(3 * size)[:size].tolist()
    return numbers if rng.random() < 0.5 else [f"example {number}" for number in numbers]


def _features(size: int, rng: np.random.Generator) -> dict:
    clusters = rng.integers(0, max(size // rng.integers(1, 12), 1), size)
    return {
        "x": rng.normal(size=size).round(3).tolist(),
        "g": rng.choice(["north", "south", "east"], size, p=[0.6, 0.35, 0.05]).tolist(),
        "n": rng.integers(0, 6, size).tolist(),
        "flag": (rng.random(size) < 0.3).tolist(),
        "weight": (rng.integers(0, 4, size) + (rng.random(size) if rng.random() < 0.5 else 0)).tolist(),
        "cluster": [f"session {number}" for number in clusters],
    }


def _classified(size: int, rng: np.random.Generator) -> dict:
    names = CLASSES[: rng.integers(1, 4)]
    label, other = (rng.choice(names, size, p=rng.dirichlet(np.ones(len(names)))) for _ in range(2))
    chances = rng.dirichlet(np.ones(3), size)
    return {
        "label": label.tolist(),
        "prediction": np.where(rng.random(size) < rng.uniform(0.2, 1), label, other).tolist(),
        "score": (rng.random(size).round(1 if rng.random() < 0.5 else 6)).tolist(),
        **{f"chance_{name}": chances[:, at].tolist() for at, name in enumerate(CLASSES)},
    }


def _several_labels(size: int, rng: np.random.Generator) -> dict:
    held = rng.random((size, 3)) < rng.uniform(0.1, 0.9, 3)
    said = held ^ (rng.random((size, 3)) < rng.uniform(0, 0.4))
    written = [["|".join(np.array(CLASSES)[row]) or "[]" for row in side] for side in (held, said)]
    return {"label": written[0], "prediction": written[1]}


def _measured(size: int, rng: np.random.Generator) -> dict:
    scale = 10.0 ** rng.integers(-3, 6)
    label = (scale * rng.normal(size=size)).round(rng.integers(0, 8))
    prediction = label + scale * rng.normal(size=size) * rng.choice([0.0, 0.1, 1.0])
    width = scale * rng.exponential(size=size)
    return {
        "label": label.tolist(),
        "prediction": prediction.tolist(),
        "lower": (prediction - width).tolist(),
        "upper": (prediction + width * rng.exponential(size=size)).tolist(),
    }


def _scored(size: int, rng: np.random.Generator) -> dict:
    words = rng.integers(1, 30, size)
    passed = rng.random(size) < rng.random()
    return {
        "prediction": (rng.lognormal(size=size) * 10.0 ** rng.integers(-2, 3)).tolist(),
        "passed": passed.tolist() if rng.random() < 0.5 else passed.astype(int).tolist(),
        "seconds": rng.exponential(size=size).tolist(),
        "errors": rng.binomial(words, 0.2).tolist(),
        "words": words.tolist(),
    }


def _boxes(size: int, rng: np.random.Generator) -> dict:
    labelled = [_labelled(rng.poisson(2.5), rng) for _ in range(size)]
    return {
        "label": [json.dumps(boxes) for boxes in labelled],
        "prediction": [json.dumps(_detected(boxes, rng)) for boxes in labelled],
    }


def _labelled(many: int, rng: np.random.Generator) -> list[dict]:
    boxes = [
        {"class": str(rng.choice(CLASSES)), "box": _box(rng), "hidden": int(rng.random() < 0.3)} for _ in range(many)
    ]
    return [
        box | ({"iscrowd": 1} if rng.random() < 0.05 else {"ignore": 1} if rng.random() < 0.05 else {}) for box in boxes
    ]


def _detected(labelled: list[dict], rng: np.random.Generator) -> list[dict]:
    near = [[round(x + rng.normal() * 4, 1) for x in box["box"][:2]] + box["box"][2:] for box in labelled]
    found = [
        {"class": box["class"], "box": place, "score": round(rng.random(), 1)}
        for box, place in zip(labelled, near, strict=True)
        if rng.random() < 0.7
    ]
    alarms = rng.poisson(1)
    return found + [
        {"class": str(rng.choice(CLASSES)), "box": _box(rng), "score": round(rng.random(), 2)} for _ in range(alarms)
    ]


def _box(rng: np.random.Generator) -> list[float]:
    return [*rng.integers(0, 200, 2).tolist(), *rng.uniform(5, 60, 2).round(1).tolist()]


_ANSWERED = {
    "classification": _classified,
    "multilabel": _several_labels,
    "regression": _measured,
    "detection": _boxes,
    "scored": _scored,
}
