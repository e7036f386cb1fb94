"""What-if analyses that people keep: an event with the example before and after; and examples for the next test set."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from plainview.exceptions import InputError, PlainviewError, nearest, shown
from plainview.frames import class_text
from plainview.records import Evaluation, Event
from plainview.specification import Specification, load_specification
from plainview.specification.types import Class, Model, Prose
from plainview.written import checked

if TYPE_CHECKING:
    from plainview.store import Store

KIND, ROWS = "what-if", "rows"
ORIGIN, COLLECTED, MADE = "origin", "collected", "what-if"


class Note(Model):
    """What a person adds to an analysis."""

    note: Prose | None = None
    label: Class | None = None  # what the answer should be; without it the example cannot judge a release


@dataclass(frozen=True)
class Analysis:
    """One example, changed: what was answered before and after, and by whom."""

    example: str
    changes: Mapping[str, tuple[Any, Any]]  # column → (before, after)
    before: str
    after: str
    source: Literal["live", "nearest"]  # a model was asked, or published examples stood in
    score_before: float | None = None
    score: float | None = None
    asked: str = ""  # what was asked, as it was registered

    def body(self) -> dict[str, Any]:
        """As an event holds it."""
        changes = {name: [_plain(old), _plain(new)] for name, (old, new) in self.changes.items()}
        return {**self.__dict__, "changes": changes}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def save(
    store: "Store",
    evaluation: Evaluation,
    analysis: Analysis,
    rows: pl.DataFrame,
    *,
    note: str = "",
    label: str = "",
    actor: str | None = None,
) -> Event:
    """Keep an analysis under its release; ``rows`` are the example as it is and as it was changed, as the test set has them.

    InputError where nothing was changed, or a part cannot be kept.
    """
    if not analysis.changes:
        raise InputError("Nothing is changed yet, so there is nothing to keep.")
    if label.strip():
        _check_label(label.strip(), load_specification(store.specification_text(evaluation)))
    said = checked(Note, "a what-if analysis", note=note.strip() or None, label=label.strip() or None)
    body = analysis.body() | said.model_dump(exclude_none=True) | {"test_set": evaluation.test_set.examples_digest}
    return store.append_event(
        KIND, evaluation.project, release=evaluation.release, body=body, actor=actor, tables={ROWS: rows}
    )


def _check_label(label: str, specification: Specification) -> None:
    """InputError where the label is none that the project knows."""
    if specification.task == "regression":
        try:
            known = math.isfinite(float(label))
        except ValueError:
            known = False
        if not known:
            raise InputError(f"The right answer is {shown(label)}; a number was expected.")
    elif specification.classes and label not in specification.classes:
        raise InputError(
            f"The right answer is {shown(label)}, which is no class. {nearest(label, specification.classes)}"
        )


def extended(
    store: "Store", evaluation: Evaluation, specification: Specification, events: Iterable[Event]
) -> tuple[pl.DataFrame, int]:
    """The test set with the examples of kept analyses, ready to be published as its next version; and how many they are.

    A column ``origin`` says of each example whether it was collected or made up. Analyses whose label nobody gave are left
    out, and those that cannot be read. Answers are those of the release; made-up examples have none until it is asked again.
    """
    columns = specification.columns
    examples = store.examples(evaluation)
    if ORIGIN not in examples.columns:
        examples = examples.with_columns(pl.lit(COLLECTED).alias(ORIGIN))
    names = {"prediction": columns.prediction, "score": columns.score or "score"}
    names |= dict(columns.more_answers())
    answers = store.predictions(evaluation)
    kept = {name: names[name] for name in answers.columns if name in names and names[name] not in examples.columns}
    whole = pl.concat([examples, answers.select(list(kept)).rename(kept)], how="horizontal")
    made = [row for event in events if (row := _made(store, event, specification, examples)) is not None]
    return pl.concat([whole, *made], how="diagonal"), len(made)


def _made(store: "Store", event: Event, specification: Specification, examples: pl.DataFrame) -> pl.DataFrame | None:
    """The made-up example of an event as a row of the test set; None where it has no label or cannot be read."""
    label, columns = event.body.get("label"), specification.columns
    if event.kind != KIND or not isinstance(label, str) or columns.label is None:
        return None
    try:
        row = store.attached(event, ROWS)[-1:]
        schema = {name: kind for name, kind in examples.schema.items() if name in row.columns}
        row = row.select(pl.col(name).cast(kind) for name, kind in schema.items())
        told = pl.Series([label]).cast(examples.schema[columns.label], strict=True)
    except (PlainviewError, pl.exceptions.PolarsError):
        return None
    identifier = f"{class_text(row[columns.id])[0]}~{event.id[-8:].lower()}"
    given = {columns.id: pl.lit(identifier), columns.label: pl.lit(told[0]), ORIGIN: pl.lit(MADE)}
    return row.with_columns(value.cast(examples.schema[name]).alias(name) for name, value in given.items())
