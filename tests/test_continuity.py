"""Two years at 98%: the page's sentences say what is behind a line that does not move."""

import polars as pl
import pytest
from history_cases import MONTHS, RENEWED, publish_two_years, release_of

from plainview import narrative, open_store
from plainview.breaks import releases_where, unbroken
from plainview.comparison import compare_evaluations
from plainview.continuity import continuity
from plainview.history import history, history_on
from plainview.mix import mix
from plainview.specification import load_specification


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years") / "store"
    publish_two_years(folder)
    return open_store(folder)


@pytest.fixture(scope="module")
def line(store):
    return store.releases("two-years")


@pytest.fixture(scope="module")
def rows(store, line):
    return history(store, line)


def test_as_published_every_release_has_98_percent(rows):
    assert rows.filter(scenario="all", metric="accuracy")["value"].to_list() == [pytest.approx(0.98)] * MONTHS


def test_the_line_breaks_wherever_the_test_set_changed(rows):
    renewed = [release_of(month) for month in RENEWED]
    assert releases_where(rows.filter(scenario="all", metric="accuracy"), ["test set"]) == renewed
    assert unbroken(rows.filter(scenario="all", metric="accuracy"))["release"][0] == renewed[-1]


def test_it_is_told_whether_it_is_the_same_test_set_and_how_many_releases_it_judged(rows, line):
    said = narrative.continuity_statements(continuity(rows, line, "accuracy"), "accuracy")
    assert said[0] == (
        "The 24 releases were judged on 5 versions of the test set, which changed at 2023.07, 2023.12, 2024.05 and 2024.10; "
        "today's, of 500 examples, has judged 3 of them."
    )


def test_every_scenario_that_became_another_is_named_with_what_it_was(rows, line):
    said = narrative.continuity_statements(continuity(rows, line, "accuracy"), "accuracy")
    assert said[1:] == [
        "“Night” was redefined at 2024.02: hour >= 20 became hour >= 18.",
        "“No rain” was called “Dry” until 2024.02.",
        "“Large” was merged from “Vans” and “Trucks” at 2024.02: before, it has no value of its own.",
        "“Small by day” was split from “Small” at 2024.02: before, its values are those of “Small”.",
        "“Small by night” was split from “Small” at 2024.02: before, its values are those of “Small”.",
        "1 scenario of earlier releases is measured no more: “Fog”.",
    ]


def test_of_one_scenario_only_its_own_changes_are_told(rows, line):
    said = narrative.continuity_statements(continuity(rows, line, "accuracy"), "accuracy", scenario="Night")
    assert len(said) == 2
    assert said[1].startswith("“Night” was redefined")


def test_a_metric_that_is_measured_otherwise_is_told_and_breaks_its_lines_alone(rows, line):
    said = narrative.continuity_statements(continuity(rows, line, "macro_f1"), "macro_f1")
    assert (
        "Macro F1 was measured otherwise before 2024.02: by classes car, van, since then by classes car, truck, van."
        in said
    )
    broken = rows.filter(pl.col("breaks").list.contains("metric"))
    assert set(broken["metric"]) == {"macro_f1"}
    assert set(broken["release"]) == {"2024.02"}


def test_what_the_first_release_would_score_today_is_told_with_the_models_part(store, line):
    change = mix(store, line[0], line[-1])
    assert narrative.since_first(change, "accuracy", "", line[0].release, line[-1].release) == [
        "Of today's 500 examples 180 were in the test set of 2023.01: on those, by today's labels and definitions, "
        "2023.01 scores 100.0% and 2024.12 94.4%.",
        "So of accuracy going from 98.0% to 98.0%, −5.6 points from the model and +5.6 points from other examples.",
    ]


def test_scenarios_that_moved_underneath_are_named(store, line):
    compared = compare_evaluations(store, line[0], line[-1])
    specification = load_specification(store.specification_text(line[-1]))
    rows = [row for row in compared.results if row.metric == "accuracy"]
    assert narrative.underneath(rows, specification, compared) == (
        "On the 180 examples that both answered, pair by pair, from 2023.01 to 2024.12, accuracy got worse (100.0% to 94.4%); "
        "underneath, “Night” (−22.7 points) and “Large” (−5.8 points) got worse; 3 scenarios cannot be told."
    )


def test_judged_on_the_examples_that_all_answered_the_decline_shows(store, line):
    judged = history_on(store, line, line[-1], common=True).filter(scenario="all", metric="accuracy")
    assert set(judged["examples"]) == {180}
    assert judged["value"].to_list() == sorted(judged["value"], reverse=True)
    assert (judged["value"][0], judged["value"][-1]) == pytest.approx((1.0, 170 / 180))
    assert judged["breaks"].list.len().sum() == 0


def test_one_test_set_and_one_specification_are_told_to_be_the_same_throughout(store, line):
    last = line[RENEWED[-1] :]
    found = continuity(history(store, last), last, "accuracy")
    assert found.unbroken
    assert narrative.continuity_statements(found, "accuracy") == [
        "All 3 releases were judged on the same 500 examples, with the same labels.",
        "No scenario was redefined.",
    ]
