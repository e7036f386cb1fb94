"""Unit checks: what is known must be answered so: exact values, ranges of values, or templates with their label."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
import polars as pl
from pydantic import Field, model_validator

from plainview.exceptions import InputError, nearest
from plainview.robustness.asking import Answers
from plainview.robustness.copies import spoken
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType
from plainview.robustness.outcomes import Outcomes, table
from plainview.robustness.ranges import Given, draw
from plainview.robustness.rows import Rows, generator
from plainview.robustness.templates import fillings
from plainview.specification.types import Class, Name, Number, Prose


class Unit(Check):
    """``rows`` of exact values, ``given`` values and ranges laid over drawn examples, or ``templates``; and what is expected.

    Columns that a row does not name are missing; with ``given`` they are those of the examples.
    """

    test_kind: ClassVar[TestType] = "MFT"
    chapter: ClassVar[str] = "Known answers"

    rows: Annotated[tuple[Mapping[Name, Any], ...], Field(min_length=1, max_length=10_000)] | None = None
    given: Annotated[Mapping[Name, Given], Field(min_length=1)] | None = None
    templates: Annotated[tuple[Prose, ...], Field(min_length=1)] | None = None
    expect: Class | None = None
    expect_not: Class | None = None
    at_least: Number | None = None  # of numbers that are answered
    at_most: Number | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> "Unit":
        made = [name for name in ("rows", "given", "templates") if getattr(self, name) is not None]
        if len(made) != 1:
            raise ValueError(
                f"found {' and '.join(made) or 'none'}; exactly one of rows, given and templates was expected"
            )
        labels = [name for name in ("expect", "expect_not") if getattr(self, name) is not None]
        bounds = [name for name in ("at_least", "at_most") if getattr(self, name) is not None]
        if len(labels) + bool(bounds) != 1:
            found = " and ".join([*labels, *bounds]) or "nothing"
            raise ValueError(f"found {found}; expected one of expect, expect_not, or a number's at_least and at_most")
        return self

    @property
    def exhaustive(self) -> bool:
        """Rows of exact values are all there is to test."""
        return self.rows is not None

    @property
    def invents(self) -> bool:
        """Rows and templates are made here."""
        return self.given is None

    def outcomes(self, ground: Ground) -> Outcomes:
        """One row for each that was made."""
        made, cases, variants, shown, changed = self._made(ground)
        answers = ground.ask(made)
        passed = self._passed(answers, ground)
        said, sure = answers.said(), answers.sureness()
        rows = [
            {
                "case": cases[at],
                "variant": variants[at],
                "passed": bool(passed[at]),
                "after": shown[at],
                "changed": changed[at],
                "expected": self.demand,
                "answer": said[at],
                "score": None if np.isnan(sure[at]) else float(sure[at]),
            }
            for at in range(made.height)
        ]
        return Outcomes(table(rows))

    @property
    def demand(self) -> str:
        """What is expected: "1", "not 1", "at least 5"."""
        if self.expect is not None:
            return self.expect
        if self.expect_not is not None:
            return f"not {self.expect_not}"
        ends = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)

    def _passed(self, answers: Answers, ground: Ground) -> np.ndarray:
        label = self.expect if self.expect is not None else self.expect_not
        if label is not None:
            if answers.labels is None:
                raise InputError(f"{ground.what}: predict gives numbers; expected is the label {label!r}.")
            return (answers.labels == ground.known_label(label, answers)) == (self.expect is not None)
        if answers.numbers is None:
            raise InputError(f"{ground.what}: predict gives labels; expected is a number.")
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return (answers.numbers >= low) & (answers.numbers <= high)

    def _made(self, ground: Ground) -> tuple[Rows, list[str], list[int], list[str], list[str]]:
        """The rows, and for each its case, its number in that, how it is shown, and what was set."""
        if self.rows is not None:
            return _exact(self.rows, ground)
        if self.templates is not None:
            return _templated(self.templates, ground)
        return _laid_over(self.given or {}, ground)


def _exact(rows: Sequence[Mapping[str, Any]], ground: Ground):
    columns = [name for name in ground.everything.table.columns if name != ground.id]
    for row in rows:
        for name in row:
            if name not in columns:
                raise InputError(f"{ground.what}: there is no column {name!r}. {nearest(name, columns)}")
    cases = [f"row {number}" for number in range(1, len(rows) + 1)]
    return (
        _blank(ground, cases, {name: [row.get(name) for row in rows] for name in columns}),
        cases,
        [0] * len(rows),
        [", ".join(f"{name} {spoken(value)}" for name, value in row.items()) for row in rows],
        ["exact values"] * len(rows),
    )


def _templated(templates: Sequence[str], ground: Ground):
    if ground.text is None:
        raise InputError(f"{ground.what}: nothing says which column takes the text: columns: {{text: …}}.")
    made = fillings(templates, ground.lexicons, sample=ground.sample, seed=ground.seed)
    texts = [each.text for each in made]
    cases = [f"template {each.template + 1}: {', '.join(each.words.values())}" for each in made]
    return _blank(ground, cases, {ground.text: texts}), cases, [0] * len(made), texts, ["filled"] * len(made)


def _laid_over(given: Mapping[str, Given], ground: Ground):
    height, times = ground.rows.height, ground.variants
    of = np.repeat(np.arange(height), times)
    made, drawn = ground.rows.take(of), {}
    for name, what in given.items():
        column = ground.column(name)
        drawn[name] = draw(what, column, len(of), generator(ground.seed, ground.what, name), ground.what)
    made = made.replaced(drawn)
    shown = [", ".join(f"{name} {spoken(values[at])}" for name, values in drawn.items()) for at in range(len(of))]
    cases = [ground.cases[at] for at in of]
    return made, cases, [at % times + 1 for at in range(len(of))], shown, shown


def _blank(ground: Ground, cases: list[str], values: Mapping[str, list]) -> Rows:
    """New examples: the columns of the test set, missing where nothing is given."""
    table = ground.everything.table.clear(len(cases))
    return Rows(table.with_columns(pl.Series(ground.id, cases, dtype=pl.String))).replaced(values)
