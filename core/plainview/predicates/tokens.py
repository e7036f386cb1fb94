"""What can be told of a predicate before it is parsed: kinds of token, names of functions, nesting, doubtful order.

Checked here because the place of a token is exact, and because a parser that recurses, and that knows hundreds of
functions, should see only what may be allowed.
"""

from collections.abc import Iterator, Sequence

from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, Tokenizer, TokenType

from plainview.exceptions import PredicateError, cut, nearest

MAX_CHARACTERS = 10_000
MAX_PARENTHESES = 24  # nested; the parser needs some twenty Python frames for each
MAX_PREFIXES = 24  # NOT and minus in a row
MAX_DEPTH = 100  # of the tree; a chain of ANDs or of ORs counts as one level

FUNCTIONS = ("lower", "upper", "length", "abs", "round", "coalesce", "year", "month", "day", "hour", "dayofweek")
ALLOWED = (
    "Allowed are = <> < <= > >=, AND, OR, NOT, IN, BETWEEN, LIKE, ILIKE, IS NULL, + - * / %, "
    + ", ".join(FUNCTIONS)
    + ", extract(year from column), columns, 'text', numbers, true, false, null and date '2026-01-31'."
)

_REFUSED = {
    TokenType.SEMICOLON, TokenType.PLACEHOLDER, TokenType.PARAMETER, TokenType.COLON, TokenType.DCOLON,
    TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.HASH, TokenType.SELECT, TokenType.CASE, TokenType.ISNULL,
    TokenType.NOTNULL, TokenType.ARROW, TokenType.DARROW, TokenType.HASH_ARROW, TokenType.DHASH_ARROW,
}  # fmt: skip
_COMPARISONS = {TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE}
_TESTS = _COMPARISONS | {TokenType.IS, TokenType.IN, TokenType.BETWEEN, TokenType.LIKE, TokenType.ILIKE}
_JOINTS = {TokenType.AND, TokenType.OR, TokenType.COMMA}
_PREFIXES = {TokenType.NOT, TokenType.DASH}
_BEFORE_PARENTHESIS = {"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "ESCAPE", "FROM", "IS"}


def checked_tokens(text: str) -> list[Token]:
    """The tokens of a ``where`` that may be worth parsing; raises PredicateError."""
    if len(text) > MAX_CHARACTERS:
        raise PredicateError(f"A where may have {MAX_CHARACTERS:,} characters; this one has {len(text):,}.")
    try:
        tokens = Tokenizer().tokenize(text)
    except SqlglotError:
        place = max(text.rfind("'"), text.rfind('"')) + 1
        raise PredicateError(f"A quote is not closed: see character {place}.") from None
    if not tokens:
        raise PredicateError("The where is empty: leave it out, or write a condition such as lighting = 'night'.")
    for token in tokens:
        _check_kind(token)
    _check_nesting(tokens)
    for token, following in _pairs(tokens):
        _check_call(token, following)
    _check_order(tokens)
    return tokens


def refusal(name: str, start: int, advice: str = "") -> PredicateError:
    """The error for something that is not allowed; ``start`` counts from 0."""
    parts = (f"{cut(name)} at character {start + 1} is not allowed.", advice, ALLOWED)
    return PredicateError(" ".join(part for part in parts if part))


def too_deep(start: int) -> PredicateError:
    """The error for a tree that is deeper than anyone means."""
    limits = f"{MAX_PARENTHESES} parentheses within each other and {MAX_DEPTH} operations on each other are the most"
    return PredicateError(f"Nested too deeply at character {start + 1}: {limits}.")


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token | None]]:
    return zip(tokens, [*tokens[1:], None], strict=True)


def _check_kind(token: Token) -> None:
    if token.token_type in _REFUSED:
        raise refusal(token.text.upper(), token.start)
    if token.comments:
        raise refusal("A comment", token.end + 1)


def _check_nesting(tokens: Sequence[Token]) -> None:
    depth = prefixes = 0
    for token in tokens:
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        prefixes = prefixes + 1 if token.token_type in _PREFIXES else 0
        if depth > MAX_PARENTHESES or prefixes > MAX_PREFIXES:
            raise too_deep(token.start)


def _check_call(token: Token, following: Token | None) -> None:
    """A word before a parenthesis is a function's name, unless it is a word of SQL that may stand there."""
    if following is None or following.token_type != TokenType.L_PAREN or token.token_type == TokenType.STRING:
        return
    name = token.text
    if not name.isidentifier() or name.upper() in _BEFORE_PARENTHESIS:
        return
    if name.lower() not in (*FUNCTIONS, "extract"):
        advice = nearest(name.lower(), (*FUNCTIONS, "extract"))
        raise refusal(f"{name}()", token.start, advice if advice.startswith("Did you mean") else "")


def _check_order(tokens: Sequence[Token]) -> None:
    """Databases disagree on what ``a = b IS NULL`` and ``a < b < c`` mean, so neither is guessed."""
    tests: list[TokenType | None] = [None]  # by depth: the comparison that was met last, and is not yet joined
    for token, following in _pairs(tokens):
        kind = token.token_type
        if kind == TokenType.L_PAREN:
            tests.append(None)
        elif kind == TokenType.R_PAREN:
            tests = tests[:-1] or [None]
        elif kind in _JOINTS:
            tests[-1] = TokenType.AND if (tests[-1], kind) == (TokenType.BETWEEN, TokenType.AND) else None
        elif kind in _TESTS:
            if tests[-1] is not None:
                advice = "put one of the two conditions in parentheses, or join them with AND"
                raise PredicateError(f"{token.text.upper()} at character {token.start + 1}: {advice}.")
            tests[-1] = kind
        if kind == TokenType.IS and not (following and following.text.upper() in ("NOT", "NULL")):
            raise refusal("IS without NULL", token.start, "For true and false write = true.")
