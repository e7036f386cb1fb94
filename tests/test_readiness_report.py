"""The readiness report that is handed on: Markdown that reads as it was written, JSON with every field."""

import json

import pytest
from readiness_cases import answer, small_root, small_store, write  # noqa: F401
from test_cli import one_object, run

from plainview.readiness import NAMES, Readiness
from plainview.readiness.report import SCHEMA, as_markdown, readiness_report


def assess(*more, store, framework="all", project="reviews"):
    return run("assess", project, "--framework", framework, *more, store=store)


def section(text, title):
    return text.split(f"## {title}")[1].split("\n## ")[0]


def test_every_framework_is_in_it_claimed_beside_evidenced_with_what_it_does_not_say(store):
    answer(store, EA1="yes", EA2="yes", EA7="yes")
    write(store, "EA1")
    readiness = Readiness(store, "reviews")
    report = readiness_report(readiness)
    assert (report["schema"], report["project"], report["release"]) == (SCHEMA, "reviews", "1.1")
    assert [each["framework"] for each in report["frameworks"]] == list(NAMES)
    text = as_markdown(report)
    assert "| Error-analysis maturity | L0 | L0 | EA7 | – |" in text
    for each in report["frameworks"]:
        mine = section(text, each["title"])
        assert each["sentence"] in mine
        assert "What this does not say: " in mine
        assert mine.count("\n| ") - 1 == len(readiness.standing(each["framework"]).questions)


def test_the_steps_of_the_next_plan_are_listed(store):
    report = readiness_report(Readiness(store, "reviews"), ["error-analysis"])
    text = as_markdown(report)
    assert "Next, to L0: 1 step, about 1 day as declared." in text
    assert "1. EA1, Training and test data are split (to yes)." in text


def test_what_people_wrote_is_text(store):
    hostile = "<script>x</script> | **b** [l](http://outside.invalid) ![i](http://outside.invalid)\n# head"
    answer(store, EA1={"answer": "yes", "note": hostile}, actor=hostile.split("\n")[0])
    text = as_markdown(readiness_report(Readiness(store, "reviews")))
    assert "<script>" not in text.replace("\\<", "")
    assert "](http" not in text
    assert "\n# head" not in text


@pytest.mark.parametrize("ending", ["md", "json"])
def test_the_command_writes_it_as_the_name_of_the_file_says(root, tmp_path, ending):
    found = assess("--output", tmp_path / f"readiness.{ending}", store=root)
    assert found.exit_code == 0
    assert found.stdout.count("\n") == len(NAMES) + 1
    text = (tmp_path / f"readiness.{ending}").read_text()
    assert text.startswith("# Readiness of reviews 1.1") if ending == "md" else json.loads(text)["release"] == "1.1"


def test_a_report_of_one_framework_has_that_alone(root, tmp_path):
    found = assess("--output", tmp_path / "one.json", store=root, framework="robustness")
    assert found.exit_code == 0
    assert [each["framework"] for each in json.loads((tmp_path / "one.json").read_text())["frameworks"]] == [
        "robustness"
    ]


def test_as_json_it_is_one_object(root):
    found = one_object(assess("--json", store=root))
    assert [each["framework"] for each in found["frameworks"]] == list(NAMES)
    assert all("plan" in each and "evidenced" in each for each in found["frameworks"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--output", "report.pdf"], "must end in .md or .json"),
        (["--output", "/nowhere/report.md"], "could not be written"),
        (["--target", "L2"], "Answers and targets are of one framework"),
        (["--answers", "answers.yaml"], "Answers and targets are of one framework"),
    ],
)
def test_what_cannot_be_done_is_an_error(root, more, said):
    found = assess(*more, store=root)
    assert found.exit_code == 2
    assert said in found.stderr


def test_a_teams_own_frameworks_are_in_it(root, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "house.yaml").write_text(OWN)
    (tmp_path / "own" / "odd.yaml").write_text("name: odd")
    monkeypatch.setenv("PLAINVIEW_FRAMEWORKS", str(tmp_path / "own"))
    found = assess(store=root)
    assert "reviews 1.1, House rules: not assessed by anyone" in found.stdout
    assert "odd.yaml" in found.stdout
    assert len(one_object(assess("--json", store=root))["frameworks"]) == len(NAMES) + 1


OWN = """
name: house-rules
title: House rules
source: {title: Our handbook, link: "https://example.org/handbook"}
says_not: It says nothing of the product.
scoring: coverage
scale: activity
sections:
  - name: Rules
    questions:
      - {code: H1, title: Someone is on call, asks: Is someone on call?, why: Things break at night., counts: The rota.}
"""
