"""Answers: only ever added to, each with who and when; drafts that wait anywhere; expiry; two people at once."""

import json
import threading

import pytest
from readiness_cases import ROWS, SPECIFIED, answer, in_days, question, release, small_root, small_store, standing, yaml  # noqa: F401
from verb_cases import frame, put

from plainview.exceptions import InputError
from plainview.readiness import (
    Readiness,
    Reply,
    differences,
    drafts_of,
    given_answers,
    keep_draft,
    load_framework,
    read_answers,
    submit,
)
from plainview.store import open_store

MATURITY = load_framework("error-analysis")
ALL = dict.fromkeys(MATURITY.questions, "yes")


def facts(store):
    return Readiness(store, "reviews").facts


# Submitted


def test_an_answer_has_who_when_note_links_and_the_release_that_it_is_of(root, store):
    link = "https://example.org/splits"
    event = answer(store, EA1={"answer": "yes", "note": "By customer", "links": [link]}, EA2="no")
    [first, second] = given_answers(facts(open_store(root)))[0]
    assert (first.code, first.answer, first.by, first.note, first.links) == (
        "EA1",
        "yes",
        "ada",
        "By customer",
        (link,),
    )
    assert (first.release, first.event, first.at, first.expired) == ("1.1", event.id, event.at, "")
    assert (first.until - first.at.date()).days == 180
    assert (second.code, second.answer) == ("EA2", "no")
    assert json.loads(json.dumps(first.to_dict()))["code"] == "EA1"


def test_nothing_is_overwritten_and_each_persons_latest_answer_counts(store):
    answer(store, EA1="no", EA2="yes")
    answer(store, EA1="yes")
    answer(store, EA1="partly", actor="eve")
    assert len(store.events("reviews", kind="assessment")) == 3
    found = [(each.code, each.by, each.answer) for each in given_answers(facts(store))[0]]
    assert found == [("EA2", "ada", "yes"), ("EA1", "ada", "yes"), ("EA1", "eve", "partly")]


def test_of_several_people_the_most_cautious_counts_and_the_spread_is_shown(store):
    answer(store, "robustness", RS11="4", RS2="2")
    answer(store, "robustness", RS11="1", RS2="2", actor="eve")
    answer(store, "robustness", RS11="3", actor="kim")
    row = question(standing(store, "robustness"), "RS11")
    assert (row.mark, row.spread, row.claimed) == ("1", ("1", "3", "4"), "partly met")
    assert question(standing(store, "robustness"), "RS2").spread == ("2",)
    assert standing(store, "robustness").claimed.value == 3


def test_what_is_claimed_is_not_evidenced_by_being_claimed(store):
    answer(store, **ALL)
    found = standing(store)
    assert (found.claimed.label, found.evidenced.label) == ("L4", "below L0")
    assert found.sentence == "reviews 1.1, Error-analysis maturity: claimed L4; evidenced below L0."
    row = question(found, "EA4")
    assert (row.claimed, row.evidenced, row.unsupported) == ("met", "not answered", True)
    assert found.next_plan.target == "L0"
    assert found.next_step.startswith("Next: EA1, Training and test data are split. It leads to L0.")


def test_not_applicable_needs_a_reason_and_never_raises_a_level(store):
    answer(store, **{**ALL, "EA7": {"answer": "not applicable", "reason": "No labels to flip"}})
    found = standing(store)
    row = question(found, "EA7")
    assert (row.claimed, row.answers[0].reason, row.claimed_step) == ("not applicable", "No labels to flip", None)
    assert found.claimed.label == "L1"
    assert found.not_applicable == ("EA7",)
    with pytest.raises(InputError, match='"not applicable" needs a reason'):
        read_answers(yaml({"EA7": "not applicable"}), MATURITY)
    with pytest.raises(InputError, match='a reason belongs to "not applicable"'):
        read_answers(yaml({"EA7": {"answer": "yes", "reason": "x"}}), MATURITY)


def test_where_one_says_it_does_not_apply_and_another_that_it_is_done_nothing_counts(store):
    answer(store, EA7={"answer": "not applicable", "reason": "x"})
    answer(store, EA7="yes", actor="eve")
    row = question(standing(store), "EA7")
    assert (row.claimed, row.spread) == ("not applicable", ("yes", "not applicable"))
    answer(store, EA7="no", actor="kim")
    assert question(standing(store), "EA7").claimed == "not met"


def test_evidence_that_an_answer_names_must_be_in_the_store(store):
    one = store.evaluation("reviews", "1.1")
    answer(store, EA2={"answer": "yes", "evidence": [one.id]})
    assert question(standing(store), "EA2").answers[0].evidence == (one.id,)
    with pytest.raises(InputError, match="no evaluation or event 'x'"):
        answer(store, EA2={"answer": "yes", "evidence": ["x"]})
    assert len(store.events("reviews")) == 1


# Expiry


@pytest.mark.parametrize(("days", "expired"), [(0, False), (180, False), (181, True)])
def test_an_answer_expires_after_its_period_and_then_does_not_count(store, days, expired):
    answer(store, EA1="yes", EA2="yes")
    found = standing(store, now=in_days(days))
    assert found.claimed.label == ("not assessed" if expired else "L0")
    row = question(found, "EA1")
    assert row.claimed == ("evidence expired" if expired else "met")
    assert row.answers[0].expired == ("it held for 180 days" if expired else "")
    assert found.expired == (("EA1", "EA2") if expired else ())


def test_a_person_can_state_another_period(store):
    answer(store, EA1={"answer": "yes", "days": 10}, EA2="yes")
    assert standing(store, now=in_days(11)).expired == ("EA1",)


def test_an_answer_expires_when_another_release_is_the_latest(root, store):
    answer(store, EA1="yes", EA2={"answer": "yes", "every_release": True})
    release(root, "1.2", "2026-03-01")
    found = standing(store)
    assert found.expired == ("EA1",)
    assert question(found, "EA1").answers[0].expired == "it was given for 1.1, and 1.2 is judged now"
    assert question(found, "EA2").claimed == "met"
    assert standing(store, release="1.1").expired == ()


def test_an_answer_expires_when_the_test_set_has_changed(root, store):
    answer(store, EA1="yes")
    rows = frame(label=["no"] * ROWS)
    put(rows, root, release="1.1", released="2026-02-01", specification=SPECIFIED)
    assert question(standing(store), "EA1").answers[0].expired == "the test set has changed since"


def test_answering_again_brings_an_expired_answer_back(root, store):
    answer(store, EA1="yes")
    release(root, "1.2", "2026-03-01")
    answer(store, EA1="yes")
    assert question(standing(store), "EA1").claimed == "met"


# Drafts


def test_a_draft_counts_for_nothing_and_waits_on_any_machine(root, store):
    keep_draft(facts(store), MATURITY, "EA1", Reply(answer="No"), actor="ada")
    keep_draft(facts(store), MATURITY, "EA1", Reply(answer="yes", note="After all"), actor="ada")
    keep_draft(facts(store), MATURITY, "EA2", Reply(answer="no"), actor="eve")
    elsewhere = facts(open_store(root))
    assert drafts_of(elsewhere, MATURITY, actor="ada") == {"EA1": Reply(answer="yes", note="After all")}
    assert drafts_of(elsewhere, load_framework("robustness"), actor="ada") == {}
    assert standing(store).claimed.value is None


def test_drafts_are_gone_when_their_person_submits_and_not_before(store):
    keep_draft(facts(store), MATURITY, "EA1", Reply(answer="yes"), actor="ada")
    answer(store, EA2="yes", actor="eve")
    mine = drafts_of(facts(store), MATURITY, actor="ada")
    assert list(mine) == ["EA1"]
    submit(facts(store), MATURITY, mine, actor="ada")
    assert drafts_of(facts(store), MATURITY, actor="ada") == {}
    assert len(store.events("reviews", kind="answer")) == 1


def test_a_review_before_submitting_shows_what_would_change(store):
    answer(store, EA1="yes", EA2="no", EA3="no")
    replies = {"EA2": Reply(answer="yes"), "EA1": Reply(answer="Yes"), "EA4": Reply(answer="no")}
    found = differences(facts(store), MATURITY, replies, actor="ada")
    assert [(each.code, each.before, each.after) for each in found] == [("EA2", "no", "yes"), ("EA4", None, "no")]


# Two people


def test_two_who_submit_at_once_are_both_kept_and_it_is_said(store):
    before = answer(store, EA1="partly", actor="kim")
    answer(store, EA1="yes", actor="ada", seen=before.id)
    answer(store, EA1="no", actor="eve", seen=before.id)
    found = standing(store)
    assert found.at_once == (
        "ada and eve submitted at once. Both are kept; where they differ the more cautious answer counts.",
    )
    row = question(found, "EA1")
    assert ({each.by for each in row.answers}, row.claimed) == ({"kim", "ada", "eve"}, "not met")
    answer(store, EA1="yes", actor="eve")
    assert standing(store).at_once == ()


def test_submitting_one_after_the_other_is_not_at_once(store):
    answer(store, EA1="yes", actor="ada")
    answer(store, EA1="no", actor="eve")
    assert standing(store).at_once == ()


def test_many_people_at_the_same_time_are_all_kept(root):
    ready = threading.Barrier(8)

    def one(name):
        there = facts(open_store(root))
        ready.wait()
        submit(there, MATURITY, {"EA1": Reply(answer="yes")}, actor=name)

    people = [f"person {number}" for number in range(8)]
    threads = [threading.Thread(target=one, args=(name,)) for name in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {each.by for each in given_answers(facts(open_store(root)))[0]} == set(people)


# What cannot be understood


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "framework"),
        (
            {
                "framework": "error-analysis",
                "scale": "activity",
                "test_set": "x",
                "answers": {"EA1": {"answer": "maybe"}},
            },
            "",
        ),
        ({"framework": "error-analysis", "scale": "moods", "test_set": "x", "answers": {"EA1": {"answer": "yes"}}}, ""),
        ({"framework": "error-analysis", "scale": "activity", "test_set": "x", "answers": "all yes"}, "answers"),
    ],
)
def test_a_submission_that_makes_no_sense_counts_for_nothing_and_is_named(store, body, field):
    event = store.append_event("assessment", "reviews", release="1.1", body=body)
    found = standing(store)
    assert found.claimed.value is None
    [unreadable] = found.unreadable
    assert event.id in unreadable.key
    assert field in unreadable.reason


def test_what_a_later_plainview_adds_is_passed_over(store):
    event = answer(store, EA1="yes")
    body = {**event.body, "mood": "good", "answers": {"EA1": {"answer": "no", "mood": "bad"}}}
    store.append_event("assessment", "reviews", release="1.1", body=body, actor="eve")
    assert question(standing(store), "EA1").claimed == "not met"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("answers:\n  EA1: yep\n", "a.yaml, line 2, column 8 (answers.EA1.answer): found 'yep'. Did you mean 'yes'?"),
        (
            "answers:\n  EA99: yes\n",
            "a.yaml, line 2, column 3 (answers.EA99): Error-analysis maturity has no question 'EA99'.",
        ),
        ("answers:\n  EA1:\n", "found nothing"),
        ("answers: {}\n", "a list that is not empty"),
        ("{}", "'answers' is missing"),
        ("framework: mltrl\nanswers: {EA1: yes}", "the answers are to 'mltrl'"),
        ("answers: {EA1: {answer: yes, link: x}}", "unknown key 'link'. Did you mean 'links'?"),
        ("answers: {EA1: {answer: yes, links: ['ftp://x']}}", "expected an address that begins with https://"),
        ("answers: {EA1: {answer: yes, days: 0}}", "1 or more"),
        ("answers: {EA1: yes, EA1: no}", "the key 'EA1' is given twice"),
        ("answers: [yes", "not YAML"),
        ("- yes", "expected a mapping"),
        ("", "found nothing; expected a mapping"),
    ],
)
def test_a_fault_in_a_file_of_answers_names_the_place_and_the_nearest_name(text, said):
    with pytest.raises(InputError) as caught:
        read_answers(text, MATURITY, name="a.yaml")
    assert said in str(caught.value)


def test_every_fault_of_a_file_is_named_at_once():
    with pytest.raises(InputError, match="3 errors in a"):
        read_answers("answers: {EA1: yep, EB2: no, EA3: perhaps}", MATURITY, name="a.yaml")


@pytest.mark.parametrize("replies", [{}, {"EA1": Reply(answer="maybe")}, {"RS1": Reply(answer="yes")}])
def test_what_cannot_be_submitted_is_not_written(store, replies):
    with pytest.raises(InputError):
        submit(facts(store), MATURITY, replies, actor="ada")
    assert store.events("reviews") == []
