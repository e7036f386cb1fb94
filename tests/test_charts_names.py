"""Names and colours in charts: long names stay apart, and a value that nothing is demanded of looks like no verdict."""

from itertools import pairwise

import pytest

from plainview.charts.estimates import estimates
from plainview.charts.forest import forest
from plainview.charts.rows import begun, clipped
from plainview.charts.theme import INK, STATES, VERDICTS, palette

SHARED = "Wherever customers write at length about a delivery that came late, "
RESULT = {
    "scenario": "all",
    "behaviour": None,
    "value": 0.8,
    "low": 0.7,
    "high": 0.9,
    "status": "measured",
    "reason": "",
}


@pytest.mark.parametrize("limit", [10, 11, 30, 60])
def test_long_names_that_differ_at_the_end_still_differ_when_they_are_clipped(limit):
    names = [clipped(SHARED + end, limit) for end in ("in German", "in French", "in Welsh")]
    assert all(one != other for one, other in pairwise(names))
    assert all(len(name) <= limit and "…" in name and name[0] == "W" for name in names)


def test_short_names_stay_and_sentences_are_cut_at_their_end():
    assert clipped("x" * 60) == "x" * 60
    assert begun("too few examples to say", 10) == "too few e…"


@pytest.mark.parametrize("draw", [estimates, forest])
def test_the_names_of_a_chart_lose_their_middle(draw):
    row = RESULT | {"state": "Measured", "difference": 0.1, "verdict": "better", "margin": None}
    spec, _ = draw([row], metric="accuracy")
    axes = [layer["encoding"]["y"]["axis"] for layer in spec["layer"] if "y" in layer["encoding"]]
    assert axes
    assert all("'…' + slice(datum.label, -" in axis["labelExpr"] for axis in axes)


def test_measured_is_grey_and_not_the_colour_of_a_verdict():
    assert STATES["Measured"][2] == STATES["No evidence"][2] != VERDICTS["equivalent"][2]
    domain = palette({word: place for word, (_, _, place) in STATES.items()}).to_dict()["domain"]
    places = {word: domain.index(word) % (INK + 1) for word in STATES}  # a scale begins its colours again at its end
    assert places == {word: place for word, (_, _, place) in STATES.items()}
    assert domain.index("ink") == INK
