"""Small stores for the browser: one release only, a damaged evaluation."""

from pathlib import Path

import numpy as np
import polars as pl

import plainview


def publish_small(
    store: Path, *, project: str = "small", releases: tuple[str, ...] = ("1.0",), demanded: float | None = None
) -> None:
    """A project of 200 examples with two scenarios; every release is a little better. R-2 demands what one may choose."""
    bars = [0.5] if demanded is None else [0.5, demanded]
    specification = {
        "project": project,
        "title": f"Small {project}",
        "task": "classification",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"},
        "metrics": ["accuracy"],
        "behaviours": [{"name": "Reads both kinds", "scenarios": [{"name": "First kind", "where": "kind = 'a'"}]}],
        "requirements": [
            {"id": f"R-{number}", "scenario": "all", "metric": "accuracy", "at_least": bar, "priority": "must"}
            for number, bar in enumerate(bars, start=1)
        ],
    }
    for number, release in enumerate(releases):
        _publish(store, specification, release, wrong=60 - 10 * number, kinds=("a", "b"))


def damage(store: Path, kind: str) -> None:
    """Flip one bit in the middle of every file of a kind ("predictions", "examples") or of every record ("commits")."""
    for path in (store / "commits").iterdir() if kind == "commits" else (store / "data" / kind).rglob("*.parquet"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.chmod(0o644)
        path.write_bytes(bytes(content))


def _publish(store: Path, specification: dict, release: str, *, wrong: int, kinds: tuple, notes: str = "") -> None:
    labels = np.where(np.arange(200) % 2, "yes", "no")
    predictions = np.where(np.arange(200) < wrong, np.where(labels == "yes", "no", "yes"), labels)
    frame = pl.DataFrame(
        {
            "id": [f"{number:03d}" for number in range(200)],
            "label": labels,
            "prediction": predictions,
            "kind": [kinds[number // 2 % len(kinds)] for number in range(200)],
            "text": [kinds[number % len(kinds)] for number in range(200)],
        }
    )
    plainview.publish(frame, specification=specification, release=release, store=store, notes=notes)
