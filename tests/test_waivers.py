"""Waivers: who answers for what is not met, until when; never an edit of what was measured, and never green."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from test_cli import one_object, run
from verb_cases import CLASSES, ROWS, frame, listing, put

from plainview.exceptions import InputError, NotFoundError
from plainview.portfolio import state_of
from plainview.report import release_report
from plainview.requirements import STATES, requirements_over
from plainview.store import open_store
from plainview.waivers import waive, waivers_of

DEMANDS = """
requirements:
  - {id: REQ-1, metric: accuracy, at_least: 0.9, owner: language team}
  - {id: REQ-2, metric: accuracy, at_least: 0.2, priority: should}
"""
TODAY = date(2026, 3, 1)
GIVEN = {"owner": "language team", "reason": "The fix is in 1.2", "until": date(2026, 3, 31), "actor": "ada"}


@pytest.fixture
def root(tmp_path):
    """Two releases that do not meet REQ-1 and meet REQ-2."""
    for number, release in enumerate(("1.0", "1.1")):
        rows = frame(prediction=["yes" if row % 4 > number else "no" for row in range(ROWS)])
        specified = CLASSES + DEMANDS
        put(rows, tmp_path / "store", release=release, released=f"2026-0{number + 1}-01", specification=specified)
    return tmp_path / "store"


@pytest.fixture
def store(root):
    return open_store(root)


def standing(store, release="1.1", name="REQ-1", *, today=TODAY):
    found = release_report(store, "reviews", release, today=today).standings
    return next(row for row in found if row.id == name)


def give(store, requirement="REQ-1", release="1.1", **changes):
    return waive(store, "reviews", release, requirement, **{**GIVEN, "today": TODAY, **changes})


# In force, and lapsed


def test_a_waiver_is_shown_with_owner_reason_and_end_beside_what_was_measured(store):
    before = standing(store)
    waiver = give(store)
    found = standing(store)
    assert (before.status, before.measured, before.waivers) == ("not met", None, ())
    assert (found.status, found.measured, found.waivers, found.waiver) == ("waived", "not met", (waiver,), waiver)
    numbers = ("value", "low", "high", "bar", "distance", "room", "errors_to_meet")
    assert [getattr(found, name) for name in numbers] == [getattr(before, name) for name in numbers]
    said = "waived by ada until 31 March 2026 (owner: language team, reason: “The fix is in 1.2”); measured: not met, "
    assert found.sentence == before.sentence.replace("not met, ", said, 1)
    assert standing(store, "1.0").status == "not met"
    assert standing(store, name="REQ-2").status == "met"


@pytest.mark.parametrize(("day", "status"), [(30, "waived"), (31, "waived"), (32, "not met")])
def test_a_waiver_holds_to_the_end_of_its_last_day_and_then_shows_as_lapsed(store, day, status):
    before = standing(store)
    give(store)
    found = standing(store, today=date(2026, 3, 1) + timedelta(days=day - 1))
    assert found.status == status
    if status == "not met":
        assert found.sentence == f"{before.sentence} The waiver by ada lapsed on 31 March 2026."
        assert (found.waiver, found.waivers[0].in_force) == (None, False)


def test_what_is_waived_is_never_green_not_even_where_it_is_met(store):
    give(store, "REQ-2")
    found = standing(store, name="REQ-2")
    assert (found.status, found.measured) == ("waived", "met")
    assert STATES[found.status] == "Watch"
    assert "measured: met, " in found.sentence
    assert state_of([found]) == "Watch"


def test_a_waiver_of_every_release_is_of_those_to_come_too(root, store):
    give(store, every_release=True)
    put(frame(), root, release="1.2", released="2026-03-01", specification=CLASSES + DEMANDS)
    assert [standing(store, release).status for release in ("1.0", "1.1", "1.2")] == ["waived"] * 3
    assert ", for every release" in standing(store, "1.2").sentence
    assert [step.status for step in requirements_over(store, "reviews", today=TODAY)[0].steps] == ["waived"] * 3


def test_of_conflicting_waivers_both_are_kept_and_the_latest_in_force_counts(store):
    first = give(store, until=date(2026, 6, 30), actor="eve")
    second = give(store)
    found = standing(store)
    assert (found.waivers, found.waiver) == ((second, first), second)
    assert found.sentence.endswith("2 waivers are in force; the latest counts.")
    later = standing(store, today=date(2026, 5, 1))
    assert (later.status, later.waiver.by) == ("waived", "eve")
    assert [each.in_force for each in later.waivers] == [False, True]
    over = standing(store, today=date(2026, 7, 1))
    assert (over.status, len(over.waivers)) == ("not met", 2)
    assert over.sentence.endswith("The waiver by ada lapsed on 31 March 2026.")


def test_the_report_names_what_is_waived_and_does_not_count_it_as_met(store):
    give(store)
    report = release_report(store, "reviews", "1.1", today=TODAY)
    assert report.standing == "1 of 2 requirements is met; waived: accuracy on all examples at least 90%."
    row = json.loads(json.dumps(report.to_dict()))["requirements"][0]
    assert (row["status"], row["measured"]) == ("waived", "not met")
    [waiver] = row["waivers"]
    assert {name: waiver[name] for name in ("by", "owner", "reason", "until", "release", "in_force")} == {
        "by": "ada", "owner": "language team", "reason": "The fix is in 1.2", "until": "2026-03-31", "release": "1.1",
        "in_force": True,
    }  # fmt: skip
    assert report.to_dict()["requirements"][1]["measured"] == "met"


# What is kept


def test_a_waiver_is_an_event_that_any_reader_finds(root, store):
    waiver = give(store)
    [event] = open_store(root).events("reviews", kind="waiver")
    assert (event.id, event.actor, event.release) == (waiver.id, "ada", "1.1")
    assert event.body == {
        "requirement": "REQ-1", "owner": "language team", "reason": "The fix is in 1.2", "until": "2026-03-31",
    }  # fmt: skip
    assert waivers_of(open_store(root), "reviews", today=TODAY) == ([waiver], [])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "requirement"),
        ({"requirement": "REQ-1", "owner": "x", "reason": "y", "until": "some day"}, "until"),
        ({"requirement": "REQ-1", "owner": "x", "reason": "y", "until": 20550101}, "until"),
        ({"requirement": "REQ-1", "owner": "", "reason": "y", "until": "2055-01-01"}, "owner"),
        ({"requirement": "REQ-1", "owner": "x", "reason": "\x1b[31m", "until": "2055-01-01"}, "reason"),
        ({"requirement": ["REQ-1"], "owner": "x", "reason": "y", "until": "2055-01-01"}, "requirement"),
    ],
)
def test_an_event_that_cannot_be_understood_waives_nothing_and_is_named(store, body, field):
    event = store.append_event("waiver", "reviews", body=body, release="1.1")
    found, [unreadable] = waivers_of(store, "reviews")
    assert found == []
    assert standing(store).status == "not met"
    assert event.id in unreadable.key
    assert repr(field) in unreadable.reason
    assert "waives nothing" in unreadable.reason


def test_what_a_later_plainview_adds_to_a_waiver_is_passed_over(store):
    body = {"requirement": "REQ-1", "owner": "x", "reason": "y", "until": "2055-01-01", "mood": "good"}
    store.append_event("waiver", "reviews", body=body, release="1.1")
    assert standing(store).status == "waived"


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"requirement": "REQ-11"}, InputError, "The specification of reviews 1.1 has no requirement 'REQ-11'. Did you mean"),
        ({"release": "1.3"}, NotFoundError, "Did you mean '1.[01]'"),
        ({"project": "review"}, NotFoundError, "Did you mean 'reviews'"),
        ({"until": date(2026, 3, 1)}, InputError, "must end in the future. Got 2026-03-01, and today is 2026-03-01"),
        ({"until": "2026-02-28"}, InputError, "must end in the future"),
        ({"until": "31.3.2026"}, InputError, "must be written yyyy-mm-dd. Got '31.3.2026'"),
        ({"until": "20260331"}, InputError, "must be written yyyy-mm-dd"),
        ({"until": None}, InputError, "must be written yyyy-mm-dd"),
        ({"until": datetime(2026, 3, 31, tzinfo=UTC)}, InputError, "must be written yyyy-mm-dd"),
        ({"owner": " "}, InputError, "The owner of a waiver: found empty text"),
        ({"owner": "x" * 201}, InputError, "The owner of a waiver: found 201 characters; expected at most 200"),
        ({"reason": ""}, InputError, "The reason of a waiver: found empty text"),
        ({"reason": "\x1b[31m"}, InputError, "The reason of a waiver: found the control character"),
        ({"owner": None}, InputError, "The owner of a waiver: found nothing"),
        ({"actor": " "}, InputError, "actor of the event is empty"),
    ],
)  # fmt: skip
def test_a_waiver_that_cannot_be_is_an_error_and_nothing_is_written(root, store, changes, error, said):
    before = listing(root)
    asked = {"project": "reviews", "release": "1.1", "requirement": "REQ-1", **GIVEN, "today": TODAY, **changes}
    with pytest.raises(error, match=said):
        waive(store, asked.pop("project"), asked.pop("release"), asked.pop("requirement"), **asked)
    assert listing(root) == before


def test_a_requirement_of_any_test_set_of_the_release_may_be_waived(root, store):
    only_there = CLASSES + DEMANDS.replace("REQ-2", "REQ-9")
    put(frame(), root, release="1.1", released="2026-02-01", specification=only_there, test_set="hard")
    give(store, "REQ-9")
    found = release_report(store, "reviews", "1.1", test_set="hard", today=TODAY).standings
    assert [row.status for row in found][1] == "waived"


def test_hostile_names_stand_in_sentences_as_they_are(store):
    give(store, owner="<script>", reason=":red[x] ![](http://x.invalid)", actor="[a](b)")
    said = "waived by [a](b) until 31 March 2026 (owner: <script>, reason: “:red[x] ![](http://x.invalid)”)"
    assert said in standing(store).sentence


# The command


def waived(root, *more, requirement="REQ-1", release="1.1", until="2999-12-31"):
    given = ("--owner", "language team", "--reason", "The fix is in 1.2", "--until", until)
    return run("waive", "reviews", release, requirement, *given, *more, store=root)


def test_the_command_says_what_was_waived_by_whom_and_until_when(root):
    found = waived(root)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.startswith("reviews 1.1, REQ-1: waived by ")
    assert "until 31 December 2999 (owner: language team, reason: “The fix is in 1.2”)." in found.stdout
    shown = one_object(run("show", "reviews", "1.1", "--json", store=root))["requirements"][0]
    assert (shown["status"], shown["measured"], shown["waivers"][0]["owner"]) == ("waived", "not met", "language team")
    assert "waived by" in run("show", "reviews", "1.1", store=root).stdout


def test_the_command_as_json_is_the_librarys_waiver(root, store):
    found = one_object(waived(root, "--every-release", "--json"))
    [kept], _ = waivers_of(store, "reviews")
    assert found == kept.to_dict()
    assert (found["release"], found["until"], found["in_force"]) == (None, "2999-12-31", True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"requirement": "REQ1"}, "Did you mean 'REQ-1'?"),
        ({"release": "1.9"}, "There is no release '1.9' of reviews"),
        ({"until": "2020-01-01"}, "must end in the future"),
        ({"until": "soon"}, "must be written yyyy-mm-dd"),
    ],
)
def test_the_command_exits_with_2_and_writes_nothing_where_it_cannot_be(root, changes, said):
    before = listing(root)
    found = waived(root, **changes)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr.replace("\n", " ")
    assert listing(root) == before


def test_the_command_asks_for_owner_reason_and_end(root):
    found = run("waive", "reviews", "1.1", "REQ-1", "--owner", "x", "--reason", "y", store=root)
    assert found.exit_code == 2
    assert "--until" in found.stderr
