"""The contract: what others build on, run as a process from a folder of its own, with exactly the promised names."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data" / "demo" / "sentiment"
PLAINVIEW = Path(sys.executable).with_name("plainview")
RELEASES = {"2.1.0": "2016-10-07", "3.0.1": "2017-02-26", "4.2.0": "2018-01-15", "5.0.2": "2019-08-22"}
VERDICTS = {"better", "worse", "equivalent", "inconclusive", "not comparable"}

COMPARE = ["project", "baseline", "candidate", "paired", "examples", "headline", "sentences", "results"]
COMPARE_ROW = [
    "scenario", "behaviour", "metric", "baseline", "candidate", "difference", "low", "high", "p_value", "verdict",
    "examples", "fixed", "broke", "more_examples_needed", "reason",
]  # fmt: skip
SHOW = ["project", "release", "released", "test_set", "examples", "results", "requirements"]
SHOW_ROW = ["scenario", "metric", "value", "low", "high", "examples", "status", "reason"]
REQUIREMENT = ["id", "status", "value", "low", "high", "bar", "distance", "sentence"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which four releases were published by the command line, into the default store."""
    folder = tmp_path_factory.mktemp("contract")
    for release, released in RELEASES.items():
        found = plainview(
            folder, "publish", DATA / "sentences.csv", "--specification", DATA / "afinn.yaml", "--release", release,
            "--released", released, "--prediction", f"afinn_{release}", "--score", f"afinn_{release}_score",
            "--notes", "a note", "--source-revision", "abc", "--test-set", "default",
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
    return folder


def plainview(folder, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLAINVIEW")}
    clean |= {"PLAINVIEW_CACHE": str(folder / "cache"), **environment}
    command = [PLAINVIEW, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=clean)


def answer(folder, *arguments):
    found = plainview(folder, *arguments, "--json")
    assert (found.returncode, found.stderr) == (0, "")
    return json.loads(found.stdout)


@pytest.fixture(scope="module")
def compared(folder):
    return answer(folder, "compare", "sentiment-afinn", "2.1.0", "3.0.1")


def number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_the_default_store_lies_in_data_store(folder):
    assert (folder / "data" / "store" / "store.json").is_file()


def test_list_names_every_release_in_order(folder):
    found = answer(folder, "list", "sentiment-afinn")
    assert [row["release"] for row in found["evaluations"]] == list(RELEASES)
    for row in found["evaluations"]:
        assert row["project"] == "sentiment-afinn"
        assert row["released"] == RELEASES[row["release"]]
        assert (row["test_set"], row["examples"]) == ("default", 3000)


def test_compare_has_the_promised_names_in_their_order(compared):
    found = compared
    assert list(found)[: len(COMPARE)] == COMPARE
    assert (found["project"], found["baseline"], found["candidate"]) == ("sentiment-afinn", "2.1.0", "3.0.1")
    assert found["paired"] is True
    assert found["examples"] == 3000
    assert all(isinstance(said, str) for said in [found["headline"], *found["sentences"]])
    for row in found["results"]:
        assert list(row)[: len(COMPARE_ROW)] == COMPARE_ROW
        assert row["verdict"] in VERDICTS
        known = row["verdict"] != "not comparable"
        for name in ("baseline", "candidate", "difference", "low", "high", "p_value"):
            assert number(row[name]) if known else row[name] is None or name in ("baseline", "candidate")
        assert all(isinstance(row[name], int) for name in ("examples", "fixed", "broke"))
        assert row["more_examples_needed"] is None or isinstance(row["more_examples_needed"], int)
        assert known or isinstance(row["reason"], str)


def test_compare_gives_the_known_answers(folder, compared):
    found = compared
    rows = {row["scenario"]: row for row in found["results"] if row["metric"] == "accuracy"}
    assert (round(rows["all"]["baseline"], 4), round(rows["all"]["candidate"], 4)) == (0.6147, 0.6320)
    assert (rows["all"]["fixed"], rows["all"]["broke"]) == (75, 23)
    negated = rows["With a negation"]
    assert (round(negated["baseline"], 3), round(negated["candidate"], 3)) == (0.372, 0.448)
    assert (negated["fixed"], negated["broke"], negated["verdict"]) == (74, 22, "better")
    assert "negation" in found["headline"]
    assert "without sacrificing" in found["headline"]
    still = answer(folder, "compare", "sentiment-afinn", "4.2.0", "5.0.2")
    assert not {row["verdict"] for row in still["results"]} & {"better", "worse"}


def test_show_has_the_promised_names(folder):
    found = answer(folder, "show", "sentiment-afinn", "3.0.1")
    assert [name for name in found if name in SHOW] == SHOW
    assert (found["project"], found["release"], found["released"]) == ("sentiment-afinn", "3.0.1", "2017-02-26")
    assert (found["test_set"], found["examples"]) == ("default", 3000)
    for row in found["results"]:
        assert [name for name in row if name in SHOW_ROW] == SHOW_ROW
        assert isinstance(row["examples"], int)
        assert number(row["value"]) or isinstance(row["reason"], str)
    for row in found["requirements"]:
        assert set(REQUIREMENT) <= set(row)
        assert row["status"] in ("met", "not met", "unproven", "no evidence", "waived")
        assert isinstance(row["sentence"], str)


GATE = ["project", "release", "baseline", "outcome", "exit_code", "sentence", "headline", "findings"]
FINDING = ["kind", "name", "title", "status", "follows", "sentence", "priority", "owner"]


@pytest.mark.parametrize(
    ("release", "more", "code", "outcome"),
    [
        ("2.1.0", (), 1, "fail"),
        ("3.0.1", (), 3, "not proven"),
        ("3.0.1", ("--baseline", "2.1.0", "--not-proven", "must=report"), 0, "pass"),
        ("5.0.2", ("--baseline", "best"), 3, "not proven"),
    ],
)
def test_the_gate_exits_with_0_1_or_3_and_has_the_promised_names(folder, release, more, code, outcome):
    found = plainview(folder, "gate", "sentiment-afinn", release, *more, "--format", "json")
    assert (found.returncode, found.stderr) == (code, "")
    said = json.loads(found.stdout)
    assert list(said)[: len(GATE)] == GATE
    assert (said["outcome"], said["exit_code"], said["release"]) == (outcome, code, release)
    for row in said["findings"]:
        assert list(row)[: len(FINDING)] == FINDING
        assert row["follows"] in ("fail", "not proven", "report", "pass")


@pytest.mark.parametrize("wanted", ["text", "markdown", "junit", "json"])
def test_the_gate_speaks_every_promised_format_and_exits_with_2_on_bad_input(folder, wanted):
    found = plainview(folder, "gate", "sentiment-afinn", "2.1.0", "--format", wanted)
    assert (found.returncode, found.stderr) == (1, "")
    assert "2.1.0" in found.stdout
    unknown = plainview(folder, "gate", "sentiment-afinn", "2.1.9", "--format", wanted)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Did you mean '2.1.0'" in unknown.stderr


def test_bad_input_exits_with_2_says_why_on_standard_error_and_writes_nothing(tmp_path):
    (tmp_path / "rows.csv").write_text("id,label,prediction\na,positive,positive\n")
    found = plainview(
        tmp_path, "publish", "rows.csv", "--specification", DATA / "afinn.yaml", "--release", "1", "--store", "store"
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert "needs column 'has_negation', which is not there" in found.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == ["rows.csv"]


def test_the_store_is_an_option_or_in_the_environment(folder, tmp_path):
    place = folder / "data" / "store"
    for more, environment in ((("--store", place), {}), ((), {"PLAINVIEW_STORE": str(place)})):
        found = plainview(tmp_path, "list", "--json", *more, **environment)
        assert len(json.loads(found.stdout)["evaluations"]) == len(RELEASES)


def test_verify_exits_with_0(folder):
    assert plainview(folder, "verify").returncode == 0


def test_the_library_has_the_same_verbs(folder, compared):
    code = (
        "import plainview\n"
        "store = plainview.open_store('data/store')\n"
        "found = plainview.compare(store, 'sentiment-afinn', '2.1.0', '3.0.1')\n"
        f"plainview.publish({str(DATA / 'sentences.csv')!r}, specification={str(DATA / 'vader.yaml')!r}, release='2.5', "
        "prediction='vader_2.5', store=plainview.create_store('other'))\n"
        "print(found.headline)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == compared["headline"]
