"""Publish: a frame of predictions becomes an immutable evaluation in the store."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from plainview.evaluation import evaluate
from plainview.exceptions import FrameError, InputError, nearest
from plainview.frames import check_ids, read_frame
from plainview.importers.coco import taken
from plainview.records import Evaluation
from plainview.specification import Specification, load_specification
from plainview.store import Draft, Store, create_store, open_store
from plainview.store.digests import content_digest
from plainview.tasks import TASKS
from plainview.tasks.boxes import columns_seen
from plainview.tasks.part import PREDICTION, SCORE

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
) -> Evaluation:
    """Publish the predictions of one release and return the evaluation; the same content again is the same evaluation.

    ``frame`` is a pandas, Polars or Arrow frame, or a path to CSV, Parquet, JSON Lines or Arrow: one row an example, with
    the specification's columns. ``prediction`` and ``score`` name their columns where they are called otherwise here.
    ``store`` is an open store, or its address; a folder that is not there yet is made a store.

    For detection ``frame`` may also be COCO ground truth (a path to JSON, or what it holds) with ``detections``, COCO results
    in the same form; or a pair of the two, or one path ``truth.json+results.json``. ``attributes`` are further attributes of
    labelled boxes, see `importers.coco.read_coco`.

    Raises SpecificationError, PredicateError or FrameError (all InputError) before anything is written, StoreError where
    the store cannot be written. A label or prediction that is missing is counted, never guessed.
    """
    return publish_frame(
        frame,
        specification=specification,
        release=release,
        store=store,
        released=released,
        test_set=test_set,
        prediction=prediction,
        score=score,
        detections=detections,
        attributes=attributes,
        notes=notes,
        source_revision=source_revision,
        actor=actor,
    )[0]


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
    step: Step = lambda said: None,
) -> tuple[Evaluation, bool]:
    """As `publish`; also says whether it was new, and calls ``step`` with what is being done."""
    _check_name("release", release)
    _check_name("test set", test_set)
    when = _date(released)
    demanded = load_specification(specification)
    step("Reading the frame")
    if demanded.task == "detection":
        frame, prediction = taken(frame, detections, prediction, demanded.columns, attributes=attributes)
    elif detections is not None or attributes is not None:
        raise InputError(f"Detections and attributes of boxes are for detection; the task is {demanded.task}.")
    rows = read_frame(frame, id_column=demanded.columns.id)
    examples, predictions = _split(rows, demanded, release, prediction, score)
    step(f"Measuring {len(demanded.scenarios)} scenarios on {examples.height:,} examples")
    seed = f"{content_digest(examples)}{content_digest(predictions)}".encode()
    found = evaluate(examples, predictions, demanded, seed=seed)
    step("Writing")
    columns = demanded.columns
    draft = Draft(
        project=demanded.project,
        title=demanded.title or demanded.project,
        task=demanded.task,
        release=release,
        specification=demanded.text.encode(),
        examples=examples,
        predictions=predictions,
        results=found,
        core_columns=[name for name in (columns.id, columns.label, columns.weight, columns.cluster) if name],
        test_set=test_set,
        released=when,
        notes=notes,
        source_revision=source_revision,
        missing_labels=examples[columns.label].null_count() if columns.label else 0,
        missing_predictions=predictions[PREDICTION].null_count(),
    )
    return writable_store(store).publish(draft, actor=actor)


def writable_store(store: Store | str | Path) -> Store:
    """The store to publish to; a folder that is not there, or is empty, is made one. Raises StoreError."""
    if isinstance(store, Store):
        return store
    folder = Path(str(store).removeprefix("file://"))
    if "://" not in str(store) and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))):
        return create_store(store, exist_ok=True)
    return open_store(store)


def _split(
    rows: pl.DataFrame, specification: Specification, release: str, prediction: str | None, score: str | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The test set and the answers, id-sorted, row by row. Raises FrameError or SpecificationError."""
    columns, task = specification.columns, TASKS[specification.task]
    prediction, score = _answers(rows.columns, specification, prediction, score)
    kept = columns_of_test_set(rows.columns, specification, release, prediction, score)
    more = columns.more_answers()
    there = [name for name in more.values() if name in rows.columns]
    specification.check_columns([*kept, columns.prediction, *filter(None, [columns.score]), *there])
    check_ids(rows, columns.id)
    order = rows[columns.id].arg_sort()
    answer = _prepared(rows[prediction], "prediction", getattr(task, "prepare_answer", task.prepare))
    examples = rows.select(kept)
    if columns.label is not None and specification.task != "scored":
        label = _prepared(rows[columns.label], "label", task.prepare)
        _check_kinds(rows[columns.label], rows[prediction])
        examples = examples.with_columns(label.alias(columns.label))
    examples = examples[order]
    answers = {PREDICTION: answer} | ({SCORE: rows[score]} if score else {})
    predictions = pl.DataFrame(answers | {name: rows[column] for name, column in more.items()})[order]
    given = {column: rows.schema[column] for column in more.values()}
    inner = columns_seen(examples[columns.label]) if specification.task == "detection" else {}
    seen = {**examples.schema, columns.prediction: answer.dtype, **given, **inner}  # a `where` sees these types
    specification.check_columns(seen)
    _check_classes(examples, specification)
    _check_pinned(examples, specification)
    return examples, predictions


def _prepared(values: pl.Series, what: str, prepare: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Labels or predictions in the task's form, in the frame's order, so that an error counts the rows as they came."""
    found = prepare(values)
    if found.null_count() == len(found):
        raise FrameError(f"Column {values.name!r} holds no {what} at all: every row is empty.")
    return found


def _check_kinds(label: pl.Series, prediction: pl.Series) -> None:
    """true is not 1: predictions that are written otherwise than the labels would all count as wrong."""
    kinds = {"truths" if column.dtype == pl.Boolean else "numbers" for column in (label, prediction)}
    numbers = all(column.dtype == pl.Boolean or column.dtype.is_numeric() for column in (label, prediction))
    if numbers and len(kinds) == 2:
        raise FrameError(
            f"Of the columns {label.name!r} and {prediction.name!r} one holds true and false, the other numbers. "
            "Write both the same way."
        )


def _answers(
    available: Sequence[str], specification: Specification, prediction: str | None, score: str | None
) -> tuple[str, str | None]:
    """The names of the prediction and score columns in this frame; a score that only the specification names may be absent."""
    columns = specification.columns
    needed = specification.columns_needed()
    for name in {prediction, score} - {None, columns.prediction, columns.score}:
        if name in needed:
            raise FrameError(
                f"Column {name!r} cannot be an answer: it is part of the test set, which is the same for every release "
                f"({needed[name]} needs it)."
            )
    chosen = prediction or columns.prediction
    if chosen not in available:
        hint = "" if prediction else " Name it in the specification's `columns: {prediction: …}`, or when publishing."
        raise FrameError(f"There is no column {chosen!r} to take predictions from. {nearest(chosen, available)}{hint}")
    if score is not None and score not in available:
        raise FrameError(f"There is no column {score!r} to take scores from. {nearest(score, available)}")
    declared = columns.score if columns.score in available else None
    return chosen, score or declared


def columns_of_test_set(
    available: Sequence[str], specification: Specification, release: str, prediction: str, score: str | None
) -> list[str]:
    """Which columns belong to the test set: all but answers, or those that the specification lists as ``metadata``.

    One wide frame may hold the answers of many releases. Where this release's name is part of its column's name
    (``afinn_3.0.1``), the columns of the same shape (``afinn_2.1.0``, ``afinn_2.1.0_score``) are other releases'
    answers, and left out. A column that the specification names is always kept, and comes first; the rest is sorted, so
    that frames which differ in the order of their columns alone are the same.
    """
    columns = specification.columns
    answers = {prediction, columns.prediction, score, columns.score, *columns.more_answers().values()} - {None}
    shapes = [_shape(name, release) for name in (prediction, score) if name and release in name]
    needed = [name for name in specification.columns_needed() if name not in answers and name in available]
    wanted = set(available) if columns.metadata is None else set()
    others = wanted - answers - set(needed)
    return needed + sorted(name for name in others if not any(re.fullmatch(shape, name) for shape in shapes))


def _shape(name: str, release: str) -> str:
    """The pattern of columns named as ``name`` is, for other releases than ``release``.

    A release that is numbered stands for other numbers, v2 for v3 but not for valid; one that is not for any text after
    an underscore or the like, and where nothing else is in the column's name, for itself alone.
    """
    before, _, after = name.partition(release)
    start = re.match(r"\D*", release).group()
    if start != release:
        others = re.escape(start) + r"\d.*"
    else:
        others = r".+" if re.search(r"[\W_]$", before) or re.match(r"[\W_]", after) else re.escape(release)
    return re.escape(before) + others + re.escape(after)


def _check_classes(examples: pl.DataFrame, specification: Specification) -> None:
    if not specification.classes:
        return
    columns = specification.columns
    label = examples[columns.label]
    outside = examples.filter(label.is_not_null() & ~label.is_in(list(specification.classes)))
    if outside.height:
        found, example = outside[columns.label][0], outside[columns.id][0]
        raise FrameError(
            f"Label {found!r} of example {example!r} is not one of the specification's classes"
            f" ({outside.height:,} such {'row' if outside.height == 1 else 'rows'}). {nearest(found, specification.classes)}"
        )


def _check_pinned(examples: pl.DataFrame, specification: Specification) -> None:
    known = None
    for scenario in specification.scenarios:
        if not scenario.ids:
            continue
        known = set(examples[specification.columns.id]) if known is None else known
        lost = [name for name in scenario.ids if name not in known]
        if lost:
            raise FrameError(
                f"Scenario {scenario.name!r} pins {len(lost):,} of {len(scenario.ids):,} ids that the frame does not have, "
                f"such as {lost[0]!r}. {nearest(lost[0], known)}"
            )


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
