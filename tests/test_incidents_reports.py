"""Reporting an incident: its examples, what is refused, where it is told, and the verb."""

import json

import polars as pl
import pytest
from cli_cases import run
from incident_cases import AFINN, GIVEN, TODAY, answering, answers_of, found, real_store, report, small_store  # noqa: F401
from page_stores import frame, specification
from verb_cases import demo, listing  # noqa: F401

import plainview
from plainview.exceptions import FrameError, InputError, NotFoundError
from plainview.gate import release_gate
from plainview.incidents import (
    incidents_of,
    new_examples,
    test_case_yaml,
    withdraw,
)
from plainview.narrative.incidents import incidents_answer
from plainview.readiness import Readiness, load_framework
from plainview.report import release_report

test_case_yaml.__test__ = False


# New rows


def test_rows_that_the_test_set_does_not_have_are_kept_with_it_and_tested_once_they_are_in(small, tmp_path):
    rows = pl.DataFrame({"id": ["new-1"], "label": ["yes"], "kind": [0], "text": ["=1+1 <b>"]})
    one = report(small, ids=(), examples=rows)
    assert (one.ids, one.new_rows) == (("new-1",), True)
    assert new_examples(small, one).equals(rows)
    assert found(small)[0].status == "not tested"
    grown = pl.concat([answering(True), rows.with_columns(prediction=pl.lit("no")).select(frame(0).columns)])
    plainview.publish(
        grown, specification=specification("small"), release="2.0", released="2027-01-01", store=tmp_path / "store"
    )
    assert found(small)[0].status == "open"


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"ids": ["0000x"]}, InputError, "'0000x' is not in the test set of 1.3. Did you mean '0000'?"),
        ({"ids": []}, InputError, "Found neither of ids and examples"),
        ({"examples": frame(1)}, InputError, "Found both of ids and examples"),
        ({"ids": (), "examples": frame(1)}, InputError, "are in the test set already"),
        ({"ids": (), "examples": pl.DataFrame({"id": ["n"], "lable": ["yes"]})}, FrameError, "Did you mean 'lable'"),
        ({"ids": (), "examples": pl.DataFrame({"id": ["n", "n"], "label": ["a", "b"]})}, FrameError, "n"),
        ({"severity": "hgih"}, InputError, "There is no severity 'hgih'. Did you mean 'high'?"),
        ({"happened": "2999-01-01"}, InputError, "cannot have happened after today"),
        ({"happened": "1.1.2020"}, InputError, "must be written yyyy-mm-dd"),
        ({"release": "1.33"}, NotFoundError, "Did you mean '1.3'?"),
        ({"project": "smal"}, NotFoundError, "Did you mean 'small'?"),
        ({"what": "  "}, InputError, "The description of an incident: found empty text"),
        ({"owner": "a\x1bb"}, InputError, "control character"),
        ({"scenario": "Understands the first kind (0)"}, InputError, "with other examples already"),
    ],
)
def test_what_cannot_be_used_is_an_error_and_nothing_is_written(small, tmp_path, changes, kind, said):
    before = listing(tmp_path / "store")
    with pytest.raises(kind) as caught:
        report(small, **changes)
    assert said in str(caught.value)
    assert listing(tmp_path / "store") == before


def test_the_same_name_is_reported_once_and_may_be_used_again_after_it_was_withdrawn(small):
    one = report(small)
    with pytest.raises(InputError, match="is reported already"):
        report(small)
    withdraw(small, "small", one.code, reason="It was a test", actor="eve")
    assert incidents_of(small, "small") == ([], [])
    assert [event.kind for event in small.events("small")] == ["incident", "incident withdrawn"]
    report(small)
    with pytest.raises(InputError, match="There is no incident 'nothing' of small"):
        withdraw(small, "small", "nothing", reason="x")


def test_an_event_that_says_too_little_is_named_and_not_followed(small):
    small.append_event("incident", "small", body={"scenario": "The call of May"})
    there, unreadable = incidents_of(small, "small")
    assert (there, len(unreadable)) == ([], 1)
    assert "says too little" in unreadable[0].reason


# Where it is told


def test_the_headline_and_the_gate_name_the_release_that_brings_one_back(small):
    report(small)
    for release, back in (("1.1", False), ("1.2", True), ("1.3", False)):
        said, gate = release_report(small, "small", release).headline, release_gate(small, "small", release)
        assert said.endswith("; it brings back the incident “It happened”.") == back
        row = next(each for each in gate.findings if each.kind == "incident")
        assert (row.status, row.follows) == (("came back", "fail") if back else ("fixed", "pass"))
        assert (gate.outcome == "fail") == back


def test_readiness_counts_what_is_guarded_and_not_what_was_withdrawn(small, tmp_path):
    framework = load_framework("quality-culture")

    def evidenced():
        rows = Readiness(small, "small").standing(framework).questions
        return next(row for row in rows if row.question.code == "QC5").evidenced

    one = report(small)
    assert evidenced() == "not met"
    pinned = specification("small")
    pinned["behaviours"].append({"name": "Guards", "scenarios": [{"name": "Old ones", "ids": ["0000"]}]})
    plainview.publish(
        answering(True), specification=pinned, release="2.0", released="2027-01-01", store=tmp_path / "store"
    )
    assert evidenced() == "met"
    withdraw(small, "small", one.name, reason="None")
    assert evidenced() == "not answered"


def test_all_of_them_in_one_sentence(small):
    assert incidents_answer([]) == "No incident was reported."
    report(small)
    assert incidents_answer(found(small, until="1.2")) == "“It happened” (in 1.2) came back; no test case guards it."
    report(small, name="Another", ids=["0001"])
    said = incidents_answer(found(small, until="1.2"))
    assert said.startswith("“It happened” (in 1.2) came back; of 2 incidents 1 is ")
    assert said.endswith("; 2 have no test case.")


# The verb


def incident(*arguments, store):
    return run("incident", *arguments, store=store)


def test_the_verb_reports_lists_and_withdraws(small, tmp_path):
    root = tmp_path / "store"
    made = incident(
        "small", "It happened", "--what", "x", "--owner", "o", "--ids", "0000, 0001", "--by", "ada", store=root
    )
    assert made.exit_code == 0
    assert "Reported INC-" in made.stdout
    assert "minimum_examples: 2" in made.stdout
    listed = json.loads(incident("small", "--json", store=root).stdout)
    assert [row["incident"]["ids"] for row in listed["incidents"]] == [["0000", "0001"]]
    assert listed["incidents"][0]["incident"]["by"] == "ada"
    assert "no test case guards it yet" in incident("small", store=root).stdout
    assert incident("small", "It happened", "--withdraw", "none", store=root).exit_code == 0
    assert incident("small", store=root).stdout == "No incident was reported.\n"


def test_the_verb_takes_a_file_of_new_rows(small, tmp_path):
    (tmp_path / "rows.csv").write_text("id,label,text\nn1,yes,a\n")
    given = ("--what", "x", "--owner", "o", "--examples", tmp_path / "rows.csv")
    made = incident("small", "New", *given, store=tmp_path / "store")
    assert made.exit_code == 0
    assert "Add them to the test set first" in made.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("x",), "say --what and --owner too"),
        (("x", "--what", "a", "--owner", "b", "--examples", "no.csv"), "no file no.csv"),
    ],
)
def test_the_verb_refuses_with_2(small, tmp_path, more, said):
    refused = incident("small", *more, store=tmp_path / "store")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in " ".join(refused.stderr.split())
