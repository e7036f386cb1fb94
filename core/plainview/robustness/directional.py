"""Directional checks: more of something must not lower, or must raise, what the model says."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from plainview.exceptions import InputError
from plainview.robustness.copies import Copy, arrow, copied, written
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType, two_or_more
from plainview.robustness.outcomes import Outcomes
from plainview.specification.types import Class, Name, Number, Positive, Prose

Numbers = Annotated[tuple[Number, ...], Field(min_length=1, max_length=50)]
Texts = Annotated[tuple[Prose, ...], Field(min_length=1, max_length=50)]
_WAYS = ("add", "times", "values", "append", "prepend")
_MUST = {"rise": (1, True), "fall": (-1, True), "not fall": (1, False), "not rise": (-1, False)}


class Directional(Check):
    """A column is moved one way: ``add`` so much, ``times`` so much, over rising ``values``; or a text is added to one.

    What is watched is the probability of the label ``of``, or the number that is answered. With ``values`` each copy is
    compared with the one before it, otherwise with its example.
    """

    test_kind: ClassVar[TestType] = "DIR"
    chapter: ClassVar[str] = "Direction"

    column: Name | None = None  # None: the column of texts
    add: Numbers | None = None
    times: Numbers | None = None
    values: Annotated[Numbers, AfterValidator(two_or_more)] | None = None
    append: Texts | None = None
    prepend: Texts | None = None
    must: Literal["rise", "fall", "not fall", "not rise"]
    of: Class | None = None
    tolerance: Positive | None = None  # how far it may move the wrong way

    @model_validator(mode="after")
    def _one_way(self) -> "Directional":
        given = [way for way in _WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(f"found {' and '.join(given) or 'none'}; exactly one of {', '.join(_WAYS)} was expected")
        if self.column is None and given[0] in ("add", "times", "values"):
            raise ValueError(f"{given[0]} needs a column of numbers: column: …")
        if self.values is not None and list(self.values) != sorted(set(self.values)):
            raise ValueError("values must rise, each above the one before")
        return self

    def outcomes(self, ground: Ground) -> Outcomes:
        """One row a copy, or a step from one value to the next."""
        copies = self._texts(ground) if self.append or self.prepend else self._numbers(ground)
        if not copies:
            raise InputError(f"{ground.what}: no example has a value of {self.column or ground.text!r} to move.")
        before, after = ground.ask(ground.rows), ground.ask(copied(ground.rows, copies))
        of = np.array([copy.of for copy in copies])
        was, now = before.take(of), after.score(self.of, ground.what)
        base = before.score(self.of, ground.what)[of]
        left = ground.rows.height - len(set(of.tolist()))
        if self.values is not None:
            stepped = np.array([copy.variant > 0 for copy in copies])
            base, was = np.roll(now, 1), after.take(np.roll(np.arange(len(copies)), 1))
            copies = [copy for copy, step in zip(copies, stepped, strict=True) if step]
            base, was, now, after = base[stepped], was.take(stepped), now[stepped], after.take(stepped)
        table = written(ground, copies, self._passed(base, now), was, after, self.demand, (base, now))
        return Outcomes(table, left)

    def _passed(self, base: np.ndarray, now: np.ndarray) -> np.ndarray:
        sign, strictly = _MUST[self.must]
        moved, slack = sign * (now - base), (self.tolerance or 0.0) + 1e-9 * np.maximum(np.abs(base), 1)
        return moved > slack if strictly else moved >= -slack

    @property
    def demand(self) -> str:
        """ "1 must not fall"."""
        return f"{self.of or 'the answer'} must {self.must}"

    def _numbers(self, ground: Ground) -> list[Copy]:
        name = self.column or ""
        if not ground.column(name).dtype.is_numeric():
            raise InputError(f"{ground.what}: the column {name!r} holds no numbers.")
        whole = ground.column(name).dtype.is_integer()
        moves = self.add or self.times or self.values or ()
        copies = []
        for at, value in enumerate(ground.rows.table[name].to_list()):
            if value is None:
                continue
            last = value
            for step, move in enumerate(moves):
                new = value + move if self.add else value * move if self.times else move
                new = int(new) if whole and float(new).is_integer() else float(new)
                start = last if self.values else value
                copies.append(
                    Copy(
                        at, step if self.values else step + 1, {name: new}, arrow(name, start, new), f"{name} {start:g}"
                    )
                )
                last = new
        return copies

    def _texts(self, ground: Ground) -> list[Copy]:
        name = self.column or ground.text
        if name is None:
            raise InputError(f"{ground.what}: nothing says which column is the text: column: …")
        ground.column(name)
        copies = []
        for at, text in enumerate(ground.rows.table[name].to_list()):
            if not text:
                continue
            for variant, more in enumerate(self.append or self.prepend or (), start=1):
                new, where = (f"{text} {more}", "end") if self.append else (f"{more} {text}", "start")
                copies.append(Copy(at, variant, {name: new}, f"“{more}” added at the {where}", str(text), new))
        return copies
