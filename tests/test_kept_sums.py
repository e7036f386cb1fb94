"""Evaluations whose rows are not in the store: every verb and page works with them, and says where the rows are."""

import json
import shutil
from pathlib import Path

import pytest
import streamlit as st
from golden.make import SPECIFICATIONS, frame
from page_reading import open_page, prose
from pydantic import ValidationError
from typer.testing import CliRunner

import plainview
from plainview.cli import app
from plainview.comparison import compare, compare_if_readable
from plainview.exceptions import DamagedError
from plainview.records import Evaluation
from plainview.store import open_store

GOLDEN = Path(__file__).parent / "golden" / "format-2" / "store"
ROWS = "warehouse.answers_2"
LOCAL = f"project: tables\ntitle: Golden tables\n{SPECIFICATIONS['classes']}"
PAGES = (
    "release/report",
    "release/behaviours",
    "release/compare",
    "release/requirements",
    "evidence/trends",
    "evidence/thresholds",
    "evidence/planning",
    "evidence/exposure",
    "readiness/portfolio",
)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A store with two releases of tables, 1.0 and 2.0 with their joint sums, and a third of a file."""
    st.cache_data.clear()
    st.cache_resource.clear()
    folder = shutil.copytree(GOLDEN, tmp_path / "store")
    plainview.publish(frame("classes", 12), specification=LOCAL, release="3.0", released="2024-03-01", store=folder)
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    return folder


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_releases_of_tables_are_compared_as_the_same_releases_of_files(root, tmp_path):
    for number, release in enumerate(("1.0", "2.0"), start=1):
        plainview.publish(frame("classes", 4 * number), specification=LOCAL, release=release, store=tmp_path / "files")
    assert compare(open_store(root), "tables", "1.0", "2.0") == compare(
        open_store(tmp_path / "files"), "tables", "1.0", "2.0"
    )


def test_a_release_of_a_file_after_one_of_a_table_is_compared_as_another_sample(root):
    found = compare(open_store(root), "tables", "2.0", "3.0")
    assert not found.paired
    assert f"The rows of 2.0 stay in {ROWS}" in found.apart
    overall = next(row for row in found.results if (row.scenario, row.metric) == ("all", "accuracy"))
    assert overall.difference == pytest.approx(overall.candidate - overall.baseline)
    assert overall.fixed is None
    backwards = compare(open_store(root), "tables", "2.0", "1.0")
    assert not backwards.paired  # what is kept is 1.0 before 2.0
    assert "No joint sums of 2.0 and 1.0 are kept" in backwards.apart


def test_what_a_release_of_a_file_lacks_for_a_table_s_specification_is_said(root):
    store = open_store(root)
    few = "project: tables\ntask: classification\ncolumns: {id: id, label: label}\nmetrics: [accuracy]\n"
    rows = frame("classes", 5).select("id", "label", "prediction", "score", "weight", "customer")
    plainview.publish(rows, specification=few, release="0.9", released="2023-01-01", store=root)
    found = compare(store, "tables", "0.9", "2.0")
    assert {row.verdict for row in found.results} == {"not comparable"}
    assert "0.9 has no column 'words'" in found.results[0].reason


def test_damaged_sums_are_never_compared(root):
    store = open_store(root)
    before, after = (store.evaluation("tables", release) for release in ("1.0", "2.0"))
    (root / before.sums_file.key).unlink()
    assert compare(store, "tables", "1.0", "2.0").paired  # it needs the joint sums alone
    (root / after.joint.sums.key).write_bytes(b"")
    with pytest.raises(DamagedError, match=r"belongs to tables 2\.0"):
        compare_if_readable(store, before, after)
    local = store.evaluation("tables", "3.0")
    assert "1.0 cannot be read" in compare_if_readable(store, before, local).results[0].reason


@pytest.mark.parametrize(
    "command", [("list",), ("show", "tables", "2.0"), ("compare", "tables", "1.0", "2.0"), ("verify",)]
)
def test_every_verb_works_without_rows(command, root):
    done = run(*command, "--store", root)
    assert (done.exit_code, done.stderr) == (0, "")
    assert run(*command, "--store", root, "--json").exit_code == 0


def test_two_samples_are_called_so_on_the_command_line(root):
    done = run("compare", "tables", "2.0", "3.0", "--store", root)
    assert "compared as independent samples" in " ".join(done.stdout.split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("release", "scenario"), [("1.0", None), ("2.0", None), ("2.0", "Long"), ("3.0", None)])
def test_every_page_works_without_rows(page, release, scenario, root):
    asked = {"project": "tables", "release": release} | ({"scenario": scenario} if scenario else {})
    opened = open_page(page, **asked)
    assert not opened.exception
    text = "\n".join(prose(opened))
    assert "cannot be shown" not in text
    assert "could not be shown" not in text


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("release/behaviours", {"scenario": "Long"}),
        ("release/compare", {}),
        ("release/compare", {"scenario": "Long"}),
        ("evidence/thresholds", {}),
    ],
)
def test_a_page_of_examples_says_where_the_rows_are(page, asked, root):
    text = "\n".join(prose(open_page(page, project="tables", release="2.0", **asked)))
    assert "The rows are not in this store" in text
    assert f"stay in {ROWS} (Spark)" in text


def test_a_release_of_a_file_shows_its_own_examples_and_says_where_the_baseline_s_are(root):
    own = "\n".join(prose(open_page("release/behaviours", project="tables", release="3.0", scenario="Long")))
    assert "The rows are not in this store" not in own
    beside = "\n".join(prose(open_page("release/compare", project="tables", release="3.0")))
    assert f"stay in {ROWS} (Spark)" in beside


def test_an_older_reader_lists_them_as_newer_and_reads_the_others(root, monkeypatch):
    monkeypatch.setattr("plainview.store.sealed.SCHEMA_VERSION", 1)
    monkeypatch.setenv("PLAINVIEW_CACHE", str(root.parent / "older"))
    store = open_store(root)
    assert [one.release for one in store.releases("tables")] == ["3.0"]
    assert [item.newer for item in store.damaged()] == [True, True]
    assert len(store.releases("classes")) == 2


def test_a_record_of_rows_in_the_store_is_written_as_ever(root):
    made = open_store(root).evaluation("tables", "3.0")
    written = json.loads((root / f"commits/{made.id}.json").read_bytes().splitlines()[1])
    assert (written["schema_version"], written["min_reader"]) == (1, 1)
    assert not {"source", "sums_file", "joint"} & set(written)
    there = [name for name in written if name.endswith("_file")]
    assert there == ["examples_file", "predictions_file", "results_file"]


def test_a_record_must_say_where_its_rows_are(root):
    known = open_store(root).evaluation("tables", "2.0").model_dump()
    for lost in ("source", "sums_file"):
        with pytest.raises(ValidationError, match="its rows are neither in the store"):
            Evaluation(**{name: value for name, value in known.items() if name != lost})


def test_garbage_collection_keeps_sums_and_removes_those_of_nobody(root):
    store = open_store(root)
    orphan = root / "data" / "sums" / f"{'0' * 64}.sums"
    orphan.write_bytes(b"of nobody")
    assert store.collect_garbage(delete=True, grace=-60).keys == (f"data/sums/{'0' * 64}.sums",)
    assert store.verify().ok
