"""The SQL predicate of a scenario: parsed by sqlglot, held against an allow-list, turned into a Polars expression.

The meaning is that of SQL: three-valued logic, so a comparison with a missing value is unknown, and an unknown
example is not in the scenario. Where databases disagree: ``/`` is true division and x / 0 is unknown; ``%`` takes the
sign of the left side; LIKE minds case and knows no escape character unless ESCAPE names one; ``round`` rounds halves
away from zero; ``dayofweek`` counts Sunday as 1, ``dow`` Sunday as 0, ``isodow`` Monday as 1; a whole number beyond
64 bits is unknown.

tokens.py and grammar.py say what may be written, terms.py what compares with what, compiler.py puts them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import polars as pl
from sqlglot import exp

from plainview.exceptions import PredicateError
from plainview.predicates.compiler import Compiler
from plainview.predicates.grammar import checked_tree

__all__ = ["Predicate", "parse_predicate"]


@dataclass(frozen=True)
class Predicate:
    """A checked ``where``: it names only what is allowed, and nothing in it can read or change anything else."""

    text: str
    columns: frozenset[str] = field(compare=False)  # every column it names
    _tree: exp.Expression = field(repr=False, compare=False)

    @cached_property
    def normal(self) -> str:
        """The condition as it is written without spaces and capitals of one's own: what is equal here means the same."""
        return self._tree.sql()

    def expression(self, schema: Mapping[str, pl.DataType], *, nan: bool = True) -> pl.Expr:
        """The Boolean expression over a frame of this schema: one value a row, never null.

        Without ``nan`` the frame's numbers are known to hold no NaN, and none is looked for. Raises PredicateError where a
        column is not in the schema, or where kinds of value do not compare.
        """
        return self.truth(schema, nan=nan).fill_null(False)

    def truth(self, schema: Mapping[str, pl.DataType], *, nan: bool = True) -> pl.Expr:
        """The same in three-valued logic: null where it is unknown whether a row belongs."""
        # Of literals alone, or over a column that holds one value throughout, Polars may give a single row.
        return Compiler(schema, nan=nan).condition(self._tree) & pl.repeat(True, pl.len())

    def __reduce__(self) -> tuple:
        return parse_predicate, (self.text,)


def parse_predicate(text: str) -> Predicate:
    """Parse and check a scenario's ``where``; the same text gives the same Predicate.

    Raises PredicateError, with the place counted in characters from 1, for anything outside the allow-list.
    """
    if not isinstance(text, str):
        raise PredicateError(f"A where is text, such as \"lighting = 'night'\"; found {type(text).__name__}.")
    return _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Predicate:
    tree = checked_tree(text)
    return Predicate(text, frozenset(column.name for column in tree.find_all(exp.Column)), tree)
