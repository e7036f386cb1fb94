"""Scenario predicates: what they select, what is refused and how, and that nothing else is ever evaluated."""

import pickle
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from plainview.exceptions import PredicateError
from plainview.predicates import parse_predicate

FRAME = pl.DataFrame(
    {
        "words": [5, 21, None, 40],
        "share": [0.5, None, float("inf"), -2.5],
        "light": ["night", "day", None, "it's 50%\nNight"],
        "rain": [True, False, None, True],
        "taken": [date(2024, 1, 7), date(2024, 2, 29), None, date(1999, 12, 31)],
        "seen": [datetime(2024, 1, 7, 13), None, datetime(2024, 2, 1), datetime(2025, 1, 1)],
        "a b": [1, 2, 3, 4],
        "order": ["x", "y", "z", None],
        "empty": pl.Series([None] * 4, dtype=pl.Null),
    }
)


def rows(where: str, frame: pl.DataFrame = FRAME) -> list[int]:
    """Which rows are in the scenario, counted from 0."""
    found = frame.select(parse_predicate(where).expression(frame.schema).alias("in"))["in"]
    assert found.dtype == pl.Boolean
    assert found.len() == frame.height
    assert found.null_count() == 0
    return found.arg_true().to_list()


def refusal(where: str, frame: pl.DataFrame = FRAME) -> str:
    with pytest.raises(PredicateError) as caught:
        parse_predicate(where).expression(frame.schema)
    return str(caught.value)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("light = 'night' AND words < 20", [0]),
        ("words <> 5", [1, 3]),
        ("words != 5", [1, 3]),
        ("NOT words = 5", [1, 3]),
        ("words IN (5, NULL)", [0]),
        ("words NOT IN (5, NULL)", []),
        ("words NOT IN (5, 6)", [1, 3]),
        ("words IN (5.0, 21.5)", [0]),
        ("share IN (1, -2.5)", [3]),
        ("words IN (a_number, 5)".replace("a_number", '"a b"'), [0]),
        ("words BETWEEN 5 AND 21", [0, 1]),
        ("words NOT BETWEEN 5 AND 21", [3]),
        ("words BETWEEN 5 AND NULL", []),
        ("words NOT BETWEEN 30 AND NULL", [0, 1]),
        ("words IS NULL", [2]),
        ("words IS NOT NULL", [0, 1, 3]),
        ("empty IS NULL", [0, 1, 2, 3]),
        ("empty = 1", []),
        ("rain", [0, 3]),
        ("NOT rain", [1]),
        ("rain = 1", [0, 3]),
        ("rain = 0", [1]),
        ("rain <> true", [1]),
        ("1 = rain", [0, 3]),
        ("rain IN (0, 1)", [0, 1, 3]),
        ("words = 5 OR rain", [0, 3]),
        ("share > 1e300", [2]),
        ("words / 2 = 2.5", [0]),
        ("words / 0 IS NULL", [0, 1, 2, 3]),
        ("words % 0 IS NULL", [0, 1, 2, 3]),
        ("-words % 3 = -2", [0]),
        ("words * 9223372036854775807 IS NULL", [0, 1, 2, 3]),
        ("words + 9223372036854775807 - 9223372036854775807 = 5", []),
        ("abs(-words) = 5", [0]),
        ("round(share) = 1 OR round(share) = -3", [0, 3]),
        ("round(share / 3, 2) = 0.17", [0]),
        ("coalesce(words, 0) = 0", [2]),
        ("coalesce(taken, '2000-01-01') = '2000-01-01'", [2]),
        ("coalesce(NULL, share, words) = 21", [1]),
        ("lower(light) LIKE '%night'", [0, 3]),
        ("upper(light) = 'DAY'", [1]),
        ("length(light) = 3", [1]),
        ("light LIKE 'N%'", []),
        ("light ILIKE 'N%'", [0]),
        ("light NOT LIKE '%i%'", [1]),
        ("light LIKE '%50!%%' ESCAPE '!'", [3]),
        ("light LIKE 'd__'", [1]),
        ("light LIKE '%_Night'", [3]),
        ("light LIKE 'd.y'", []),
        ("taken = '2024-02-29'", [1]),
        ("taken >= date '2024-01-07'", [0, 1]),
        ("taken BETWEEN '2024-01-01' AND '2024-01-31'", [0]),
        ("taken IN ('2024-01-07', NULL)", [0]),
        ("seen >= '2024-01-07 12:30'", [0, 2, 3]),
        ("seen < '2025-01-01T01:00:00+02:00'", [0, 2]),
        ("seen > taken", [0, 3]),
        ("year(taken) = 2024 AND month(taken) = 2 AND day(taken) = 29", [1]),
        ("extract(YEAR FROM seen) = 2025", [3]),
        ("hour(seen) = 13", [0]),
        ("dayofweek(taken) = 1", [0]),
        ("extract(dow FROM taken) = 0", [0]),
        ("extract(isodow FROM taken) = 7", [0]),
        ('"a b" > 3', [3]),
        ("order = 'x'", [0]),
        ("((words)) = (5)", [0]),
        ("true", [0, 1, 2, 3]),
        ("1 = 1 AND NOT 1 = 2", [0, 1, 2, 3]),
        ("NULL", []),
        ("(words = 5) IS NULL", [2]),
        ("(words = 5) = rain", [0, 1]),
        ("light\n=\n'night'", [0]),
    ],
)
def test_a_predicate_selects_the_rows_that_sql_selects(where: str, expected: list[int]) -> None:
    assert rows(where) == expected


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("words IN (SELECT 1)", ["SELECT", "character 11"]),
        ("EXISTS (SELECT 1)", ["SELECT", "character 9"]),
        ("SELECT 1", ["SELECT", "character 1"]),
        ("words = 1; DROP TABLE x", [";", "character 10"]),
        ("words = 1 -- and so on", ["comment"]),
        ("words = /* x */ 1", ["comment"]),
        ("CASE WHEN rain THEN 1 END = 1", ["CASE", "character 1"]),
        ("CAST(words AS text) = '5'", ["CAST", "character 1"]),
        ("words::text = '5'", ["::", "character 6"]),
        ("timestamp '2024-01-01' = seen", ["CAST", "date '2026-01-31'"]),
        ("sum(words) OVER () = 1", ["sum", "character 1"]),
        ("count(*) = 1", ["count"]),
        ("lenght(light) = 3", ["lenght", "Did you mean 'length'?"]),
        ("rain AND sleep(5) = 0", ["sleep", "character 10"]),
        ("words = ?", ["?", "character 9"]),
        ("words = :limit", [":", "character 9"]),
        ("words = @limit", ["@", "character 9"]),
        ("words[0] = 1", ["[", "character 6"]),
        ("{{ words }} = 1", ["{", "character 1"]),
        ("light || 'x' = 'nightx'", ["||", "character 7"]),
        ("words & 1 = 1", ["&", "character 7"]),
        ("light RLIKE 'n.*'", ["RLIKE", "character 7"]),
        ("light SIMILAR TO 'n%'", ["SIMILAR TO", "character 7"]),
        ("words IS DISTINCT FROM 5", ["IS", "character 7"]),
        ("rain IS TRUE", ["IS", "= true"]),
        ("words BETWEEN SYMMETRIC 1 AND 5", ["BETWEEN", "symmetric"]),
        ("interval '1 day' = words", ["INTERVAL", "character 1"]),
        ("current_date = taken", ["CURRENT_DATE", "character 1"]),
        ("t.words = 5", ["without a table", '"t.words"']),
        ("(words, 1) = (5, 1)", ["A list in parentheses"]),
        ("light = 'a' 'b'", ["Text beside text"]),
        ("words = *", ["*"]),
        ("lower(DISTINCT light) = 'x'", ["DISTINCT"]),
        ("words IN light", ["parentheses"]),
        ("words IN ()", ["IN"]),
        ("light LIKE order", ["LIKE", "pattern"]),
        ("light LIKE 'a' ESCAPE 'bc'", ["ESCAPE", "one character"]),
        ("light LIKE 'a!' ESCAPE '!'", ["escape character"]),
        ("round(share, words) = 1", ["round", "decimals"]),
        ("extract(epoch FROM seen) = 1", ["epoch", "year"]),
        ("words = 5 IS NULL", ["IS", "parentheses"]),
        ("1 < words < 9", ["<", "character 11", "AND"]),
        ("rain = NOT rain", ["parentheses"]),
        ("words BETWEEN 1 AND 5 = rain", ["=", "character 23"]),
    ],
)
def test_what_is_not_allowed_is_refused_by_name_and_place(where: str, named: list[str]) -> None:
    message = refusal(where)
    assert all(part in message for part in named), message


@pytest.mark.parametrize(
    "where", ["words = 1e", "words = 5 AND", "(words = 5", "words = 'x", "a b", "", "  ", "AND", "= 5"]
)
def test_what_is_not_complete_is_an_error(where: str) -> None:
    assert refusal(where)


def test_a_refusal_says_what_is_allowed() -> None:
    message = refusal("pow(words, 2) = 25")
    assert all(part in message for part in ("LIKE", "coalesce", "dayofweek", "date '2026-01-31'"))


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("word = 5", ["'word'", "character 1", "Did you mean 'words'?"]),
        ('light = "evening"', ["'evening'", "single quotes: 'evening'"]),
        ("light = evening", ["'evening'", "single quotes"]),
        ("words = '5'", ["'words'", "whole number", "text", "5 without quotes"]),
        ("light = 5", ["'light'", "'5' in quotes"]),
        ("share = 'much'", ["'share'", "cannot be compared"]),
        ("words", ["condition", "words = 1"]),
        ("words AND rain", ["condition"]),
        ("rain = 2", ["true or false", "2"]),
        ("rain = 'true'", ["without quotes"]),
        ("taken = '2024-02-30'", ["'2024-02-30'", "yyyy-mm-dd", "character 9"]),
        ("taken > '2024-1-1'", ["yyyy-mm-dd"]),
        ("seen > 'yesterday'", ["yyyy-mm-dd hh:mm:ss"]),
        ("taken = 5", ["a date"]),
        ("hour(taken) = 1", ["'taken'", "time"]),
        ("year(light) = 2024", ["'light'", "a date"]),
        ("light + 1 = 2", ["'light'", "arithmetic"]),
        ("lower(words) = 'x'", ["'words'", "text"]),
        ("words LIKE '5%'", ["'words'", "LIKE"]),
        ("coalesce(words, 'x') = 'x'", ["compared"]),
        ("coalesce(rain, 0) = 0", ["coalesce", "one kind"]),
    ],
)
def test_values_that_do_not_compare_are_named(where: str, named: list[str]) -> None:
    message = refusal(where)
    assert all(part in message for part in named), message


def test_a_column_of_lists_is_refused_by_name() -> None:
    assert "'tags'" in refusal("tags = 'x'", pl.DataFrame({"tags": [["x"]]}))


def test_types_that_are_not_normalised_are_read_as_what_they_mean() -> None:
    frame = pl.DataFrame(
        {
            "small": pl.Series([1, 2], dtype=pl.UInt8),
            "money": pl.Series(["1.50", "2.50"]).cast(pl.Decimal(10, 2)),
            "kind": pl.Series(["a", "b"], dtype=pl.Categorical),
            "level": pl.Series(["low", "high"], dtype=pl.Enum(["low", "high"])),
            "nan": [float("nan"), 1.0],
            "zoned": pl.Series([datetime(2024, 1, 1, 0, 30), datetime(2024, 6, 1)]).dt.replace_time_zone(
                "Europe/Paris"
            ),
        }
    )
    assert rows("small - 2 < 0", frame) == [0]
    assert rows("money > 2", frame) == [1]
    assert rows("kind = 'b' AND level LIKE 'h%'", frame) == [1]
    assert rows("nan > 0 OR nan IS NULL", frame) == [0, 1]
    assert rows("nan > 0", frame) == [1]
    assert rows("zoned < '2024-01-01'", frame) == [0]


def test_a_column_that_holds_one_value_throughout_keeps_the_frames_height() -> None:
    frame = pl.DataFrame({"n": [1, 2, 3]}).with_columns(site=pl.lit("a"), gone=pl.lit(None, dtype=pl.String))
    constant = frame.select("site", "gone")
    for where in ("'a' = site", "site = 'a'", "'' = coalesce(gone, '')", "'a' IN (coalesce(site, ''), NULL)", "1 = 1"):
        assert rows(where, constant) == [0, 1, 2]
        assert rows(where, frame) == [0, 1, 2]
    assert rows("site = 'b'", frame.clear()) == []


def test_a_predicate_names_its_columns_and_keeps_its_text() -> None:
    predicate = parse_predicate("light = 'night' AND (words > 20 OR \"a b\" IS NULL) AND year(taken) = 2024")
    assert predicate.columns == {"light", "words", "a b", "taken"}
    assert predicate.text.startswith("light = 'night'")


def test_the_same_text_is_the_same_predicate_and_survives_a_pickle() -> None:
    predicate = parse_predicate("words > 20")
    assert parse_predicate("words > 20") is predicate
    copied = pickle.loads(pickle.dumps(predicate))  # noqa: S301 - our own bytes
    assert copied == predicate
    assert copied.columns == {"words"}


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(PredicateError, match="found int"):
        parse_predicate(5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "where",
    [
        "(" * 5000,
        "(" * 100 + "rain" + ")" * 100,
        "NOT " * 2000 + "rain",
        "- " * 3000 + "words = 1",
        "words" + " + 1" * 2000 + " = 1",
        "abs(" * 1000 + "words" + ")" * 1000 + " = 1",
        "words IN (" + "1, " * 1000 + "1)",
        "words = 1 " + " " * 10_000,
        "case " * 1500,
        "rain AND (rain OR " * 200 + "rain" + ")" * 200,
    ],
)
def test_what_is_too_deep_or_too_long_is_an_error_and_never_a_crash(where: str) -> None:
    assert refusal(where)


def test_a_long_flat_predicate_is_fine() -> None:
    assert rows(" OR ".join(f"words = {number}" for number in range(650))) == [0, 1, 3]
    assert rows(" AND ".join("words > 0" for _ in range(650))) == [0, 1, 3]
    assert rows(f"words IN ({', '.join(str(number) for number in range(1000))})") == [0, 1, 3]
    assert rows(f"light LIKE '%{'_' * 9000}%'") == []


def test_no_function_of_sqlglot_is_allowed_but_those_that_are_named() -> None:
    allowed = {"LOWER", "UPPER", "LENGTH", "ABS", "ROUND", "COALESCE", "YEAR", "MONTH", "DAY", "HOUR", "DAYOFWEEK"}
    names = {name for function in exp.ALL_FUNCTIONS for name in function.sql_names()}
    accepted = set()
    for name in names | {"sleep", "pg_read_file", "load_extension", "readfile", "any", "all", "exists", "unnest"}:
        for arguments in ("words", "words, words", "*", "words, words, words", ""):
            try:
                parse_predicate(f"{name}({arguments}) = 1")
            except PredicateError:
                continue
            accepted.add(name)
    assert len(names) > 500
    assert accepted == allowed


WORDS = [
    "words", "share", "light", "rain", "taken", "seen", '"a b"', "nothing", "1", "-2.5", "1e400", "'x'", "'2024-01-01'",
    "NULL", "true", "(", ")", ",", "=", "<>", "<", ">=", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "ESCAPE",
    "IS", "+", "-", "*", "/", "%", "lower(", "abs(", "round(", "coalesce(", "extract(", "year", "FROM", "date", "CASE",
    "SELECT", "CAST(", "::", ";", "?", "||", "OVER", "interval", "WHEN", "END", "ANY", "EXISTS", "--", "/*", "DISTINCT",
    "AS", ".", "[", "@", "$1", "ARRAY", "struct(", "lambda", "->", "UNION", "VALUES", "AT TIME ZONE", "COLLATE",
]  # fmt: skip


@settings(max_examples=2000, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=60)))
@example("extract(year FROM year(taken)) = 1")
@example("VAR_MAP(words) = 1")
@example("words = 99999999999999999999999999")
def test_any_text_at_all_gives_a_column_of_truths_or_a_predicate_error(where: str) -> None:
    try:
        expression = parse_predicate(where).expression(FRAME.schema)
    except PredicateError:
        return
    found = FRAME.select(expression.alias("in"))["in"]
    assert found.dtype == pl.Boolean
    assert found.len() == FRAME.height
    assert found.null_count() == 0


def test_many_predicates_over_many_rows_are_quick() -> None:
    count = 100_000
    frame = pl.DataFrame(
        {"n": range(count), "x": [number / 7 for number in range(count)], "s": ["a", "b"] * (count // 2)}
    )
    wheres = [f"n % 50 = {k} AND x > {k} OR s LIKE '%{k}%'" for k in range(50)]
    expressions = [parse_predicate(where).expression(frame.schema).alias(str(k)) for k, where in enumerate(wheres)]
    masks = frame.select(expressions)
    assert masks.shape == (count, 50)
    assert masks["7"].sum() == sum(n % 50 == 7 and n / 7 > 7 for n in range(count))
