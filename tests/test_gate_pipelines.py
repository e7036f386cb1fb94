"""The pipelines that core/CI.md shows are read and run, line by line, as far as this machine goes; and the pytest plugin."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from gate_cases import gates, junit_document  # noqa: F401
from page_stores import frame, specification

from plainview.specification import load_specification

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "core" / "CI.md").read_text()
RULES, GITHUB, GITLAB = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
PLUGIN = ("-p", "no:plainview", "-p", "plainview.pytest_plugin")  # once, whether or not it is installed
GH = "#!/bin/sh\nprintf '%s\\n' \"$@\" > gh-was-called\n"


@pytest.fixture
def checkout(tmp_path):
    """A repository as the guide assumes one: a specification, a script that predicts, and pip and gh that do nothing."""
    demanded = specification("sentiment", requirements=[{"id": "R", "metric": "accuracy", "at_least": 0.83}])
    (tmp_path / "specification.yaml").write_text(load_specification(demanded).text)
    frame(40).write_csv(tmp_path / "rows.csv")
    (tmp_path / "predict.py").write_text("import shutil, sys; shutil.copy('rows.csv', sys.argv[2])\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, script in {"pip": "#!/bin/sh\n", "gh": GH, "python": f'#!/bin/sh\nexec {sys.executable} "$@"\n'}.items():
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    return tmp_path


def shell(checkout, line, **environment):
    path = f"{checkout / 'tools'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {**os.environ, "PATH": path, "PLAINVIEW_STORE": str(checkout / "store"), **environment}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", line], cwd=checkout, env=given, capture_output=True, text=True
    )


def test_the_rules_that_the_guide_shows_are_read():
    head = "project: p\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
    rules = load_specification(head + RULES).gate
    assert (rules.baseline, rules.not_met.should, rules.not_proven.must) == ("best", "fail", "not proven")
    assert rules.dropped_on_purpose("requirement") == {"REQ-7": "Replaced by REQ-12"}


def test_the_steps_for_github_actions_publish_judge_and_comment(checkout):
    workflow = yaml.safe_load(GITHUB)
    [job] = workflow["jobs"].values()
    assert set(job["env"]) == {"PLAINVIEW_STORE", "RELEASE"}
    given = {"RELEASE": "0f3c9ab", "PULL_REQUEST": "12", "GITHUB_STEP_SUMMARY": str(checkout / "summary.md")}
    done = {step["name"]: shell(checkout, step["run"], **given) for step in job["steps"] if "run" in step}
    codes = {name: each.returncode for name, each in done.items()}
    assert codes == {"Install": 0, "Predict": 0, "Publish": 0, "Gate": 3, "Comment": 0}, done
    assert "0f3c9ab is not proven" in done["Gate"].stdout
    comment = (checkout / "comment.md").read_text()
    assert comment.startswith("<!-- plainview-gate sentiment -->")
    assert (checkout / "summary.md").read_text() == comment + "\n"
    assert (checkout / "gh-was-called").read_text().split() == [
        "pr", "comment", "12", "--body-file", "comment.md", "--edit-last", "--create-if-none",
    ]  # fmt: skip


def test_the_lines_for_gitlab_publish_and_judge_and_its_artifact_is_junit(checkout):
    job = yaml.safe_load(GITLAB)["gate"]
    done = [shell(checkout, line, RELEASE="0f3c9ab") for line in [*job["before_script"], *job["script"]]]
    assert [each.returncode for each in done] == [0, 0, 0, 3]
    assert job["allow_failure"]["exit_codes"] == 3
    junit_document((checkout / job["artifacts"]["reports"]["junit"]).read_text())


def test_what_the_guide_says_of_exit_codes_is_so():
    from plainview.cli.terminal import BAD_INPUT
    from plainview.gate import EXIT_CODES

    table = dict(re.findall(r"^\| (\d) \| ([a-z ]+?) \|", GUIDE, re.MULTILINE))
    assert {word: int(code) for code, word in table.items()} == {**EXIT_CODES, "bad input": BAD_INPUT}


TESTS = """
import pytest

CASES = [("passes", "fail"), ("fails", "fail"), ("unproven", "fail"), ("unproven", "skip")]

@pytest.mark.parametrize(("project", "not_proven"), CASES)
def test_the_release_may_go_on(assert_release, project, not_proven):
    assert_release(project, "1.1", not_proven=not_proven)
"""


def pytest_in(folder, *arguments):
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", "-rsf", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_plugin_turns_a_release_into_a_test_that_says_what_fails(tmp_path, gates):  # noqa: F811
    (tmp_path / "test_release.py").write_text(TESTS)
    done = pytest_in(tmp_path, f"--plainview-store={gates}")
    assert "2 failed, 1 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert "AssertionError: 1.1 fails the gate: accuracy on all examples at least 95% (not met)." in done.stdout
    assert "1.1 is not proven: accuracy on all examples at least 83% (unproven)." in done.stdout
    assert "judging.py" not in done.stdout


def test_the_store_may_be_a_setting(tmp_path, gates):  # noqa: F811
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nplainview_store = {gates}\n")
    (tmp_path / "test_release.py").write_text("def test_it(assert_release):\n    assert_release('passes', '1.1')\n")
    assert "1 passed" in pytest_in(tmp_path).stdout


def test_the_plugin_is_registered_and_loads_nothing_until_it_is_used(tmp_path):
    registered = tomllib.loads((ROOT / "core" / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    assert registered == {"plainview": "plainview.pytest_plugin"}
    (tmp_path / "test_light.py").write_text(
        "import sys\n\ndef test_it():\n    assert not {'polars', 'numpy', 'pydantic', 'yaml'} & set(sys.modules)\n"
    )
    done = pytest_in(tmp_path)
    assert "1 passed" in done.stdout, done.stdout
