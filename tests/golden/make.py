"""Makes the golden store of today's format: two releases of each task, two of tables of Spark, and what was measured of them.

``python tests/golden/make.py FOLDER`` writes FOLDER/store and FOLDER/expected.json; it needs PySpark and Java.
"""

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl

from plainview import publish
from plainview.store import Store, open_store
from plainview.store.digests import content_digest

ROWS = 60
NUMBERS = range(ROWS)
CLASSES = ("no", "yes")
FIELDS = ("scenario", "behaviour", "metric", "value", "low", "high", "examples", "of", "missing", "status", "method")
BEHAVIOUR = """
behaviours:
- {name: Handles long ones, why: They matter, owner: us, scenarios: [{name: Long, where: words > 20}]}
"""
MANY = ", ".join(f"{{name: 'Part {n}', where: 'words >= {n % 30} and words <> {n // 30}'}}" for n in range(300))
SPECIFICATIONS = {
    "classes": f"""
task: classification
columns: {{id: id, label: label, score: score, cluster: customer, weight: weight}}
metrics: [accuracy, macro_f1, 'recall[yes]']
requirements:
- {{id: R1, metric: accuracy, at_least: 0.6}}
- {{id: R2, scenario: Long, metric: accuracy, no_worse_than: previous}}
{BEHAVIOUR}""",
    "many": f"""
task: classification
columns: {{id: id, label: label}}
metrics: [accuracy, macro_f1, 'recall[yes]', 'precision[yes]']
behaviours: [{{name: Does all, scenarios: [{MANY}]}}]
""",
    "sets": f"""
task: multilabel
columns: {{id: id, label: label}}
metrics: [exact_match, 'recall[cat]']
{BEHAVIOUR}""",
    "numbers": f"""
task: regression
unit: minutes
columns: {{id: id, label: label}}
metrics: [mae, rmse, bias]
margin: 0.5
{BEHAVIOUR}""",
    "boxes": f"""
task: detection
columns: {{id: id, label: label}}
metrics: [map50, micro_recall]
{BEHAVIOUR}""",
    "grades": f"""
task: scored
columns: {{id: id, prediction: judge, answers: [seconds]}}
unit: points
margin: 0.1
metrics: [mean, {{name: mean, column: seconds, better: lower, margin: 0.2}}]
{BEHAVIOUR}""",
}


def frame(kind: str, wrong: int) -> pl.DataFrame:
    """ROWS examples; every ``wrong``-th answer is another one, the fifth is missing."""
    columns = {
        "id": [f"{number:03}" for number in NUMBERS],
        "words": [number % 30 for number in NUMBERS],
        "seen": [date(2024, 1, 1 + number % 28) for number in NUMBERS],
    }
    answer = {
        "classes": _classes,
        "many": _classes,
        "sets": _sets,
        "numbers": _numbers,
        "boxes": _boxes,
        "grades": _grades,
    }
    rows = [answer[kind](number, number % wrong == 0) for number in NUMBERS]
    if kind != "grades":
        rows[5] = {**rows[5], "prediction": None}
    return pl.DataFrame(columns).hstack(pl.DataFrame(rows, infer_schema_length=None))


def _classes(number: int, wrong: bool) -> dict:
    label = CLASSES[number % 2]
    return {
        "label": label,
        "prediction": CLASSES[(number + wrong) % 2],
        "score": number / ROWS,
        "customer": f"c{number // 3}",
        "weight": 1.0 + number % 3,
    }


def _sets(number: int, wrong: bool) -> dict:
    return {"label": "cat|dog" if number % 2 else "dog", "prediction": "cat" if wrong else "cat|dog"}


def _numbers(number: int, wrong: bool) -> dict:
    return {"label": float(number % 9), "prediction": number % 9 + 0.5 + 2 * wrong}


def _boxes(number: int, wrong: bool) -> dict:
    truth = [{"class": "cat", "box": [0, 0, 50, 50]}, {"class": "dog", "box": [60, 0, 40, 40 + number]}]
    found = (
        [{"class": "cat", "box": [0, 0, 50, 48], "score": 0.9}] if wrong else [{**box, "score": 0.8} for box in truth]
    )
    return {"label": json.dumps(truth), "prediction": json.dumps(found)}


def _grades(number: int, wrong: bool) -> dict:
    return {"judge": 1.0 + number % 4 - wrong * 0.5, "seconds": None if number == 5 else 1.0 + number % 7}


def described(store: Store) -> dict:
    """What is expected of a store: the results (of "many" every fortieth), and the digests of the tables that they are of."""
    found = {}
    for project in store.projects():
        every = 40 if project == "many" else 1
        for one in store.releases(project):
            rows = one.source is None
            found[f"{project} {one.release}"] = {
                "task": one.task,
                "released": str(one.released),
                "examples": [
                    one.test_set.examples,
                    content_digest(store.examples(one)) if rows else one.test_set.digest,
                ],
                "predictions": content_digest(store.predictions(one)) if rows else one.source.digest,
                "missing": one.missing_predictions,
                "results": [[getattr(row, field) for field in FIELDS] for row in store.results(one)[::every]],
            }
    return found


def publish_tables(store: Path) -> None:
    """Two releases of the project "tables", whose rows stay in Spark, and their joint sums."""
    from plainview.engines.session import spark_session

    specification = f"project: tables\ntitle: Golden tables\n{SPECIFICATIONS['classes']}"
    with spark_session("local[2]") as session:
        tables = [session.createDataFrame(frame("classes", 4 * number).to_arrow()) for number in (1, 2)]
        for number, (release, baseline) in enumerate((("1.0", None), ("2.0", tables[0])), start=1):
            publish(
                tables[number - 1],
                specification=specification,
                release=release,
                store=store,
                released=f"2024-0{number}-01",
                notes="made to be kept",
                actor="golden",
                baseline=baseline,
                table=f"warehouse.answers_{number}",
            )


def main(folder: Path) -> None:
    """Publish everything, write a comment, and note what was measured."""
    for project, text in SPECIFICATIONS.items():
        specification = f"project: {project}\ntitle: Golden {project}\n{text}"
        for number, release in enumerate(("1.0", "2.0"), start=1):
            publish(
                frame(project, 4 * number),
                specification=specification,
                release=release,
                store=folder / "store",
                released=f"2024-0{number}-01",
                notes="made to be kept",
                actor="golden",
            )
    publish_tables(folder / "store")
    store = open_store(folder / "store")
    outcomes = pl.DataFrame({"id": ["000", "004"], "passed": [True, False]})
    check = {"check": "invariance", "name": "typos"}
    store.append_event("check", "numbers", body=check, release="2.0", actor="golden", tables={"outcomes": outcomes})
    store.append_event("comment", "classes", body={"text": "Looks right."}, release="2.0", actor="golden")
    (folder / "expected.json").write_text(json.dumps(described(store), sort_keys=True).replace(', "', ',\n"') + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
