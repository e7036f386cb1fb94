"""A group of examples that somebody named: by a condition on the test set, or by pinned ids."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, model_validator

from plainview.exceptions import InputError, PredicateError, nearest
from plainview.membership import scenario_masks
from plainview.predicates import parse_predicate
from plainview.records import Evaluation
from plainview.specification import Scenario, Specification, load_specification
from plainview.specification.types import Name
from plainview.store import Store

MOST_IDS = 1_000  # pinned in one group: more are a condition that nobody has written down yet


class Group(BaseModel):
    """Which examples: exactly one of ``where`` and ``ids``. What a later Plainview adds is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    where: str | None = None
    ids: tuple[Name, ...] = Field(default=(), max_length=MOST_IDS)

    @model_validator(mode="after")
    def _one(self) -> "Group":
        if (self.where is None) == (not self.ids):
            raise ValueError("exactly one of where and ids was expected")
        if self.where is not None:
            parse_predicate(self.where)
        return self

    def mask(self, rows: pl.DataFrame, specification: Specification) -> np.ndarray:
        """Which rows of a test set are in it, shape (n,). Raises PredicateError for a column that is not there."""
        if self.where is None:
            return rows[specification.columns.id].cast(pl.String).is_in(list(self.ids)).to_numpy()
        _check_columns(self.where, rows.columns)
        return scenario_masks(rows, [Scenario(name="group", where=self.where)], specification.columns.id)[0]

    def scenario(self) -> dict:
        """The same as a scenario of a specification says it."""
        return {"where": self.where} if self.where is not None else {"ids": list(self.ids)}


def group_of(store: Store, evaluation: Evaluation, *, where: str | None = None, ids: Sequence[str] = ()) -> Group:
    """A group of an evaluation's test set.

    Raises InputError where both or neither is given, a column or an id is not there, or more than ``MOST_IDS`` are pinned.
    """
    if (where is None) == (not ids):
        raise InputError(f"A group is a condition or a list of ids. Got {'both' if ids else 'neither'}.")
    if where is not None:
        _check_columns(where, evaluation.test_set.columns)
        return Group(where=where)
    chosen = tuple(dict.fromkeys(map(str, ids)))
    if len(chosen) > MOST_IDS:
        raise InputError(
            f"At most {MOST_IDS:,} ids are pinned. Got {len(chosen):,}: say what they share as a condition."
        )
    column = load_specification(store.specification_text(evaluation)).columns.id
    known = set(store.examples(evaluation, [column])[column].cast(pl.String))
    for one in chosen:
        if one not in known:
            raise InputError(
                f"The test set of {evaluation.release} has no example {one!r}. {nearest(one, sorted(known))}"
            )
    return Group(ids=chosen)


def _check_columns(where: str, columns: Sequence[str]) -> None:
    for name in sorted(parse_predicate(where).columns):
        if name not in columns:
            raise PredicateError(f"The test set has no column {name!r}. {nearest(name, columns)}")
