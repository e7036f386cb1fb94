"""Every number of a document by what it is of, and the manifest that holds them: what makes a file checkable."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from plainview.export.as_of import Pins
from plainview.report import Report

FORMAT = "plainview-report/1"
RESULT = ("scenario", "metric", "value", "low", "high", "examples", "of", "missing", "status")
CHANGE = (
    "scenario", "metric", "baseline", "candidate", "difference", "low", "high", "examples", "fixed", "broke",
    "more_examples_needed", "verdict",
)  # fmt: skip
DEMAND = (
    "id",
    "status",
    "value",
    "low",
    "high",
    "bar",
    "distance",
    "errors_to_flip",
    "errors_to_meet",
    "more_examples_needed",
)
KEYS = {"results": 2, "changes": 2, "requirements": 1}  # how many of the first fields say which row it is
LIBRARIES = ("plainview", "typst", "vl-convert-python", "python-pptx")


def numbers(report: Report) -> dict[str, Any]:
    """Every number that a document of this report says, in tables of rows: results, changes, requirements, counts."""
    evaluation, comparison = report.evaluation, report.comparison
    return {
        "results": _table(RESULT, report.results),
        "changes": _table(CHANGE, comparison.results if comparison else ()),
        "requirements": _table(DEMAND, report.standings),
        "counts": {
            "examples": evaluation.test_set.examples,
            "missing_labels": evaluation.test_set.missing_labels,
            "missing_predictions": evaluation.missing_predictions,
            "compared": comparison.examples if comparison else None,
            "releases_judged_on_this_test_set": report.judged,
        },
    }


def _table(names: Sequence[str], rows: Sequence[Any]) -> dict[str, Any]:
    return {"columns": list(names), "rows": [[getattr(row, name) for name in names] for row in rows]}


def count_of(found: Mapping[str, Any]) -> int:
    """How many numbers there are."""
    return sum(_is_number(value) for _, value in cells(found))


def cells(found: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value with what it is of: ("results", "With a negation", "accuracy", "value"). Raises what a broken table does."""
    for name, keys in KEYS.items():
        columns = found[name]["columns"]
        for row in found[name]["rows"]:
            for column, value in zip(columns[keys:], row[keys:], strict=True):
                yield (name, *map(str, row[:keys]), column), value
    for name, value in found["counts"].items():
        yield ("counts", name), value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def manifest(report: Report, pins: Pins, *, kind: str, address: str | None, file: str, links: Any) -> dict[str, Any]:
    """What goes into a file: what it is of, the records with their digests, every number, and the digest of all that."""
    evaluation = report.evaluation
    made = {
        "format": FORMAT,
        "kind": kind,
        "file": file,
        "address": address,
        "links": [list(link) for link in links],
        "pins": pins.to_dict(),
        "digests": {
            "publish_key": evaluation.publish_key,
            "test_set": evaluation.test_set.digest,
            "specification": evaluation.specification.sha256,
            "baseline": report.baseline.publish_key if report.baseline else None,
        },
        "numbers": numbers(report),
        "made_with": versions(),
    }
    return made | {"digest": digest_of(made)}


def digest_of(made: Mapping[str, Any]) -> str:
    """SHA-256 of a manifest without its digest."""
    bare = {name: value for name, value in made.items() if name != "digest"}
    text = json.dumps(bare, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_text(made: Mapping[str, Any]) -> str:
    """A manifest as one line of JSON that ends no comment and begins no element, wherever it stands."""
    text = json.dumps(made, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for mark in "<>&-":  # two hyphens end a comment
        text = text.replace(mark, f"\\u{ord(mark):04x}") if mark != "-" else text.replace("--", "-\\u002d")
    return text


def versions() -> dict[str, str]:
    """What makes the files: the libraries whose version may change a byte of them."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
