"""Publish: a frame of predictions becomes an immutable evaluation in the store."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from plainview.engines import is_spark
from plainview.evaluation import evaluate
from plainview.exceptions import InputError, StoreMissingError
from plainview.frames import check_ids, read_frame
from plainview.importers.coco import taken
from plainview.intake import Intake
from plainview.records import Evaluation
from plainview.specification import Columns, Specification, load_specification
from plainview.spill import SortedRows
from plainview.store import Draft, Store, create_store, open_store
from plainview.streaming import Measured, is_large, stream

DEFAULT_STORE = "data/store"
LONGEST_NAME = 200  # characters of a release or a test set

Step = Callable[[str], None]


def publish(
    frame: Any,
    *,
    specification: Specification | str | Path | dict,
    release: str,
    store: Store | str | Path = DEFAULT_STORE,
    released: date | str | None = None,
    test_set: str = "default",
    prediction: str | None = None,
    score: str | None = None,
    detections: Any = None,
    attributes: Any = None,
    notes: str = "",
    source_revision: str = "",
    actor: str | None = None,
    baseline: Any = None,
    table: str | None = None,
    data_tests: bool = False,
    training: Any = None,
) -> Evaluation:
    """Publish the predictions of one release and return the evaluation; the same content again is the same evaluation.

    Other content under the same names is a new revision, and from then on the current one; publishing the earlier content again
    brings it back.

    ``frame`` is a pandas, Polars or Arrow frame, or a path to CSV, Parquet, JSON Lines or Arrow: one row an example, with
    the specification's columns. ``prediction`` and ``score`` name their columns where they are called otherwise here.
    ``store`` is an open store, or its address; a folder that is not there yet is made a store.

    For detection ``frame`` may also be COCO ground truth (a path to JSON, or what it holds) with ``detections``, COCO results
    in the same form; or a pair of the two, or one path ``truth.json+results.json``. ``attributes`` are further attributes of
    labelled boxes, see `importers.coco.read_coco`.

    ``frame`` may also be a table of Spark: it is measured there, and its rows stay there. ``table`` is what the record then
    calls it. ``baseline`` is the table of an earlier release, already published: the two are compared example by example.

    With ``data_tests`` the test set is tested too, and what is found is kept beside the evaluation; ``training`` is the
    training data, which no example may be in (see `data_tests`).

    Raises SpecificationError, PredicateError or FrameError (all InputError) before anything is written, StoreError where
    the store cannot be written. A label or prediction that is missing is counted, never guessed.
    """
    given = {
        "specification": specification,
        "release": release,
        "store": store,
        "released": released,
        "test_set": test_set,
        "prediction": prediction,
        "score": score,
        "detections": detections,
        "attributes": attributes,
        "notes": notes,
        "source_revision": source_revision,
        "actor": actor,
        "baseline": baseline,
        "table": table,
    }
    if data_tests or training is not None:
        from plainview.data_tests.at_publish import publish_tested

        return publish_tested(frame, training=training, **given)[0]
    return publish_frame(frame, **given)[0]


def publish_frame(
    frame: Any,
    *,
    specification: Specification | str | Path | dict,
    release: str,
    store: Store | str | Path,
    released: date | str | None = None,
    test_set: str = "default",
    prediction: str | None = None,
    score: str | None = None,
    detections: Any = None,
    attributes: Any = None,
    notes: str = "",
    source_revision: str = "",
    actor: str | None = None,
    baseline: Any = None,
    table: str | None = None,
    step: Step = lambda said: None,
    remark: Step = lambda said: None,
) -> tuple[Evaluation, bool]:
    """As `publish`; also says whether it was new, and calls ``step`` with what is being done, ``remark`` with what is odd."""
    _check_name("release", release)
    _check_name("test set", test_set)
    when = _date(released)
    demanded = load_specification(specification)
    step("Reading the frame")
    if demanded.task == "detection" and not is_spark(frame):
        frame, prediction = taken(frame, detections, prediction, demanded.columns, attributes=attributes)
    elif detections is not None or attributes is not None:
        raise InputError(f"Detections and attributes of boxes are for detection; the task is {demanded.task}.")
    described = {
        "project": demanded.project,
        "title": demanded.title or demanded.project,
        "task": demanded.task,
        "release": release,
        "specification": demanded.text.encode(),
        "test_set": test_set,
        "released": when,
        "notes": notes,
        "source_revision": source_revision,
    }
    if is_spark(frame):
        from plainview.engines.drafting import sourced_draft

        options = {
            "prediction": prediction,
            "score": score,
            "baseline": baseline,
            "name": table,
            "step": step,
            "remark": remark,
        }
        draft = sourced_draft(frame, demanded, described, store=store, **options)
        step("Writing")
        return writable_store(store).publish(draft, actor=actor, as_newest=True)
    if baseline is not None or table is not None:
        raise InputError("A baseline's table and a table's name go with tables of Spark; other frames need neither.")
    with SortedRows(demanded.columns.id) as held:
        if is_large(frame):
            found = stream(frame, held, demanded, release=release, prediction=prediction, score=score, step=step)
        else:
            found = _measured(
                read_frame(frame, id_column=demanded.columns.id), demanded, release, prediction, score, step
            )
        for sentence in found.seen.remarks():
            remark(sentence)
        step("Writing")
        draft = Draft(
            **described,
            core_columns=[name for name in _core(demanded.columns) if name],
            examples=found.examples,
            predictions=found.predictions,
            results=found.results,
            missing_labels=found.seen.missing_labels,
            missing_predictions=found.seen.missing_predictions,
        )
        return writable_store(store).publish(draft, actor=actor, as_newest=True)


def _core(columns: Columns) -> tuple[str | None, ...]:
    return columns.id, columns.label, columns.weight, columns.cluster


def writable_store(store: Store | str | Path) -> Store:
    """The store to publish to; a folder that is not there, or is empty, is made one, as is any other place without one.

    Raises StoreError.
    """
    if isinstance(store, Store):
        return store
    folder = Path(str(store).removeprefix("file://"))
    if "://" not in str(store) and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))):
        return create_store(store, exist_ok=True)
    try:
        return open_store(store)
    except StoreMissingError:
        if urlsplit(str(store)).scheme in ("", "file"):
            raise
    return create_store(store, exist_ok=True)


def _measured(
    rows: pl.DataFrame,
    specification: Specification,
    release: str,
    prediction: str | None,
    score: str | None,
    step: Step,
) -> Measured:
    """The test set and the answers, id-sorted, row by row, and the results. Raises FrameError or SpecificationError."""
    intake = Intake.of(rows.columns, specification, release, prediction=prediction, score=score)
    check_ids(rows, specification.columns.id)
    examples, predictions = intake.take(rows)
    intake.check_types(examples, predictions)
    seen = intake.seen(examples, predictions)
    intake.check(seen, ids=rows[specification.columns.id])
    order = rows[specification.columns.id].arg_sort()
    examples, predictions = examples[order], predictions[order]
    step(f"Measuring {len(specification.scenarios)} scenarios on {examples.height:,} examples")
    return Measured(examples, predictions, evaluate(examples, predictions, specification), seen)


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str):
        raise InputError(f"The name of a {what} must be text. Got {name!r} instead.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        shown = name if len(name) <= 40 else f"{name[:40]}… ({len(name):,} characters)"
        raise InputError(
            f"The name of a {what} must be 1 to {LONGEST_NAME} printable characters. Got {shown!r} instead."
        )
    if name != name.strip():
        raise InputError(f"The name of a {what} must not begin or end with a space. Got {name!r} instead.")


def _date(released: date | str | None) -> date | None:
    if released is None or isinstance(released, date):
        return released
    with suppress(TypeError, ValueError):
        found = date.fromisoformat(released)
        if found.isoformat() == released:
            return found
    raise InputError(f"The date of a release must be written yyyy-mm-dd. Got {released!r} instead.")
