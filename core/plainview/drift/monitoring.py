"""Hold a batch of production against the test set of a release, and keep what was found as an event of the store."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from plainview.drift.batches import KIND, Batch, ordered
from plainview.drift.judging import Measured, judge
from plainview.drift.measuring import measured_by_evidently
from plainview.drift.performance import performance
from plainview.drift.sides import Side, Unlike, prepared, roles_of, sides
from plainview.exceptions import FrameError, InputError, nearest
from plainview.frames import read_frame
from plainview.records import Evaluation, Event
from plainview.specification import Specification, load_specification
from plainview.tasks.part import PREDICTION, SCORE
from plainview.written import day_of

if TYPE_CHECKING:
    from plainview.store import Store

THE_TEST_SET = "the test set"
MEASURERS = ("evidently", "plainview")
Measurer = Literal["evidently", "plainview"]
Rows = tuple[pl.DataFrame, pl.DataFrame]  # examples and answers, row by row, named as the store names them


def monitor(
    store: "Store",
    project: str,
    batch: Any,
    *,
    release: str | None = None,
    test_set: str | None = None,
    reference: Any = None,
    reference_name: str | None = None,
    name: str | None = None,
    until: date | str | None = None,
    prediction: str | None = None,
    score: str | None = None,
    measured_by: Measurer = "evidently",
    actor: str | None = None,
) -> Batch:
    """Hold a batch against the test set that ``release`` (default: the latest) was judged on, and keep what was found.

    ``batch`` is a frame or a file with columns named as in the specification: a row a request, with what the release
    answered, and with labels where they have arrived. ``reference`` is another frame or file in the place of the test set.
    ``name`` is what the batch is called (default: the name of its file), ``until`` the last day that it holds (default:
    today, UTC). The same batch held against the same is kept once.

    Raises NotFoundError for an unknown project or release, InputError for frames that cannot be read so; nothing is written.
    """
    found, key = _compared(
        store, project, batch, release=release, test_set=test_set, reference=reference, reference_name=reference_name,
        name=name, until=until, prediction=prediction, score=score, measured_by=measured_by,
    )  # fmt: skip
    for event in store.events(project, kind=KIND, release=found.release):
        if event.body.get("key") == key:
            return _with(found, event)
    body = json.loads(json.dumps(found.body())) | {"key": key}
    return _with(
        found, store.append_event(KIND, project, release=found.release, body=body, actor=actor, tables=found.tables())
    )


def _with(found: Batch, event: Event) -> Batch:
    return replace(found, id=event.id, at=event.at)


def compare_batch(store: "Store", project: str, batch: Any, **options: Any) -> Batch:
    """The same as `monitor`, and nothing is kept."""
    given = dict.fromkeys(
        ("release", "test_set", "reference", "reference_name", "name", "until", "prediction", "score")
    )
    return _compared(store, project, batch, **{**given, "measured_by": "evidently", **options})[0]


def _compared(
    store: "Store",
    project: str,
    batch: Any,
    *,
    release: str | None,
    test_set: str | None,
    reference: Any,
    reference_name: str | None,
    name: str | None,
    until: date | str | None,
    prediction: str | None,
    score: str | None,
    measured_by: Measurer,
) -> tuple[Batch, str]:
    """The batch and the key of its content."""
    if measured_by not in MEASURERS:
        raise InputError(f"There is no measurer {measured_by!r}. {nearest(measured_by, MEASURERS)}")
    evaluation = store.evaluation(project, release or store.releases(project)[-1].release, test_set=test_set)
    specification = load_specification(store.specification_text(evaluation))
    until = datetime.now(UTC).date() if until is None else _read_day(until)
    name = name or _named(batch) or f"batch of {until.isoformat()}"
    now = _rows(batch, specification, evaluation, prediction, score, what="The batch")
    then = (store.examples(evaluation), store.predictions(evaluation))
    if reference is not None:
        then = _rows(reference, specification, evaluation, prediction, score, what="The reference")
    roles = roles_of(specification, *then)
    compared = [*sides(_joined(then), _joined(now), roles, task=specification.task)]
    found = judge(
        compared, _thresholds(specification), clusters=_clusters(then[0], now[0], specification.columns.cluster)
    )
    if measured_by == "evidently":
        found = measured_by_evidently(found, compared)
    changes, unlabelled = performance(then, now, specification)
    label = specification.columns.label
    labels = now[0].height - now[0][label].null_count() if label in now[0].columns else 0
    against = reference_name or _named(reference) or THE_TEST_SET
    held = Batch(
        project, evaluation.release, name, until, now[0].height, against, then[0].height,
        evaluation.test_set.digest, ordered([each.shift for each in found]), tuple(changes), labels, unlabelled,
        left_out=_left_out(_joined(then).columns, compared), drawn=_drawn(found),
    )  # fmt: skip
    return held, _key(held, then, now)


def _thresholds(specification: Specification):
    demanded = specification.monitoring
    return lambda column: demanded.shifts.get(column, demanded.smallest_shift)


def _rows(
    source: Any,
    specification: Specification,
    evaluation: Evaluation,
    prediction: str | None,
    score: str | None,
    *,
    what: str,
) -> Rows:
    """A frame as the store would name it: the columns of the test set that it has, and the answers that it has."""
    columns, task = specification.columns, specification.task
    rows = read_frame(source, id_column=columns.id)
    for asked in (prediction, score):
        if asked is not None and asked not in rows.columns:
            raise FrameError(f"{what} has no column {asked!r}. {nearest(asked, rows.columns)}")
    kept = [each for each in evaluation.test_set.columns if each in rows.columns]
    if not set(kept) - {columns.id, columns.label}:
        raise FrameError(
            f"{what} has none of the columns of the test set but ids and labels. "
            f"{nearest(rows.columns[0], evaluation.test_set.columns)}"
        )
    examples = rows.select(kept)
    if columns.label in kept:
        examples = examples.with_columns(prepared(examples[columns.label], "label", task).alias(columns.label))
    if columns.id not in kept:
        examples = examples.with_columns(pl.int_range(pl.len()).cast(pl.String).alias(columns.id))
    sources = {PREDICTION: prediction or columns.prediction, SCORE: score or columns.score, **columns.more_answers()}
    answers = {
        stored: prepared(rows[column], "prediction" if stored == PREDICTION else "answer", task).alias(stored)
        for stored, column in sources.items()
        if column in rows.columns
    }
    return examples, pl.DataFrame(answers)


def _joined(side: Rows) -> pl.DataFrame:
    """Examples and answers in one frame; a column of the test set that is called as an answer is keeps its name."""
    examples, answers = side
    return examples.with_columns(answers[name] for name in answers.columns if name not in examples.columns)


def _clusters(then: pl.DataFrame, now: pl.DataFrame, column: str | None) -> tuple[pl.Series, pl.Series] | None:
    """The cluster of each row of both sides, where rows are not independent. InputError where the batch does not say."""
    if column is None:
        return None
    for frame in (then, now):
        if column not in frame.columns:
            raise InputError(
                f"Rows come in clusters of {column!r}, and there is no such column. {nearest(column, frame.columns)}"
            )
    return then[column], now[column]


def _left_out(columns: Sequence[str], compared: Sequence[Side | Unlike]) -> tuple[str, ...]:
    """Columns of the reference that nothing was said of."""
    known = {each.name for each in compared}
    return tuple(name for name in columns if name not in known)


def _drawn(found: list[Measured]) -> pl.DataFrame:
    parts = [each.drawn.with_columns(pl.lit(each.shift.column).alias("column")) for each in found if each.drawn.height]
    return pl.concat(parts) if parts else pl.DataFrame()


def _named(source: Any) -> str | None:
    return Path(source).stem[:200] if isinstance(source, str | os.PathLike) else None


_read_day = day_of("last day of a batch")


def _key(found: Batch, then: Rows, now: Rows) -> str:
    """What the batch is known again by: its content, what it is held against, and what came of it."""
    from plainview.store.digests import content_digest

    frames = [content_digest(frame) for side in (then, now) for frame in side if frame.width]
    parts = [frames, found.project, found.release, found.name, found.until.isoformat(), found.body()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
