"""Charts of thresholds and of stated probabilities: what is drawn, and what the sentence beside it says."""

import json

import numpy as np
import pytest

from plainview.charts.reliability import reliability as draw_reliability
from plainview.charts.thresholds import TITLES, thresholds
from plainview.scores import Scored
from plainview.thresholds import MEASURES, measures_at, reliability

AT = [0.0, 0.3, 0.5, 0.8, 1.0]


def rows(seed: int) -> Scored:
    rng = np.random.default_rng(seed)
    scores = rng.random(300)
    return Scored(f"{seed}.0", "spam", scores, rng.random(300) < scores, scores >= 0.5, 0)


@pytest.fixture(scope="module")
def sides() -> dict:
    return {f"{seed}.0": measures_at(rows(seed), AT).to_dicts() for seed in (2, 1)}


def test_every_measure_has_a_title():
    assert list(TITLES) == list(MEASURES)


def test_each_measure_of_each_release_is_drawn_in_its_own_row(sides):
    spec, _ = thresholds(sides, of="spam", at=0.5, in_use=0.5)
    drawn = spec["datasets"]["rows"]
    assert len(drawn) == 2 * len(TITLES) * len(AT)
    for place, title in enumerate(TITLES.values()):
        mine = [row for row in drawn if row["measure"] == title and row["y"] is not None]
        assert all(place < row["y"] < place + 1 for row in mine)
        assert all(row["high"] <= row["y"] <= row["low"] for row in mine)  # the axis points down
    assert {row["key"] for row in drawn if row["release"] == "2.0"} == {"now"}
    json.dumps(spec, allow_nan=False)


def test_a_higher_value_is_drawn_higher(sides):
    drawn = thresholds(sides, of="spam", at=0.5)[0]["datasets"]["rows"]
    recall = [row["y"] for row in drawn if (row["measure"], row["release"]) == ("Recall", "2.0")]
    assert recall == sorted(recall)  # it falls as the threshold rises


def test_the_heads_say_both_values_at_the_threshold_that_is_looked_at(sides):
    spec, alt = thresholds(sides, of="spam", at=0.3, in_use=0.5)
    now, before = (next(row for row in side if row["threshold"] == 0.3) for side in sides.values())
    recall = next(head for head in spec["datasets"]["heads"] if head["name"] == "Recall")
    assert recall["now"] == f"{100 * now['recall']:.1f}%  ·  {100 * before['recall']:.1f}% before"
    assert spec["datasets"]["marks"] == [{"at": 0.3}]
    assert spec["datasets"]["used"][0]["at"] == 0.5
    assert f"2.0 at 0.30: precision {100 * now['precision']:.1f}%, recall {100 * now['recall']:.1f}%" in alt


def test_without_a_baseline_and_a_threshold_in_use_nothing_of_them_is_drawn(sides):
    spec, alt = thresholds({"2.0": sides["2.0"]}, of="spam", at=0.5)
    assert spec["datasets"]["used"] == []
    assert "dashed" not in spec["title"]["text"]
    assert "before" not in json.dumps(spec["datasets"]["heads"])
    assert alt.count("at 0.50") == 1


def test_bands_are_drawn_beside_the_line_on_which_all_comes_true():
    bands = {name: reliability(rows(seed)).to_dicts() for seed, name in ((2, "2.0"), (1, "1.0"))}
    spec, alt = draw_reliability(bands, of="spam")
    assert spec["datasets"]["same"] == [{"at": 0}, {"at": 100}]
    drawn = spec["datasets"]["rows"]
    assert len(drawn) == sum(map(len, bands.values()))
    assert drawn[0]["stated"] == pytest.approx(100 * bands["2.0"][0]["stated"], abs=1e-4)
    assert all(row["low"] <= row["happened"] <= row["high"] for row in drawn)
    off = sum(not row["happened_low"] <= row["stated"] <= row["happened_high"] for row in bands["2.0"])
    assert f"2.0: 10 bands, {off} whose interval excludes what was stated." in alt
    json.dumps(spec, allow_nan=False)
