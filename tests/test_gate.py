"""The gate: three outcomes, what they follow from, and what the baseline had that nobody may drop without a word."""

from datetime import date

import pytest
from gate_cases import MUST, gates, own_gates  # noqa: F401
from page_stores import bar, frame, publish, specification
from verb_cases import demo, demo_store  # noqa: F401

from plainview.exceptions import InputError, NotFoundError, SpecificationError
from plainview.gate import assert_release, release_gate
from plainview.gate.findings import Finding
from plainview.report import release_report
from plainview.specification import GateRules, load_specification
from plainview.store import open_store
from plainview.waivers import waive


def judged(root, project, release="1.1", **more):
    return release_gate(open_store(root), project, release, **more)


def followed(gate):
    return [(row.kind, row.name, row.status, row.follows) for row in gate.findings]


# Outcomes


@pytest.mark.parametrize(
    ("project", "outcome", "code", "sentence"),
    [
        ("passes", "pass", 0, "1.1 passes the gate: the only requirement is met."),
        ("fails", "fail", 1, "1.1 fails the gate: accuracy on all examples at least 95% (not met)."),
        ("unproven", "not proven", 3, "1.1 is not proven: accuracy on all examples at least 83% (unproven)."),
        ("silent", "not proven", 3, "1.1 is not proven: no requirement is set, so nothing was asked."),
        ("should", "pass", 0, "1.1 passes the gate: 1 of 2 requirements is met; 1 thing to know is told below."),
    ],
)
def test_a_release_passes_fails_or_is_not_proven(gates, project, outcome, code, sentence):  # noqa: F811
    found = judged(gates, project)
    assert (found.outcome, found.exit_code, found.sentence) == (outcome, code, sentence)


def test_the_findings_are_the_standings_of_the_report_word_for_word(demo_store):  # noqa: F811
    found = release_gate(demo_store, "sentiment-afinn", "3.0.1")
    standings = release_report(demo_store, "sentiment-afinn", "3.0.1").standings
    said = {row.name: (row.status, row.sentence) for row in found.findings if row.kind == "requirement"}
    assert said == {row.id: (row.status, row.sentence) for row in standings}
    assert [row.follows for row in found.findings] == sorted(
        (row.follows for row in found.findings), key=["fail", "not proven", "report", "pass"].index
    )


def test_a_finding_is_in_the_state_that_the_report_shows_whatever_follows_from_it(gates, demo_store):  # noqa: F811
    found = {row.name: row for row in judged(gates, "should").findings}
    assert (found["S"].follows, found["S"].priority, found["S"].state) == ("report", "should", "Fail")
    report = release_report(demo_store, "sentiment-afinn", "5.0.2")
    shown = {row.id: row.state for row in report.standings} | {row.incident.name: row.state for row in report.incidents}
    findings = release_gate(demo_store, "sentiment-afinn", "5.0.2").findings
    assert {row.name: row.state for row in findings if row.name in shown} == shown


def test_a_scenario_that_got_worse_fails_and_what_was_not_measured_is_in_the_state_of_what_follows():
    state = {"worse": "Fail", "changed": "Watch", "dropped on purpose": "Watch", "missing": "Fail"}
    for status, shown in state.items():
        follows = "fail" if status == "missing" else "report"
        assert Finding("scenario", "A", "A", status, follows, "Said.").state == shown
    assert Finding("missing scenario", "A", "A", "missing", "report", "Said.").state == "Watch"


def test_what_follows_is_said_for_each_priority_by_the_specification(tmp_path):
    demands = [{**MUST, "id": "R", "at_least": 0.83}, {**MUST, "id": "S", "at_least": 0.95, "priority": "should"}]
    gate = {"not_met": {"should": "fail"}, "not_proven": {"must": "report"}}
    publish(tmp_path / "store", specification("ruled", requirements=demands, gate=gate), frame(60), frame(40))
    found = judged(tmp_path / "store", "ruled")
    assert followed(found) == [("requirement", "S", "not met", "fail"), ("requirement", "R", "unproven", "report")]
    assert found.outcome == "fail"


def test_rules_that_are_handed_over_replace_those_of_the_specification(gates):  # noqa: F811
    assert judged(gates, "fails", rules=GateRules(not_met={"must": "report"})).outcome == "pass"
    assert judged(gates, "unproven", rules=GateRules(not_proven={"must": "fail"})).outcome == "fail"


def test_what_is_waived_passes_and_fails_again_when_the_waiver_lapses(own_gates):  # noqa: F811
    given = {"owner": "team a", "reason": "The fix is in 1.2", "until": "2026-06-30", "actor": "ada"}
    waive(open_store(own_gates), "fails", "1.1", "R", **given, today=date(2026, 6, 1))
    inside, after = (judged(own_gates, "fails", today=date(2026, *day)) for day in ((6, 30), (7, 1)))
    assert (inside.outcome, inside.findings[0].status) == ("pass", "waived")
    assert inside.sentence == "1.1 passes the gate: 0 of 1 requirement are met, 1 waived."
    assert (after.outcome, after.findings[0].status) == ("fail", "not met")


def test_the_first_release_has_no_baseline_and_what_needs_one_is_not_proven(tmp_path):
    demands = [{**MUST, "id": "R", "no_worse_than": "previous"}]
    publish(tmp_path / "store", specification("first", requirements=demands), frame(60))
    found = judged(tmp_path / "store", "first", "1.0")
    assert (found.baseline, found.outcome, found.findings[0].status) == (None, "not proven", "no evidence")


# The baseline


@pytest.fixture
def line(tmp_path):
    """Four releases, of which the second is the best; each must not be worse than the previous one."""
    demanded = specification("line", requirements=[{**MUST, "id": "R", "no_worse_than": "previous"}])
    publish(tmp_path / "store", demanded, frame(80), frame(10), frame(70), frame(40))
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("asked", "baseline", "outcome"),
    [(None, "1.2", "pass"), ("previous", "1.2", "pass"), ("best", "1.1", "fail"), ("1.0", "1.0", "pass")],
)
def test_no_worse_than_previous_is_held_to_the_baseline_that_is_asked_for(line, asked, baseline, outcome):
    found = judged(line, "line", "1.3", baseline=asked)
    assert (found.baseline, found.outcome) == (baseline, outcome)
    assert f"compared with {baseline}" in found.findings[-1 if outcome == "pass" else 0].sentence


def test_the_specification_may_name_the_baseline(tmp_path):
    demanded = specification(
        "best", requirements=[{**MUST, "id": "R", "no_worse_than": "previous"}], gate={"baseline": "best"}
    )
    publish(tmp_path / "store", demanded, frame(10), frame(60), frame(60))
    assert (judged(tmp_path / "store", "best", "1.2").baseline) == "1.0"
    assert judged(tmp_path / "store", "best", "1.2", baseline="previous").baseline == "1.1"


def test_a_baseline_that_is_not_there_is_an_error_with_the_nearest_name(line):
    with pytest.raises(
        NotFoundError, match=r"no release 'prevoius' of 'line' to hold it against. Did you mean 'previous'"
    ):
        judged(line, "line", "1.3", baseline="prevoius")
    with pytest.raises(InputError, match=r"1\.3 cannot be its own baseline"):
        judged(line, "line", "1.3", baseline="1.3")


# What is missing

TWO = ("Understands the first kind", "Copes with the second")


def two(names=TWO, *, demands=(), **more):
    return specification("two", names=names, requirements=[bar("all", 0.5), *demands], **more)


SECOND = bar(f"{TWO[1]} (1)", 0.5, number=2)


def change(root, demanded):
    """Publish the first release with two scenarios and two requirements, and the second under another specification."""
    publish(root, two(demands=[SECOND]), frame(60, kinds=2), releases=("1.0",))
    publish(root, demanded, frame(40, kinds=2), releases=("1.1",))
    return judged(root, "two")


def test_a_requirement_and_a_scenario_that_were_dropped_without_a_word_fail(tmp_path):
    found = change(tmp_path / "store", two(TWO[:1]))
    assert found.outcome == "fail"
    assert followed(found)[:2] == [
        ("missing requirement", "R-2", "missing", "fail"),
        ("missing scenario", f"{TWO[1]} (1)", "missing", "fail"),
    ]
    assert "was there for 1.0 and is not in this specification" in found.findings[0].sentence
    assert "the requirement “R-2” is missing and the scenario “Copes with the second (1)” is missing" in found.sentence


def test_what_was_dropped_on_purpose_is_told_with_its_reason(tmp_path):
    dropped = [
        {"requirement": "R-2", "reason": "Nobody asks for it"},
        {"scenario": f"{TWO[1]} (1)", "reason": "Too few customers"},
    ]
    found = change(tmp_path / "store", two(TWO[:1], gate={"dropped": dropped}))
    assert found.outcome == "pass"
    told = [row for row in found.findings if row.follows == "report"]
    assert [row.status for row in told] == ["dropped on purpose"] * 2
    assert "dropped on purpose: “Nobody asks for it”" in told[0].sentence


def test_a_scenario_that_was_renamed_is_not_missing(tmp_path):
    demanded = two(demands=[{**SECOND, "scenario": "The other kind"}])
    demanded["behaviours"][1]["scenarios"][0] |= {"name": "The other kind", "was": [f"{TWO[1]} (1)"]}
    found = change(tmp_path / "store", demanded)
    assert not [row for row in found.findings if row.kind.startswith("missing")]


def test_a_scenario_that_has_lost_its_last_example_is_missing(tmp_path):
    publish(tmp_path / "store", two(), frame(60, kinds=2), releases=("1.0",))
    publish(tmp_path / "store", two(), frame(40, kinds=1), releases=("1.1",))
    found = judged(tmp_path / "store", "two")
    assert followed(found)[0] == ("missing scenario", f"{TWO[1]} (1)", "missing", "fail")
    assert "not one example of this test set is in it" in found.findings[0].sentence


def test_a_bar_that_was_lowered_is_told(tmp_path):
    found = change(tmp_path / "store", two(demands=[SECOND | {"at_least": 0.4, "priority": "could"}]))
    [told] = [row for row in found.findings if row.kind == "changed demand"]
    assert (told.follows, found.outcome) == ("report", "pass")
    assert "the bar moved from 50% to 40% with 1.1; a must until 1.1, a could since." in told.sentence


def test_a_scenario_that_got_worse_is_told_and_fails_where_the_rules_say_so(tmp_path):
    publish(tmp_path / "store", specification("lost", requirements=[bar("all", 0.5)]), frame(20), frame(80))
    found = judged(tmp_path / "store", "lost")
    worse = [row.name for row in found.findings if row.status == "worse"]
    assert (found.outcome, worse[0]) == ("pass", "all")
    assert judged(tmp_path / "store", "lost", rules=GateRules(worse="fail")).outcome == "fail"


# The rules in the specification


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("{not_mett: {must: fail}}", "unknown key 'not_mett'. Did you mean 'not_met'?"),
        ("{not_met: {must: fial}}", "found 'fial'. Did you mean 'fail'?"),
        ("{not_met: {musst: fail}}", "unknown key 'musst'. Did you mean 'must'?"),
        ("{dropped: [{requirement: R, scenario: x, reason: y}]}", "found both of requirement and scenario"),
        ("{dropped: [{requirement: R, reason: y}]}", "the requirement 'R' is still there"),
        ("{dropped: [{requirement: Q}]}", "'reason' is missing"),
    ],
)
def test_rules_that_cannot_be_understood_are_errors_with_their_place(gate, said):
    text = (
        "project: p\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
        f"requirements: [{{id: R, metric: accuracy, at_least: 0.5}}]\ngate: {gate}\n"
    )
    with pytest.raises(SpecificationError) as caught:
        load_specification(text)
    assert said in str(caught.value)
    assert "line 6" in str(caught.value)


# In a test


def test_an_assertion_says_what_fails(gates):  # noqa: F811
    with pytest.raises(AssertionError) as caught:
        assert_release(str(gates), "fails", "1.1")
    first, second = str(caught.value).splitlines()
    assert first == "1.1 fails the gate: accuracy on all examples at least 95% (not met)."
    assert second.startswith("  ■ R: [must] Accuracy on all examples at least 95%: not met, 83.3%")


def test_an_assertion_gives_the_gate_where_it_holds_and_may_let_what_is_not_proven_pass(gates):  # noqa: F811
    store = open_store(gates)
    assert assert_release(store, "passes", "1.1").outcome == "pass"
    assert assert_release(store, "unproven", "1.1", not_proven="pass").outcome == "not proven"
    with pytest.raises(AssertionError, match=r"1\.1 is not proven"):
        assert_release(store, "unproven", "1.1")
