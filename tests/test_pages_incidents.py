"""The page of incidents: the sentence, what nothing guards first, the test case to copy, and the form that reports one."""

import pytest
import streamlit as st
from incident_cases import answers_of
from page_reading import charts, live, open_page, prose, tables
from page_stores import LIVE, bar, publish, specification

from plainview.incidents import incidents_of, report_incident
from plainview.store import open_store

PAGE = "evidence/incidents"
GIVEN = {"owner": "language team", "actor": "ada"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "store"))


@pytest.fixture
def store(tmp_path):
    """Three releases: one incident came back in the last, which a test case guards; another is open, and nothing guards it."""
    pinned = specification("small", requirements=[bar("all", 0.1)])
    pinned["behaviours"].append({"name": "Guards", "scenarios": [{"name": "It happened", "ids": ["0000"]}]})
    publish(tmp_path / "store", pinned, *answers_of(False, True, False))
    opened = open_store(tmp_path / "store")
    report_incident(opened, "small", "It happened", what="A complaint.", ids=["0000"], severity="critical", **GIVEN)
    wrong = [each for each in ("0005", "0010") if each]
    report_incident(opened, "small", "Another", what="Two more.", ids=wrong, severity="low", **GIVEN)
    return opened


def visit(page=PAGE, **asked):
    shown = open_page(page, **({"project": "small"} | asked))
    assert not shown.exception
    return shown


def test_it_says_what_came_back_and_what_nothing_guards(store):
    [answer] = [each.value for each in visit().header]
    assert answer.startswith("“It happened” (in 1.2) came back; of 2 incidents 1 is ")
    assert answer.endswith("1 has no test case.")


def test_what_nothing_guards_comes_first_with_the_test_case_to_copy(store):
    page = visit()
    bold = [each.value.split("**")[1] for each in page.markdown if each.value.startswith("**INC-")]
    codes = {each.name: each.code for each in incidents_of(store, "small")[0]}
    assert bold == [f"{codes['Another']}:", f"{codes['It happened']}:"]
    assert "ids:\n" in page.code[0].value
    assert "- '0005'" in page.code[0].value


@pytest.mark.parametrize("path", ["release/report", "release/compare", "evidence/differences"])
def test_a_test_case_is_not_drawn_among_what_changed_and_that_is_said(store, path):
    page = visit(path, release="1.2")
    [drawn] = charts(page)
    assert "It happened" not in {row["name"] for row in drawn["datasets"]["rows"]}
    assert [text for text in prose(page) if text.startswith("1 test case is not drawn: ")]


def test_the_answers_are_drawn_release_by_release_and_said_in_words(store):
    page = visit()
    [drawn] = charts(page)
    code = next(each.code for each in incidents_of(store, "small")[0] if each.name == "It happened")
    states = [row["status"] for row in drawn["datasets"]["rows"] if row["id"] == code]
    assert states == ["wrong", "right", "wrong"]
    alt = page.get("vega_lite_chart")[0].proto.alt
    assert alt.startswith("2 incidents over 3 releases, 1.0 to 1.2. ")
    assert tables(page)[-1]["Status"].to_list()[1] == "came back"


def test_the_report_of_the_release_that_brings_it_back_names_it_first(store):
    page = visit("release/report", release="1.2")
    [headline] = [each.value for each in page.header]
    assert "it brings back the incident “It happened”" in headline
    assert any("came back in 1.2 after 1.1 had fixed it" in text for text in prose(page))
    assert not any("came back" in text for text in prose(visit("release/report", release="1.1")))


def fill(page, **values):
    for label, value in values.items():
        box = next(each for each in [*page.text_input, *page.text_area] if each.label.startswith(label))
        box.set_value(value)
    next(each for each in page.button if each.label == "Report it").click().run()
    assert not page.exception
    return page


def test_the_form_reports_under_the_readers_name_and_says_so(store):
    page = fill(visit(), Name="A third", What="It was wrong.", Owner="team", Its="0001, 0002")
    newest = incidents_of(store, "small")[0][0]
    assert (newest.name, newest.ids, newest.owner) == ("A third", ("0001", "0002"), "team")
    assert any(newest.code in text and "Nothing guards it" in text for text in prose(page))
    assert any("“A third”" in text for text in prose(page))


def test_what_the_form_cannot_use_is_said_and_nothing_is_written(store):
    before = store.events("small")
    page = fill(visit(), Name="A third", What="It was wrong.", Owner="team", Its="nowhere")
    assert next(each.value for each in page.error).startswith("'nowhere' is not in the test set of 1.2.")
    assert store.events("small") == before


def test_withdrawing_one_takes_it_from_the_page(store):
    page = visit()
    next(each for each in page.text_input if each.label.startswith("It was none")).set_value("A test")
    next(each for each in page.button if each.label == "Withdraw it").click().run()
    assert [each.name for each in incidents_of(store, "small")[0]] == ["It happened"]
    assert not any("“Another”" in text for text in prose(page) if text.startswith("INC-"))


def test_live_text_in_an_incident_stays_text(store):
    report_incident(store, "small", LIVE[0], what=LIVE[2], owner=LIVE[1], ids=["0003"], actor=LIVE[4])
    assert live(visit()) == []


def test_without_any_it_says_what_to_do(tmp_path):
    publish(tmp_path / "store", specification("small"), *answers_of(True))
    page = visit()
    assert [each.value for each in page.header] == ["No incident was reported."]
    assert any(each.label == "Report it" for each in page.button)
