"""The pages of readiness, used as people use them: assess, come back, disagree, submit; and see what can be believed."""

import polars as pl
import pytest
import streamlit as st
from page_reading import address, charts, open_page, prose, read, tables
from readiness_cases import answer, release, small_root, write  # noqa: F401
from test_readiness_report import OWN

from plainview.readiness import Readiness, drafts_of, load_framework
from plainview.store import open_store, who

HERE = {"project": "reviews", "release": "1.1"}
EA = "error-analysis"


@pytest.fixture(autouse=True)
def at_root(root, monkeypatch, tmp_path):
    """The small store of the tests of readiness, seen with empty caches."""
    monkeypatch.setenv("PLAINVIEW_STORE", str(root))
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "cache"))
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def store(root):
    return open_store(root)


def assess(**asked):
    return open_page("readiness/assess", **HERE, **asked)


def press(page, label):
    """Press the button that begins with a label."""
    [button] = [each for each in page.button if read(each.label).startswith(label)]
    return button.click().run()


def area(page, label):
    """The box of several lines with a label."""
    return next(each for each in page.text_area if each.label == label)


def drafts(root, actor=None):
    facts = Readiness(open_store(root), "reviews").facts
    return drafts_of(facts, load_framework(EA), actor=actor or who())


def test_an_answer_is_a_draft_at_once_and_leads_to_the_next_open_question(root):
    page = assess()
    assert "Question 1 of 13" in " ".join(prose(page))
    page = press(page, "**yes**")
    assert address(page)["question"] == "EA2"
    assert {code: reply.answer for code, reply in drafts(root).items()} == {"EA1": "yes"}


def test_a_closed_browser_loses_nothing(root):
    press(press(assess(), "**yes**"), "**no**")
    page = assess()  # another session: another machine
    assert read(page.header[0].value) == "13 questions. 11 of 13 are open; 2 answers wait to be submitted."
    assert "Question 3 of 13" in " ".join(prose(page))


def test_what_stands_beside_an_answer_is_kept_with_it_and_changed_at_once(root):
    page = assess(question="EA3")
    area(page, "Note").set_value("Irony, see the notes").run()
    area(page, "Links, one a line").set_value("https://example.org/a\nhttps://example.org/b").run()
    page.number_input[0].set_value(30).run()
    page.checkbox[0].check().run()
    press(page, "**yes**")
    kept = drafts(root)["EA3"]
    assert (kept.note, kept.links) == ("Irony, see the notes", ("https://example.org/a", "https://example.org/b"))
    assert (kept.days, kept.every_release) == (30, True)
    again = assess(question="EA3")
    assert area(again, "Note").value == "Irony, see the notes"
    area(again, "Note").set_value("Irony").run()
    assert drafts(root)["EA3"].note == "Irony"


def test_what_does_not_apply_needs_a_reason(root):
    page = assess(question="EA7")
    page = press(page, "Keep")
    assert "needs a reason" in " ".join(prose(page))
    assert drafts(root) == {}
    area(page, "Why it does not apply").set_value("No label to flip").run()
    press(page, "Keep")
    assert (drafts(root)["EA7"].answer, drafts(root)["EA7"].reason) == ("not applicable", "No label to flip")


def test_a_link_that_is_none_is_said_and_nothing_is_written(root):
    page = assess(question="EA1")
    area(page, "Links, one a line").set_value("javascript:alert(1)").run()
    page = press(page, "**yes**")
    assert "expected an address that begins with https://" in " ".join(prose(page))
    assert drafts(root) == {}


def test_suggestions_are_the_last_answer_else_what_artifacts_show_and_are_taken_over_with_one_press(root, store):
    write(store, "EA1", "EA13")
    page = press(assess(), "Take over")
    assert {code: reply.answer for code, reply in drafts(root).items()} == {
        "EA1": "yes", "EA2": "yes", "EA5": "yes", "EA9": "partly", "EA13": "yes",
    }  # fmt: skip
    assert drafts(root)["EA13"].evidence == tuple(each.id for each in store.events("reviews", kind="data tests"))
    assert "8 of 13 are open; 5 answers wait" in read(page.header[0].value)


def test_all_at_once_keeps_what_is_chosen(root):
    page = assess(view="all")
    picks = [each for each in page.segmented_control if each.key.startswith("assess_pick")]
    assert len(picks) == 13
    picks[2].set_value("partly").run()
    assert drafts(root)["EA3"].answer == "partly"


def test_the_review_shows_what_changes_and_what_no_artifact_shows_and_submitting_says_the_level(root):
    answer(open_store(root), actor=who(), EA1="no")
    for code, given in {"EA1": "yes", "EA2": "yes", "EA3": "yes"}.items():
        press(assess(question=code), f"**{given}**")
    page = assess(view="review")
    assert tables(page)[0].select("Code", "Before", "Now", "Evidenced").rows() == [
        ("EA1", "no", "yes", "○ not answered"),
        ("EA2", "no answer", "yes", "● met"),
        ("EA3", "no answer", "yes", "○ not answered"),
    ]
    assert any("Claimed, and not shown by artifacts: EA1 and EA3." in text for text in prose(page))
    page = press(page, "Submit 3 answers")
    assert read(page.header[0].value).startswith("3 answers submitted. ")
    assert "evidenced below L0" in read(page.header[0].value)
    assert any("Next: EA1" in text for text in prose(page))
    assert drafts(root) == {}


def test_two_people_who_submit_at_once_are_both_kept_and_the_page_says_so(root):
    press(assess(question="EA1"), "**yes**")
    mine = assess(view="review")
    answer(open_store(root), actor="ben", EA1="no")  # while the review is open
    page = press(mine, "Submit 1 answer")
    assert any("ben and " in text and "submitted at once. Both are kept" in text for text in prose(page))
    assert len(open_store(root).events("reviews", kind="assessment")) == 2


def test_who_submitted_meanwhile_is_named_before_one_submits(root):
    page = press(assess(question="EA1"), "**yes**")
    answer(open_store(root), actor="ben", EA1="no")
    page = press(page, "Review and submit")
    assert any("ben submitted while you were answering" in text for text in prose(page))


def test_several_raters_are_shown_with_how_far_they_are_apart(root):
    answer(open_store(root), actor="ada", EA3={"answer": "yes", "note": "On the wiki"})
    answer(open_store(root), actor="ben", EA3="no")
    text = " ".join(prose(assess(question="EA3")))
    assert "Others: ada “yes”" in text
    assert "They are apart, from no to yes (2 people); the most cautious counts." in text
    assert "ada: On the wiki" in text


def test_an_expired_answer_is_shown_as_expired_and_does_not_count(root):
    store = open_store(root)
    answer(store, EA1="yes", EA2="yes", actor="ada")
    release(root, "1.2", "2026-03-01")
    page = open_page("readiness/maturity", project="reviews")
    assert read(page.header[0].value) == "Not assessed by anyone, evidenced below L0."
    assert any("EA1, Training and test data are split: the answer has expired" in text for text in prose(page))
    shown = dict(tables(page)[-1].select("Code", "Claimed").rows())
    assert shown["EA1"] == "▼ evidence expired"


def test_a_claim_above_the_evidence_is_shown_as_claimed_and_deleting_an_artifact_lowers_what_is_evidenced(root):
    store = open_store(root)
    answer(store, **dict.fromkeys(("EA1", "EA2", "EA3", "EA4", "EA5", "EA6"), "yes"))
    [event] = write(store, "EA1")["EA1"]
    page = open_page("readiness/maturity", **HERE)
    assert read(page.header[0].value).startswith("Claimed L1, evidenced L0. Claimed, and not shown by artifacts: EA3")
    [path] = (root / "events").rglob(f"{event.id}.json")
    path.unlink()
    st.cache_resource.clear()
    page = open_page("readiness/maturity", **HERE)
    assert read(page.header[0].value).startswith("Claimed L1, evidenced below L0.")


def test_a_what_if_is_in_the_address_and_writes_nothing(root):
    page = open_page("readiness/maturity", **HERE, target="L1")
    steps = tables(page)[0]["Step"].to_list()
    page = open_page("readiness/maturity", **HERE, target="L1", done="~".join(steps))
    assert any(text.startswith("Then: L1.") for text in prose(page))
    assert open_store(root).events("reviews") == []


def test_an_unknown_target_question_or_framework_is_an_error_with_the_nearest(root):
    assert "L4" in open_page("readiness/maturity", **HERE, target="L9").header[0].value
    assert "EA9" in read(assess(question="EA99").header[0].value)
    assert "robustness" in read(assess(kind="robustnes").header[0].value)


@pytest.mark.parametrize(
    ("kind", "title", "drawn"),
    [
        ("robustness", "ML System Robustness Score, 1.1", 1),
        ("test-score", "ML Test Score, 1.1", 1),
        ("mltrl", "Technology readiness level (MLTRL), 1.1", 1),
        ("qa-coverage", "Quality-assurance coverage, 1.1", 2),
        ("quality-culture", "Working rules of a quality culture, 1.1", 1),
    ],
)
def test_every_framework_has_its_own_picture_and_says_what_it_does_not_say(kind, title, drawn):
    page = open_page("readiness/scorecards", **HERE, kind=kind)
    assert read(page.title[0].value) == title
    over_time = 2  # by release, and perhaps by quarter
    assert drawn + 1 <= len(charts(page)) <= drawn + over_time
    assert load_framework(kind).says_not in prose(page)


def test_a_teams_own_framework_is_a_scorecard_and_is_assessed(root, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "house.yaml").write_text(OWN)
    monkeypatch.setenv("PLAINVIEW_FRAMEWORKS", str(tmp_path / "own"))
    page = press(assess(kind="house-rules"), "**yes**")
    page = press(page, "Submit 1 answer")
    assert read(page.header[0].value) == "1 answer submitted. Claimed 1 of 1, nothing evidenced."
    assert read(open_page("readiness/scorecards", **HERE, kind="house-rules").title[0].value) == "House rules, 1.1"


def test_the_portfolio_is_narrowed_sorted_and_compared(root):
    answer(open_store(root), EA1="yes", EA2="yes", EA3="yes")
    page = open_page("readiness/portfolio")
    [row] = tables(page)[0].to_dicts()
    assert (row["Maturity"], row["Decision"]) == ("claimed L0, evidenced below L0", "none yet")
    assert any("2 answers are not shown by artifacts that could" in text for text in prose(page))
    assert not page.selectbox
    page.session_state["filters"] = True  # the button is pressed
    boxes = page.run().selectbox
    assert [box.label for box in boxes] == ["State", "Owner", "Order", "Compare quarter", "With"]
    page = open_page("readiness/portfolio", quarter=boxes[-1].value)
    assert tables(page)[0]["Evidenced moved"].to_list() == ["the same"]
    assert tables(open_page("readiness/portfolio", search="revi"))[0].height == 1
    none = open_page("readiness/portfolio", search="nothing like it")
    assert any("No project has all that is asked for above." in text for text in prose(none))


def test_the_newest_decision_on_the_latest_release_is_in_the_portfolio(root):
    store = open_store(root)
    for body, of in (
        ({"decision": "go"}, "1.1"),
        ({"decision": "conditional go"}, "1.1"),
        ({"decision": "no-go"}, "1.0"),
    ):
        store.append_event("decision", "reviews", release=of, body=body, actor="cara")
    assert tables(open_page("readiness/portfolio"))[0]["Decision"].to_list() == ["conditional go (cara)"]


def test_a_card_is_written_on_the_page_and_holds_the_level_down(root):
    page = open_page("readiness/scorecards", **HERE, kind="mltrl")
    page.text_input[0].set_value("tokenizer")
    page.text_input[1].set_value("ada")
    for box, text in zip(page.text_area, ("Reviews", "Medical notes", "Reviews of 2026", ""), strict=True):
        box.set_value(text)
    page = press(page, "Keep the card")
    cards = next(each for each in tables(page) if "Component" in each.columns)
    assert cards.select("Component", "Owner", "Level").rows() == [("tokenizer", "ada", 0)]
    assert isinstance(cards, pl.DataFrame)
