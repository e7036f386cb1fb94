"""Counterfactual checks: the same example with another value of a protected column must get the same answer."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from plainview.exceptions import InputError, nearest
from plainview.robustness.copies import Copy, arrow, stayed
from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType, two_or_more
from plainview.robustness.outcomes import Outcomes
from plainview.specification.types import Name, Positive

MOST_VALUES = 50  # of a column whose values nobody listed


class Counterfactual(Check):
    """``column`` takes each of its other values in turn, or of those in ``swap``; nothing else changes.

    It says whether the answer hangs on the column directly. What hangs on it through other columns is not seen.
    """

    test_kind: ClassVar[TestType] = "INV"
    chapter: ClassVar[str] = "Fairness"

    column: Name
    swap: Annotated[tuple[Name, ...], AfterValidator(two_or_more)] | None = None  # None: every value that occurs
    tolerance: Positive | None = None  # how far the probability, or the number, may move besides

    def outcomes(self, ground: Ground) -> Outcomes:
        """One copy for each other value."""
        every = ground.column(self.column)
        known = {str(value): value for value in every.unique(maintain_order=True).drop_nulls().to_list()}
        names = self._values(known, ground.what)
        copies = [
            Copy(at, variant, {self.column: known[name]}, arrow(self.column, value, known[name]))
            for at, value in enumerate(ground.rows.table[self.column].to_list())
            if str(value) in names
            for variant, name in enumerate((each for each in names if each != str(value)), start=1)
        ]
        return stayed(
            ground, copies, tolerance=self.tolerance, what=f"no example has {self.column} {' or '.join(names)}"
        )

    def _values(self, known: dict, what: str) -> list[str]:
        if self.swap is None:
            if not 2 <= len(known) <= MOST_VALUES:
                raise InputError(
                    f"{what}: the column {self.column!r} has {len(known):,} values; list those to swap: swap: [a, b]."
                )
            return sorted(known)
        for name in self.swap:
            if name not in known:
                raise InputError(f"{what}: no example has {self.column} {name!r}. {nearest(name, sorted(known))}")
        return list(self.swap)
