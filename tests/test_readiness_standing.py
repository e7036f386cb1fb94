"""One answer for several frameworks, contradictions, what a step moves elsewhere, and the history of a score."""

import json

import pytest
from readiness_cases import answer, in_days, question, release, small_root, small_store, standing, write  # noqa: F401

from plainview.readiness import Readiness, frameworks, load_framework
from plainview.readiness.bank import SHARED

OWN = """
name: our-rules
title: Our rules
source: {title: The handbook, link: "https://example.org/handbook"}
says_not: It does not say that the product is good.
scoring: coverage
scale: activity
sections:
  - name: Rules
    why: We learned it the hard way.
    counts: The ticket.
    questions:
      - {code: OR1, title: Watching, asks: Is production watched?, same_as: RS13}
      - {code: OR2, title: Tea, asks: Is there tea?}
"""
SCALE_OF = {code: framework.scale for framework in frameworks() for code in framework.questions}
NAME_OF = {code: framework.name for framework in frameworks() for code in framework.questions}
# What an answer on one scale is on another, of the answers that are most cautious: written by hand.
SAME = {
    ("activity", "yes"): {"grades": "3", "automation": "1", "activity": "yes"},
    ("activity", "partly"): {"grades": "1", "automation": "0", "activity": "partly"},
    ("activity", "no"): {"grades": "0", "automation": "0", "activity": "no"},
    ("grades", "4"): {"grades": "4", "automation": "1", "activity": "yes"},
    ("grades", "2"): {"grades": "2", "automation": "0.5", "activity": "partly"},
    ("grades", "1"): {"grades": "1", "automation": "0", "activity": "partly"},
    ("automation", "0.5"): {"grades": "2", "automation": "0.5", "activity": "partly"},
    ("automation", "1"): {"grades": "3", "automation": "1", "activity": "yes"},
}


@pytest.mark.parametrize("row", SHARED, ids=lambda row: row[0])
def test_one_answer_serves_every_framework_that_asks_the_same(store, row):
    given = {"grades": "4", "activity": "yes", "automation": "0.5"}[SCALE_OF[row[0]]]
    answer(store, NAME_OF[row[0]], **{row[0]: given})
    for code in row:
        found = question(standing(store, NAME_OF[code]), code)
        assert found.mark == SAME[SCALE_OF[row[0]], given][SCALE_OF[code]], code
        assert [each.code for each in found.answers] == [row[0]]


@pytest.mark.parametrize(("scale", "given"), SAME)
def test_an_answer_is_read_on_every_scale_as_the_table_says(store, scale, given):
    row = ("EA6", "RS13", "TO7")
    code = next(each for each in row if SCALE_OF[each] == scale)
    answer(store, NAME_OF[code], **{code: given})
    found = {SCALE_OF[each]: question(standing(store, NAME_OF[each]), each).mark for each in row}
    assert found == SAME[scale, given]


def test_answers_that_agree_are_no_contradiction_and_the_finer_one_counts(store):
    answer(store, EA6="yes")
    answer(store, "robustness", RS13="4")
    row = question(standing(store, "robustness"), "RS13")
    assert (row.mark, row.contradictions) == ("4", ())
    assert question(standing(store), "EA6").mark == "yes"


def test_answers_that_cannot_both_be_right_are_shown_in_both_frameworks_and_the_cautious_one_counts(store):
    answer(store, EA6="yes")
    answer(store, "robustness", RS13="1", actor="eve")
    for name, code, mark in (
        ("error-analysis", "EA6", "partly"),
        ("robustness", "RS13", "1"),
        ("test-score", "TO7", "0"),
    ):
        found = standing(store, name)
        assert question(found, code).mark == mark
        [said] = found.contradictions
        assert said.startswith("EA6 and RS13 ask the same and are answered differently: “yes” to EA6 (ada, ")
        assert "“1” to RS13 (eve, " in said


def test_the_same_person_contradicting_themselves_is_shown_until_they_answer_again(store):
    answer(store, EA6="no")
    answer(store, "robustness", RS13="4")
    assert len(standing(store, "robustness").contradictions) == 1
    answer(store, EA6="yes")
    assert standing(store, "robustness").contradictions == ()
    assert question(standing(store, "robustness"), "RS13").mark == "4"


def test_said_not_to_apply_in_one_and_done_in_another_is_a_contradiction(store):
    answer(store, EA6={"answer": "not applicable", "reason": "It runs once"})
    answer(store, "robustness", RS13="3")
    assert len(standing(store).contradictions) == 1
    assert question(standing(store, "robustness"), "RS13").claimed == "not applicable"


def test_an_expired_answer_contradicts_nothing(root, store):
    answer(store, EA6="no")
    release(root, "1.2", "2026-03-01")
    answer(store, "robustness", RS13="4")
    found = question(standing(store), "EA6")
    assert (found.mark, found.contradictions, len(found.answers)) == ("yes", (), 2)


def test_a_teams_own_question_shares_its_answer_both_ways(tmp_path, store):
    (tmp_path / "own.yaml").write_text(OWN)
    own = load_framework(tmp_path / "own.yaml")
    answer(store, EA6="yes")
    assert question(standing(store, own), "OR1").mark == "yes"
    answer(store, str(tmp_path / "own.yaml"), OR1="no", OR2="yes", actor="eve")
    found = standing(store, "test-score")
    assert question(found, "TO7").mark == "0"
    assert found.contradictions[0].startswith("EA6 and OR1 ask the same")
    assert standing(store, own).claimed.label == "1 of 2"


def test_a_plan_names_what_each_step_moves_and_the_scores_that_change(store):
    readiness = Readiness(store, "reviews")
    plan = readiness.plan("error-analysis", "L1")
    steps = {step.code: step for step in plan.steps}
    assert set(steps) == {"EA1", "EA3", "EA4", "EA6"}
    assert steps["EA6"].moves == ("RS13", "TO7")
    assert steps["EA4"].moves == ()
    assert steps["EA6"].how.startswith("plainview monitor BATCH")
    assert {name: (before, after) for name, before, after in plan.moves}["robustness"] == (
        "2 of 88 (not ready)",
        "5 of 88 (not ready)",
    )


def test_carrying_a_plan_out_really_gives_the_level(store):
    plan = Readiness(store, "reviews").plan("error-analysis", "L3")
    write(store, *(step.code for step in plan.steps))
    assert standing(store).evidenced.label == plan.after == "L3"


def test_what_if_shows_the_score_without_writing_anything(store):
    readiness = Readiness(store, "reviews")
    assert readiness.what_if("error-analysis", {"EA1": 3}).label == "L0"
    assert readiness.what_if("robustness", {"EA6": 3}).value == readiness.what_if("robustness", {}).value + 3
    assert store.events("reviews") == []


def test_plans_start_from_evidence_where_there_could_be_some_and_from_claims_elsewhere(store):
    answer(store, "robustness", RS13="4", RS16="4", RS4="4")
    steps = standing(store, "robustness").steps
    assert "RS13" not in steps  # monitored, they say, and the store has never seen a batch
    assert steps["RS16"] == 4  # no artifact could show it
    assert steps["RS4"] == 4  # artifacts agree


def test_at_the_top_there_is_no_next_step(store):
    write(store, *(f"EA{number}" for number in range(1, 14)))
    found = standing(store)
    assert (found.evidenced.label, found.next_plan, found.next_step) == ("L4", None, "")


def test_a_standing_of_an_earlier_moment_leaves_out_what_came_later(store):
    answer(store, EA1="yes", EA2="yes")
    before = Readiness(store, "reviews").facts.now
    write(store, "EA1")
    assert standing(store, now=before).evidenced.label == "below L0"
    assert standing(store, now=in_days(1)).evidenced.label == "L0"
    assert standing(store, now=before).claimed.label == "L0"


@pytest.mark.parametrize("framework", [each.name for each in frameworks()])
def test_a_standing_is_plain_values_with_claimed_beside_evidenced(store, framework):
    found = json.loads(json.dumps(standing(store, framework).to_dict(), allow_nan=False))
    assert {"claimed", "evidenced", "questions", "says_not", "next", "sentence"} <= found.keys()
    assert all({"code", "claimed", "evidenced", "can_be_evidenced"} <= row.keys() for row in found["questions"])
    assert found["claimed"]["value"] is None
    assert "not assessed by anyone" in found["sentence"]
