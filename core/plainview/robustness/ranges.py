"""Values that a check gives to a column: one value, one of several, or any from a range."""

from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from plainview.exceptions import InputError, nearest
from plainview.specification.types import Model, Number, spoken


class Range(Model):
    """Numbers from one end to the other, both included."""

    start: Annotated[Number, Field(alias="from")]
    end: Annotated[Number, Field(alias="to")]

    @model_validator(mode="after")
    def _in_order(self) -> "Range":
        if self.start > self.end:
            raise ValueError(f"found from {self.start:g} above to {self.end:g}")
        return self


def _given(value: Any) -> Any:
    """A mapping is a range, a list several values, anything else one."""
    if isinstance(value, dict):
        unknown = [key for key in value if key not in ("from", "to")]
        if unknown or len(value) != 2:
            raise ValueError(f"found {spoken(value)}; expected a value, a list of them, or {{from: …, to: …}}")
        try:
            return Range.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise ValueError(str(first.get("ctx", {}).get("error", "expected numbers: {from: 1, to: 9}"))) from None
    if isinstance(value, list) and not value:
        raise ValueError("found an empty list; expected at least one value")
    return tuple(value) if isinstance(value, list) else (value,)


Given = Annotated[Range | tuple[Any, ...], BeforeValidator(_given)]


def draw(given: Any, column: pl.Series, count: int, random: np.random.Generator, what: str) -> list[Any]:
    """So many values for a column, drawn evenly. InputError where they are not of its kind."""
    if isinstance(given, Range):
        if not column.dtype.is_numeric():
            raise InputError(f"{what}: the column {column.name!r} holds no numbers, so it has no range.")
        if column.dtype.is_integer():
            return random.integers(int(np.ceil(given.start)), int(np.floor(given.end)) + 1, count).tolist()
        return random.uniform(given.start, given.end, count).tolist()
    values = [fitting(each, column, what) for each in given]
    return [values[at] for at in random.integers(0, len(values), count)]


def fitting(value: Any, column: pl.Series, what: str) -> Any:
    """A value as the column has them; InputError where it is of another kind, or a text that never occurs."""
    if value is None:
        return None
    if column.dtype.is_numeric():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{what}: the column {column.name!r} holds numbers; found {spoken(value)}.")
        return value
    if column.dtype == pl.Boolean:
        if not isinstance(value, bool):
            raise InputError(f"{what}: the column {column.name!r} holds true and false; found {spoken(value)}.")
        return value
    text, known = str(value), column.drop_nulls().unique()
    if column.dtype == pl.String and text not in known and len(known) <= 1_000:
        raise InputError(f"{what}: no example has {column.name} {text!r}. {nearest(text, known.sort().to_list())}")
    return text
