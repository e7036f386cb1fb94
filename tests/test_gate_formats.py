"""The gate as text, Markdown, JUnit XML and JSON; the verb with its exit codes and files; names in it are never alive."""

import json

import pytest
from cli_cases import run
from gate_cases import PROJECTS, gates, junit_document  # noqa: F401
from markdown_it import MarkdownIt
from page_stores import LIVE, frame, publish, specification

from plainview.gate import FORMATS, release_gate
from plainview.store import open_store

CODES = {"passes": 0, "fails": 1, "unproven": 3, "silent": 3, "should": 0, "nothing-before": 3, "hostile": 1}


def gate(*arguments, store, **settings):
    return run("gate", *arguments, store=store, **settings)


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("project", CODES)
def test_every_format_has_the_same_exit_code_and_the_same_bytes_each_time(gates, project, wanted):  # noqa: F811
    one, other = (gate(project, "1.1", "--format", wanted, store=gates) for _ in range(2))
    assert (one.exit_code, one.stderr) == (CODES[project], "")
    assert one.stdout == other.stdout
    assert one.stdout.strip()


@pytest.mark.parametrize("project", CODES)
def test_junit_is_valid_and_counts_what_fails_what_is_not_proven_and_what_is_told(gates, project):  # noqa: F811
    document = junit_document(gate(project, "1.1", "--format", "junit", store=gates).stdout)
    [suite] = document
    found = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "error", "skipped")}
    assert (found["failure"] > 0) == (CODES[project] == 1)
    assert (found["error"] > 0) == (CODES[project] == 3)
    assert suite.find("properties/property[@name='outcome']").get("value") in ("pass", "fail", "not proven")


def test_text_begins_with_the_outcome_and_names_every_requirement(gates):  # noqa: F811
    said = gate("should", "1.1", store=gates).stdout
    assert said.startswith("● PASS: 1.1 passes the gate: ")
    assert "△ S: [should] Accuracy on all examples at least 95%: not met" in said
    assert "● R: [must] Accuracy on all examples at least 70%: met" in said


def test_markdown_shows_names_and_brings_none_of_them_to_life(gates):  # noqa: F811
    written = gate("hostile", "1.1", "--format", "markdown", store=gates).stdout
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(written)
    tags = set(__import__("re").findall(r"<(/?[a-z]\w*)", html))
    assert not tags & {"script", "img", "a", "strong", "code"}
    assert "@octocat" not in html
    assert "#1 " not in html
    assert LIVE[0].replace("<", "&lt;").replace(">", "&gt;") in html
    assert written.startswith("<!-- plainview-gate hostile -->\n")


def test_a_comment_is_never_longer_than_a_code_host_takes(tmp_path):
    demands = [
        {"id": f"{number} {'W' * 190}", "metric": "accuracy", "at_least": 0.99, "owner": "W" * 200}
        for number in range(200)
    ]
    publish(tmp_path / "store", specification("many", requirements=demands), frame(60))
    written = gate("many", "1.0", "--format", "markdown", store=tmp_path / "store").stdout
    assert len(written) < 65_536
    assert "and 140 more." in written or "The rest is left out" in written


def test_json_has_everything_that_the_library_gives(gates):  # noqa: F811
    said = json.loads(gate("fails", "1.1", "--json", store=gates).stdout)
    assert said == json.loads(json.dumps(release_gate(open_store(gates), "fails", "1.1").to_dict()))
    assert (said["outcome"], said["exit_code"], said["counts"]["fail"]) == ("fail", 1, 1)


def test_a_file_takes_the_format_and_the_terminal_gets_the_text(gates, tmp_path):  # noqa: F811
    found = gate("fails", "1.1", "--format", "junit", "--output", tmp_path / "gate.xml", store=gates)
    junit_document((tmp_path / "gate.xml").read_text())
    assert found.stdout.startswith("■ FAIL: ")
    assert found.exit_code == 1


def test_the_summary_of_a_step_is_added_to_and_not_overwritten(gates, tmp_path):  # noqa: F811
    summary = tmp_path / "summary.md"
    summary.write_text("Before\n")
    found = gate("fails", "1.1", "--step-summary", store=gates, env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert found.exit_code == 1
    assert summary.read_text().startswith("Before\n<!-- plainview-gate fails -->\n## ■ Fail")


@pytest.mark.parametrize(
    ("more", "code"),
    [(("--not-met", "must=report"), 0), (("--not-met", "must=not-proven"), 3), (("--not-proven", "must=fail"), 1)],
)
def test_options_say_what_follows_for_one_call(gates, more, code):  # noqa: F811
    assert gate("fails", "1.1", *more, store=gates).exit_code == code


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--format", "junnit"), "There is no format 'junnit'. Did you mean 'junit'?"),
        (("--not-met", "musst=fail"), "'musst' is no priority. Did you mean 'must'?"),
        (("--not-met", "must=fial"), "'fial' is none of fail, not-proven and report. Did you mean 'fail'?"),
        (("--baseline", "0.1"), "There is no release '0.1' of 'fails' to hold it against."),
        (("--test-set", "other"), "was not evaluated on a test set 'other'"),
        (("--step-summary",), "--step-summary needs GITHUB_STEP_SUMMARY"),
        (("--format", "junit", "--output", "/nowhere/gate.xml"), "/nowhere/gate.xml could not be written"),
    ],
)
def test_bad_input_exits_with_2_and_says_what_to_write(gates, more, said):  # noqa: F811
    found = gate("fails", "1.1", *more, store=gates, env={"GITHUB_STEP_SUMMARY": ""})
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in " ".join(found.stderr.split())


def test_every_kind_of_project_was_tried():
    assert set(PROJECTS) | {"hostile"} == set(CODES)
