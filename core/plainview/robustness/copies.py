"""Copies of examples, each with what was changed in it; and the outcomes of asking whether the answer stayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from plainview.exceptions import InputError
from plainview.robustness.asking import Answers
from plainview.robustness.ground import Ground
from plainview.robustness.outcomes import Outcomes, table
from plainview.robustness.rows import Rows

THE_SAME = "the same answer"


@dataclass(frozen=True)
class Copy:
    """One copy of an example: which example, and what is other in it."""

    of: int  # place among the examples
    variant: int
    values: Mapping[str, Any]  # column → its value in the copy; an image's is an array
    changed: str
    before: str | None = None  # None: the changed columns, as they were
    after: str | None = None


def copied(rows: Rows, copies: Sequence[Copy]) -> Rows:
    """The rows of copies, in their order."""
    made = rows.take([copy.of for copy in copies])
    for name in dict.fromkeys(name for copy in copies for name in copy.values):
        if name in made.images:
            held = made.images[name]
            images = [copy.values.get(name, old) for copy, old in zip(copies, held, strict=True)]
            made = made.pictured(name, images)
        else:
            old = made.table[name].to_list() if name in made.table.columns else [None] * made.height
            values = [copy.values.get(name, was) for copy, was in zip(copies, old, strict=True)]
            made = made.replaced({name: values})
    return made


def stayed(ground: Ground, copies: Sequence[Copy], *, tolerance: float | None, what: str) -> Outcomes:
    """Whether each copy is answered as its example was. InputError where there is no copy; ``what`` says of what kind."""
    if not copies:
        raise InputError(f"{ground.what}: {what}.")
    before, after = ground.ask(ground.rows), ground.ask(copied(ground.rows, copies))
    of = np.array([copy.of for copy in copies])
    was = before.take(of)
    passed = after.same(was, tolerance)
    expected = THE_SAME if tolerance is None else f"{THE_SAME} within {tolerance:g}"
    left = ground.rows.height - len(set(of.tolist()))
    return Outcomes(written(ground, copies, passed, was, after, expected), left)


def written(
    ground: Ground,
    copies: Sequence[Copy],
    passed: np.ndarray,
    was: Answers,
    now: Answers,
    expected: str,
    scores: tuple[np.ndarray, np.ndarray] | None = None,
) -> pl.DataFrame:
    """The table of outcomes of copies; ``scores`` before and after are the answers' own where none are given."""
    first, second = scores if scores is not None else (_followed(was, was), _followed(was, now))
    cases, said_before, said = ground.cases, was.said(), now.said()
    return table(
        [
            {
                "case": cases[copy.of],
                "variant": copy.variant,
                "passed": bool(passed[at]),
                "before": copy.before if copy.before is not None else shown_values(ground.rows, copy),
                "after": copy.after if copy.after is not None else _listed(copy.values),
                "changed": copy.changed,
                "expected": expected,
                "answer_before": said_before[at],
                "answer": said[at],
                "score_before": _number(first[at]),
                "score": _number(second[at]),
            }
            for at, copy in enumerate(copies)
        ]
    )


def _followed(was: Answers, answers: Answers) -> np.ndarray:
    """In each row the probability of what was answered first; the number; NaN where only labels are known."""
    if answers.numbers is not None or answers.probabilities is None or was.probabilities is None:
        return answers.sureness()
    return answers.probabilities[np.arange(len(answers)), np.argmax(was.probabilities, axis=1)]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def shown_values(rows: Rows, copy: Copy) -> str:
    """The changed columns of the example, as they were."""
    return _listed({name: rows.table[name][copy.of] for name in copy.values if name in rows.table.columns})


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {spoken(value)}" for name, value in values.items() if not isinstance(value, np.ndarray))


def spoken(value: Any) -> str:
    """A value as it is read: nothing for a missing one, short for a long fraction."""
    if value is None:
        return "nothing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def arrow(column: str, before: Any, after: Any) -> str:
    """ "Gender: Female → Male"."""
    return f"{column}: {spoken(before)} → {spoken(after)}"
