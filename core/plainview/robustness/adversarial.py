"""Adversarial checks: how little of an example must change until the model says what an attacker wants.

Each column of ``vary`` is moved alone, from the example's own value outward over its range, in ``STEPS`` steps each way
and then by halving, all examples at once. Where no column alone suffices and ``together`` allows more, the value that
brought the model nearest to the target is kept and the next column is moved. Distances are parts of a column's range;
another category is a whole one (Gower 1971). The smallest change that was found is the counterfactual example: a smaller
one may exist, as for any search.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np
import polars as pl
from pydantic import BeforeValidator, Field, ValidationError

from plainview.exceptions import InputError
from plainview.robustness.asking import Answers
from plainview.robustness.copies import arrow, spoken
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType
from plainview.robustness.outcomes import Outcomes, table
from plainview.robustness.ranges import Range, fitting
from plainview.robustness.rows import Rows
from plainview.specification.types import Class, Model, Name, Positive
from plainview.specification.types import spoken as said_value

STEPS = 12  # each way
HALVINGS = 8


class Around(Model):
    """A number may move by a part of itself: ``by: 0.2`` is a fifth up or down."""

    by: Positive


def _varied(value: Any) -> Any:
    """{from, to}, {by}, or a list of values."""
    if isinstance(value, list) and value:
        return tuple(value)
    for kind in (Range, Around):
        try:
            return kind.model_validate(value)
        except ValidationError:
            continue
    raise ValueError(f"found {said_value(value)}; expected {{from: …, to: …}}, {{by: 0.2}}, or a list of values")


Varied = Annotated[Range | Around | tuple[Any, ...], BeforeValidator(_varied)]


class Adversarial(Check):
    """``vary`` says which columns may move and how far; an example fails where the answer becomes ``target``."""

    test_kind: ClassVar[TestType] = "INV"
    chapter: ClassVar[str] = "Adversarial"

    target: Class
    vary: Annotated[Mapping[Name, Varied], Field(min_length=1, max_length=100)]
    together: Annotated[int, Field(strict=True, ge=1, le=5)] = 1  # columns that may move at once

    def outcomes(self, ground: Ground) -> Outcomes:
        """One row for each example that is not answered so already."""
        answers = ground.ask(ground.rows)
        if answers.labels is None:
            raise InputError(f"{ground.what}: predict gives numbers; {self.target!r} is a label.")
        ground.known_label(self.target, answers)
        open_ = np.flatnonzero(answers.labels != self.target)
        if not len(open_):
            raise InputError(f"{ground.what}: every example is answered {self.target!r} already.")
        search = _Search(self, ground, ground.rows.take(open_), answers.take(open_))
        found = search.run()
        cases = [ground.cases[at] for at in open_]
        rows = [self._row(case, at, search, answers.take(open_), found[at]) for at, case in enumerate(cases)]
        return Outcomes(
            table(rows), len(answers) - len(open_), {"target": self.target, "thresholds": _thresholds(found)}
        )

    def _row(self, case: str, at: int, search: "_Search", was: Answers, found: "Flip | None") -> dict[str, Any]:
        row = {
            "case": case,
            "variant": 0,
            "passed": found is None,
            "expected": f"not {self.target}",
            "answer_before": was.labels[at],  # type: ignore[index]
            "answer": was.labels[at] if found is None else self.target,  # type: ignore[index]
            "before": ", ".join(f"{name} {spoken(search.rows.table[name][at])}" for name in self.vary),
        }
        if was.probabilities is not None:
            row["score_before"] = float(was.score(self.target, "")[at])
        if found is not None:
            old = {name: search.rows.table[name][at] for name in found.values}
            row["changed"] = ", ".join(arrow(name, old[name], value) for name, value in found.values.items())
            row["after"] = ", ".join(f"{name} {spoken(value)}" for name, value in found.values.items())
            row["score"] = found.score
        return row


@dataclass(frozen=True)
class Flip:
    """The smallest change that was found for one example."""

    values: Mapping[str, Any]
    size: float  # the sum of the parts of ranges
    score: float | None


@dataclass
class _Search:
    """The search for all examples of a check at once."""

    check: Adversarial
    ground: Ground
    rows: Rows
    answers: Answers
    kept: list[dict[str, Any]] = field(default_factory=list)  # of each example, what was changed so far

    def run(self) -> list[Flip | None]:
        """For each example the flip, or None."""
        self.kept = [{} for _ in range(self.rows.height)]
        spent = np.zeros(self.rows.height)
        found: list[Flip | None] = [None] * self.rows.height
        for _ in range(min(self.check.together, len(self.check.vary))):
            best: list[tuple[float, str, Any, float] | None] = [None] * self.rows.height
            for name in self.check.vary:
                self._try(name, spent, found, best)
            for at, nearest_one in enumerate(best):
                if found[at] is None and nearest_one is not None:
                    _, name, value, size = nearest_one
                    self.kept[at][name] = value
                    spent[at] += size
        return found

    def _try(self, name: str, spent: np.ndarray, found: list, best: list) -> None:
        """Move one column of every example that is still open."""
        todo = [at for at in range(self.rows.height) if name not in self.kept[at] and self._open(found, at, spent)]
        paths = [self._path(name, at) for at in todo]
        of = [at for at, path in zip(todo, paths, strict=True) for _ in path]
        values = [value for path in paths for value, _ in path]
        if not of:
            return
        answers = self._asked(of, name, values)
        hit, scores = answers.labels == self.check.target, self._scores(answers)
        place = 0
        halved: list[tuple[int, Any, Any]] = []
        for at, path in zip(todo, paths, strict=True):
            hits = hit[place : place + len(path)]
            first = self._first(path, hits)
            if first is not None:
                halved.append((at, self._before(path, first, at, name), path[first][0]))
            elif len(path) and not np.isnan(scores[place : place + len(path)]).all():
                top = int(np.nanargmax(scores[place : place + len(path)]))
                if best[at] is None or scores[place + top] > best[at][0]:
                    best[at] = (float(scores[place + top]), name, *path[top])
            place += len(path)
        self._halve(name, halved, spent, found)

    def _open(self, found: list, at: int, spent: np.ndarray) -> bool:
        """A flip by one column alone may be undercut by another column alone; one by two is kept."""
        return found[at] is None or len(found[at].values) > len(self.kept[at])

    def _path(self, name: str, at: int) -> list[tuple[Any, float]]:
        """The values to try, each with its distance, the nearest first."""
        now, varied, column = self._now(at)[name], self.check.vary[name], self.ground.column(name)
        if isinstance(varied, tuple):
            return [
                (value, 1.0) for value in (fitting(each, column, self.ground.what) for each in varied) if value != now
            ]
        if not column.dtype.is_numeric():
            raise InputError(f"{self.ground.what}: the column {name!r} holds no numbers: list its values.")
        if now is None:
            return []
        low, high = self._ends(varied, now)
        width = (high - low) or 1.0
        parts = np.arange(1, STEPS + 1) / STEPS
        ways = [now + (end - now) * parts for end in (low, high) if end != now]
        values = {self._of_kind(column, value) for way in ways for value in way.tolist()} - {now}
        return sorted(((value, abs(value - now) / width) for value in values), key=lambda each: each[1])

    def _ends(self, varied: Range | Around, now: float) -> tuple[float, float]:
        if isinstance(varied, Range):
            return min(varied.start, now), max(varied.end, now)
        return now - abs(now) * varied.by, now + abs(now) * varied.by

    def _of_kind(self, column: pl.Series, value: float) -> float | int:
        return round(value) if column.dtype.is_integer() else value

    def _first(self, path: list, hits: np.ndarray) -> int | None:
        places = np.flatnonzero(hits)
        return int(places[0]) if len(places) else None

    def _before(self, path: list, first: int, at: int, name: str) -> Any:
        """The last value on the same side that did not flip; the example's own where there is none."""
        now, flipped = self._now(at)[name], path[first][0]
        if isinstance(flipped, str | bool) or isinstance(self.check.vary[name], tuple):
            return flipped
        side = [value for value, _ in path[:first] if (value > now) == (flipped > now)]
        return side[-1] if side else now

    def _halve(self, name: str, spans: list[tuple[int, Any, Any]], spent: np.ndarray, found: list) -> None:
        """Between a value that does not flip and one that does, the threshold by halving; then the flip is noted."""
        if not spans:
            return
        of, low, high = ([each[part] for each in spans] for part in range(3))
        column = self.ground.column(name)
        if column.dtype.is_numeric():
            for _ in range(HALVINGS):
                middle = [self._of_kind(column, (a + b) / 2) for a, b in zip(low, high, strict=True)]
                hit = self._asked(of, name, middle).labels == self.check.target
                high = [m if h else b for m, b, h in zip(middle, high, hit, strict=True)]
                low = [a if h else m for m, a, h in zip(middle, low, hit, strict=True)]
        scores = self._scores(self._asked(of, name, high))
        for at, value, score in zip(of, high, scores.tolist(), strict=True):
            flip = Flip(
                {**self.kept[at], name: value},
                spent[at] + self._size(name, at, value),
                None if score != score else score,
            )
            if found[at] is None or flip.size < found[at].size:
                found[at] = flip

    def _size(self, name: str, at: int, value: Any) -> float:
        varied, now = self.check.vary[name], self._now(at)[name]
        if isinstance(varied, tuple):
            return 1.0
        low, high = self._ends(varied, now)
        return abs(value - now) / ((high - low) or 1.0)

    def _now(self, at: int) -> dict[str, Any]:
        row = {name: self.rows.table[name][at] for name in self.check.vary}
        return {**row, **self.kept[at]}

    def _asked(self, of: list[int], name: str, values: list[Any]) -> Answers:
        made = self.rows.take(of)
        columns = {name: values}
        for other in self.check.vary:
            if other != name and any(other in self.kept[at] for at in of):
                columns[other] = [self._now(at)[other] for at in of]
        return self.ground.ask(made.replaced(columns))

    def _scores(self, answers: Answers) -> np.ndarray:
        if answers.probabilities is None:
            return np.full(len(answers), np.nan)
        return answers.score(self.check.target, self.ground.what)


def _thresholds(found: list[Flip | None]) -> dict[str, Any]:
    """Of each column that flipped answers alone: how many, and from which value on, as quartiles where it is a number."""
    by_column: dict[str, list[Any]] = {}
    for flip in found:
        if flip is not None and len(flip.values) == 1:
            [(name, value)] = flip.values.items()
            by_column.setdefault(name, []).append(value)
    return {
        name: {"flips": len(values)}
        | (
            dict(zip(("lower", "median", "upper"), np.quantile(values, [0.25, 0.5, 0.75]).tolist(), strict=True))
            if all(isinstance(each, int | float) for each in values)
            else {"values": {str(each): values.count(each) for each in dict.fromkeys(values)}}
        )
        for name, values in by_column.items()
    }
