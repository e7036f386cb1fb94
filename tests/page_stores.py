"""Small stores for the tests of the pages: every kind of project that a page must be able to show, published for real."""

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from store_cases import rewrite

import plainview
from plainview.store import create_store, open_store

ROWS = 240
SCENARIOS, BEHAVIOURS, CLASSES = 300, 30, 77
LIVE = (
    "<script>window.hacked=1</script>",
    ":red[x] :smile: :material/home: :blue-badge[Pass]",
    "![](http://outside.invalid/a.png) [click](http://outside.invalid)",
    "$x^2$ **bold** `code` # head",
    '=HYPERLINK("http://outside.invalid")',
    "a | b || c",
)
LONG = (*(f"{number} {'Wherever customers write at length ' * 8}"[:200].strip() for number in range(4)), "W" * 200)
WORLD = ("يفهم النفي جيدا", "理解否定句的能力", "Größe · naïve · Ελληνικά", "👩‍👩‍👧 e\u0301 z\u0323", "מבין שלילה 50%")


def specification(project: str, *, names: tuple[str, ...] = ("Understands the first kind",), **changes) -> dict:
    """A specification with a behaviour for each name, and one scenario in each, of the rows of that kind."""
    behaviours = [
        {
            "name": name,
            "why": f"Because: {name}",
            "owner": name,
            "scenarios": [{"name": f"{name[:190]} ({place})", "where": f"kind = {place}", "traffic": 0.1}],
        }
        for place, name in enumerate(names)
    ]
    return {
        "project": project,
        "title": f"Title of {project}",
        "task": "classification",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"},
        "metrics": ["accuracy"],
        "behaviours": behaviours,
    } | changes


def frame(wrong: int, *, kinds: int = 1, classes: tuple[str, ...] = ("no", "yes"), text: str = "plain") -> pl.DataFrame:
    """ROWS examples of so many kinds, ``wrong`` of them answered with another class."""
    numbers = np.arange(ROWS)
    labels = [classes[number % len(classes)] for number in numbers]
    others = [classes[(number + 1) % len(classes)] for number in numbers]
    hash_ = numbers * 97 % ROWS  # wrong answers are spread over the kinds
    return pl.DataFrame(
        {
            "id": [f"{number:04d}" for number in numbers],
            "label": labels,
            "prediction": [
                other if rank < wrong else label for label, other, rank in zip(labels, others, hash_, strict=True)
            ],
            "kind": numbers % kinds,
            "text": [f"{text} {number}" for number in numbers],
        }
    )


def publish(
    store: Path, demanded: Mapping, *frames: pl.DataFrame, releases: tuple[str, ...] = (), notes: str = ""
) -> None:
    """A release for each frame: 1.0, 1.1, … a month apart."""
    for number, rows in enumerate(frames):
        plainview.publish(
            rows,
            specification=dict(demanded),
            release=(releases or [f"1.{place}" for place in range(len(frames))])[number],
            released=f"2026-{number + 1:02d}-01",
            store=store,
            notes=notes,
        )


def bar(scenario: str, at_least: float, *, metric: str = "accuracy", priority: str = "must", number: int = 1) -> dict:
    """A requirement."""
    return {"id": f"R-{number}", "scenario": scenario, "metric": metric, "at_least": at_least, "priority": priority}


def publish_kinds(store: Path) -> None:
    """A project of every kind; their names say which."""
    publish(store, specification("once", requirements=[bar("all", 0.5)]), frame(60))
    publish(store, specification("bare", behaviours=[]), frame(60), frame(40))
    _publish_crowded(store)
    _publish_many_classes(store)
    _publish_classes(store)
    _publish_tasks(store)
    _publish_silent(store)
    _publish_moved(store)
    for project, names in (("hostile", LIVE), ("lengthy", LONG), ("worldly", WORLD)):
        _publish_named(store, project, names)


def _publish_crowded(store: Path) -> None:
    each = SCENARIOS // BEHAVIOURS
    behaviours = [
        {
            "name": f"Copes with situation {behaviour}",
            "why": f"Customers of region {behaviour} ask for it.",
            "owner": f"team {behaviour % 5}",
            "scenarios": [
                {"name": f"Situation {behaviour}, variant {number}", "where": f"kind BETWEEN {behaviour} AND {last}"}
                for number, last in enumerate(range(behaviour, behaviour + each))
            ],
        }
        for behaviour in range(BEHAVIOURS)
    ]
    requirements = [
        bar(f"Situation {number}, variant 9", 0.5 + number / 60, number=number) for number in range(BEHAVIOURS)
    ]
    demanded = specification("crowded", behaviours=behaviours, requirements=requirements)
    publish(store, demanded, frame(80, kinds=BEHAVIOURS), frame(60, kinds=BEHAVIOURS))


def _publish_many_classes(store: Path) -> None:
    classes = tuple(f"intent_{number:02d}" for number in range(CLASSES))
    metrics = ["accuracy", "macro_f1", *(f"recall[{name}]" for name in classes)]
    demanded = specification("intents", classes=list(classes), metrics=metrics)
    publish(store, demanded, frame(60, classes=classes), frame(40, classes=classes))


def _publish_classes(store: Path) -> None:
    """Three classes under every metric of a class: answers that are wrong, but right not to be the class in question."""
    classes = ("blue", "green", "red")
    kinds = ("recall", "precision", "f1", "specificity", "false_positive_rate")
    metrics = ["accuracy", *(f"{kind}[{name}]" for kind in kinds for name in classes)]
    publish(store, specification("classes", metrics=metrics), frame(90, classes=classes), frame(60, classes=classes))


def _publish_tasks(store: Path) -> None:
    """A project of every other task, of the same rows: probabilities, sets of labels, grades, boxes."""
    rows = [frame(wrong, kinds=2) for wrong in (60, 40)]
    chance = pl.when(pl.col("prediction") == "yes").then(0.8).otherwise(0.3).alias("chance")
    columns = {"id": "id", "label": "label", "probabilities": {"yes": "chance"}}
    metrics = ["accuracy", "log_loss", "brier_score", "roc_auc[yes]", "average_precision[yes]"]
    chances = specification("chances", columns=columns, metrics=metrics, classes=["no", "yes"])
    publish(store, chances, *(each.with_columns(chance) for each in rows))
    multilabel = specification("sets", task="multilabel", metrics=["exact_match", "recall[yes]", "macro_f1"])
    publish(store, multilabel, *rows)
    graded = [each.with_columns((pl.col("label") == pl.col("prediction")).alias("prediction")) for each in rows]
    publish(store, specification("grades", task="scored", columns={"id": "id"}, metrics=["pass_rate"]), *graded)
    boxes = specification("boxes", task="detection", metrics=["micro_recall", "recall[yes]", "map"])
    boxed = {"label": '[{"class": "' + pl.col("label") + '", "box": [0, 0, 10, 10]}]'}
    boxed["prediction"] = '[{"class": "' + pl.col("prediction") + '", "box": [0, 0, 10, 10], "score": 0.9}]'
    publish(store, boxes, *(each.with_columns(**boxed) for each in rows))


def _publish_silent(store: Path) -> None:
    """No prediction at all for one scenario, that has a requirement."""
    demanded = specification("silent", names=("Answers", "Stays silent"), requirements=[bar("Stays silent (1)", 0.5)])
    silence = pl.when(pl.col("kind") == 1).then(None).otherwise(pl.col("prediction")).alias("prediction")
    publish(store, demanded, *(frame(wrong, kinds=2).with_columns(silence) for wrong in (60, 40)))


def _publish_moved(store: Path) -> None:
    """The test set changes twice: some new examples, then only new ones."""
    first, second = frame(60), frame(50)
    grown = second.with_columns(pl.when(pl.col("id") < "0040").then("n" + pl.col("id")).otherwise("id").alias("id"))
    fresh = frame(40).with_columns(("f" + pl.col("id")).alias("id"))
    publish(store, specification("moved", requirements=[bar("all", 0.7)]), first, grown, fresh)


def _publish_named(store: Path, project: str, names: tuple[str, ...]) -> None:
    """Every field that a publisher writes holds such names."""
    scenario = f"{names[1][:190]} (1)"
    demanded = specification(
        project,
        names=names,
        title=names[0],
        description=names[1],
        owner=names[2],
        minimum_examples=10,
        requirements=[
            {**bar("all", 0.99), "owner": names[0], "reason": names[1]},
            {**bar(scenario, 0.7, number=2), "id": names[2], "owner": names[2], "reason": names[3]},
        ],
    )
    frames = [frame(wrong, kinds=len(names), classes=names[:2], text=names[2]) for wrong in (80, 50)]
    releases = tuple(f"{number} {names[number][:190]}" for number in (0, 1))
    publish(store, demanded, *frames, releases=releases, notes=names[3])


@cache
def kinds_store(folder: Path) -> Path:
    """The store of ``publish_kinds``, made once in a session; nobody writes to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(folder / "cache"))
        publish_kinds(folder / "kinds")
    return folder / "kinds"


@cache
def broken_stores(folder: Path) -> dict[str, Path]:
    """Stores in which the second of two releases of "bad" cannot be read, each for another reason; "good" is sound."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(folder / "cache"))
        sound, made = folder / "sound", {}
        publish(sound, specification("good", requirements=[bar("all", 0.5)]), frame(60), frame(40))
        publish(sound, specification("bad", requirements=[bar("all", 0.5)]), frame(70), frame(30))
        latest = open_store(sound).evaluation("bad", "1.1")
        for name, path in (("predictions", latest.predictions_file.key), ("record", f"commits/{latest.id}.json")):
            made[name] = _copied(sound, folder / name)
            _flip(made[name] / path)
        made["newer"] = _copied(sound, folder / "newer")
        rewrite(made["newer"] / f"commits/{latest.id}.json", schema_version=9, min_reader=9, shape="ring")
        made["empty"], made["missing"] = folder / "empty", folder / "missing"
        create_store(made["empty"])
    return made


def _copied(store: Path, target: Path) -> Path:
    shutil.copytree(store, target)
    return target


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(content))
