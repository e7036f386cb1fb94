"""The typed parts of a predicate: what compares with what, and how SQL reckons with them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import polars as pl
from sqlglot import exp

from plainview.exceptions import PredicateError, cut, shown

WHOLE = "a whole number"
DECIMAL = "a number"
TEXT = "text"
TRUTH = "true or false"
DATE = "a date"
DATETIME = "a date with a time"
UNKNOWN = "null"
NUMBERS = (WHOLE, DECIMAL)
DATES = (DATE, DATETIME)
_VARIES: Final = object()
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)

Operation = Callable[[pl.Expr, pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Term:
    """A part of a predicate: its expression, the kind of its values, and the value itself where it is written out."""

    expr: pl.Expr
    kind: str
    node: exp.Expression
    constant: object = _VARIES

    @property
    def written(self) -> bool:
        """Whether the value stands in the predicate itself, as a literal."""
        return self.constant is not _VARIES


def position(node: exp.Expression) -> int:
    """Where the node starts in the text, from 0: its own place, or that of the first of its parts to have one."""
    return min((item.meta["start"] for item in node.walk() if "start" in item.meta), default=0)


def unfit(term: Term, reason: str) -> PredicateError:
    """The error for a term that cannot be used as it is."""
    named = shown(term.node.name) if isinstance(term.node, exp.Column | exp.Literal) else "The expression"
    return PredicateError(f"{named} at character {position(term.node) + 1} {reason}.")


def constant(value: object, kind: str, node: exp.Expression) -> Term:
    """The term of a value that is written out."""
    return Term(pl.lit(value), kind, node, value)


def truth(expr: pl.Expr, node: exp.Expression) -> Term:
    """The term of a condition."""
    return Term(expr, TRUTH, node)


def unknown(node: exp.Expression) -> Term:
    """The term of NULL."""
    return Term(pl.lit(None), UNKNOWN, node, None)


def column(node: exp.Column, dtype: pl.DataType, *, nan: bool = True) -> Term:
    """The term of a column: numbers as 64 bits, no NaN (``nan`` says whether there may be some), times in UTC."""
    expr = pl.col(node.name)
    if dtype.is_integer():
        return Term(expr if dtype == pl.Int64 else expr.cast(pl.Int64, strict=False), WHOLE, node)
    if dtype.is_float() or dtype.is_decimal():
        number = expr.cast(pl.Float64)
        return Term(number.fill_nan(None) if nan else number, DECIMAL, node)
    if isinstance(dtype, pl.Datetime):
        zoned = expr.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if dtype.time_zone else expr
        return Term(zoned.cast(pl.Datetime("us")), DATETIME, node)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return Term(expr.cast(pl.String), TEXT, node)
    kind = {pl.String: TEXT, pl.Boolean: TRUTH, pl.Date: DATE, pl.Null: UNKNOWN}.get(dtype.base_type())
    if kind is None:
        raise PredicateError(f"Column {shown(node.name)} holds {dtype}, which a where cannot use.")
    return Term(expr, kind, node)


def iso_date(text: str, node: exp.Expression) -> Term:
    """The date that a text spells, yyyy-mm-dd."""
    try:
        if _ISO_DATE.fullmatch(text):
            return constant(date.fromisoformat(text), DATE, node)
    except ValueError:
        pass
    raise PredicateError(f"{shown(text)} at character {position(node) + 1} is not a date written yyyy-mm-dd.")


def iso_datetime(text: str, node: exp.Expression) -> Term:
    """The moment that a text spells, in UTC unless it names an offset: yyyy-mm-dd, or yyyy-mm-dd hh:mm:ss."""
    try:
        if _ISO_DATETIME.fullmatch(text):
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            return constant(moment, DATETIME, node)
    except (ValueError, OverflowError):
        pass
    raise PredicateError(
        f"{shown(text)} at character {position(node) + 1} is not a date written yyyy-mm-dd or yyyy-mm-dd hh:mm:ss."
    )


def aligned(left: Term, right: Term) -> tuple[Term, Term]:
    """Both terms as one kind of value that compares; raises PredicateError where there is none."""
    kinds = {left.kind, right.kind}
    if UNKNOWN in kinds or len(kinds) == 1 or kinds <= set(NUMBERS):
        return left, right
    if kinds <= {TRUTH, *NUMBERS}:
        return _as_number(left, right), _as_number(right, left)
    if kinds <= {TEXT, *DATES}:
        left, right = _as_date(left, right), _as_date(right, left)
    if {left.kind, right.kind} == set(DATES):
        left, right = _as_datetime(left), _as_datetime(right)
    if left.kind != right.kind:
        raise _incomparable(left, right)
    return left, right


def _as_number(term: Term, other: Term) -> Term:
    if term.kind != TRUTH:
        if term.written and term.constant not in (0, 1):
            raise unfit(other, f"is true or false; it compares with 1, 0, true or false, not with {term.constant!r}")
        return term
    value = int(term.constant) if term.written else _VARIES
    return Term(term.expr.cast(pl.Int64), WHOLE, term.node, value)


def _as_date(term: Term, other: Term) -> Term:
    if term.kind != TEXT or not term.written:
        return term
    read = iso_date if other.kind == DATE else iso_datetime
    return read(str(term.constant), term.node)


def _as_datetime(term: Term) -> Term:
    return Term(term.expr.cast(pl.Datetime("us")), DATETIME, term.node)


def _incomparable(left: Term, right: Term) -> PredicateError:
    hint = ""
    for one, other in ((left, right), (right, left)):
        if one.written and one.kind == TEXT and other.kind in NUMBERS and _is_number(str(one.constant)):
            hint = f" Write {cut(str(one.constant))} without quotes."
        if one.written and one.kind in NUMBERS and other.kind == TEXT:
            hint = f" Write '{cut(str(one.constant))}' in quotes."
        if one.written and one.kind == TEXT and other.kind == TRUTH:
            hint = " Compare it with true or false, without quotes."
    return PredicateError(f"{unfit(left, f'is {left.kind}, and cannot be compared with {right.kind}')}{hint}")


def _is_number(text: str) -> bool:
    try:
        return float(text) is not None
    except ValueError:
        return False


def compare(operation: Operation, left: Term, right: Term) -> pl.Expr:
    """A comparison in three-valued logic: null where either side is."""
    left, right = aligned(left, right)
    if UNKNOWN in (left.kind, right.kind):
        return pl.lit(None, dtype=pl.Boolean)
    if left.kind == TRUTH:
        return operation(left.expr.cast(pl.Int64), right.expr.cast(pl.Int64))
    return operation(left.expr, right.expr)


def among(subject: Term, items: Sequence[Term]) -> pl.Expr:
    """``IN``: true where an item equals the subject, else unknown where the subject or an item is null."""
    pairs = [aligned(subject, item) for item in items]
    known = [item.constant for _, item in pairs if item.written and item.constant is not None]
    alike = all(left.kind == subject.kind for left, _ in pairs) and subject.expr.meta.root_names()
    if not alike or subject.kind not in (TEXT, *NUMBERS) or not all(item.written for item in items):
        return pl.any_horizontal([compare(pl.Expr.eq, subject, item) for item in items])
    found = subject.expr.is_in(_values(known, subject.kind).implode())
    return found if len(known) == len(items) else found | pl.lit(None, dtype=pl.Boolean)


def _values(known: list, kind: str) -> pl.Series:
    if kind == TEXT:
        return pl.Series(known, dtype=pl.String)
    if kind == DECIMAL:
        return pl.Series([float(value) for value in known], dtype=pl.Float64)
    # A whole number never equals a fraction, nor one beyond 64 bits: 2.0 is looked for as 2, 2.5 and 1e30 not at all.
    whole = [int(value) for value in known if value == int(value)]
    return pl.Series([value for value in whole if -(2**63) <= value < 2**63], dtype=pl.Int64)


def reckon(operation: Operation, left: Term, right: Term, node: exp.Expression) -> Term:
    """Arithmetic that cannot wrap round: whole numbers in 128 bits, then null where 64 do not hold the result."""
    kind = DECIMAL if DECIMAL in (left.kind, right.kind) else WHOLE
    width = pl.Int128 if kind == WHOLE else pl.Float64
    result = operation(left.expr.cast(width), right.expr.cast(width))
    return Term(result.cast(pl.Int64, strict=False) if kind == WHOLE else without_nan(result), kind, node)


# Each names its parts once where it can: what names a part twice is twice as large at every level of nesting, and 24 levels
# are allowed. unfolding.py counts those that cannot.


def without_nan(expr: pl.Expr) -> pl.Expr:
    """NaN as null (``fill_nan`` would write the expression out three times)."""
    return expr.replace(float("nan"), None)


def quotient(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """True division; null where the right side is 0."""
    return without_nan(left.cast(pl.Float64) / right.cast(pl.Float64).replace(0.0, None))


def remainder(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """What division leaves, with the sign of the left side (Polars gives that of the right); null or NaN where right is 0."""
    return left.sign() * (left.abs() % right.abs())


def magnitude(term: Term, node: exp.Expression) -> Term:
    """abs; null where 64 bits do not hold the result."""
    if term.kind == DECIMAL:
        return Term(term.expr.abs(), DECIMAL, node)
    return Term(term.expr.cast(pl.Int128).abs().cast(pl.Int64, strict=False), WHOLE, node)


def like_regex(pattern: str, escape: str | None, *, any_case: bool) -> str:
    """The regular expression of a LIKE pattern: % is any text, _ one character, anything else itself.

    Raises ValueError where the pattern ends in its escape character.
    """
    parts, characters = [], iter(pattern)
    for character in characters:
        if character == escape:
            literal = next(characters, None)
            if literal is None:
                raise ValueError("the pattern ends in its escape character")
            parts.append(pl.escape_regex(literal))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or pl.escape_regex(character))
    return f"(?{'is' if any_case else 's'})\\A{''.join(parts)}\\z"
