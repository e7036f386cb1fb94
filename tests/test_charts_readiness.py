"""The pictures of readiness: what is claimed and what is evidenced are never the same mark, and nothing missing looks good."""

import pytest
from readiness_cases import answer, small_root, small_store, standing, write  # noqa: F401

from plainview.charts import theme
from plainview.charts.claims import SIDES
from plainview.charts.outcomes import CLAIMED, EVIDENCED, OUTCOMES, Cell, grid
from plainview.charts.radar import radar
from plainview.charts.standings import NO_RADAR, Bar, over_time, pictures
from plainview.readiness import NAMES, load_framework, over_releases
from plainview.readiness.scales import OUTCOMES as WORDS
from plainview.ui.components import marked


def rows(drawing):
    return drawing[0]["datasets"]["rows"]


def test_every_outcome_has_a_mark_of_its_own_and_only_met_has_the_colour_of_pass():
    assert set(WORDS) < set(OUTCOMES)
    for place in (0, 1):
        assert len({row[place] for row in OUTCOMES.values()}) == len(OUTCOMES)
    assert [word for word, row in OUTCOMES.items() if row[2] == 0] == ["met"]
    assert marked("evidence expired") == "▼ evidence expired"


def test_claimed_and_evidenced_differ_in_colour_on_every_background():
    for colours in theme.PALETTE.values():
        assert len({colours[place] for place in SIDES.values()}) == 2


def test_the_matrix_asks_each_activity_of_its_level_and_of_those_above(store):
    [matrix] = pictures(standing(store))
    asked = {(row["row"].split()[0], row["column"]) for row in rows(matrix.drawing) if row["row"].startswith("EA")}
    per_level = [sum(column == level for _, column in asked) for level in ("L0", "L1", "L2", "L3", "L4")]
    assert per_level == [2, 6, 8, 10, 13]  # cumulated, as the source has them
    levels = [row for row in rows(matrix.drawing) if row["row"] == "The level"]
    assert {row["outcome"] for row in levels if row["side"] == CLAIMED} == {"not answered"}
    assert {row["outcome"] for row in levels if row["side"] == EVIDENCED} == {"not reached"}


def test_the_level_that_is_claimed_and_the_one_that_is_evidenced_stand_side_by_side(store):
    answer(store, **dict.fromkeys(("EA1", "EA2", "EA3", "EA4", "EA5", "EA6"), "yes"))
    write(store, "EA1")
    [matrix] = pictures(standing(store))
    reached = {
        (row["column"], row["side"]): row["outcome"] for row in rows(matrix.drawing) if row["row"] == "The level"
    }
    assert [reached[level, CLAIMED] for level in ("L0", "L1", "L2")] == ["met", "met", "not reached"]
    assert [reached[level, EVIDENCED] for level in ("L0", "L1", "L2")] == ["met", "not reached", "not reached"]


def test_the_ladder_has_a_rung_a_level_the_highest_on_top(store):
    [ladder] = pictures(standing(store, "mltrl"))
    rungs = list(dict.fromkeys(row["row"] for row in rows(ladder.drawing)))
    assert [rung.split(" ")[0] for rung in rungs] == [str(level) for level in range(9, -1, -1)]


def test_coverage_is_seven_by_six_with_how_much_stands_in_a_cell(store):
    answer(store, framework="qa-coverage", **{"QD1.testing": "yes"})
    matrix, practices = pictures(standing(store, "qa-coverage"))
    assert len({(row["row"], row["column"]) for row in rows(matrix.drawing)}) == 7 * 6
    cell = {
        row["side"]: row["number"]
        for row in rows(matrix.drawing)
        if (row["row"], row["column"]) == ("Correctness and accuracy", "Testing before deployment")
    }
    assert cell == {CLAIMED: "1", EVIDENCED: "1"}
    assert len(rows(practices.drawing)) == 9


def test_what_no_artifact_can_show_has_no_mark_of_evidence(store):
    practices = pictures(standing(store, "qa-coverage"))[1]
    assert {row["side"] for row in rows(practices.drawing)} == {CLAIMED}


def test_bars_name_the_weakest_and_the_score_of_a_minimum_shows_where_bands_begin(store):
    answers = {f"TD{number}": "1" for number in range(1, 8)} | {"TM1": "0.5", "TI1": "1", "TO1": "1"}
    answer(store, framework="test-score", **answers)
    [bars] = pictures(standing(store, "test-score"))
    said = {row["name"]: row["label"] for row in rows(bars.drawing) if row["side"] == CLAIMED}
    assert said == {
        "Data": "7 of 7",
        "Model": "0.5 of 7 · weakest",
        "Infrastructure": "1 of 7",
        "Monitoring": "2 of 7",  # TO2 asks the same as TD1
    }
    assert [line["at"] for line in bars.drawing[0]["datasets"]["lines"]] == [0, 1, 2, 3, 5]


def test_a_missing_answer_is_no_zero_points(store):
    [bars] = pictures(standing(store, "robustness"))
    assert {row["label"] for row in rows(bars.drawing) if row["side"] == CLAIMED} == {"no answer"}


def test_a_radar_is_drawn_where_every_question_has_an_answer_and_nowhere_else(store):
    codes = list(load_framework("robustness").questions)
    answer(store, framework="robustness", **dict.fromkeys(codes[:-1], "3"))
    [bars] = pictures(standing(store, "robustness"))
    assert NO_RADAR in bars.note
    answer(store, framework="robustness", **{codes[-1]: "1"})
    bars, around = pictures(standing(store, "robustness"))
    assert NO_RADAR not in bars.note
    claimed = [row for row in rows(around.drawing) if row["side"] == CLAIMED]
    assert len(claimed) == 6
    assert around.drawing[1].startswith("6 categories around a circle")


def test_a_point_of_a_radar_lies_as_far_out_as_its_share():
    found = [Bar(name, CLAIMED, share, f"{share}") for name, share in (("a", 1.0), ("b", 0.5), ("c", 0.0), ("d", 0.25))]
    drawn = rows(radar(found))
    assert [pytest.approx((row["x"] ** 2 + row["y"] ** 2) ** 0.5) for row in drawn] == [1.0, 0.5, 0.0, 0.25]
    assert (drawn[0]["x"], drawn[0]["y"]) == (0, 1)  # the first axis points up


@pytest.mark.parametrize("framework", NAMES)
def test_every_picture_has_a_sentence_that_says_the_same(store, framework):
    for picture in pictures(standing(store, framework)):
        assert picture.drawing[1].endswith(".")
        assert "claimed" in picture.drawing[1]


def test_lines_break_where_nothing_was_assessed_and_name_levels(store):
    answer(store, EA1="yes", EA2="yes")
    history = [(each.release, each) for each in over_releases(store, "reviews", "error-analysis")]
    drawing = over_time(history)
    values = {(row["time"], row["side"]): row["value"] for row in rows(drawing)}
    assert values == {("1.0", CLAIMED): None, ("1.1", CLAIMED): 0, ("1.0", EVIDENCED): -1, ("1.1", EVIDENCED): -1}
    assert drawing[1] == (
        "Error-analysis maturity, 1.0 to 1.1: claimed not assessed to L0; evidenced below L0 to below L0."
    )


def test_a_mark_counts_once_however_many_columns_ask_for_it():
    cells = [Cell("row", column, CLAIMED, "met", "EA1") for column in ("L0", "L1", "L2")]
    assert grid(cells, rows=["row"], columns=["L0", "L1", "L2"], what="Levels")[1] == (
        "Levels: claimed: 1 met; evidenced: 0 marks."
    )
