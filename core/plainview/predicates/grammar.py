"""What a predicate may say: an allow-list over the tree that sqlglot parses. All else is refused by name and place."""

from collections.abc import Callable, Iterator

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import Parser
from sqlglot.tokens import Token

from plainview.exceptions import PredicateError, cut, nearest, shown
from plainview.predicates.compiler import DATE_PARTS, Compiler
from plainview.predicates.terms import like_regex, position
from plainview.predicates.tokens import ALLOWED, MAX_DEPTH, checked_tokens, refusal, too_deep
from plainview.predicates.unfolding import check_unfolded

MAX_LIST = 1_000
MAX_DECIMALS = 15
BOX = "box"  # the one name that may stand before a dot: box.area is the column "box.area"

_PAIR = frozenset({"this", "expression"})
_ONE = frozenset({"this"})
# Every node that may appear, with the arguments it may carry: an argument that is not named here is refused too.
_NODES: dict[type[exp.Expression], frozenset[str]] = {
    **dict.fromkeys((exp.And, exp.Or, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _PAIR),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Is, exp.Escape, exp.Extract), _PAIR),
    **dict.fromkeys((exp.Like, exp.ILike), _PAIR | {"negate"}),
    **dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Column, exp.Boolean, exp.Var), _ONE),
    **dict.fromkeys((exp.Lower, exp.Upper, exp.Length, exp.Abs), _ONE),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day, exp.Hour, exp.DayOfWeek), _ONE),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.DataType: _ONE,
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Null: frozenset(),
    exp.Round: frozenset({"this", "decimals"}),
}
# What people call the nodes that sqlglot names otherwise.
_SPOKEN = {
    "bitwiseand": "&", "bitwisenot": "~", "bitwiseor": "|", "bitwisexor": "^", "dpipe": "||", "intdiv": "DIV",
    "nullsafeeq": "IS NOT DISTINCT FROM", "nullsafeneq": "IS DISTINCT FROM", "regexplike": "RLIKE",
    "similarto": "SIMILAR TO", "star": "*",
    "attimezone": "AT TIME ZONE", "jsonextract": "->", "jsonextractscalar": "->>", "concat": "Text beside text",
    "tuple": "A list in parentheses", "kwarg": "=>", "ordered": "ORDER BY", "order": "ORDER BY",
}  # fmt: skip


def checked_tree(text: str) -> exp.Expression:
    """The parsed ``where``, of allowed nodes alone.

    Raises PredicateError, with the place counted in characters from 1.
    """
    tree = _tree(text, checked_tokens(text)).transform(_undotted, copy=False)
    nodes = []
    for node, parent in _walk(tree):
        _check(node, parent, text)
        nodes.append(node)
    check_unfolded(nodes)
    return tree


def _tree(text: str, tokens: list[Token]) -> exp.Expression:
    try:
        tree = Parser().parse_into(exp.Condition, tokens, text)[0]
    except ParseError as error:
        raise PredicateError(_parse_message(error, tokens)) from error
    except RecursionError:
        raise too_deep(0) from None
    except Exception as error:  # the parser meets what it did not expect: an IndexError, say
        raise PredicateError(f"This is not a condition that can be read. {ALLOWED}") from error
    if tree is None:
        raise PredicateError(f"There is no condition in {shown(text.strip())}.")
    return tree


def _undotted(node: exp.Expression) -> exp.Expression:
    """box.area as the one name of a column that it is."""
    if not (isinstance(node, exp.Column) and node.table.lower() == BOX and not node.db):
        return node
    name = exp.Identifier(this=f"{BOX}.{node.name}", quoted=False)
    name.meta.update(node.args["table"].meta)
    return exp.Column(this=name)


def _parse_message(error: ParseError, tokens: list[Token]) -> str:
    found = error.errors[0] if error.errors else {}
    place = (found.get("line"), found.get("col"))
    token = next((token for token in tokens if (token.line, token.col) == place), tokens[-1])
    description = str(found.get("description"))
    if "Unexpected token" in description:
        return f"{shown(token.text)} at character {token.start + 1} was not expected there. {ALLOWED}"
    if "number of provided arguments" in description:
        return f"Too many values in the function before character {token.start + 1}."
    missing = "a closing parenthesis" if description.startswith("Expecting )") else "something"
    return f"Not complete: {missing} is missing at or after {shown(token.text)} (character {token.start + 1})."


def _walk(tree: exp.Expression) -> Iterator[tuple[exp.Expression, exp.Expression | None]]:
    """Every node with its parent, without recursion; refuses a tree deeper than MAX_DEPTH."""
    stack: list[tuple[exp.Expression, exp.Expression | None, int]] = [(tree, None, 0)]
    while stack:
        node, parent, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise too_deep(position(node))
        yield node, parent
        for child in reversed(list(node.iter_expressions())):
            chained = type(child) is type(node) and isinstance(node, exp.And | exp.Or)
            stack.append((child, node, depth + (not chained)))


def _check(node: exp.Expression, parent: exp.Expression | None, text: str) -> None:
    """Raise unless the node is in the table, is used as SQL means it, and carries nothing more than the table says."""
    allowed = _NODES.get(type(node))
    if allowed is None:
        raise _refused_node(node, text)
    problem = _misuse(node, parent, text)
    if problem:
        raise PredicateError(f"{problem} See character {position(node) + 1}.")
    extra = sorted(name for name, value in node.args.items() if value and name not in allowed)
    if extra:
        raise refusal(f"{_spoken(node)} with {extra[0]}", position(node))
    if isinstance(node, exp.Literal | exp.Cast):
        Compiler({}).term(node)  # raises where a number or a date that is written out cannot be read


def _misuse(node: exp.Expression, parent: exp.Expression | None, text: str) -> str | None:
    """What is wrong with an allowed node in this place, or None."""
    if isinstance(node, exp.Var):
        return None if isinstance(parent, exp.Extract) else f"{shown(node.name)} is not allowed here."
    if isinstance(node, exp.Cast) and not _is_date_literal(node, text):
        return "CAST is not allowed; a date is written date '2026-01-31'."
    rule = _RULES.get(type(node))
    return rule(node) if rule else None


def _comparison_rule(node: exp.Binary) -> str | None:
    negated = isinstance(node.this, exp.Not) or isinstance(node.expression, exp.Not)
    return "Put parentheses around the NOT." if negated else None


def _column_rule(node: exp.Column) -> str | None:
    if node.table:
        return f'A column is named without a table; one with a dot in its name is quoted: "{cut(node.table)}.{cut(node.name)}".'
    return None


def _in_rule(node: exp.In) -> str | None:
    length = len(node.expressions)
    if length == 0:
        return "IN needs its values in parentheses, as in IN ('a', 'b')."
    return f"IN may list {MAX_LIST:,} values; pin ids instead of listing {length:,}." if length > MAX_LIST else None


def _is_rule(node: exp.Is) -> str | None:
    return (
        None if isinstance(node.expression, exp.Null) else "IS and IS NOT need NULL; for true and false write = true."
    )


def _like_rule(node: exp.Like | exp.ILike) -> str | None:
    return None if _is_text(node.expression) else "LIKE needs its pattern as 'text'."


def _escape_rule(node: exp.Escape) -> str | None:
    escape = node.expression
    if not (_is_text(escape) and len(escape.name) == 1):
        return "ESCAPE needs one character in quotes, as in LIKE '50!%' ESCAPE '!'."
    try:
        like_regex(node.this.expression.name, escape.name, any_case=False)
    except ValueError as error:
        return f"LIKE cannot be read: {error}."
    return None


def _extract_rule(node: exp.Extract) -> str | None:
    part = node.this.name.lower()
    return None if part in DATE_PARTS else f"extract knows no {shown(part)}. {nearest(part, DATE_PARTS)}"


def _round_rule(node: exp.Round) -> str | None:
    decimals = node.args.get("decimals")
    digits = decimals.name if isinstance(decimals, exp.Literal) and not decimals.is_string else ""
    known = decimals is None or (digits.isdecimal() and len(digits) <= 3 and int(digits) <= MAX_DECIMALS)
    return None if known else f"round takes a number of decimals from 0 to {MAX_DECIMALS}."


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_RULES: dict[type[exp.Expression], Callable[[exp.Expression], str | None]] = {
    **dict.fromkeys(_COMPARISONS, _comparison_rule),
    exp.Column: _column_rule,
    exp.Escape: _escape_rule,
    exp.Extract: _extract_rule,
    exp.ILike: _like_rule,
    exp.In: _in_rule,
    exp.Is: _is_rule,
    exp.Like: _like_rule,
    exp.Round: _round_rule,
}


def _is_text(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def _is_date_literal(node: exp.Cast, text: str) -> bool:
    """``date '…'``, which sqlglot reads as a cast; a written CAST has a parenthesis before the text."""
    literal_of_date = _is_text(node.this) and node.to.this == exp.DataType.Type.DATE
    return literal_of_date and text[: position(node.this)].rstrip().lower().endswith("date")


def _refused_node(node: exp.Expression, text: str) -> PredicateError:
    name = _spoken(node)
    written = text.upper().find(name)
    return refusal(name, written if written >= 0 else position(node))


def _spoken(node: exp.Expression) -> str:
    """The node as SQL calls it."""
    return _SPOKEN.get(node.key) or (node.sql_name() if isinstance(node, exp.Func) else node.key.upper())
