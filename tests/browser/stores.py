"""Small stores for the browser: hostile names, one release only, a damaged evaluation."""

from pathlib import Path

import numpy as np
import polars as pl

import plainview

HOSTILE = (
    "<script>window.hacked=1</script>",
    "<img src=http://outside.invalid/a.png onerror=window.hacked=1>",
    "![x](http://outside.invalid/b.png)",
    "[click](http://outside.invalid/c) :red[x] :smile: $x^2$ :material/home:",
    '=HYPERLINK("http://outside.invalid")',
    "W" * 180,
)


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


def publish_hostile(store: Path) -> str:
    """Every field that a publisher writes holds live text; returns the project's name."""
    live = HOSTILE[0]
    specification = {
        "project": "hostile",
        "title": f"t {HOSTILE[1]}",
        "description": HOSTILE[3],
        "owner": live,
        "task": "classification",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"},
        "metrics": ["accuracy"],
        "behaviours": [
            {
                "name": f"{number} {name}",
                "why": live,
                "owner": name,
                "scenarios": [{"name": f"s{number} {name}", "where": "kind <> 'none'"}],
            }
            for number, name in enumerate(HOSTILE)
        ],
        "requirements": [
            {"id": "R-1", "scenario": "all", "metric": "accuracy", "at_least": 0.99, "priority": "must", "owner": live},
            {"id": "R-2", "scenario": f"s1 {HOSTILE[1]}", "metric": "accuracy", "at_least": 0.2, "reason": HOSTILE[2]},
        ],
    }
    for number, release in enumerate((f"1 {HOSTILE[3]}", f"2 {HOSTILE[1]}")):
        _publish(store, specification, release, wrong=60 - 20 * number, kinds=HOSTILE, notes=HOSTILE[2])
    return specification["project"]


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
