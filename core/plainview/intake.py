"""Intake: which columns of a frame are the test set and which the answers, and rows of it in the task's own form.

Rows may come all at once or in parts: `Intake.take` looks at a part, `Seen` adds up what parts held, and `Intake.check` judges
the whole.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from plainview.exceptions import FrameError, nearest
from plainview.probabilities import check_probabilities
from plainview.specification import Specification
from plainview.tasks import TASKS
from plainview.tasks.boxes import columns_seen
from plainview.tasks.part import PREDICTION, SCORE


@dataclass(frozen=True)
class Seen:
    """What parts of a frame held; of two parts, the sum."""

    rows: int
    missing_labels: int
    missing_predictions: int
    pinned: frozenset[str]  # ids that a scenario of the specification pins
    undeclared: int = 0  # answers that are none of the specification's classes
    such_as: tuple[str, ...] = ()  # one of them, if any

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(
            self.rows + other.rows,
            self.missing_labels + other.missing_labels,
            self.missing_predictions + other.missing_predictions,
            self.pinned | other.pinned,
            self.undeclared + other.undeclared,
            (*self.such_as, *other.such_as)[:1],
        )

    def remarks(self) -> list[str]:
        """What a publisher should know of values that are kept as they are, in sentences."""
        if not self.undeclared:
            return []
        are = "answer is" if self.undeclared == 1 else "answers are"
        count = "it counts" if self.undeclared == 1 else "they count"
        return [f"{self.undeclared:,} {are} none of the classes, such as {self.such_as[0]!r}: {count} as wrong."]


@dataclass(frozen=True)
class Intake:
    """How the frames of one release are read: ``kept`` are the columns of the test set, the others answers or nothing."""

    specification: Specification
    prediction: str
    score: str | None
    kept: tuple[str, ...]

    @classmethod
    def of(
        cls,
        available: Sequence[str],
        specification: Specification,
        release: str,
        *,
        prediction: str | None = None,
        score: str | None = None,
    ) -> Self:
        """For a frame with the columns ``available``. Raises FrameError or SpecificationError where some are not there."""
        columns = specification.columns
        prediction, score = _answers(available, specification, prediction, score)
        kept = columns_of_test_set(available, specification, release, prediction, score)
        there = [name for name in columns.more_answers().values() if name in available]
        specification.check_columns([*kept, columns.prediction, *filter(None, [columns.score]), *there])
        return cls(specification, prediction, score, tuple(kept))

    def take(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The examples and the answers of some rows, in their order. Raises FrameError for values the task cannot use."""
        columns, task = self.specification.columns, TASKS[self.specification.task]
        answer = getattr(task, "prepare_answer", task.prepare)(rows[self.prediction])
        examples = rows.select(self.kept)
        if columns.label is not None and self.specification.task != "scored":
            label = task.prepare(rows[columns.label])
            _check_kinds(rows[columns.label], rows[self.prediction])
            examples = examples.with_columns(label.alias(columns.label))
            _check_classes(examples, self.specification)
        answers = {PREDICTION: answer} | ({SCORE: rows[self.score]} if self.score else {})
        more = {name: rows[column] for name, column in columns.more_answers().items()}
        check_probabilities(rows, self.specification)
        return examples, pl.DataFrame(answers | more)

    def check_types(self, examples: pl.DataFrame, predictions: pl.DataFrame) -> None:
        """Raise SpecificationError where a predicate cannot be asked of columns of these types."""
        columns = self.specification.columns
        given = {column: predictions.schema[name] for name, column in columns.more_answers().items()}
        inner: Mapping = {}
        if self.specification.task == "detection":
            inner = columns_seen(examples[columns.label])
        self.specification.check_columns(
            {**examples.schema, columns.prediction: predictions.schema[PREDICTION], **given, **inner}
        )

    def seen(self, examples: pl.DataFrame, predictions: pl.DataFrame) -> Seen:
        """What these rows held."""
        columns = self.specification.columns
        pinned = {name for scenario in self.specification.scenarios for name in scenario.ids or ()}
        ids = examples[columns.id]
        strange = self._undeclared(predictions[PREDICTION])
        return Seen(
            examples.height,
            examples[columns.label].null_count() if columns.label else 0,
            predictions[PREDICTION].null_count(),
            frozenset(ids.filter(ids.is_in(list(pinned)))) if pinned else frozenset(),
            len(strange),
            tuple(strange[:1]),
        )

    def _undeclared(self, prediction: pl.Series) -> pl.Series:
        """Of each answer that is none of the classes, or holds one that is none, that class."""
        classes = self.specification.classes
        return TASKS[self.specification.task].undeclared(prediction, classes).drop_nulls() if classes else pl.Series([])

    def check(self, seen: Seen, *, ids: Collection[str] = ()) -> None:
        """Raise FrameError where all rows together lack labels, predictions or pinned ids; ``ids`` are there to name one."""
        columns = self.specification.columns
        for column, what, missing in (
            (self.prediction, "prediction", seen.missing_predictions),
            (columns.label, "label", seen.missing_labels if self.specification.task != "scored" else 0),
        ):
            if column and seen.rows and missing == seen.rows:
                raise FrameError(f"Column {column!r} holds no {what} at all: every row is empty.")
        for scenario in self.specification.scenarios:
            lost = [name for name in scenario.ids or () if name not in seen.pinned]
            if lost:
                raise FrameError(
                    f"Scenario {scenario.name!r} pins {len(lost):,} of {len(scenario.ids):,} ids that the frame does not "
                    f"have, such as {lost[0]!r}. {nearest(lost[0], ids) if len(ids) else ''}".rstrip()
                )


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
    unknown = TASKS[specification.task].undeclared(examples[columns.label], specification.classes)
    rows = unknown.is_not_null().arg_true()
    if len(rows):
        found, example = unknown[rows[0]], examples[columns.id][rows[0]]
        raise FrameError(
            f"Label {found!r} of example {example!r} is not one of the specification's classes"
            f" ({len(rows):,} such {'row' if len(rows) == 1 else 'rows'}). {nearest(found, specification.classes)}"
        )
