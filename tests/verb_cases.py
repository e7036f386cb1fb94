"""What the tests of the verbs share: the demo's store, and small specifications and frames to count by hand."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from plainview.demo import publish_releases
from plainview.publishing import publish
from plainview.specification import load_specification
from plainview.store import open_store

DEMO = Path(__file__).parent.parent / "data" / "demo"
SENTENCES = DEMO / "sentiment" / "sentences.csv"
AFINN = DEMO / "sentiment" / "afinn.yaml"

CLASSES = """
project: reviews
task: classification
columns: {id: id, label: label}
metrics: [accuracy, macro_f1, "recall[yes]", "precision[yes]"]
behaviours:
  - name: Understands long texts
    owner: language team
    scenarios:
      - {name: Long, where: "words > 20"}
      - {name: Short, where: "words <= 20"}
"""

ROWS = 60  # of the frames below

NUMBERS = """
project: delays
task: regression
unit: minutes
columns: {id: id, label: label}
metrics: [mae, rmse, bias]
margin: 0.5
behaviours:
  - name: Copes with long ways
    scenarios:
      - {name: Far, where: "distance > 500"}
"""


@cache
def _publish_demo(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(folder / "cache"))
        publish_releases(folder / "demo-store")
    return folder / "demo-store"


@pytest.fixture
def demo(tmp_path_factory):
    """The address of a store with every release of the demo, and nothing that people wrote; published once, only read."""
    return _publish_demo(tmp_path_factory.getbasetemp())


@pytest.fixture
def demo_store(demo):
    return open_store(demo)


def specification(*metrics, scenarios=(), **more):
    """A small specification of classification: ``scenarios`` maps names to conditions, all in one behaviour."""
    behaviours = [{"name": "Does its work", "scenarios": [{"name": n, "where": w} for n, w in dict(scenarios).items()]}]
    fields = {"project": "reviews", "task": "classification", "columns": {"id": "id", "label": "label"}}
    metrics = list(metrics or ["accuracy"])
    return load_specification({**fields, "metrics": metrics, "behaviours": behaviours if scenarios else [], **more})


def paired_frame(both=0, fixed=0, broke=0, neither=0, *, part="a", start=0) -> pl.DataFrame:
    """Rows with the answers "before" and "after", so many of each kind; the column "part" says which block they are of."""
    kinds = ((both, "yes", "yes"), (fixed, "no", "yes"), (broke, "yes", "no"), (neither, "no", "no"))
    answers = [(before, after) for times, before, after in kinds for _ in range(times)]
    return pl.DataFrame(
        {
            "id": [f"{part}{start + number:05}" for number in range(len(answers))],
            "label": ["yes"] * len(answers),
            "part": [part] * len(answers),
            "before": [before for before, _ in answers],
            "after": [after for _, after in answers],
        },
        schema=dict.fromkeys(("id", "label", "part", "before", "after"), pl.String),
    )


def answers(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """One column of answers as stored predictions are."""
    return pl.DataFrame({"prediction": frame[column]})


def listing(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes; nothing where there is no folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def frame(**columns) -> pl.DataFrame:
    """Sixty rows of all kinds of values; ``columns`` replaces or adds some."""
    rows = range(ROWS)
    fields = {
        "id": [f"0{number:02}" for number in rows],
        "label": ["yes" if number % 3 else "no" for number in rows],
        "words": [number % 30 for number in rows],
        "rate": [number / 8 if number % 5 else None for number in rows],
        "good": [number % 2 == 0 for number in rows],
        "seen": [date(2024, 1, 1 + number % 28) for number in rows],
        "text": [f"“ü” {number}, " if number % 4 else None for number in rows],
        "prediction": ["yes" if number % 4 else "no" for number in rows],
    }
    return pl.DataFrame({**fields, **columns}, strict=False)


def put(rows, root, **changes):
    """Publish rows as release 1.0 of the small specification, or otherwise."""
    return publish(rows, **{"specification": CLASSES, "release": "1.0", "store": root, **changes})


def measured(rows, root, **changes):
    """The results of what was published."""
    evaluation = put(rows, root, **changes)
    return open_store(root).results(evaluation)


def numbers(**columns) -> pl.DataFrame:
    """Sixty rows of measured numbers, the last id first."""
    fields = {
        "id": [f"{number:02}" for number in reversed(range(ROWS))],
        "label": [float(number % 9) for number in range(ROWS)],
        "distance": [number * 20 for number in range(ROWS)],
        "prediction": [number % 7 + 0.5 for number in range(ROWS)],
    }
    return pl.DataFrame({**fields, **columns}, strict=False)
