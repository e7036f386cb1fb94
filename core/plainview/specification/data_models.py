"""What a specification demands of the test set itself (``data``), and of what production sends (``monitoring``)."""

from typing import Literal

from pydantic import Field, model_validator

from plainview.specification.types import Allowed, Class, Count, Model, Name, Number, Positive

Kind = Literal["text", "number", "integer", "boolean", "date"]
WITHIN = 0.05  # of a declared mix of classes, where nothing else is said: five points
SMALLEST_SHIFT = (
    0.1  # the distance from which a column counts as moved: Evidently's own default for both of its distances
)
SUMS_TO_ONE = 1e-6


class ColumnDemand(Model):
    """What one column of the test set must be like; what is not said is not demanded."""

    type: Kind | None = None
    at_least: Number | None = None  # numbers; dates and texts have none
    at_most: Number | None = None
    values: tuple[Class, ...] | None = Field(default=None, min_length=1)  # nothing else may stand there
    missing_at_most: Allowed | None = None  # share of the examples; None: as the specification says of every column

    @model_validator(mode="after")
    def _can_be_met(self) -> "ColumnDemand":
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} is above at_most {self.at_most:g}")
        if self.type in ("text", "boolean", "date") and (self.at_least, self.at_most) != (None, None):
            raise ValueError(f"at_least and at_most are for numbers; the type is {self.type}")
        return self


class DataDemands(Model):
    """The unit tests of a test set."""

    examples_at_least: Count | None = None
    columns: dict[Name, ColumnDemand] = Field(default_factory=dict)  # each must be there
    missing_at_most: Allowed | None = None  # of every column; None: where some are missing, nothing says how many may
    same: tuple[Name, ...] | None = Field(default=None, min_length=1)  # columns by which two examples are the same one
    duplicates_at_most: Allowed = 0.0  # share of the examples that repeat an earlier one
    conflicts_at_most: Allowed = 0.0  # share that is the same as another with another label
    leaks_at_most: Allowed = 0.0  # share that is in the training data too
    class_mix: dict[Class, Allowed] | None = Field(default=None, min_length=1)
    class_mix_within: Positive = WITHIN

    @model_validator(mode="after")
    def _is_a_mix(self) -> "DataDemands":
        total = sum((self.class_mix or {"": 1.0}).values())
        if abs(total - 1) > SUMS_TO_ONE:
            raise ValueError(f"the shares of class_mix add up to {total:g}; 1 was expected")
        return self

    def missing_for(self, column: str) -> float | None:
        """The share of a column's values that may be missing; None where nothing says."""
        own = self.columns[column].missing_at_most if column in self.columns else None
        return self.missing_at_most if own is None else own


class Monitoring(Model):
    """How batches of production are held against the test set."""

    leave_out: tuple[Name, ...] = ()  # columns that are meant to differ: the month, a flight's number
    smallest_shift: Positive = SMALLEST_SHIFT  # of a column, as a distance
    shifts: dict[Name, Positive] = Field(default_factory=dict)  # of single columns, where another one matters
