"""Decisions: by someone who did not publish the release, on evidence frozen by digest; what moves since is said."""

import json
from datetime import date

import pytest
from cli_cases import run
from gate_cases import MUST
from page_stores import frame, publish, specification
from verb_cases import listing

import plainview
from plainview.decisions import approved, decide, decisions_of, evidence_of, latest, moved
from plainview.exceptions import AccessError, InputError, NotFoundError
from plainview.gate import release_gate
from plainview.incidents import report_incident
from plainview.narrative.decisions import decision_sentence
from plainview.readiness import Readiness, load_framework
from plainview.store import open_store
from plainview.waivers import waive

TODAY = date(2026, 12, 1)
GIVEN = {"reason": "Customers wait for it", "actor": "eve", "today": TODAY}
CONDITION = {"condition": "Watch refunds", "owner": "care team", "until": "2027-01-31"}
DEMANDS = [{**MUST, "id": "R", "at_least": 0.7}, {**MUST, "id": "S", "at_least": 0.95}]


@pytest.fixture
def root(tmp_path):
    """Three releases that meet R and do not meet S."""
    publish(tmp_path / "store", specification("small", requirements=DEMANDS), frame(60), frame(40), frame(30))
    return tmp_path / "store"


@pytest.fixture
def store(root):
    return open_store(root)


def decided(store, decision="go", release="1.2", **changes):
    return decide(store, "small", release, decision, **{**GIVEN, **changes})


def moves(store, decision, *, today=TODAY):
    return moved(decision.evidence, evidence_of(store, "small", decision.release, today=today))


# Who decides, and what is kept


def test_a_decision_is_kept_with_its_reason_its_conditions_and_its_evidence(store):
    made = decided(store, "conditional go", conditions=[CONDITION])
    [found] = decisions_of(store, "small", "1.2")[0]
    assert found == made
    assert (found.by, found.decision, found.state) == ("eve", "conditional go", "Watch")
    assert found.conditions[0].until == date(2027, 1, 31)
    evaluation = store.evaluation("small", "1.2")
    frozen = found.evidence
    assert frozen.evaluations == {"default": evaluation.id}
    assert frozen.specification == evaluation.specification.sha256
    assert frozen.requirements == {"R": "met", "S": "not met"}
    assert (frozen.baseline, frozen.gate) == ("1.1", "fail")
    assert all(len(digest) == 64 for digest in (frozen.results, frozen.comparison, frozen.digest))


def test_who_published_a_release_may_not_decide_on_it_nor_who_published_a_revision(store, root, monkeypatch):
    publisher = store.evaluation("small", "1.2").actor
    with pytest.raises(AccessError, match=r"published small 1\.2 and may not decide on it"):
        decided(store, actor=publisher)
    monkeypatch.setenv("LOGNAME", "ada")
    plainview.publish(frame(29), specification=specification("small"), release="1.2", store=root)
    assert {one.actor for one in store.revisions("small", "1.2")} == {publisher, "ada"}
    for person in (publisher, "ada"):
        with pytest.raises(AccessError):
            decided(store, actor=person)


def test_a_later_decision_is_a_new_one_and_the_latest_counts(store):
    first = decided(store, "no-go", reason="Too many complaints")
    second = decided(store, "go", actor="mia")
    assert latest(store, "small", "1.2") == second
    assert decisions_of(store, "small", "1.2")[0] == [second, first]
    assert latest(store, "small", "1.1") is None


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"decision": "go!"}, InputError, "There is no decision 'go!'. Did you mean 'go'?"),
        ({"decision": "conditional go"}, InputError, "'conditional go' needs at least one condition"),
        ({"conditions": [CONDITION]}, InputError, "'go' has no conditions"),
        ({"reason": " "}, InputError, "The reason of a decision: found empty text"),
        ({"release": "1.22"}, NotFoundError, "Did you mean '1.2'?"),
        ({"seen": "0" * 64}, InputError, "The evidence has moved since you looked at it"),
        (
            {"decision": "conditional go", "conditions": [CONDITION | {"until": "2026-11-30"}]},
            InputError,
            "must end today",
        ),
        ({"decision": "conditional go", "conditions": [CONDITION | {"until": "soon"}]}, InputError, "yyyy-mm-dd"),
        (
            {"decision": "conditional go", "conditions": [CONDITION | {"owner": ""}]},
            InputError,
            "The owner of a condition",
        ),
        (
            {"decision": "conditional go", "conditions": [{"owner": "a"}]},
            InputError,
            "The condition of a condition: it is missing",
        ),
    ],
)
def test_what_cannot_be_decided_is_an_error_and_nothing_is_written(store, root, changes, kind, said):
    before = listing(root)
    with pytest.raises(kind) as caught:
        decided(store, **changes)
    assert said in str(caught.value)
    assert listing(root) == before


def test_an_event_that_decides_nothing_is_named(store):
    store.append_event("decision", "small", release="1.2", body={"go": True})
    there, unreadable = decisions_of(store, "small", "1.2")
    assert (there, len(unreadable)) == ([], 1)
    assert "It decides nothing" in unreadable[0].reason


# What moves


def test_the_same_evidence_has_the_same_digest_and_nothing_has_moved(store, root):
    made = decided(store)
    assert evidence_of(open_store(root), "small", "1.2", today=TODAY) == made.evidence
    assert moves(store, made) == []
    assert decided(store, seen=made.evidence.digest).decision == "go"


def test_a_new_revision_is_said(store, root):
    made = decided(store)
    plainview.publish(frame(8), specification=specification("small", requirements=DEMANDS), release="1.2",
                      released="2026-03-01", store=root)  # fmt: skip
    said = moves(store, made)
    assert "Its evaluation on “default” was replaced by a new revision." in said
    assert "S was not met and is unproven now." in said or "S was not met and is met now." in said
    assert any(each.startswith("The gate said fail when it was decided, and says ") for each in said)


def test_a_new_baseline_other_demands_and_a_revision_of_the_baseline_are_said(store, root):
    made = decided(store)
    given = {"specification": specification("small", requirements=DEMANDS[:1]), "store": root}
    plainview.publish(frame(35), release="1.1", released="2026-02-01", **given)
    assert moves(store, made) == ["1.1, which it is compared with, has a new revision."]
    plainview.publish(frame(35), release="1.15", released="2026-02-15", **given)
    assert "It is compared with 1.15 now, and was with 1.1." in moves(store, made)
    plainview.publish(frame(30), release="1.2", released="2026-03-01", **given)
    said = moves(store, made)
    assert "It is judged by another specification now." in said
    assert "S is no longer demanded." in said


def test_waivers_that_lapse_or_come_later_incidents_and_assessments_are_said(store):
    given = {"owner": "team a", "reason": "Later", "actor": "ada", "today": TODAY}
    waive(store, "small", "1.2", "S", until="2026-12-31", **given)
    made = decided(store)
    assert made.evidence.gate == "pass"
    after = moves(store, made, today=date(2027, 1, 1))
    assert after == [
        "A waiver of S, in force when it was decided, has lapsed.",
        "The gate said pass when it was decided, and says fail now.",
    ]
    waive(store, "small", "1.2", "R", until="2026-12-31", **given)
    wrong = next(row for row in frame(30).iter_rows(named=True) if row["label"] != row["prediction"])["id"]
    one = report_incident(store, "small", "It happened", what="x", owner="o", ids=[wrong], actor="ada")
    store.append_event("assessment", "small", release="1.2", body={"framework": "x", "answers": {}})
    assert moves(store, made) == [
        "R was waived since.",
        f"The incident {one.code} was reported since: open.",
        "1 assessment was submitted since.",
    ]


def test_a_condition_whose_day_is_over_is_said(store):
    made = decided(store, "conditional go", conditions=[CONDITION])
    assert (made.overdue(date(2027, 1, 31)), made.overdue(date(2027, 2, 1))) == ([], list(made.conditions))
    said = decision_sentence(made, "1.2", moves=2, overdue=1)
    assert said.startswith("Go with conditions for 1.2, decided by eve on ")
    assert said.endswith(
        "“Customers wait for it”; 1 condition is past the day; the evidence has moved since (2 changes)."
    )


# Who reads it


def test_the_gate_may_be_held_against_the_latest_release_that_was_decided_to_go(store):
    assert release_gate(store, "small", "1.2", baseline="approved").baseline is None
    decided(store, "go", "1.0")
    decided(store, "no-go", "1.1")
    assert release_gate(store, "small", "1.2", baseline="approved").baseline == "1.0"
    decided(store, "conditional go", "1.1", conditions=[CONDITION])
    assert release_gate(store, "small", "1.2", baseline="approved").baseline == "1.1"
    decided(store, "no-go", "1.1")
    line = store.releases("small")
    assert approved(store, "small", line[:2]).release == "1.0"


def test_readiness_finds_the_decision_on_the_latest_release(store):
    def evidenced():
        rows = Readiness(store, "small").standing(load_framework("quality-culture")).questions
        return next(row for row in rows if row.question.code == "QC4").evidenced

    decided(store, release="1.1")
    assert evidenced() == "evidence expired"
    decided(store)
    assert evidenced() == "met"


# The verb


def verb(*arguments, store):
    return run("decide", "small", "1.2", *arguments, store=store)


def test_the_verb_decides_and_shows(store, root):
    assert verb(store=root).stdout == "Nobody has decided on 1.2.\n"
    made = verb(
        "--conditional", "--reason", "Why not", "--condition", "Watch | care | 2999-01-31", "--by", "eve", store=root
    )
    assert made.exit_code == 0
    assert latest(store, "small", "1.2").evidence.digest in made.stdout
    shown = verb(store=root).stdout
    assert "Condition: Watch (owner: care, until 31 January 2999)" in shown
    said = json.loads(verb("--json", store=root).stdout)
    assert (said["decisions"][0]["decision"], said["moved"]) == ("conditional go", [])
    assert verb("--no-go", "--reason", "Now we know", "--by", "mia", store=root).exit_code == 0
    assert "Before: Go with conditions, decided by eve" in verb(store=root).stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--go",), "say --reason too"),
        (("--go", "--no-go", "--reason", "x"), "one of them, not go and no-go"),
        (("--conditional", "--reason", "x", "--condition", "Watch", "--by", "eve"), "what | who | yyyy-mm-dd"),
        (("--go", "--reason", "x"), "may not decide on it"),
    ],
)
def test_the_verb_refuses_with_2_and_writes_nothing(store, root, more, said):
    refused = verb(*more, store=root)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())
    assert store.events("small") == []
