"""Scored: answers that come with a grade (a judge's, pass or fail, errors, seconds, cost); a label is not needed.

``columns.prediction`` is what is judged first, a number or true and false; ``columns.answers`` names further numbers that a
release gives. A metric is of one of them: ``mean[judge]`` or ``{name: mean, column: judge}``, ``pass_rate[solved]``,
``p95[seconds]``; ``ratio[errors/words]`` divides two sums, and what is below may be a column of the test set. Without a
column it is of the prediction. Higher is better unless the specification says ``better: lower``.

Grades of a query (nDCG, reciprocal rank) are columns, and their mean is the metric. Flips: an example is *fixed* when its
answer became better by more than the metric's margin (or passes now), and *broke* when it became worse by as much.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from plainview.exceptions import FrameError
from plainview.kernel import Cell, Contributions
from plainview.metrics import metric_for, split_key
from plainview.specification.task_checks import columns_read
from plainview.tasks.classification import BROKE, FIXED, SAME
from plainview.tasks.part import PREDICTION, SCORE, WHOLE, Part
from plainview.tasks.rowwise import THERE, Given, carried, distinct_cells, numbers, presence

if TYPE_CHECKING:
    from plainview.specification import Specification

LARGEST = 1e70  # the cube of a number and the fourth power of a product must still be floats
PASS, FAIL = "pass", "fail"


def prepare(values: pl.Series) -> pl.Series:
    """Labels are kept as they are: nothing is compared with them."""
    return values


def prepare_answer(values: pl.Series) -> pl.Series:
    """Numbers, or true and false. Raises FrameError for text, and for what is next to infinite."""
    if not (values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null)):
        raise FrameError(
            f"Column {values.name!r} holds {str(values.dtype).lower()} values; scored answers are numbers, or true and false."
        )
    beyond = (values.cast(pl.Float64).abs() > LARGEST).fill_null(False)
    if beyond.any():
        row = beyond.arg_max()
        raise FrameError(
            f"Column {values.name!r} holds {values[row]:g} in row {row + 1}: a number up to {LARGEST:g} was expected."
        )
    return values.fill_nan(None) if values.dtype.is_float() else values


def parts(
    examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification", weight: np.ndarray | None
) -> dict[str, Part]:
    """The whole, a row an example; and one part a metric and column."""
    return _parts(examples, [answers], specification, weight)


def paired_parts(
    examples: pl.DataFrame,
    baseline: pl.DataFrame,
    candidate: pl.DataFrame,
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    """The same for two releases, with what was fixed and what broke."""
    return _parts(examples, [baseline, candidate], specification, weight)


def right(label: pl.Series | None, prediction: pl.Series) -> np.ndarray | None:
    """Which answers pass, where all are true and false, or 0 and 1; else None: they are better or worse."""
    values = prediction.cast(pl.Float64)
    return (values == 1).fill_null(False).to_numpy() if values.drop_nulls().is_in([0.0, 1.0]).all() else None


def graded(
    metric: str | None, examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification"
) -> pl.Series:
    """What a metric reads of each answer, a number or a truth: of a ratio the quotient; without a metric the prediction."""
    name, of = split_key(metric) if metric else ("", None)
    read = [_column(column, examples, answers, specification) for column in columns_read(specification, name, of)]
    return read[0] if len(read) == 1 else read[0] / read[1]


def answer_outcomes(
    before: pl.Series | None, after: pl.Series, specification: "Specification", metric: str | None = None
) -> pl.Series:
    """A word for each answer: right where it passes, else wrong; of other numbers that there is one. Against an earlier
    answer: fixed and broke by the metric, the headline metric where None, and what it still is.
    """
    judged = _Judged(metric or specification.metric_keys[0], specification)
    answers = [x for x in (before, after) if x is not None]
    passed = [right(None, x) for x in answers]
    if any(each is None for each in passed):
        still, words = _word(len(after), "same"), _word(len(after), "answered")
    else:
        words = pl.Series(np.where(passed[-1], "right", "wrong").tolist(), dtype=pl.String)
        still = "still " + words
    if before is not None:
        there = (before.is_not_null() & after.is_not_null()).to_numpy()
        flips = judged.flips(numbers(before), numbers(after), there)
        words = pl.select(pl.when(flips == SAME).then(still).otherwise(flips)).to_series()
    missing = pl.Series(np.logical_or.reduce([x.is_null().to_numpy() for x in answers]))
    return words.set(missing, "no answer")


def _parts(
    examples: pl.DataFrame,
    answers: Sequence[pl.DataFrame],
    specification: "Specification",
    weight: np.ndarray | None,
) -> dict[str, Part]:
    first = [presence(_column(specification.columns.prediction, examples, given, specification)) for given in answers]
    columns = [_there(examples.height), *first, *([_word(examples.height, SAME)] if len(answers) > 1 else [])]
    made = {WHOLE: Part(examples, Contributions(*distinct_cells(*columns), _weights(weight)))}
    for key in specification.metric_keys:
        metric, of = metric_for(key, specification.task), split_key(key)[1]
        read = columns_read(specification, metric.name, of)
        sides = [[numbers(_column(name, examples, given, specification)) for name in read] for given in answers]
        for part in dict.fromkeys((metric.part_of(of), *([metric.flips_of(of)] if len(answers) > 1 else []))):
            kind = _KINDS.get(split_key(part)[0], _sums)
            made[part] = kind(examples, sides, _Judged(key, specification), weight)
    return made


def _column(name: str, examples: pl.DataFrame, answers: pl.DataFrame, specification: "Specification") -> pl.Series:
    """An answer, or a column of the test set, as numbers or truths; missing throughout where a release has none."""
    columns = specification.columns
    stored = {columns.prediction: PREDICTION, columns.score: SCORE}.get(name, name)
    if stored in answers.columns:
        return prepare_answer(answers[stored].alias(name))
    if name in examples.columns:
        return prepare_answer(examples[name])
    return pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, examples.height)


class _Judged(NamedTuple):
    """What a metric of the specification counts as better."""

    key: str
    specification: "Specification"

    def flips(self, before: np.ndarray, after: np.ndarray, there: np.ndarray) -> pl.Series:
        """For each row whether its answer is better by more than the margin, worse, or neither."""
        margin = self.specification.margin_for(self.key) or 0.0
        with np.errstate(invalid="ignore"):
            gain = np.where(there, self.specification.sign_of(self.key) * (after - before), 0.0)
            return pl.Series(
                np.where(gain > margin, FIXED, np.where(gain < -margin, BROKE, SAME)).tolist(), dtype=pl.String
            )


Sides = Sequence[Sequence[np.ndarray]]  # of each release the columns that a metric reads, NaN where missing


def _sums(examples: pl.DataFrame, sides: Sides, judged: _Judged, weight: np.ndarray | None) -> Part:
    """Sums of one column, or of two, and of their products: see `methods.ratios`."""
    found = [~np.isnan(np.array(side)).any(axis=0) for side in sides]
    there = np.logical_and.reduce(found)
    marks = [""] if len(sides) == 1 else ["0", "1"]
    factors = {
        f"{letter}{mark}": x
        for mark, side in zip(marks, sides, strict=True)
        for letter, x in zip("ab"[: len(side)], side, strict=True)
    }
    degrees = (1, 2, 3) if len(sides) == 1 else (1, 2)
    chosen = [names for degree in degrees for names in combinations_with_replacement(factors, degree)]
    w = 1.0 if weight is None else weight
    terms = {
        "".join(names): np.where(there, w * np.prod([factors[name] for name in names], axis=0), 0.0) for names in chosen
    }
    return Part(examples, Contributions(*_cells(found, sides, judged), terms | _weights(weight)))


def _passes(examples: pl.DataFrame, sides: Sides, judged: _Judged, weight: np.ndarray | None) -> Part:
    """Cells of what passed and what failed. Raises FrameError for what is neither true nor false, 1 nor 0."""
    words = []
    for (x,) in sides:
        odd = np.flatnonzero(~np.isnan(x) & (x != 0) & (x != 1))
        if len(odd):
            row = examples[judged.specification.columns.id][int(odd[0])]
            raise FrameError(f"{judged.key} needs true and false, or 1 and 0; example {row!r} has {x[odd[0]]:g}.")
        words.append(
            pl.Series(np.where(x == 1, PASS, FAIL).tolist(), dtype=pl.String).set(pl.Series(np.isnan(x)), None)
        )
    flips = [judged.flips(sides[0][0], sides[1][0], np.ones(len(words[0]), dtype=bool))] if len(sides) > 1 else []
    cells = distinct_cells(_there(examples.height), *words, *flips)
    return Part(examples, Contributions(*cells, _weights(weight)))


def _ordered(examples: pl.DataFrame, sides: Sides, judged: _Judged, weight: np.ndarray | None) -> Part:
    """Rows that carry their values."""
    names = ("error",) if len(sides) == 1 else ("baseline", "candidate")
    kept = {name: side[0] for name, side in zip(names, sides, strict=True)}
    return carried(examples, _there(examples.height), [Given(side[0]) for side in sides], weight, kept)


_KINDS = {"passes": _passes, "ordered": _ordered}


def _cells(found: Sequence[np.ndarray], sides: Sides, judged: _Judged) -> tuple[tuple[Cell, ...], np.ndarray]:
    """Cells of what is there, and of two releases the flip: of one column its value, of two their ratio."""
    words = [presence(pl.Series(each).set(pl.Series(~each), None)) for each in found]
    if len(sides) > 1:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = [side[0] / side[1] if len(side) > 1 else side[0] for side in sides]
        words.append(judged.flips(*values, np.logical_and.reduce(found)))
    return distinct_cells(_there(len(found[0])), *words)


def _there(height: int) -> pl.Series:
    return _word(height, THERE)


def _word(height: int, word: str) -> pl.Series:
    return pl.Series([word], dtype=pl.String).new_from_index(0, height)


def _weights(weight: np.ndarray | None) -> dict[str, np.ndarray]:
    return {} if weight is None else {"w": weight, "w²": weight * weight}
