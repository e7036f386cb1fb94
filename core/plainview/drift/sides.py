"""What is compared: every column of the test set that says something, the answers, and labels where they have arrived."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from plainview.exceptions import InputError, nearest
from plainview.frames import class_text
from plainview.tasks import TASKS

if TYPE_CHECKING:
    from plainview.specification import Specification

Role = Literal["column", "prediction", "answer", "label"]
Kind = Literal["number", "category", "words", "items"]
FEW = 2  # distinct numbers that are names rather than quantities: 0 and 1
FEW_NAMES = 30  # distinct texts that are names, however long
PROSE = 60  # characters on average that make a text
_LISTS = ("multilabel", "detection")


@dataclass(frozen=True)
class Side:
    """One column on both sides, as it is compared; values may be missing."""

    name: str
    role: Role
    kind: Kind
    reference: pl.Series  # float64 for numbers and counts, text for categories; shape (rows of the reference,)
    batch: pl.Series


@dataclass(frozen=True)
class Unlike:
    """A column that cannot be compared, because the batch does not have it as the test set does."""

    name: str
    role: Role
    reason: str


def sides(
    reference: pl.DataFrame, batch: pl.DataFrame, roles: Mapping[str, Role], *, task: str
) -> Iterator[Side | Unlike]:
    """Every column of ``roles``, in their order, that the reference has a value of; both frames name them alike.

    Labels and answers that the batch does not have are left out: they arrive later, or not at all.
    """
    for name, role in roles.items():
        ours = reference[name]
        arrived = name in batch.columns and batch[name].null_count() < batch.height
        if ours.null_count() == len(ours) or (role != "column" and not arrived):
            continue
        if name not in batch.columns:
            yield Unlike(name, role, "The batch has no such column.")
        elif batch[name].null_count() == batch.height:
            yield Unlike(name, role, "The batch has no value of it.")
        else:
            yield _side(name, role, ours, batch[name], listed=task in _LISTS and role in ("label", "prediction"))


def _side(name: str, role: Role, ours: pl.Series, theirs: pl.Series, *, listed: bool) -> Side | Unlike:
    numbers = [column.dtype.is_numeric() for column in (ours, theirs)]
    if listed:
        return Side(name, role, "items", *(_items(column) for column in (ours, theirs)))
    if all(numbers) and ours.n_unique() > FEW:
        return Side(name, role, "number", *(column.cast(pl.Float64) for column in (ours, theirs)))
    if numbers[0] and not numbers[1] and ours.n_unique() > FEW:
        return Unlike(name, role, "The batch holds no numbers, as the test set does.")
    texts = [class_text(column) for column in (ours, theirs)]
    if ours.dtype == pl.String and is_prose(ours):
        return Side(name, role, "words", *(_words(column) for column in texts))
    return Side(name, role, "category", *texts)


def is_prose(column: pl.Series) -> bool:
    """Whether a column holds texts, rather than names that come again: its words are counted then."""
    there = column.drop_nulls()
    distinct, long = there.n_unique(), (there.str.len_chars().mean() or 0) > PROSE
    return distinct > FEW_NAMES and (long or distinct > len(there) / 2)


def _words(column: pl.Series) -> pl.Series:
    return column.str.count_matches(r"\S+").cast(pl.Float64)


def _items(column: pl.Series) -> pl.Series:
    """How many boxes, or labels, a cell lists."""
    return pl.Series(column.name, [None if each is None else _length(each) for each in column], dtype=pl.Float64)


def _length(text: str) -> float:
    import json

    return float(len(json.loads(text)))


def roles_of(specification: "Specification", examples: pl.DataFrame, answers: pl.DataFrame) -> dict[str, Role]:
    """The columns to compare, with the part that each plays: what came in first, then labels, then answers.

    Left out are ids, weights and clusters, dates, and what ``monitoring: leave_out`` names; InputError where that is nothing.
    """
    columns, out = specification.columns, specification.monitoring.leave_out
    known = [*examples.columns, *answers.columns]
    for name in (*out, *specification.monitoring.shifts):
        if name not in known:
            raise InputError(
                f"monitoring names column {name!r}, which the test set does not have. {nearest(name, known)}"
            )
    parts = {columns.id, columns.weight, columns.cluster, *out}
    timeless = [name for name, kind in examples.schema.items() if not kind.is_temporal() and name not in parts]
    roles: dict[str, Role] = {name: "label" if name == columns.label else "column" for name in timeless}
    ordered = dict(sorted(roles.items(), key=lambda row: row[1] == "label"))
    return ordered | {
        name: "prediction" if name == "prediction" else "answer" for name in answers.columns if name not in out
    }


def prepared(values: pl.Series, role: Role, task: str) -> pl.Series:
    """Labels and predictions as the store keeps them, so that both sides are written alike."""
    if role == "prediction":
        return getattr(TASKS[task], "prepare_answer", TASKS[task].prepare)(values)
    return TASKS[task].prepare(values) if role == "label" else values
