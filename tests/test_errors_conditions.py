"""Conditions on columns: each is a where that can be read, holds what it says, and never looks at errors."""

from datetime import date

import polars as pl
import pytest

from plainview.errors.conditions import conditions_of
from plainview.membership import scenario_masks
from plainview.narrative.suggestions import condition_phrase
from plainview.predicates import parse_predicate
from plainview.specification import Scenario

N = 200
FRAME = pl.DataFrame(
    {
        "id": [str(at) for at in range(N)],
        "age": [at % 80 for at in range(N)],
        "price": [at / 7 for at in range(N)],
        "kind": ["a'b", "50%", "x_y", None] * (N // 4),
        "flag": [True, False] * (N // 2),
        "binary": [0, 1] * (N // 2),
        "day": [date(2026, 1, 1 + at % 28) for at in range(N)],
        "text": [f"the refund of order {at} is {'late ' * (at % 5)}" for at in range(N)],
        "order by": ["p", "q"] * (N // 2),
        'quo"te': ["r", "s"] * (N // 2),
        "bad\nname": ["t", "u"] * (N // 2),
        "only": ["same"] * N,
        "nested": [[at] for at in range(N)],
        "gap": [None if at % 2 else float("nan") for at in range(N)],
    }
)


@pytest.fixture(scope="module")
def found():
    return conditions_of(FRAME, FRAME.columns[1:], minimum=20)


def wheres(found, column):
    return [one.where for one in found[0] if one.column == column]


def test_every_condition_is_read_names_its_column_alone_and_holds_some_rows(found):
    conditions, _ = found
    masks = scenario_masks(FRAME, [Scenario(name=str(at), where=c.where) for at, c in enumerate(conditions)], "id")
    for condition, mask in zip(conditions, masks, strict=True):
        assert parse_predicate(condition.where).columns == {condition.column}
        assert mask.any(), condition.where
        assert condition_phrase(condition).startswith(("with", "whose"))


def test_numbers_are_cut_at_round_places(found):
    assert "age >= 40" in wheres(found, "age") or "age >= 30" in wheres(found, "age")
    assert all(one.split()[-1].count(".") == 0 for one in wheres(found, "price"))


def test_two_numbers_are_two_values_and_no_ranges(found):
    assert sorted(wheres(found, "binary")) == ["binary = 0", "binary = 1"]


def test_categories_are_quoted_whatever_they_hold_and_what_is_missing_is_a_condition(found):
    assert set(wheres(found, "kind")) == {"kind = 'a''b'", "kind = '50%'", "kind = 'x_y'", "kind IS NULL"}


def test_truths_and_dates_are_conditions(found):
    assert set(wheres(found, "flag")) == {"flag = true", "flag = false"}
    assert any(one.startswith("day >= date '2026-01-") for one in wheres(found, "day"))


def test_text_gives_lengths_and_words(found):
    assert "text ILIKE '%late%'" not in wheres(found, "text")  # in more than half of the cells
    assert any(one.startswith("length(text) <") for one in wheres(found, "text"))
    often = pl.DataFrame({"note": [f"{'refund please' if at % 4 == 0 else 'thank you all'} {at}" for at in range(N)]})
    assert "note ILIKE '%refund%'" in [one.where for one in conditions_of(often, ["note"], minimum=20)[0]]


def test_names_that_sql_would_not_take_are_quoted_or_said_to_be_left_out(found):
    assert "\"order by\" = 'p'" in wheres(found, "order by")
    assert '"quo""te" = \'r\'' in wheres(found, 'quo"te')
    assert found[1]["bad\nname"] == "its name cannot be written in a where"
    assert {"nested", "gap"} <= set(found[1])


def test_too_long_or_unprintable_values_make_no_condition():
    frame = pl.DataFrame({"kind": ["x" * 1000, "a\u202eb", "fine"] * 50})
    assert [one.where for one in conditions_of(frame, ["kind"], minimum=20)[0]] == ["kind = 'fine'"]
