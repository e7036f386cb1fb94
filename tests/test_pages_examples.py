"""Every number leads to its examples: what a page lists is exactly what the number counts, by an oracle in pandas."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from page_reading import address, open_page, tables
from page_stores import SCENARIOS, broken_stores, kinds_store
from streamlit.testing.v1 import AppTest
from verb_cases import SENTENCES, demo  # noqa: F401

from plainview.comparison import compare
from plainview.store import open_store

HERE = {"project": "sentiment-afinn", "release": "3.0.1"}


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def at_demo(demo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))


@pytest.fixture
def at_kinds(monkeypatch, tmp_path_factory):
    folder = kinds_store(tmp_path_factory.getbasetemp() / "page-stores")
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    return open_store(folder)


@pytest.fixture(scope="module")
def sentences() -> pd.DataFrame:
    """The demo's rows, with an index of ids and whether each release was right."""
    rows = pd.read_csv(SENTENCES, dtype={"id": str}).set_index("id")
    for release in ("2.1.0", "3.0.1"):
        rows[release] = rows[f"afinn_{release}"] == rows["label"]
    return rows


WHERE = {
    "all": lambda rows: rows["label"].notna(),
    "With a negation": lambda rows: rows["has_negation"] == 1,
    "Long and negated": lambda rows: (rows["has_negation"] == 1) & (rows["words"] > 20),
    "Yelp": lambda rows: rows["source"] == "yelp",
    "Unhappy with a negation": lambda rows: (rows["label"] == "negative") & (rows["has_negation"] == 1),
}


def listed(page: AppTest) -> list[str]:
    """The ids in the last table of the page; of all its sides where it has several."""
    ids = [*tables(page)[-1]["id"]]
    pages = page.get("pagination")
    for number in range(2, pages[-1].proto.num_pages + 1) if pages else ():
        ids += tables(page.get("pagination")[-1].set_value(number).run())[-1]["id"].to_list()
    return ids


def choices(page: AppTest) -> dict[str, int]:
    """What may be chosen, with the number of examples that each choice promises."""
    [control] = page.segmented_control
    found = (re.fullmatch(r"(.+) \(([\d,]+)\)", option.content) for option in control.proto.options)
    return {each[1]: int(each[2].replace(",", "")) for each in found}


def choose(page: AppTest, kind: str) -> AppTest:
    [control] = page.segmented_control
    return control.set_value(kind).run()


@pytest.mark.parametrize("scenario", WHERE)
@pytest.mark.parametrize(("kind", "right"), [("wrong", False), ("right", True)])
def test_a_scenario_lists_exactly_its_wrong_and_its_right_answers(at_demo, sentences, scenario, kind, right):
    expected = sentences[WHERE[scenario](sentences) & (sentences["3.0.1"] == right)]
    page = choose(open_page("release/behaviours", **HERE, scenario=scenario), kind)
    assert choices(page)[f"{kind.capitalize()} answers"] == len(expected)
    assert f"{len(expected):,} rows" in [each.value for each in page.caption]
    assert listed(page) == sorted(expected.index)


@pytest.mark.parametrize("scenario", WHERE)
@pytest.mark.parametrize("kind", ["fixed", "broke"])
def test_a_comparison_lists_exactly_what_was_fixed_and_what_broke(at_demo, demo, sentences, scenario, kind):  # noqa: F811
    changed = sentences["3.0.1"] & ~sentences["2.1.0"] if kind == "fixed" else sentences["2.1.0"] & ~sentences["3.0.1"]
    expected = sentences[WHERE[scenario](sentences) & changed]
    page = choose(open_page("release/compare", **HERE, scenario=scenario), kind)
    [row] = [
        row
        for row in compare(open_store(demo), HERE["project"], "2.1.0", "3.0.1").results
        if (row.scenario, row.metric) == (scenario, "accuracy")
    ]
    assert choices(page) == {"Broke": row.broke, "Fixed": row.fixed}
    assert getattr(row, kind) == len(expected)
    assert listed(page) == sorted(expected.index)


def test_the_recall_of_a_class_lists_examples_of_that_class_alone(at_demo, sentences):
    page = open_page("release/behaviours", **HERE, scenario="all", metric="recall[negative]")
    negative = sentences[sentences["label"] == "negative"]
    assert choices(page) == {
        "Wrong answers": (~negative["3.0.1"]).sum(),
        "Right answers": negative["3.0.1"].sum(),
        "All": len(negative),
    }
    changes = open_page("release/compare", **HERE, scenario="all", metric="recall[negative]")
    assert choices(changes) == {
        "Broke": (negative["2.1.0"] & ~negative["3.0.1"]).sum(),
        "Fixed": (~negative["2.1.0"] & negative["3.0.1"]).sum(),
    }
    assert listed(choose(changes, "fixed")) == sorted(negative[~negative["2.1.0"] & negative["3.0.1"]].index)


def test_each_metric_of_a_class_counts_the_examples_that_are_listed(at_kinds):
    """For every class and metric: right answers out of those listed is the metric's own value."""
    evaluation = at_kinds.evaluation("classes", "1.1")
    results = {row.metric: row for row in at_kinds.results(evaluation) if row.scenario == "all"}
    for metric, row in results.items():
        if "[" in metric:
            found = choices(open_page("release/behaviours", project="classes", scenario="all", metric=metric))
            hits = found.get("Wrong answers" if metric.startswith("false_positive") else "Right answers", 0)
            share = hits / found["All"]
            value = 2 * share / (1 + share) if metric.startswith("f1") else share
            assert (found["All"], value) == (row.of, pytest.approx(row.value)), metric


def test_regression_lists_what_came_closer_or_went_further_off_by_more_than_the_margin(at_demo, demo):  # noqa: F811
    page = open_page("release/compare", project="flight-delay", scenario="all")
    found = compare(open_store(demo), "flight-delay", "2013.06", "2013.09")
    [row] = [row for row in found.results if (row.scenario, row.metric) == ("all", "mae")]
    assert choices(page) == {"Further off": row.broke, "Closer": row.fixed}


def test_examples_without_an_answer_are_listed_as_such(at_kinds):
    page = open_page("release/behaviours", project="silent", scenario="Stays silent (1)")
    assert choices(page) == {"No answer": 120, "All": 120}
    assert set(tables(page)[-1]["outcome"]) == {"no answer"}


def test_what_a_chart_is_clicked_on_is_shown_as_a_step_of_the_history(at_demo):
    for path, key in (("release/behaviours", "estimates"), ("release/compare", "forest"), ("release/report", "forest")):
        page = open_page(path, **HERE)
        page.session_state[key] = SimpleNamespace(selection={"pick": [{"scenario": "Yelp"}]})
        page.run()
        assert address(page) == {**HERE, "scenario": "Yelp"}
        assert page.title[0].value.startswith("Yelp, 3.0.1")


def test_a_link_within_a_page_moves_its_address(at_demo):
    page = open_page("release/behaviours", **HERE)
    [link] = [each for each in page.button if "scenario=IMDb" in each.key]
    page = link.click().run()
    assert address(page) == {**HERE, "scenario": "IMDb"}
    assert page.title[0].value == "IMDb, 3.0.1"
    [back] = [each for each in page.button if each.label == "Every scenario →"]
    assert address(back.click().run()) == HERE


def test_another_project_forgets_what_belongs_to_this_one(at_demo):
    page = open_page("release/behaviours", **HERE, scenario="Yelp", metric="accuracy", baseline="2.1.0")
    page.selectbox(key="pick_project").select("flight-delay").run()
    assert address(page) == {"project": "flight-delay"}
    assert not page.exception


def test_another_release_keeps_the_scenario_and_the_metric(at_demo):
    page = open_page("release/behaviours", **HERE, scenario="Yelp", metric="recall[negative]")
    page.selectbox(key="pick_release").select("2.1.0").run()
    assert address(page) == {**HERE, "release": "2.1.0", "scenario": "Yelp", "metric": "recall[negative]"}
    assert page.title[0].value == "Yelp, 2.1.0"


def test_what_needs_attention_leads_to_the_examples_of_that_requirement(at_demo):
    page = open_page("release/report", **HERE)
    links = [each.proto.query_string for each in page.get("page_link") if each.proto.label.startswith("Look at")]
    assert "scenario=all&metric=recall%5Bnegative%5D" in links[0]
    assert "scenario=Yelp&metric=accuracy" in links[1]


def test_a_product_manager_sees_why_a_behaviour_matters_whose_it_is_and_what_its_scenarios_are(at_demo):
    shown = "\n".join(each.value for each in open_page("release/behaviours", **HERE).markdown)
    assert "A complaint that is not found is not answered. Owner: customer care." in shown
    assert re.search(r"Long and negated: \*\*57\.0%\*\* \(48\.8% to 64\.9%\), 142 examples", shown)
    assert "has\\_negation = 1 AND words \\> 20" in shown


def test_the_most_urgent_behaviour_comes_first(at_demo):
    texts = [each.value for each in open_page("release/behaviours", **HERE).markdown]
    marks = [re.search(r"\[[●▲■○◆] ([\w ]+)\]", text) for text in texts]
    order = [each[1] for each in marks if each][1:]  # after all examples
    firsts = [order[0], order[3], order[6]]  # of the first three behaviours
    assert firsts == ["Fail", "Watch", "Watch"]


def test_300_scenarios_are_all_there_and_the_page_stays_small(at_kinds):
    page = open_page("release/behaviours", project="crowded")
    assert tables(page)[0].height == SCENARIOS + 1
    assert sum(1 for _ in page.main) < 400
    compared = open_page("release/compare", project="crowded")
    assert tables(compared)[0].height == SCENARIOS + 1
    assert sum(text.count("\n- ") + 1 for text in (each.value for each in compared.markdown) if text[:2] == "- ") <= 40


def test_one_damaged_project_does_not_hide_the_others(monkeypatch, tmp_path_factory):
    folder = broken_stores(tmp_path_factory.getbasetemp() / "page-stores")["predictions"]
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    page = open_page("readiness/portfolio")
    met = dict(tables(page)[0].select("Project", "Requirements met").rows())
    assert met == {"Title of bad": "cannot be read", "Title of good": "1 of 1"}
    assert any("Title of bad: release 1.1 cannot be read" in each.value for each in page.markdown)


def test_a_damaged_release_leads_to_the_one_before_it(monkeypatch, tmp_path_factory):
    folder = broken_stores(tmp_path_factory.getbasetemp() / "page-stores")["predictions"]
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    page = open_page("release/compare", project="bad", release="1.1")
    ways = {each.proto.label: each.proto.query_string for each in page.get("page_link")}
    assert ways["Go to 1.0 →"] == "project=bad&release=1.0"
    assert "Every project →" in ways


def test_shares_of_traffic_above_all_of_it_are_said_so_and_change_nothing(at_kinds):
    page = open_page("evidence/exposure", project="hostile")
    before = page.header[0].value
    for slider in page.slider[:2]:
        slider.set_value(90)
    page.run()
    assert page.header[0].value == before
    assert any("Shares cannot be more than 100% together" in each.value for each in page.markdown)


def test_which_examples_and_which_page_of_them_are_in_the_address(at_demo):
    page = open_page("release/behaviours", **HERE, scenario="all", kind="right", page="2")
    assert page.segmented_control[0].value == "right"
    assert set(tables(page)[-1]["outcome"]) == {"right"}
    second = tables(page)[-1]["id"].to_list()
    page = page.get("pagination")[-1].set_value(3).run()
    assert address(page) == {**HERE, "scenario": "all", "kind": "right", "page": "3"}
    assert not set(second) & set(tables(page)[-1]["id"])
    page = choose(page, "wrong")
    assert address(page) == {**HERE, "scenario": "all", "kind": "wrong"}  # another list begins with its first page


@pytest.mark.parametrize("asked", [{"page": "99"}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"kind": "nonsense"}])
def test_a_page_or_a_kind_that_is_not_there_is_the_nearest_that_is(at_demo, asked):
    page = open_page("release/behaviours", **HERE, scenario="Yelp", **asked)
    assert not page.exception
    assert tables(page)[-1].height > 0


def test_the_behaviour_that_is_looked_at_is_in_the_address_and_goes_along(at_kinds):
    wanted = "Copes with situation 3"
    page = open_page("release/behaviours", project="crowded", behaviour=wanted)
    assert tables(page)[0].height == 1 + 10
    assert page.header[0].value.startswith("1 of 11 scenarios has a requirement")
    [link] = [each for each in page.get("page_link") if each.proto.label == "Compare"]
    assert "behaviour=Copes+with+situation+3" in link.proto.query_string
    cleared = page.selectbox(key="pick_behaviour").set_value(None).run()
    assert "behaviour" not in address(cleared)
    assert tables(cleared)[0].height == SCENARIOS + 1


def test_an_unknown_behaviour_is_an_error_with_the_nearest_name(at_kinds):
    page = open_page("release/behaviours", project="crowded", behaviour="Copes with situation 33")
    assert page.title[0].value == "There is no such behaviour"
    assert "Did you mean" in page.header[0].value


def test_an_example_that_is_marked_is_shown_in_full_and_prose_stands_beside_the_id(at_demo, sentences):
    page = open_page("release/behaviours", **HERE, scenario="Yelp")
    shown = tables(page)[-1]
    assert shown.columns[:3] == ["id", "text", "label"]
    key = page.dataframe[-1].proto.id.rsplit("-", 1)[-1]
    page.session_state[key] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    page = page.run()
    written = [each.value for each in page.markdown]
    assert any(sentences.loc[shown["id"][2], "text"][:20] in text.replace("\\", "") for text in written)


def test_the_threshold_that_is_picked_is_in_the_address(at_kinds):
    page = open_page("evidence/thresholds", project="chances")
    assert page.header[0].value.startswith("At the threshold in use, 0.50, 1.1 finds 83.3%")
    page = page.select_slider[0].set_value(0.9).run()
    assert address(page)["threshold"] == "0.9"
    assert page.header[0].value.startswith("At a threshold of 0.90 1.1 finds 0.0%")
    again = open_page("evidence/thresholds", project="chances", threshold="0.9")
    assert again.header[0].value == page.header[0].value
    odd = open_page("evidence/thresholds", project="chances", threshold="nonsense", scenario="all")
    assert odd.header[0].value.startswith("At the threshold in use")


def test_an_unknown_class_is_an_error_with_the_nearest_name(at_kinds):
    page = open_page("evidence/thresholds", project="chances", **{"class": "yess"})
    assert page.title[0].value == "There is no such class"
    assert "Did you mean 'yes'?" in page.header[0].value


def test_a_project_without_probabilities_is_told_what_to_publish(at_kinds):
    page = open_page("evidence/thresholds", project="bare")
    assert "probabilities:" in page.code[0].value
    other = open_page("evidence/thresholds", project="boxes")
    assert any("The task of boxes is detection." in each.value for each in other.text)


def test_a_project_that_is_picked_in_the_portfolio_opens_its_report(at_kinds):
    page = open_page("readiness/portfolio")
    shown = tables(page)[0]
    row = shown["Project"].to_list().index("Title of bare")
    page.session_state["portfolio_Report"] = {"row": row, "label": "Read"}
    page = page.run()
    assert page.title[0].value == "Title of bare, 1.1"
    assert address(page) == {"project": "bare", "release": "1.1"}
