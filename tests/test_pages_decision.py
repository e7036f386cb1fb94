"""The page of the decision, the line with which the report opens, and comments: what is shown, and who may write."""

from datetime import UTC, date, datetime, timedelta

import pytest
import streamlit as st
from page_reading import live, open_page, prose, tables
from page_stores import LIVE, bar, frame, publish, specification

from plainview.comments import comment
from plainview.decisions import decide, decisions_of
from plainview.narrative.demands import long_date
from plainview.store import open_store
from plainview.waivers import waivers_of

PAGE = "release/decision"
CONDITION = {"condition": "Watch refunds", "owner": "care team", "until": "2999-01-31"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "store"))


@pytest.fixture
def store(tmp_path):
    publish(tmp_path / "store", specification("small", requirements=[bar("all", 0.95)]), frame(60), frame(40))
    return open_store(tmp_path / "store")


@pytest.fixture
def eve(monkeypatch):
    """The reader is eve, who published nothing."""
    monkeypatch.setenv("LOGNAME", "eve")


def visit(page=PAGE, **asked):
    shown = open_page(page, **({"project": "small", "release": "1.1"} | asked))
    assert not shown.exception
    return shown


def decided(store, decision="go", **changes):
    return decide(store, "small", "1.1", decision, **{"reason": "Customers wait", "actor": "eve"} | changes)


def test_the_report_opens_with_the_decision_or_that_there_is_none(store):
    assert "Nobody has decided on 1.1." in prose(visit("release/report"))
    decided(store)
    said = prose(visit("release/report"))
    [place] = [number for number, text in enumerate(said) if "Go for 1.1, decided by eve on " in text]
    assert place < next(number for number, text in enumerate(said) if text.startswith("0 of 1 requirement"))


def test_the_page_says_what_was_decided_on_which_gate_and_its_conditions(store):
    decided(store, "conditional go", conditions=[CONDITION])
    page = visit()
    said = prose(page)
    assert [each.value for each in page.header][0].startswith("Go with conditions for 1.1, decided by eve on ")  # noqa: RUF015
    assert "When it was decided, 1.1 failed the gate." in said
    assert any("Watch refunds (owner: care team, until 31 January 2999)" in text for text in said)
    frozen = tables(page)[-1]
    assert frozen["When it was decided"].to_list() == frozen["Today"].to_list()


def test_what_moved_since_is_said_and_the_decision_stays(store, tmp_path):
    decided(store)
    publish(tmp_path / "store", specification("small", requirements=[bar("all", 0.95)]), frame(30), releases=("1.1",))
    page = visit()
    assert "the evidence has moved since" in page.header[0].value
    assert any("was replaced by a new revision" in text for text in prose(page))
    frozen = tables(page)[-1]
    assert frozen["When it was decided"][-1] != frozen["Today"][-1]
    assert "▲" in " ".join(each.value for each in visit("release/report").markdown[:3])


def test_what_is_not_met_fails_on_every_page_and_what_the_gate_only_tells_stands_apart(tmp_path):
    wanted = [bar("all", 0.5), bar("all", 0.95, priority="should", number=2)]
    publish(tmp_path / "store", specification("small", requirements=wanted), frame(60), frame(40))
    for page in (visit(), visit("release/report")):
        [mark] = [each.value for each in page.markdown if "should" in each.value and "badge" in each.value]
        assert "■ Fail" in mark
    said = prose(visit())
    assert "Nothing stands against it." in said
    assert any(text.startswith("Open as well") for text in said)


def test_a_condition_whose_day_is_over_shows(store):
    given = {"conditions": [CONDITION | {"until": "2020-06-30"}], "today": date(2020, 1, 1)}
    decided(store, "conditional go", **given)
    page = visit()
    assert "1 condition is past the day" in page.header[0].value
    assert any("was due on 30 June 2020" in text for text in prose(page))


def test_who_published_the_release_is_told_that_someone_else_decides(store):
    page = visit()
    assert any("nobody signs off their own work" in each.value for each in page.text)
    assert not [each for each in page.button if each.label == "Decide"]


def test_an_approver_decides_on_what_they_saw(store, eve):
    page = visit()
    next(each for each in page.text_area if each.label == "Why").set_value("We are ready")
    page.segmented_control[0].set_value("go")
    next(each for each in page.button if each.label == "Decide").click().run()
    assert not page.exception
    [made] = decisions_of(store, "small", "1.1")[0]
    assert (made.by, made.decision, made.reason) == ("eve", "go", "We are ready")
    assert page.header[0].value.startswith("Go for 1")


def test_a_conditional_go_needs_its_conditions_and_keeps_them(store, eve):
    page = visit()
    page.segmented_control[0].set_value("conditional go")
    next(each for each in page.text_area if each.label == "Why").set_value("Nearly")
    next(each for each in page.button if each.label == "Decide").click().run()
    assert "needs at least one condition" in page.error[0].value
    next(each for each in page.text_input if each.label == "Condition 1").set_value("Watch refunds")
    next(each for each in page.button if each.label == "Decide").click().run()
    assert page.error[0].value.startswith("The owner of a condition: found empty text")
    next(each for each in page.text_input if each.label == "Who sees to condition 1").set_value("care team")
    until = datetime.now(UTC).date() + timedelta(days=30)
    next(each for each in page.date_input if each.label == "Condition 1 until").set_value(until)
    next(each for each in page.button if each.label == "Decide").click().run()
    assert not page.exception
    [made] = decisions_of(store, "small", "1.1")[0]
    assert [(each.condition, each.owner, each.until) for each in made.conditions] == [
        ("Watch refunds", "care team", until)
    ]


def test_without_a_choice_or_a_reason_nothing_is_decided(store, eve):
    page = visit()
    next(each for each in page.button if each.label == "Decide").click().run()
    assert [each.value for each in page.error] == ["Say first what you decide: Go, Go with conditions, No-go."]
    page.segmented_control[0].set_value("no-go")
    next(each for each in page.button if each.label == "Decide").click().run()
    assert [each.value for each in page.error] == [
        "The reason of a decision: found empty text; expected at least one character."
    ]
    assert store.events("small") == []


def test_an_open_requirement_is_waived_where_it_is_decided_on(store):
    page = visit()
    next(each for each in page.button if each.label == "Waive it").click().run()
    assert page.error[0].value == "Say first which requirement."
    next(each for each in page.selectbox if each.label == "Requirement").set_value("R-1")
    for label, text in (("Who answers for it", "team a"), ("Why the release may go out without it", "Fixed in 1.2")):
        next(each for each in page.text_input if each.label == label).set_value(text)
    until = datetime.now(UTC).date() + timedelta(days=30)
    next(each for each in page.date_input if each.label == "Its last day").set_value(until)
    next(each for each in page.button if each.label == "Waive it").click().run()
    assert not page.exception
    [waiver] = waivers_of(store, "small")[0]
    assert (waiver.requirement, waiver.owner, waiver.until) == ("R-1", "team a", until)
    assert any("waived by" in text and f"until {long_date(until)}" in text for text in prose(page))
    assert not [each for each in page.button if each.label == "Waive it"]


def test_earlier_decisions_stay_and_the_latest_counts(store):
    decided(store, "no-go", reason="Not yet")
    decided(store, actor="mia")
    page = visit()
    assert "decided by mia" in page.header[0].value
    assert any("No-go, decided by eve" in text for text in prose(page))


def test_live_text_in_a_decision_or_a_comment_stays_text(store):
    given = {"conditions": [CONDITION | {"condition": LIVE[2], "owner": LIVE[1]}], "reason": LIVE[0], "actor": LIVE[3]}
    decided(store, "conditional go", **given)
    comment(store, "small", "1.1", "requirement", "R-1", LIVE[2], actor=LIVE[1])
    for page in (PAGE, "release/report", "release/requirements"):
        assert live(visit(page)) == []


@pytest.mark.parametrize(
    ("page", "asked", "subject", "name"),
    [
        ("release/requirements", {}, "requirement", "R-1"),
        ("release/behaviours", {"scenario": "all"}, "scenario", "all"),
    ],
)
def test_comments_are_shown_and_made_where_the_thing_is(store, page, asked, subject, name):
    comment(store, "small", "1.0", subject, name, "Is that enough?", actor="ada")
    shown = visit(page, **asked)
    assert [each.proto.popover.label for each in shown.get("popover")] == ["1 comment"]
    assert any(text.startswith("ada on ") and text.endswith(", of 1.0") for text in prose(shown))
    next(each for each in shown.text_area if each.label.startswith("Your comment")).set_value("It is.")
    next(each for each in shown.button if each.label == "Say it").click().run()
    assert not shown.exception
    assert [each.proto.popover.label for each in shown.get("popover")] == ["2 comments"]
    assert store.events("small", kind="comment")[-1].body == {"subject": subject, "name": name, "text": "It is."}
