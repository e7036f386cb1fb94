"""The command line: the library's verbs, one JSON object where asked for, errors on standard error with exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_cases import files, one_object, publish, run  # noqa: F401
from verb_cases import AFINN, CLASSES, SENTENCES, demo, demo_store, frame, listing, put  # noqa: F401

from plainview.comparison import compare
from plainview.report import release_report

COMMANDS = (
    "publish", "list", "show", "compare", "gate", "diff", "suggest", "metrics", "waive", "incident", "decide", "assess",
    "export-delta", "verify", "seal", "doctor", "demo", "serve",
    "publish", "list", "show", "compare", "gate", "diff", "suggest", "metrics", "waive", "incident", "assess",
    "report", "site", "export-delta", "verify", "seal", "doctor", "demo", "serve",
)  # fmt: skip
PLAINVIEW = Path(sys.executable).with_name("plainview")
HOSTILE = "\x1b[31m:bug: [red]x[/red] <script>"
BANNED = ("\x1b", "\x07", "\x9b")


# Help


def test_help_names_every_command_and_where_to_start():
    found = run("--help")
    assert found.exit_code == 0
    for command in COMMANDS:
        assert command in found.stdout
    assert "Start with plainview demo" in " ".join(found.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_says_what_it_does(command):
    found = run(command, "--help")
    assert found.exit_code == 0
    assert len(found.stdout.split("Usage")[1].split("\n\n")[0]) > 20
    assert ("--store" in found.stdout) is (command != "metrics")


def test_nothing_at_all_prints_the_help():
    assert "Usage" in run().output


def test_the_version_is_printed():
    from plainview import __version__

    assert run("--version").stdout.strip() == __version__


# The verbs


def test_list_show_and_compare_as_json_are_the_librarys(demo_store, demo):  # noqa: F811
    shown = one_object(run("show", "sentiment-vader", "3.3.2", "--json", store=demo))
    assert shown == json.loads(json.dumps(release_report(demo_store, "sentiment-vader", "3.3.2").to_dict()))
    compared = one_object(run("compare", "flight-delay", "2013.03", "2013.06", "--json", store=demo))
    assert compared == json.loads(json.dumps(compare(demo_store, "flight-delay", "2013.03", "2013.06").to_dict()))
    listed = one_object(run("list", "sentiment-afinn", "--json", store=demo))
    assert [row["release"] for row in listed["evaluations"]] == ["1.0.6", "2.1.0", "3.0.1", "4.2.0", "5.0.2"]


def test_show_takes_another_baseline(demo):  # noqa: F811
    assert (
        one_object(run("show", "sentiment-afinn", "3.0.1", "--baseline", "1.0.6", "--json", store=demo))["baseline"]
        == "1.0.6"
    )


def test_compare_in_words_begins_with_the_headline_and_has_every_scenario(demo, demo_store):  # noqa: F811
    found = run("compare", "sentiment-afinn", "2.1.0", "3.0.1", store=demo).stdout
    comparison = compare(demo_store, "sentiment-afinn", "2.1.0", "3.0.1")
    lines = found.splitlines()
    assert lines[: 1 + len(comparison.sentences)] == [comparison.headline, *comparison.sentences]
    tables = {
        title.split(": ")[-1]: title for title in lines if title.startswith("sentiment-afinn: 2.1.0 against 3.0.1: ")
    }
    for row in comparison.results:
        table = lines[lines.index(tables[row.metric]) + 1 :]  # a table for each metric
        assert any(row.scenario in line and row.verdict in line for line in table)


def test_show_in_words_has_the_requirements_and_every_scenario(demo, demo_store):  # noqa: F811
    found = run("show", "flight-delay", "2013.09", store=demo).stdout
    report = release_report(demo_store, "flight-delay", "2013.09")
    assert report.headline in found
    assert report.standing in found
    for row in report.standings:
        assert row.id in found
    assert "12.4 minutes" in found


def test_list_in_words_has_projects_releases_and_dates(demo):  # noqa: F811
    found = run("list", store=demo).stdout
    for word in ("sentiment-afinn", "sentiment-vader", "flight-delay", "2017-02-26", "3,000", "5,021"):
        assert word in found


def test_demo_if_empty_does_nothing_where_there_is_a_project(demo):  # noqa: F811
    before = listing(demo)
    found = run("demo", "--if-empty", store=demo)
    assert (found.exit_code, found.output) == (0, "")
    assert listing(demo) == before


def test_demo_without_its_data_makes_no_store(tmp_path):
    found = run("demo", "--data", tmp_path, store=tmp_path / "store")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "The demo's data was not found" in found.stderr
    assert not (tmp_path / "store").exists()


# Verify


def test_verify_says_that_everything_is_as_it_was_published(demo):  # noqa: F811
    assert "Everything is as it was published." in run("verify", store=demo).stdout
    found = one_object(run("verify", "--json", store=demo))
    assert (found["ok"], found["evaluations"], found["damaged"]) == (True, 11, [])


@pytest.mark.parametrize("kind", ["commits", "data/examples", "data/predictions", "specifications"])
def test_verify_exits_1_on_a_flipped_byte_and_names_the_file(kind, files):  # noqa: F811
    store = files / "store"
    publish(files, store=store)
    path = next(path for path in (store / kind).iterdir())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    found = run("verify", store=store)
    assert found.exit_code == 1
    assert f"Damaged: {kind}/{path.name}" in found.stdout
    assert "Not everything is as it was published." in found.stdout
    plain = run("verify", "--json", store=store)
    assert (plain.exit_code, json.loads(plain.stdout)["ok"]) == (1, False)
    assert json.loads(plain.stdout)["damaged"][0]["key"] == f"{kind}/{path.name}"


def test_list_still_lists_what_is_sound_beside_a_damaged_record(files):  # noqa: F811
    store = files / "store"
    publish(files, store=store)
    publish(files, store=store, release="2.0")
    path = sorted((store / "commits").iterdir())[0]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])
    found = run("list", store=store, env={"PLAINVIEW_CACHE": str(files / "another cache")})
    assert found.exit_code == 0
    assert "2.0" in found.stdout
    assert f"Damaged: commits/{path.name}" in found.stderr.replace("\n", "")


# Errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "sentiment-afin", "3.0.1"), "Did you mean 'sentiment-afinn'?"),
        (("show", "sentiment-afinn", "3.0"), "Did you mean '3.0.1'?"),
        (("compare", "sentiment-afinn", "2.1.0", "3.1.0"), "Did you mean '2.1.0'?"),
        (("compare", "sentiment-afinn", "nope", "3.0.1"), "Known: 1.0.6, 2.1.0, 3.0.1"),
        (("list", "sentiment"), "There is no project 'sentiment'"),
        (
            ("show", "sentiment-afinn", "3.0.1", "--baseline", "x"),
            "no release 'x' of 'sentiment-afinn' to compare with",
        ),
        (("show", "sentiment-afinn", "3.0.1", "--test-set", "x"), "not evaluated on a test set 'x'"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
def test_an_unknown_name_is_an_error_with_nothing_on_standard_output(demo, arguments, said, as_json):  # noqa: F811
    found = run(*arguments, *(["--json"] if as_json else []), store=demo)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("Error: ")
    assert said in found.stderr.replace("\n", " ")


@pytest.mark.parametrize("command", [("list",), ("verify",), ("show", "p", "r"), ("compare", "p", "a", "b")])
def test_where_there_is_no_store_none_is_made(command, tmp_path):
    found = run(*command, store=tmp_path / "store")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "There is no store at" in found.stderr
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("change", "more", "said"),
    [
        (
            {"specification.yaml": CLASSES.replace("words > 20", "wrods > 20")},
            (),
            "specification.yaml, line 10, column 29",
        ),
        ({"specification.yaml": CLASSES.replace("metrics", "metrix")}, (), "Did you mean 'metrics'?"),
        ({"rows.csv": "id,label,prediction,words\na,yes,no,1\na,yes,no,1\n"}, (), "'a' in rows 1, 2"),
        ({"rows.csv": "id,label,prediction,words\n"}, (), "has no rows"),
        ({"rows.csv": "id,label,prediction\na,yes\n"}, (), "rows.csv, line 2"),
        ({"rows.csv": ""}, (), "rows.csv is empty"),
        ({}, ("--prediction", "predicted"), "no column 'predicted' to take predictions from"),
        ({}, ("--released", "yesterday"), "must be written yyyy-mm-dd"),
        ({}, ("--release", "\x1b[31m"), "printable characters"),
        ({}, ("--test-set", ""), "name of a test set"),
    ],
)
def test_what_cannot_be_published_is_an_error_and_nothing_is_written(files, change, more, said):  # noqa: F811
    for name, text in change.items():
        (files / name).write_text(text)
    found = publish(files, *more, store=files / "store")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("Error: ")
    assert said in found.stderr
    assert not (files / "store").exists()


def test_a_file_that_is_not_there_is_named_with_the_nearest(files):  # noqa: F811
    for frame_file, specification in (("row.csv", "specification.yaml"), ("rows.csv", "specificatio.yaml")):
        found = run("publish", files / frame_file, "-s", files / specification, "-r", "1", store=files / "store")
        assert found.exit_code == 2
        assert "Did you mean 'rows.csv'?" in found.stderr or "Did you mean 'specification.yaml'?" in found.stderr


@pytest.mark.parametrize("arguments", [("nothing",), ("show",), ("compare", "a"), ("publish",), ("list", "--nothing")])
def test_a_command_that_is_called_wrongly_exits_with_2(arguments):
    found = run(*arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "Usage" in found.stderr


# Names of strangers


def test_a_hostile_name_is_shown_and_not_obeyed(files):  # noqa: F811
    name = ":bug: [red]x[/red] [link=http://example.org]y[/link] <script> \\[z]"
    (files / "specification.yaml").write_text(CLASSES.replace("name: Long,", f"name: '{name}',"))
    store = files / "store"
    assert f"Next: plainview show reviews '{name}'" in publish(files, store=store, release=name).stdout
    for found in (
        run("list", store=store),
        run("show", "reviews", name, store=store),
        run("compare", "reviews", name, name, store=store),
    ):
        assert found.exit_code == 0
        assert name in found.stdout
        assert not [char for char in BANNED if char in found.output]


def test_control_characters_never_reach_the_terminal(files):  # noqa: F811
    (files / "rows.csv").write_text("id,label,words,prediction,\x1b]0;owned\x07\na,yes,1,yes,2\n")
    (files / "specification.yaml").write_text(CLASSES.replace("words", "zzz"))
    found = publish(files, store=files / "store")
    assert found.exit_code == 2
    assert "\\x1b]0;owned\\x07" in found.stderr
    frame().write_csv(files / "rows.csv")
    (files / "specification.yaml").write_text(CLASSES)
    publish(files, "--notes", HOSTILE, store=files / "store")
    for arguments in (("show", "reviews", HOSTILE), ("list", HOSTILE), ("compare", "reviews", "1.0", HOSTILE)):
        found = run(*arguments, store=files / "store")
        assert found.exit_code == 2
        assert not [char for char in BANNED if char in found.output]


# As a process


def process(*arguments, **settings):
    environment = {**os.environ, **settings.pop("env", {})}
    return subprocess.run(
        [PLAINVIEW, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", env=environment, **settings
    )


def test_the_store_of_the_environment_is_used_unless_another_is_named(demo, tmp_path):  # noqa: F811
    found = process("list", "--json", env={"PLAINVIEW_STORE": str(demo)}, cwd=tmp_path)
    assert len(json.loads(found.stdout)["evaluations"]) == 11
    found = process("list", "--store", tmp_path / "none", env={"PLAINVIEW_STORE": str(demo)}, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    found = process("list", env={"PLAINVIEW_STORE": ""}, cwd=tmp_path)
    assert "There is no store at data/store" in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_a_reader_who_has_read_enough_is_no_error(demo, more):  # noqa: F811
    command = [PLAINVIEW, "compare", "flight-delay", "2013.03", "2013.06", "--store", str(demo), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_our_characters_gets_the_rest(demo, encoding):  # noqa: F811
    settings = {"env": {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}}
    found = process("compare", "sentiment-afinn", "2.1.0", "3.0.1", "--store", demo, **settings)
    assert (found.returncode, found.stderr) == (0, "")
    assert "understands negation better than 2.1.0 (+7.6 points" in found.stdout
    plain = process("compare", "sentiment-afinn", "2.1.0", "3.0.1", "--json", "--store", demo, **settings)
    assert "“" in json.loads(plain.stdout)["headline"]


def test_serve_outside_of_the_repository_is_an_error(tmp_path):
    code = (
        "import sys, plainview.cli as c; c.start.__file__ = '/x/y/cli.py'; sys.argv = ['plainview', 'serve']; c.main()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert "app.py is in Plainview's repository" in found.stderr.replace("\n", " ")
