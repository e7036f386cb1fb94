"""Spark for the tests: one small session for all of them, and rows of every kind that is measured there."""

import os
import random
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib.util import find_spec

import polars as pl
import pytest

ROWS = 600
LONG = {"name": "Long", "where": "words > 20"}
DAY = {"name": "Of late", "where": "day >= date '2026-01-20'"}
HOUR = {"name": "Early", "where": "at < date '2026-01-05'"}
BEHAVIOURS = [{"name": "Copes", "scenarios": [LONG, {"name": "Yelp", "where": "source = 'yelp'"}]}]
SPECIFICATIONS = {
    "classes": {"columns": {"id": "id", "label": "label"}, "metrics": ["accuracy", "macro_f1", "recall[yes]"]},
    "days": {
        "columns": {"id": "id", "label": "label"},
        "metrics": ["accuracy"],
        "behaviours": [{"name": "Keeps up", "scenarios": [DAY, HOUR]}],
    },
    "weights": {
        "columns": {"id": "id", "label": "label", "weight": "weight", "cluster": "customer"},
        "metrics": ["accuracy", "precision[yes]"],
    },
    "chances": {
        "columns": {"id": "id", "label": "label", "probabilities": {"yes": "chance"}},
        "metrics": ["accuracy", "log_loss", "brier_score", "roc_auc[yes]", "average_precision[yes]"],
        "classes": ["no", "yes"],
    },
    "numbers": {
        "task": "regression",
        "unit": "minutes",
        "margin": 0.2,
        "columns": {"id": "id", "label": "minutes", "prediction": "guess"},
        "metrics": ["mae", "rmse", "bias", "median_absolute_error"],
    },
    "grades": {
        "task": "scored",
        "margin": 0.1,
        "columns": {"id": "id", "prediction": "guess"},
        "metrics": ["mean"],
    },
    "sets": {
        "task": "multilabel",
        "columns": {"id": "id", "label": "labels", "prediction": "answers"},
        "metrics": ["exact_match", "recall[cat]"],
    },
    "boxes": {
        "task": "detection",
        "columns": {"id": "id", "label": "truth", "prediction": "found"},
        "metrics": ["micro_recall", "map50"],
    },
}


def demanded(kind: str, **changes: object) -> dict:
    """The specification of a kind of rows."""
    return {"project": kind, "task": "classification", "behaviours": BEHAVIOURS} | SPECIFICATIONS[kind] | changes


def rows(seed: int, *, right: float = 0.8) -> pl.DataFrame:
    """ROWS examples with answers of every task; labels do not depend on the seed, answers do. Some of both are missing."""
    fixed, dice = random.Random(0), random.Random(seed)
    return pl.DataFrame([_row(number, fixed, dice, right) for number in range(ROWS)], infer_schema_length=None)


def _row(number: int, fixed: random.Random, dice: random.Random, right: float) -> dict:
    yes, correct, minutes = fixed.random() < 0.5, dice.random() < right, fixed.gauss(30, 9)
    truth = '[{"class": "cat", "box": [0, 0, 10, 10]}]'
    return {
        "id": f"{number:04}",
        "words": fixed.randrange(40),
        "source": fixed.choice(["yelp", "imdb", None]),
        "day": date(2026, 1, 1) + timedelta(days=fixed.randrange(30)),
        "at": datetime(2026, 1, 1) + timedelta(hours=fixed.randrange(700)),
        "customer": fixed.choice(["a", "b", "c", None]),
        "weight": fixed.choice([0.5, 1.0, 3.0]),
        "label": None if number % 97 == 0 else "yes" if yes else "no",
        "prediction": None if number % 53 == 0 else "yes" if yes == correct else "no",
        "chance": dice.betavariate(4, 2) if yes else dice.betavariate(2, 4),
        "minutes": minutes,
        "guess": minutes + dice.gauss(0.3, 2),
        "labels": "cat|dog" if yes else "dog",
        "answers": "cat|dog" if yes == correct else "dog",
        "truth": truth,
        "found": truth.replace("}", f', "score": {dice.random():.3f}}}') if correct else "[]",
    }


@contextmanager
def without_warning() -> Iterator[None]:
    """Without the one warning that PySpark gives for today's pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A session with two cores of this machine. Without PySpark or Java these tests are skipped, or fail where required."""
    missing = [name for name, there in (("PySpark", find_spec("pyspark")), ("Java", shutil.which("java"))) if not there]
    if missing:
        said = f"{' and '.join(missing)} must be here for the tests of Spark: tests/requirements-spark.txt, and Java 17"
        (pytest.fail if os.environ.get("PLAINVIEW_REQUIRE_SERVERS") == "1" else pytest.skip)(said)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with without_warning():
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.warehouse.dir", f"{tmp_path_factory.mktemp('warehouse')}")
            .config("spark.executorEnv.POLARS_MAX_THREADS", "1")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()
