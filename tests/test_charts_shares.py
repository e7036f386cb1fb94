"""The charts of errors: shares with their intervals, what was fixed and what broke, and sentences that say the same."""

import json

import pytest

from plainview.charts import theme
from plainview.charts.flips import flips
from plainview.charts.shares import shares

SHARES = [
    {"name": "night", "share": 0.5, "low": 0.3, "high": 0.7, "errors": 10, "examples": 20},
    {"name": "day", "share": 0.1, "low": None, "high": None, "errors": 2, "examples": 20},
    {"name": "dusk", "share": None, "low": None, "high": None, "errors": 0, "examples": 0},
]
FLIPS = [
    {"name": "night", "fixed": 6, "broke": 2, "examples": 40},
    {"name": "day", "fixed": 1, "broke": 0, "examples": 100},
    {"name": "dusk", "fixed": 0, "broke": 0, "examples": 0},
]


def test_shares_are_drawn_as_percentages_and_what_has_none_is_left_out():
    spec, said = shares(SHARES, what="wrong answers", of="class", whole=0.3)
    drawn = spec["datasets"]["rows"]
    assert [(row["name"], row["share"], row["low"], row["high"]) for row in drawn] == [
        ("night", 50.0, 30.0, 70.0),
        ("day", 10.0, None, None),
    ]
    assert drawn[0]["read"] == "10 of 20 (50.0%)"
    assert spec["datasets"]["whole"] == [{"whole": 30.0}]
    assert said == (
        "Wrong answers by class, as shares with their intervals: 2 rows. Highest: night 50.0%; lowest: day 10.0%. "
        "Of all examples 30.0%."
    )


def test_the_order_is_kept_and_what_is_too_much_is_said_to_be_left_out():
    many = [{**SHARES[0], "name": f"class {at}", "share": at / 100} for at in range(60)]
    spec, said = shares(many, what="errors", of="class", limit=5)
    [order] = {json.dumps(layer["encoding"]["y"]["sort"]) for layer in spec["layer"]}
    assert json.loads(order) == [f"class {at}" for at in range(5)]
    assert said.endswith("Drawn: the first 5 of 60.")
    assert "whole" not in spec["datasets"]


def test_fixed_and_broke_go_to_either_side():
    spec, said = flips(FLIPS)
    drawn = [(row["name"], row["side"], row["share"]) for row in spec["datasets"]["rows"]]
    assert drawn == [("night", "Fixed", 15.0), ("night", "Broke", -5.0), ("day", "Fixed", 1.0), ("day", "Broke", 0.0)]
    assert said == (
        "Fixed and broke by scenario, 2 scenarios. Most fixed: night, 6 of 40 (15.0%). Most broke: night, 2 of 40 (5.0%)."
    )


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_fixed_has_the_colour_of_a_gain_and_broke_that_of_a_loss(mode):
    spec, _ = flips(FLIPS, read=("Closer", "Further off"))
    domain, colours = spec["layer"][0]["encoding"]["color"]["scale"]["domain"], theme.PALETTE[mode]
    assert colours[domain.index("Closer")] == colours[theme.VERDICTS["better"][2]]
    assert colours[domain.index("Further off")] == colours[theme.VERDICTS["worse"][2]]


def test_nothing_to_draw_is_no_error():
    for spec, said in (shares([], what="errors", of="class"), flips([])):
        assert spec["datasets"]["rows"] == []
        assert said.endswith(".")
