"""The planner: no smaller set reaches the target (all are tried), no cheaper one of that size, and it really reaches it."""

import json
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readiness_cases import ACTIVITIES, LEVELS

from plainview.readiness import load_framework, read_framework, score, smallest_plan, what_if
from plainview.readiness.planner import practice

MATURITY = load_framework("error-analysis")
ROBUSTNESS = load_framework("robustness")
TEST_SCORE = load_framework("test-score")
STEPS = st.one_of(st.none(), st.integers(0, 4))


def small(scoring, scale, sections, same, efforts):
    """A framework of a few questions: ``sections`` says how many in each, ``same`` which of them ask what EA12 asks."""
    numbers = iter(range(sum(sections)))
    bands = [{"name": "Low", "says": "low", "below": 1}, {"name": "High", "says": "high"}]
    parts = [
        {
            "name": f"Section {at}",
            "why": "It matters.",
            "counts": "A record.",
            "questions": [
                {"code": f"Q{n}", "title": f"Q{n}", "asks": "Is it?", "effort": efforts[n]}
                | ({"same_as": "EA12"} if n in same else {})
                for n in (next(numbers) for _ in range(size))
            ],
        }
        for at, size in enumerate(sections)
    ]
    whole = {
        "name": "small",
        "title": "Small",
        "source": {"title": "Ours", "link": "https://example.org"},
        "says_not": "Much.",
        "scoring": scoring,
        "scale": scale,
        "sections": parts,
        **({"bands": bands} if scoring in ("sum", "minimum") else {}),
    }
    return read_framework(json.dumps(whole))


def practices(framework):
    """Each set of questions that one step moves, once."""
    return sorted({tuple(sorted(practice(framework, code))) for code in framework.questions})


def brute_force(framework, have, wanted):
    """The fewest practices with which the target is reached, and the least effort of so few, by trying every set."""
    groups = practices(framework)
    for size in range(len(groups) + 1):
        efforts = [
            sum(max(framework.questions[code].effort for code in group) for group in chosen)
            for chosen in combinations(groups, size)
            if what_if(framework, have, {group[0]: 4 for group in chosen}).reaches(wanted)
        ]
        if efforts:
            return size, min(efforts)
    return None


@st.composite
def cases(draw):
    scoring, scale = draw(
        st.sampled_from(
            [*product(("sum", "minimum"), ("grades", "automation")), ("levels", "activity"), ("coverage", "gate")]
        )
    )
    sections = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    total = sum(sections)
    same = draw(st.sets(st.integers(0, total - 1), max_size=4))
    efforts = draw(st.lists(st.integers(1, 9), min_size=total, max_size=total))
    framework = small(scoring, scale, sections, same, efforts)
    have = {code: step for code in framework.questions if (step := draw(STEPS)) is not None}
    highest = int(2 * framework.highest)
    wanted = draw(st.integers(0, highest)) / 2 if scoring in ("sum", "minimum") else draw(st.integers(0, highest // 2))
    return framework, have, wanted


@settings(max_examples=150, deadline=None)
@given(cases())
def test_no_smaller_and_no_cheaper_set_reaches_the_target(case):
    framework, have, wanted = case
    plan = smallest_plan(framework, have, f"{wanted:g}")
    if wanted == 0 and framework.scoring != "levels":
        assert plan.steps == ()
        return
    assert (len(plan.steps), plan.effort) == brute_force(framework, have, wanted)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_steps_as_planned_reach_the_target_and_none_can_be_left_out_or_done_less(case):
    framework, have, wanted = case
    plan = smallest_plan(framework, have, f"{wanted:g}")
    aims = {step.code: framework.answers.mark(step.aim).low for step in plan.steps}
    if plan.steps:
        assert what_if(framework, have, aims).reaches(wanted)
        assert what_if(framework, have, aims).label == plan.after
    for code, aim in aims.items():
        without = {each: step for each, step in aims.items() if each != code}
        assert not what_if(framework, have, without).reaches(wanted)
        if aim > framework.answers.marks[1].low:
            lower = framework.answers.marks[framework.answers.marks.index(framework.answers.at(aim)) - 1].low
            assert not what_if(framework, have, {**aims, code: lower}).reaches(wanted)


@pytest.mark.parametrize("level", LEVELS)
def test_the_plan_to_a_level_is_every_activity_that_is_missing(level):
    names = list(LEVELS)
    needed = [code for name in names[: names.index(level) + 1] for code in LEVELS[name]]
    have = dict.fromkeys(ACTIVITIES[::2], 3)
    plan = smallest_plan(MATURITY, have, level)
    assert [step.code for step in plan.steps] == [code for code in needed if code not in have]
    assert plan.after == level


def test_of_the_robustness_score_the_largest_gains_come_first_and_no_more_is_asked_than_needed():
    have = dict.fromkeys(ROBUSTNESS.questions, 1) | {"RS2": 0, "RS20": 0}
    plan = smallest_plan(ROBUSTNESS, have, "Adequate")
    assert [(step.codes, step.now, step.aim) for step in plan.steps] == [
        (("RS7", "RS8"), "1", "4")
    ]  # one practice, twice
    assert (plan.before, plan.after) == ("20 of 88", "26 of 88")
    have |= {"RS7": 4, "RS8": 4, "RS2": 1, "RS20": 1}
    plan = smallest_plan(ROBUSTNESS, have, "41")
    assert (plan.before, plan.after, len(plan.steps)) == ("28 of 88", "41 of 88", 5)
    assert sorted(step.aim for step in plan.steps) == ["2", "4", "4", "4", "4"]


def test_one_practice_that_two_sections_ask_for_is_one_step():
    have = {code: 3 for code in TEST_SCORE.questions if code not in ("TD1", "TO2")}
    plan = smallest_plan(TEST_SCORE, have, "7")
    assert [step.codes for step in plan.steps] == [("TD1", "TO2")]
    assert plan.after == "7 of 7"


def test_what_does_not_apply_is_no_step_and_can_put_a_level_out_of_reach():
    plan = smallest_plan(MATURITY, {}, "L2", not_applicable=["EA7"])
    assert (plan.steps, plan.reason) == ((), "EA7 is said not to apply")
    assert smallest_plan(MATURITY, {}, "L1", not_applicable=["EA7"]).after == "L1"


def test_where_the_target_is_reached_there_is_nothing_to_do():
    assert smallest_plan(MATURITY, dict.fromkeys(ACTIVITIES, 3), "L4").steps == ()


def test_a_plan_of_every_question_is_found_at_once():
    plan = smallest_plan(load_framework("qa-coverage"), {}, "51 of 51")
    assert sum(len(step.codes) for step in plan.steps) == 51
    assert score(ROBUSTNESS, {}).value is None
    assert smallest_plan(ROBUSTNESS, {}, "88").after == "88 of 88"
