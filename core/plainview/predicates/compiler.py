"""From a checked tree to a Polars expression: one method a construct, one table that says which."""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress

import polars as pl
from sqlglot import exp

from plainview.exceptions import PredicateError, cut, nearest, shown
from plainview.predicates import terms
from plainview.predicates.terms import DATES, DATETIME, DECIMAL, NUMBERS, TEXT, TRUTH, UNKNOWN, WHOLE, Term

MAX_DIGITS = 400  # of a whole number: what is longer is beyond a float too
# Each is asked of a date and gives a whole number.
DATE_PARTS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "year": lambda moment: moment.dt.year(),
    "month": lambda moment: moment.dt.month(),
    "day": lambda moment: moment.dt.day(),
    "hour": lambda moment: moment.dt.hour(),
    "dayofweek": lambda moment: moment.dt.weekday() % 7 + 1,
    "dow": lambda moment: moment.dt.weekday() % 7,
    "isodow": lambda moment: moment.dt.weekday(),
}


class Compiler:
    """Compiles over a frame of one schema; a schema of no columns is enough for what names none."""

    def __init__(self, schema: Mapping[str, pl.DataType], *, nan: bool = True) -> None:
        self.schema, self.nan = schema, nan

    def condition(self, node: exp.Expression) -> pl.Expr:
        """A Boolean expression in three-valued logic, where null is unknown."""
        term = self.term(node)
        if term.kind == UNKNOWN:
            return pl.lit(None, dtype=pl.Boolean)
        if term.kind != TRUTH:
            example = f", such as {node.name} = 1" if isinstance(node, exp.Column) and term.kind in NUMBERS else ""
            raise terms.unfit(term, f"is {term.kind}; a condition is needed here{example}")
        return term.expr

    def term(self, node: exp.Expression) -> Term:
        """The typed term of a node."""
        return _METHODS[type(node)](self, node)

    def need(self, node: exp.Expression, kinds: tuple[str, ...], user: str) -> Term:
        """The term of a node that must be of one of these kinds, or null."""
        term = self.term(node)
        if term.kind not in (*kinds, UNKNOWN):
            raise terms.unfit(term, f"is {term.kind}; {user} needs {' or '.join(kinds)}")
        return term

    def column(self, node: exp.Column) -> Term:
        """A column of the frame; what looks like text in double quotes is told apart."""
        if node.name in self.schema:
            return terms.column(node, self.schema[node.name], nan=self.nan)
        advice = nearest(node.name, self.schema)
        if node.this.args.get("quoted") or not advice.startswith("Did you mean"):
            advice += f" If it is text, put it in single quotes: '{cut(node.name)}'."
        raise PredicateError(f"There is no column {shown(node.name)} (character {terms.position(node) + 1}). {advice}")

    def literal(self, node: exp.Literal) -> Term:
        """A text or a number that is written out."""
        if node.is_string:
            return terms.constant(node.name, TEXT, node)
        if node.name.isdecimal() and len(node.name) <= MAX_DIGITS and int(node.name) < 2**63:
            return terms.constant(int(node.name), WHOLE, node)
        with suppress(ValueError):
            if math.isfinite(number := float(node.name)):
                return terms.constant(number, DECIMAL, node)
        raise PredicateError(f"{shown(node.name)} at character {terms.position(node) + 1} is not a number.")

    def comparison(self, node: exp.Binary) -> Term:
        """=, <>, <, <=, >, >=."""
        expr = terms.compare(_COMPARISONS[type(node)], self.term(node.this), self.term(node.expression))
        return terms.truth(expr, node)

    def negation(self, node: exp.Not) -> Term:
        """NOT: unknown stays unknown."""
        return terms.truth(~self.condition(node.this), node)

    def conjunction(self, node: exp.And) -> Term:
        """A chain of ANDs, flat however long it is."""
        return terms.truth(pl.all_horizontal([self.condition(part) for part in _chain(node)]), node)

    def disjunction(self, node: exp.Or) -> Term:
        """A chain of ORs, flat however long it is."""
        return terms.truth(pl.any_horizontal([self.condition(part) for part in _chain(node)]), node)

    def is_null(self, node: exp.Is) -> Term:
        """IS NULL: never unknown."""
        return terms.truth(self.term(node.this).expr.is_null(), node)

    def between(self, node: exp.Between) -> Term:
        """BETWEEN, both ends included."""
        subject, low, high = (self.term(node.args[name]) for name in ("this", "low", "high"))
        expr = terms.compare(pl.Expr.ge, subject, low) & terms.compare(pl.Expr.le, subject, high)
        return terms.truth(expr, node)

    def membership(self, node: exp.In) -> Term:
        """IN a list."""
        return terms.truth(terms.among(self.term(node.this), [self.term(item) for item in node.expressions]), node)

    def like(self, node: exp.Like | exp.ILike, escape: str | None = None) -> Term:
        """LIKE and ILIKE over the whole text, line breaks included."""
        subject = self.need(node.this, (TEXT,), "LIKE").expr.cast(pl.String)
        try:
            regex = terms.like_regex(node.expression.name, escape, any_case=isinstance(node, exp.ILike))
        except ValueError as error:
            raise PredicateError(f"LIKE at character {terms.position(node.expression) + 1}: {error}.") from None
        found = subject.str.contains(regex)
        return terms.truth(~found if node.args.get("negate") else found, node)

    def escaped(self, node: exp.Escape) -> Term:
        """LIKE … ESCAPE."""
        return self.like(node.this, node.expression.name)

    def arithmetic(self, node: exp.Binary) -> Term:
        """+, -, * and %."""
        left, right = (self.need(side, NUMBERS, "arithmetic") for side in (node.this, node.expression))
        return terms.reckon(_ARITHMETIC[type(node)], left, right, node)

    def division(self, node: exp.Div) -> Term:
        """/ gives fractions, of whole numbers too."""
        left, right = (self.need(side, NUMBERS, "arithmetic").expr for side in (node.this, node.expression))
        return Term(terms.quotient(left, right), DECIMAL, node)

    def minus(self, node: exp.Neg) -> Term:
        """Unary minus; a number written out stays written out."""
        term = self.need(node.this, NUMBERS, "a minus sign")
        if term.written and term.kind in NUMBERS:
            return terms.constant(-term.constant, term.kind, node)
        return terms.reckon(pl.Expr.sub, terms.constant(0, WHOLE, node), term, node)

    def absolute(self, node: exp.Abs) -> Term:
        """abs."""
        return terms.magnitude(self.need(node.this, NUMBERS, "abs"), node)

    def rounded(self, node: exp.Round) -> Term:
        """round(x) and round(x, decimals): halves away from zero."""
        term = self.need(node.this, NUMBERS, "round")
        if term.kind != DECIMAL:
            return term
        decimals = int(node.args["decimals"].name) if node.args.get("decimals") else 0
        return Term(term.expr.round(decimals, mode="half_away_from_zero"), DECIMAL, node)

    def cased(self, node: exp.Lower | exp.Upper) -> Term:
        """lower and upper, of every script."""
        text = self.need(node.this, (TEXT,), node.key).expr.cast(pl.String).str
        return Term(text.to_lowercase() if isinstance(node, exp.Lower) else text.to_uppercase(), TEXT, node)

    def length(self, node: exp.Length) -> Term:
        """length in characters."""
        text = self.need(node.this, (TEXT,), "length").expr.cast(pl.String)
        return Term(text.str.len_chars().cast(pl.Int64), WHOLE, node)

    def coalesced(self, node: exp.Coalesce) -> Term:
        """The first value that is not null; all of one kind."""
        known = [term for term in map(self.term, (node.this, *node.expressions)) if term.kind != UNKNOWN]
        if not known:
            return terms.unknown(node)
        lead = next((term for term in known if not term.written), known[0])
        pairs = [terms.aligned(lead, term) for term in known]
        stray = next((term for term, (fitted, _) in zip(known, pairs, strict=True) if fitted.kind != lead.kind), None)
        if stray:
            raise terms.unfit(stray, f"is {stray.kind}; coalesce needs values of one kind, here {lead.kind}")
        kind = DECIMAL if any(term.kind == DECIMAL for term in known) else lead.kind
        parts = [term.expr.cast(pl.Float64) if kind == DECIMAL else term.expr for _, term in pairs]
        return Term(pl.coalesce(parts), kind, node)

    def extracted(self, node: exp.Extract) -> Term:
        """extract(part from date)."""
        return self._date_part(node.this.name.lower(), node.expression, node)

    def date_function(self, node: exp.Func) -> Term:
        """year(date) and its like."""
        return self._date_part(node.key, node.this, node)

    def _date_part(self, part: str, of: exp.Expression, node: exp.Expression) -> Term:
        term = self.need(of, (DATETIME,) if part == "hour" else DATES, part)
        moment = term.expr.cast(pl.Datetime("us")) if term.kind == UNKNOWN else term.expr
        return Term(DATE_PARTS[part](moment).cast(pl.Int64), WHOLE, node)


def _chain(node: exp.Expression) -> list[exp.Expression]:
    return list(node.flatten(unnest=False))


_COMPARISONS: dict[type[exp.Expression], terms.Operation] = {
    exp.EQ: pl.Expr.eq,
    exp.NEQ: pl.Expr.ne,
    exp.LT: pl.Expr.lt,
    exp.LTE: pl.Expr.le,
    exp.GT: pl.Expr.gt,
    exp.GTE: pl.Expr.ge,
}
_ARITHMETIC: dict[type[exp.Expression], terms.Operation] = {
    exp.Add: pl.Expr.add,
    exp.Sub: pl.Expr.sub,
    exp.Mul: pl.Expr.mul,
    exp.Mod: terms.remainder,
}
_METHODS: dict[type[exp.Expression], Callable[[Compiler, exp.Expression], Term]] = {
    **dict.fromkeys(_COMPARISONS, Compiler.comparison),
    **dict.fromkeys(_ARITHMETIC, Compiler.arithmetic),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day, exp.Hour, exp.DayOfWeek), Compiler.date_function),
    **dict.fromkeys((exp.Like, exp.ILike), Compiler.like),
    **dict.fromkeys((exp.Lower, exp.Upper), Compiler.cased),
    exp.Abs: Compiler.absolute,
    exp.And: Compiler.conjunction,
    exp.Between: Compiler.between,
    exp.Boolean: lambda _, node: terms.constant(bool(node.this), TRUTH, node),
    exp.Cast: lambda _, node: terms.iso_date(node.this.name, node),  # date '2026-01-31'
    exp.Coalesce: Compiler.coalesced,
    exp.Column: Compiler.column,
    exp.Div: Compiler.division,
    exp.Escape: Compiler.escaped,
    exp.Extract: Compiler.extracted,
    exp.In: Compiler.membership,
    exp.Is: Compiler.is_null,
    exp.Length: Compiler.length,
    exp.Literal: Compiler.literal,
    exp.Neg: Compiler.minus,
    exp.Not: Compiler.negation,
    exp.Null: lambda _, node: terms.unknown(node),
    exp.Or: Compiler.disjunction,
    exp.Paren: lambda compiler, node: compiler.term(node.this),
    exp.Round: Compiler.rounded,
}
