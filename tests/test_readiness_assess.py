"""The verb `assess`: a standing in words and as JSON, and answers from a file, kept whole or not at all."""

import json

import pytest
from readiness_cases import in_days, small_root, small_store  # noqa: F401
from test_cli import one_object, run
from verb_cases import demo, listing  # noqa: F401

from plainview.store import open_store

ANSWERS = """
framework: error-analysis
answers:
  EA1: yes
  EA2: {answer: yes, note: "Every night [red]x[/]", links: ["https://example.org/nightly"]}
  EA7: {answer: not applicable, reason: No labels to flip}
"""


def assess(*more, store, framework="error-analysis", project="reviews"):
    return run("assess", project, "--framework", framework, *more, store=store)


def test_the_standing_of_the_demo_is_claimed_beside_evidenced_with_a_next_step(demo):  # noqa: F811
    found = assess(store=demo, project="sentiment-afinn")
    assert found.exit_code == 0
    assert found.stdout.startswith(
        "sentiment-afinn 5.0.2, Error-analysis maturity: not assessed by anyone; evidenced below L0."
    )
    for text in (
        "EA13",
        "3,000 examples measured with 5.0.2, today.",
        "Next: EA1, ",
        "It does not say that few are left",
    ):
        assert text in found.stdout


@pytest.mark.parametrize("framework", ["robustness", "test-score", "mltrl", "qa-coverage", "quality-culture"])
def test_every_framework_prints_its_standing(demo, framework):  # noqa: F811
    found = assess(store=demo, project="sentiment-afinn", framework=framework)
    assert found.exit_code == 0
    assert "Next: " in found.stdout


def test_answers_of_a_file_are_submitted_and_shown(root, tmp_path):
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    found = assess("--answers", tmp_path / "answers.yaml", "--by", "ada", store=root)
    assert found.exit_code == 0
    assert "Submitted 3 answers as ada." in found.stdout
    assert "claimed L0, 11 of 13 questions without an answer that counts; evidenced below L0." in found.stdout
    [event] = open_store(root).events("reviews", kind="assessment")
    assert (event.actor, event.release) == ("ada", "1.1")
    assert event.body["answers"]["EA2"] == {
        "answer": "yes",
        "note": "Every night [red]x[/]",
        "links": ["https://example.org/nightly"],
    }


def test_as_json_it_is_one_object_with_the_plan(root, tmp_path):
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    found = one_object(assess("--answers", tmp_path / "answers.yaml", "--target", "L1", "--json", store=root))
    assert (found["claimed"]["label"], found["evidenced"]["label"], found["next"]["target"]) == ("L0", "below L0", "L0")
    assert found["submitted"] == open_store(root).events("reviews")[0].id
    assert [step["code"] for step in found["plan"]["steps"]] == ["EA1", "EA3", "EA4", "EA6"]
    assert one_object(assess("--json", store=root))["submitted"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--framework", "errors-analysis"), "Did you mean 'error-analysis'?"),
        (("--answers", "missing.yaml"), "missing.yaml could not be read: No such file or directory."),
        (("--target", "L9"), "has nothing called 'L9' to reach"),
        (("--release", "9"), "no release '9'"),
    ],
)
def test_what_cannot_be_done_is_an_error_and_writes_nothing(root, more, said):
    before = listing(root)
    found = run("assess", "reviews", "--framework", "error-analysis", *more, store=root)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in " ".join(found.stderr.split())
    assert listing(root) == before


@pytest.mark.parametrize(
    "text",
    ["answers: {EA1: yes, EA2: yep}", "answers: {EA1: yes, EA77: yes}", "answers: {EA7: not applicable}", "\xff\xfe"],
)
def test_one_wrong_answer_and_none_is_written(root, tmp_path, text):
    (tmp_path / "answers.yaml").write_bytes(text.encode("latin-1"))
    before = listing(root)
    found = assess("--answers", tmp_path / "answers.yaml", store=root)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "answers.yaml, line 1" in found.stderr
    assert listing(root) == before


def test_an_unknown_target_is_found_before_answers_are_written(root, tmp_path):
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    assert assess("--answers", tmp_path / "answers.yaml", "--target", "L9", store=root).exit_code == 2
    assert open_store(root).events("reviews") == []


def test_names_of_people_and_their_words_do_not_steer_the_terminal(root, tmp_path):
    (tmp_path / "answers.yaml").write_text(json.dumps({"answers": {"EA6": "yes"}}))
    assess("--answers", tmp_path / "answers.yaml", "--by", "\x1b[31mred", store=root)
    (tmp_path / "more.yaml").write_text(json.dumps({"answers": {"RS13": "1"}}))
    found = assess("--answers", tmp_path / "more.yaml", "--by", "[bold]x", store=root, framework="robustness")
    assert "\x1b" not in found.stdout
    assert "[bold]x" in found.stdout
    assert "answered differently" in found.stdout
