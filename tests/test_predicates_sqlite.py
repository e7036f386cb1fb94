"""Scenario predicates mean what they mean in SQLite, over predicates and rows that Hypothesis makes."""

import sqlite3
from datetime import date

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plainview.predicates import parse_predicate

# SQLite evaluates the same predicate over the same rows. Each strategy gives the text for Plainview and the
# text for SQLite, which differ only where SQLite differs from the standard: whole division, and LIKE in any case.
WHOLE = st.one_of(st.none(), st.integers(-6, 6))
QUARTERS = st.one_of(st.none(), st.integers(-20, 20).map(lambda number: number / 4))
LETTERS = st.text("aAbB%_!.*+\\☂ \n'", max_size=4)
TEXTS = st.one_of(st.none(), LETTERS)
DAYS = st.one_of(st.none(), st.dates(date(2023, 12, 25), date(2024, 1, 10)))
ROW = st.tuples(WHOLE, WHOLE, QUARTERS, TEXTS, TEXTS, st.one_of(st.none(), st.booleans()), DAYS)
SCHEMA = {
    "i": pl.Int64, "j": pl.Int64, "f": pl.Float64, "s": pl.String, "u": pl.String, "t": pl.Boolean, "d": pl.Date,
}  # fmt: skip
Pair = tuple[str, str]


def rows(where: str, frame: pl.DataFrame) -> list[int]:
    """Which rows are in the scenario, counted from 0."""
    found = frame.select(parse_predicate(where).expression(frame.schema).alias("in"))["in"]
    assert found.len() == frame.height
    assert found.null_count() == 0
    return found.arg_true().to_list()


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def same(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[Pair]:
    return strategy.map(lambda text: (text, text))


def joined(template: str, *parts: st.SearchStrategy[Pair], sqlite: str | None = None) -> st.SearchStrategy[Pair]:
    return st.tuples(*parts).map(
        lambda pairs: (template.format(*(a for a, _ in pairs)), (sqlite or template).format(*(b for _, b in pairs)))
    )


def whole(depth: int) -> st.SearchStrategy[Pair]:
    base = same(st.one_of(st.sampled_from(["i", "j", "NULL"]), st.integers(-6, 6).map(lambda n: f"({n})")))
    if depth == 0:
        return base
    inner = whole(depth - 1)
    return st.one_of(
        base,
        joined("({} + {})", inner, inner),
        joined("({} - {})", inner, inner),
        joined("{} * {}", base, base),
        joined("({} % {})", inner, inner),
        joined("(- {})", inner),
        joined("abs({})", inner),
        joined("length({})", text(0)),
        joined("coalesce({}, {})", inner, inner),
    )


def number(depth: int) -> st.SearchStrategy[Pair]:
    base = st.one_of(same(st.sampled_from(["f", "0.25", "(-1.5)", "2e0"])), whole(depth))
    if depth == 0:
        return base
    inner = number(depth - 1)
    return st.one_of(
        base,
        joined("({} / {})", inner, inner, sqlite="(CAST({} AS REAL) / {})"),
        joined("({} + {})", inner, inner),
        joined("({} * {})", inner, inner),
        joined("round({})", same(st.just("f"))),
        joined("abs({})", inner),
        joined("coalesce({}, {})", inner, inner),
    )


def text(depth: int) -> st.SearchStrategy[Pair]:
    base = same(st.one_of(st.sampled_from(["s", "u"]), LETTERS.map(quoted)))
    if depth == 0:
        return base
    inner = text(depth - 1)
    return st.one_of(
        base, joined("lower({})", inner), joined("upper({})", inner), joined("coalesce({}, {})", inner, inner)
    )


COMPARISON = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
PATTERN = st.lists(st.sampled_from(["%", "_", "a", "A", "b", ".", "*", "\\", "☂", "\n", "("]), max_size=4).map("".join)
ESCAPED = st.lists(st.sampled_from(["%", "_", "!%", "!_", "!!", "a", "B", "."]), max_size=4).map("".join)
DATE = st.dates(date(2023, 12, 25), date(2024, 1, 10)).map(lambda day: f"'{day}'")


def compared(operand: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return st.one_of(
        COMPARISON.flatmap(lambda sign: joined(f"{{}} {sign} {{}}", operand, operand)),
        joined("{} BETWEEN {} AND {}", operand, operand, operand),
        joined("{} NOT BETWEEN {} AND {}", operand, operand, operand),
        joined("{} IN ({}, {})", operand, operand, operand),
        joined("{} NOT IN ({}, {})", operand, operand, operand),
        joined("{} NOT IN ({}, NULL)", operand, operand),
        joined("{} IS NULL", operand),
        joined("{} IS NOT NULL", operand),
    )


def liked() -> st.SearchStrategy[Pair]:
    likes = PATTERN.map(quoted).flatmap(lambda pattern: joined(f"{{}} LIKE {pattern}", text(1)))
    unlike = ESCAPED.map(quoted).flatmap(lambda pattern: joined(f"{{}} NOT LIKE {pattern} ESCAPE '!'", text(1)))
    in_any_case = PATTERN.map(quoted).flatmap(
        lambda pattern: joined(f"{{}} ILIKE {pattern}", text(1), sqlite=f"lower({{}}) LIKE lower({pattern})")
    )
    return st.one_of(likes, unlike, in_any_case)


def dated() -> st.SearchStrategy[Pair]:
    day = same(st.one_of(st.just("d"), DATE))
    parts = {"year": "%Y", "month": "%m", "day": "%d"}
    part = st.sampled_from(sorted(parts)).flatmap(
        lambda name: joined(
            f"{name}(d) = {{}}", whole(0), sqlite=f"CAST(strftime('{parts[name]}', d) AS INTEGER) = {{}}"
        )
    )
    weekday = joined("extract(dow FROM d) = {}", whole(0), sqlite="CAST(strftime('%w', d) AS INTEGER) = {}")
    return st.one_of(compared(day), part, weekday)


def condition(depth: int) -> st.SearchStrategy[Pair]:
    truths = same(
        st.sampled_from(["t", "NOT t", "t = 1", "t <> 0", "t = true", "true", "false", "NULL", "t IN (0, 1)"])
    )
    base = st.one_of(truths, compared(number(2)), compared(text(1)), liked(), dated())
    if depth == 0:
        return base
    inner = condition(depth - 1)
    return st.one_of(
        base,
        joined("{} AND {}", inner, inner),
        joined("{} OR {}", inner, inner),
        joined("NOT {}", inner),
        joined("NOT ({})", inner),
        joined("({}) AND ({})", inner, inner),
        joined("({} OR {})", inner, inner),
        joined("({}) IS NULL", inner),
        joined("({}) = t", inner),
    )


@pytest.fixture(scope="module")
def sqlite() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute("CREATE TABLE rows (n INTEGER, i INTEGER, j INTEGER, f REAL, s TEXT, u TEXT, t INTEGER, d TEXT)")
    return connection


@settings(max_examples=800, deadline=None)
@given(pair=condition(2), table=st.lists(ROW, min_size=1, max_size=6))
@example(pair=("i % j = -2", "i % j = -2"), table=[(-5, 3, None, None, None, None, None)])
@example(pair=("i / j = 0.5", "CAST(i AS REAL) / j = 0.5"), table=[(1, 2, None, None, None, None, None)])
def test_a_predicate_means_what_it_means_in_sqlite(sqlite: sqlite3.Connection, pair: Pair, table: list[tuple]) -> None:
    ours, theirs = pair
    sqlite.execute("DELETE FROM rows")
    sqlite.executemany(
        "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(n, *row[:-1], row[-1].isoformat() if row[-1] else None) for n, row in enumerate(table)],
    )
    expected = [n for (n,) in sqlite.execute(f"SELECT n FROM rows WHERE {theirs} ORDER BY n")]
    found = rows(ours, pl.DataFrame(table, schema=SCHEMA, orient="row"))
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(pair=condition(2), table=st.lists(ROW, min_size=2, max_size=6))
def test_every_row_is_in_a_condition_in_its_negation_or_unknown(pair: Pair, table: list[tuple]) -> None:
    frame = pl.DataFrame(table, schema=SCHEMA, orient="row")
    where = pair[0]
    parts = [rows(form.format(where), frame) for form in ("{}", "NOT ({})", "({}) IS NULL")]
    assert sorted(row for part in parts for row in part) == list(range(frame.height))
    first = frame.head(1)
    assert rows(where, first) == [row for row in parts[0] if row == 0]
