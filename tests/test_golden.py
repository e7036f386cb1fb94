"""Stores of every format that was ever written: the past is read with the same numbers, the future is named and left alone."""

import json
import shutil
from pathlib import Path

import pytest
from golden.make import described, frame
from store_cases import own_cache, rewrite  # noqa: F401 - every test its own cache folder
from typer.testing import CliRunner

from plainview import publish
from plainview.cli import app
from plainview.comparison import compare
from plainview.exceptions import NewerFormatError
from plainview.records import SCHEMA_VERSION
from plainview.report import release_report
from plainview.store import open_store

GOLDEN = Path(__file__).parent / "golden"
FORMATS = sorted(GOLDEN.glob("format-*"))
TASKS = {"classes", "many", "sets", "numbers", "boxes", "grades"}
formats = pytest.mark.parametrize("folder", FORMATS, ids=lambda folder: folder.name)


@pytest.fixture
def root(tmp_path):
    """A copy of the newest golden store."""
    return shutil.copytree(FORMATS[-1] / "store", tmp_path / "store")


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def record_of(root, project, release):
    """The file of a record; looked up without a store, which would remember what it read."""
    sealed = {path: json.loads(path.read_bytes().splitlines()[1]) for path in (root / "commits").glob("*.json")}
    (found,) = (path for path, it in sealed.items() if (it["project"], it["release"]) == (project, release))
    return found


def test_there_is_a_golden_store_of_every_format_and_it_has_every_task():
    assert [folder.name for folder in FORMATS] == [f"format-{number}" for number in range(1, SCHEMA_VERSION + 1)]
    assert all(set(open_store(folder / "store").projects()) >= TASKS for folder in FORMATS)


@formats
def test_a_store_of_the_past_gives_the_numbers_that_were_measured_then(folder):
    assert described(open_store(folder / "store")) == json.loads((folder / "expected.json").read_text())


@formats
def test_a_store_of_the_past_is_whole_and_is_not_changed_by_reading_it(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    store = open_store(folder / "store")
    assert store.verify().ok
    (comment,) = store.events("classes")
    assert (comment.kind, comment.body, comment.release) == ("comment", {"text": "Looks right."}, "2.0")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@formats
@pytest.mark.parametrize("project", sorted(TASKS))
def test_a_store_of_the_past_is_listed_shown_reported_and_compared(folder, project):
    store = open_store(folder / "store")
    report = release_report(store, project, "2.0")
    assert report.evaluation.release == "2.0"
    change = compare(store, project, "1.0", "2.0")
    assert change.headline
    for command in (["list"], ["show", project, "2.0"], ["compare", project, "1.0", "2.0"]):
        done = run(*command, "--store", folder / "store")
        assert done.exit_code == 0, done.stderr


@formats
def test_todays_publisher_goes_on_in_a_store_of_the_past(folder, tmp_path):
    root = shutil.copytree(folder / "store", tmp_path / "store")
    store = open_store(root)
    text = store.specification_text(store.evaluation("classes", "2.0"))
    publish(frame("classes", 9), specification=text, release="3.0", store=root)
    same = {"released": "2024-02-01", "notes": "made to be kept", "actor": "golden"}
    again = publish(frame("classes", 8), specification=text, release="2.0", store=root, **same)
    found = open_store(root)
    assert [each.release for each in found.releases("classes")] == ["1.0", "2.0", "3.0"]
    assert again.id == store.evaluation("classes", "2.0").id
    assert compare(found, "classes", "2.0", "3.0").headline


def test_an_event_of_the_past_still_has_its_table():
    store = open_store(GOLDEN / "format-3" / "store")
    (check,) = store.events("numbers", kind="check")
    assert store.attached(check, "outcomes").to_dict(as_series=False) == {"id": ["000", "004"], "passed": [True, False]}


def test_a_record_of_the_future_is_named_and_nothing_else_is_affected(root):
    record = record_of(root, "classes", "2.0")
    rewrite(record, schema_version=99, min_reader=99, results={"where": "elsewhere"}, shape="ring")
    listed = run("list", "--store", root)
    assert listed.exit_code == 0
    assert "1.0" in listed.stdout
    assert "newer Plainview: format 99" in listed.stderr
    assert "Upgrade Plainview" in listed.stderr
    assert "Damaged" not in listed.stderr
    (item,) = json.loads(run("list", "--json", "--store", root).stdout)["damaged"]
    assert (item["key"], item["newer"]) == (f"commits/{record.name}", True)
    assert run("show", "classes", "1.0", "--store", root).exit_code == 0
    gone = run("show", "classes", "2.0", "--store", root)
    assert (gone.exit_code, "no release '2.0'" in gone.stderr) == (2, True)
    assert run("compare", "classes", "1.0", "2.0", "--store", root).exit_code == 2


def test_todays_publisher_goes_on_beside_records_of_the_future(root):
    record = record_of(root, "classes", "2.0")
    rewrite(record, schema_version=99, min_reader=99, shape="ring")
    kept = record.read_bytes()
    store = open_store(root)
    text = store.specification_text(store.evaluation("classes", "1.0"))
    for release in ("2.0", "3.0"):  # the first under the name that the newer record has
        publish(frame("classes", 7), specification=text, release=release, store=root)
    found = open_store(root)
    assert {each.release for each in found.releases("classes")} == {"1.0", "2.0", "3.0"}
    found.collect_garbage(delete=True, grace=0)
    assert record.read_bytes() == kept


def test_what_a_newer_plainview_only_added_is_passed_over(root):
    rewrite(record_of(root, "classes", "2.0"), schema_version=99, min_reader=1, mood="good")
    store = open_store(root)
    assert store.damaged() == []
    assert described(store) == json.loads((FORMATS[-1] / "expected.json").read_text())


def test_a_store_of_the_future_is_refused_with_exit_code_2(root):
    rewrite(root / "store.json", schema_version=99, min_reader=99, shape="ring")
    with pytest.raises(NewerFormatError, match="format 99"):
        open_store(root)
    for command in (["list"], ["show", "classes", "1.0"]):
        done = run(*command, "--store", root)
        assert (done.exit_code, "newer Plainview" in done.stderr) == (2, True)
