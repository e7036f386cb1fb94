"""What can be said of one column in Plainview's own SQL: a value, a range, a length, a word, that nothing is there.

Conditions are made from the columns alone and never look at errors: a search over them counts each as one thing tried.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np
import polars as pl

from plainview.exceptions import PredicateError
from plainview.predicates import parse_predicate

Kind = Literal["value", "true", "missing", "word", "from", "below", "longer", "shorter"]
Bound = str | int | float | bool | date | datetime | None

CUTS = (0.1, 0.25, 0.5, 0.75, 0.9)  # where numbers, dates and lengths are cut: quantiles, moved to round numbers
FEW = 12  # so many different numbers or fewer are taken one by one
MOST_VALUES = 50  # categories of one column, the most frequent first
MOST_WORDS = 60
LONGEST_VALUE = 100  # characters of a category
_SAMPLE = 20_000  # rows from which words are chosen
_PROSE = 2  # words in a cell, on average, from which on a column of many values is text
_WORD = re.compile(r"[^\W_]{3,30}")


@dataclass(frozen=True)
class Condition:
    """One condition on one column; ``where`` says it in SQL, the other parts say it for people."""

    column: str
    kind: Kind
    bound: Bound
    where: str


def conditions_of(
    rows: pl.DataFrame, columns: Sequence[str], *, minimum: int
) -> tuple[list[Condition], Mapping[str, str]]:
    """Conditions on these columns that could hold ``minimum`` rows; and the columns that allow none, with the reason."""
    found: list[Condition] = []
    left_out: dict[str, str] = {}
    for name in columns:
        quoted = identifier(name)
        if quoted is None:
            left_out[name] = "its name cannot be written in a where"
            continue
        made = [one for one in _of_column(rows[name], quoted, minimum) if _readable(one)]
        found += made
        if not made:
            left_out[name] = "no value or range of it holds enough examples"
    return found, left_out


def _of_column(values: pl.Series, quoted: str, minimum: int) -> Iterator[Condition]:
    name, kind = values.name, values.dtype.base_type()
    if values.dtype.is_float():
        values = values.fill_nan(None)
    if minimum <= values.null_count() < len(values):
        yield Condition(name, "missing", None, f"{quoted} IS NULL")
    values = values.drop_nulls()
    if kind == pl.Boolean:
        yield from (Condition(name, "true", truth, f"{quoted} = {str(truth).lower()}") for truth in (True, False))
    elif values.dtype.is_numeric():
        yield from _of_numbers(values, quoted, minimum)
    elif kind in (pl.Date, pl.Datetime):
        yield from _of_dates(values, quoted)
    elif kind in (pl.String, pl.Categorical, pl.Enum):
        yield from _of_texts(values.cast(pl.String), quoted, minimum)


def _of_numbers(values: pl.Series, quoted: str, minimum: int) -> Iterator[Condition]:
    values = values.cast(pl.Int64 if values.dtype.is_integer() else pl.Float64, strict=False).drop_nulls()
    values = values.filter(values.is_finite()) if values.dtype.is_float() else values
    counts = values.value_counts(sort=True)
    few = counts.height <= FEW
    for value, count in counts.head(FEW).iter_rows():
        if count >= minimum and (few or count >= len(values) / 10):
            yield Condition(values.name, "value", value, f"{quoted} = {_number(value)}")
    if counts.height > 3:
        cuts = _between(sorted(counts[values.name])) if few else round_cuts(values)
        for cut in cuts:
            yield Condition(values.name, "from", cut, f"{quoted} >= {_number(cut)}")
            yield Condition(values.name, "below", cut, f"{quoted} < {_number(cut)}")


def _of_dates(values: pl.Series, quoted: str) -> Iterator[Condition]:
    days = values.cast(pl.Date)
    for cut in sorted({days.quantile(level, "nearest") for level in CUTS} - {None, days.min()}):
        cut = cut.date() if isinstance(cut, datetime) else cut
        yield Condition(values.name, "from", cut, f"{quoted} >= date '{cut}'")
        yield Condition(values.name, "below", cut, f"{quoted} < date '{cut}'")


def _of_texts(values: pl.Series, quoted: str, minimum: int) -> Iterator[Condition]:
    counts = values.value_counts(sort=True)
    frequent = counts.filter(pl.col("count") >= minimum).head(MOST_VALUES)
    for value in frequent[values.name]:
        if len(value) <= LONGEST_VALUE and value.isprintable():
            yield Condition(values.name, "value", value, f"{quoted} = {_text(value)}")
    if is_prose(values):
        yield from _of_prose(values, values.head(_SAMPLE), quoted, minimum)


def is_prose(values: pl.Series) -> bool:
    """Whether a column of text holds what people wrote, rather than categories: many values, of several words."""
    if values.dtype.base_type() not in (pl.String, pl.Categorical, pl.Enum):
        return False
    texts = values.drop_nulls().cast(pl.String)
    return texts.n_unique() > MOST_VALUES and (texts.head(_SAMPLE).str.count_matches(r"\S+").mean() or 0) >= _PROSE


def _of_prose(values: pl.Series, sample: pl.Series, quoted: str, minimum: int) -> Iterator[Condition]:
    """Lengths and words of a column of text."""
    for cut in round_cuts(values.str.len_chars().cast(pl.Int64)):
        yield Condition(values.name, "longer", cut, f"length({quoted}) >= {cut}")
        yield Condition(values.name, "shorter", cut, f"length({quoted}) < {cut}")
    for word in _words(sample, share=minimum / len(values)):
        yield Condition(values.name, "word", word, f"{quoted} ILIKE '%{word}%'")


def _words(sample: pl.Series, *, share: float) -> list[str]:
    """The words that stand in most cells, though not in more than half of them."""
    cells = sample.str.slice(0, 2_000).str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]{3,30}").list.unique()
    counts = cells.explode().drop_nulls().value_counts(sort=True, name="count")
    counts = counts.filter(pl.col("count").is_between(share * len(sample), len(sample) / 2))
    frequent = counts.sort(["count", sample.name], descending=[True, False])[sample.name].head(MOST_WORDS)
    return [word for word in frequent if _WORD.fullmatch(word)]


def _between(distinct: list) -> list:
    """Cuts between few distinct numbers, all but the first: "from" the second on holds what the first does not."""
    return distinct[1:-1] if len(distinct) > 2 else []


def round_cuts(values: pl.Series) -> list:
    """Quantiles, each moved to the roundest number near it, rising and without repeats."""
    ordered = np.sort(values.to_numpy())
    whole = values.dtype.is_integer()
    cuts = {_roundest(ordered, level, whole) for level in CUTS}
    return sorted(cut for cut in cuts if ordered[0] < cut <= ordered[-1])


def _roundest(ordered: np.ndarray, level: float, whole: bool) -> int | float:
    """The number of fewest digits that leaves between 0.8 and 1.2 of the smaller side below or above it."""
    middle = float(np.quantile(ordered, level))
    room = 0.2 * min(level, 1 - level)
    for digits in range(1, 16):
        cut = float(f"{middle:.{digits}g}")
        cut = float(round(cut)) if whole else cut
        if abs(np.searchsorted(ordered, cut) / len(ordered) - level) <= room:
            return int(cut) if whole else cut
    return int(np.ceil(middle)) if whole else middle


def identifier(name: str) -> str | None:
    """The column as a where names it, quoted where it must be; None where it cannot be named."""
    if not name.isprintable():
        return None
    for written in (name, '"' + name.replace('"', '""') + '"'):
        if (written != name or re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII)) and _names(written, name):
            return written
    return None


def _names(written: str, column: str) -> bool:
    try:
        return parse_predicate(f"{written} IS NULL").columns == {column}
    except PredicateError:
        return False


def _readable(condition: Condition) -> bool:
    try:
        return parse_predicate(condition.where).columns == {condition.column}
    except PredicateError:
        return False


def _number(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value!r}"
    return text if "e" not in text else f"{value:.20f}".rstrip("0").rstrip(".")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
