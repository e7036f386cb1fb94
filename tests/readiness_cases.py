"""What the tests of readiness share: a small store with two releases, and what people write into it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from verb_cases import CLASSES, ROWS, frame, put

from plainview.readiness import Readiness, load_framework, read_answers, submit
from plainview.store import open_store

DEMANDS = """
owner: language team
requirements:
  - {id: REQ-1, metric: "recall[yes]", at_least: 0.2, owner: language team, reason: Support load}
  - {id: REQ-2, scenario: Long, metric: accuracy, at_least: 0.1, priority: should, owner: language team, reason: Letters}
"""
SPECIFIED = CLASSES.replace("project: reviews", "project: reviews\nminimum_examples: 5") + DEMANDS
LEVELS = {
    "L0": ("EA1", "EA2"),
    "L1": ("EA3", "EA4", "EA5", "EA6"),
    "L2": ("EA7", "EA8"),
    "L3": ("EA9", "EA10"),
    "L4": ("EA11", "EA12", "EA13"),
}
ACTIVITIES = tuple(code for codes in LEVELS.values() for code in codes)
# What each activity of error analysis needs in the store besides evaluations, as events: kind and body.
WRITTEN = {
    "EA1": [("split", {"training_examples": 100, "shared": 0})],
    "EA3": [("pattern", {"name": "Irony", "note": "Praise that is none"})],
    "EA4": [("review", {"subject": "confident mistakes", "count": 25})],
    "EA6": [("monitoring", {"drifted": False})],
    "EA7": [("check", {"check": "counterfactual"})],
    "EA8": [("explanation", {"scope": "global"}), ("explanation", {"scope": "local"})],
    "EA9": [("review", {"subject": "suggested scenarios", "count": 3})],
    "EA10": [("what-if", {})],
    "EA11": [("check", {"check": "invariance"})],
    "EA12": [("review", {"subject": "comparison"})],
    "EA13": [("data tests", {})],
}


def release(root, name, day, *, wrong=4, rows=None, **more):
    """Publish one release of the small project."""
    predicted = ["yes" if number % wrong else "no" for number in range(ROWS)]
    rows = frame(prediction=predicted) if rows is None else rows
    return put(rows, root, release=name, released=day, specification=SPECIFIED, **more)


@pytest.fixture(name="root")
def small_root(tmp_path):
    """The folder of a store with two releases, 1.0 and 1.1."""
    release(tmp_path / "store", "1.0", "2026-01-01")
    release(tmp_path / "store", "1.1", "2026-02-01", wrong=5)
    return tmp_path / "store"


@pytest.fixture(name="store")
def small_store(root):
    return open_store(root)


def write(store, *codes, release="1.1", actor="ada"):
    """Everything that these activities need; the events by activity."""
    return {
        code: [
            store.append_event(kind, "reviews", release=release, body=body, actor=actor) for kind, body in WRITTEN[code]
        ]
        for code in codes
        if code in WRITTEN
    }


def answer(store, framework="error-analysis", *, actor="ada", seen=None, release=None, **answers):
    """Submit answers; ``EA1="yes"``, or a mapping with a note and so on."""
    loaded = load_framework(framework)
    replies = read_answers(yaml(answers), loaded)
    facts = Readiness(store, "reviews", release=release).facts
    return submit(facts, loaded, replies, actor=actor, seen=seen)


def yaml(answers):
    return json.dumps({"answers": answers})


def standing(store, framework="error-analysis", **more):
    return Readiness(store, "reviews", **more).standing(framework)


def question(found, code):
    """One question of a standing."""
    return next(row for row in found.questions if row.question.code == code)


def in_days(days):
    """A moment so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)
