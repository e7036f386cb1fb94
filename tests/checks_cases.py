"""What the tests of checks share: a small project with a model that can be counted by hand, and files of checks."""

import numpy as np
import polars as pl

from plainview.publishing import publish
from plainview.robustness import run_checks

PROJECT, RELEASE = "loans", "1.0"
ROWS = 120
LOANS = {
    "project": PROJECT,
    "task": "classification",
    "columns": {"id": "id", "label": "label"},
    "metrics": ["accuracy"],
    "classes": ["no", "yes"],
}
TEXTS = ("a good room", "a very bad room", "not good at all", "lovely staff and good food", "")


def examples() -> pl.DataFrame:
    """Loans: who asks, how much they have, what they wrote."""
    at = np.arange(ROWS)
    return pl.DataFrame(
        {
            "id": [f"{each:03d}" for each in at],
            "income": (at * 37 % 100).astype(float),
            "age": 20 + at * 7 % 50,
            "gender": np.where(at % 2, "f", "m"),
            "country": [("de", "fr", "es")[each % 3] for each in at],
            "text": [TEXTS[each % len(TEXTS)] or None for each in at],
            "label": np.where(at * 37 % 100 > 50, "yes", "no"),
        }
    )


def fair(frame):
    """Yes from an income of 50 on, whoever asks; as probabilities."""
    chance = np.clip(np.asarray(frame["income"], float) / 100, 0, 1)
    return {"no": 1 - chance, "yes": chance}


def unfair(frame):
    """The same, and women need 20 more."""
    chance = np.clip((np.asarray(frame["income"], float) - 20 * (np.asarray(frame["gender"]) == "f")) / 100, 0, 1)
    return {"no": 1 - chance, "yes": chance}


def shouting(frame):
    """Yes where the text has capitals; labels alone."""
    return ["yes" if str(text) != str(text).lower() else "no" for text in frame["text"]]


def published(root, *, frame=None, specification=LOANS, release=RELEASE):
    """A store with the release in it."""
    rows = examples() if frame is None else frame
    answers = pl.Series("prediction", np.where(np.asarray(rows["income"], float) > 50, "yes", "no"))
    publish(rows.with_columns(answers), specification=specification, release=release, store=root)
    return root


def ran(root, predict, *checks, **more):
    """The results of checks, by name; ``more`` belongs to the file, or to `run_checks` where it knows it."""
    given = {name: more.pop(name) for name in ("frame", "dry_run", "release", "actor") if name in more}
    release = given.pop("release", RELEASE)
    file = {"seed": 5, "sample": ROWS, "may_fail": 0.1, **more, "checks": list(checks)}
    found = run_checks(root, PROJECT, release, checks=file, predict=predict, **given)
    return {result.name: result for result in found}


def check(kind, name="it", **keys):
    """A check of a file."""
    return {"name": name, "kind": kind, **keys}
