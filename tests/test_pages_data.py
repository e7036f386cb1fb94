"""The pages of the test set and of production in use: hostile text is text, the address chooses, Evidently stays out."""

import os
import subprocess
import sys
from datetime import date

import polars as pl
import pytest
import streamlit as st
from page_reading import NONSENSE, ROOT, address, charts, live, open_page, prose, read, tables
from page_stores import LIVE, ROWS, frame, publish, specification

from plainview.data_tests import run_data_tests
from plainview.drift import monitor
from plainview.store import open_store

OWN = {"counted_by": "plainview"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A project whose every name is alive: with a test set that is amiss, and two batches of production."""
    folder = tmp_path_factory.mktemp("pages-data") / "store"
    rows = (
        frame(40, text=LIVE[0])
        .rename({"text": LIVE[1]})
        .with_columns(pl.col(LIVE[1]).str.slice(0, 40), where=pl.lit(LIVE[2]))
    )
    mix = {"no": 0.9, "yes": 0.1}
    data = {"missing_at_most": 0, "class_mix": mix, "columns": {LIVE[1]: {"values": [LIVE[3]]}, LIVE[4]: {}}}
    publish(folder, specification("alive", behaviours=[], data=data), rows)
    publish(folder, specification("bare", behaviours=[]), frame(40))
    store = open_store(folder)
    run_data_tests(store, "alive", "1.0", training=rows.head(7), **OWN)
    moved = rows.with_columns(where=pl.lit(LIVE[5]), kind=pl.col("kind") + 9, more=pl.lit(1)).drop("label")
    for name, until, batch in ((LIVE[0], date(2026, 5, 31), rows), (LIVE[1], date(2026, 6, 30), moved)):
        monitor(store, "alive", batch, name=name, until=until, measured_by="plainview")
    return folder


@pytest.fixture(autouse=True)
def fresh(monkeypatch, root):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(root))
    monkeypatch.setitem(sys.modules, "evidently", None)  # whoever imports it fails


def visit(path, **asked):
    page = open_page(f"evidence/{path}", **{"project": "alive", **asked})
    assert not page.exception
    assert live(page) == []
    assert [text for text in prose(page) if NONSENSE.search(text)] == []
    return page


def test_what_is_amiss_is_said_in_words_before_it_is_drawn():
    page = visit("data")
    assert read(page.header[0].value).startswith("Look at the test set before its numbers: ")
    said = " ".join(read(text) for text in prose(page))
    assert "7 of 240 examples are in the training data too" in said
    assert "50% of the examples are of class “no”" in said
    assert f"The test set must have a column “{LIVE[4]}”" in said
    assert len(charts(page)) == 1  # the mix


def test_the_offending_examples_of_a_test_are_listed_with_their_own_columns():
    page = visit("data", value="Leak")
    assert address(page)["value"] == "Leak"
    shown = tables(page)[0]
    assert shown["id"].to_list() == [f"{number:04d}" for number in range(7)]
    assert {"label", "kind"} <= set(shown.columns)


def test_the_latest_batch_is_shown_and_the_address_chooses_another():
    page = visit("monitoring")
    assert read(page.header[0].value).startswith(f"In the batch “{LIVE[1]}”, ")
    assert f"where is “{LIVE[5]}” more often (0.0% to 100.0%)" in read(page.header[0].value)
    picker = next(each for each in page.selectbox if each.label == "Batch")
    first = picker.options[-1]
    picker.select_index(len(picker.options) - 1).run()
    assert LIVE[0][:8] in read(first)
    assert f"The batch “{LIVE[0]}” is like the test set" in read(page.header[0].value)
    assert "batch" in address(page)


def test_then_and_now_are_drawn_for_the_columns_that_moved_and_for_one_that_is_asked_for():
    assert len(charts(visit("monitoring"))) >= 2
    page = visit("monitoring", column="kind")
    assert any("kind most often: in the test set" in text for text in prose(page))


def test_a_batch_that_is_not_there_is_said_to_be_unknown():
    page = visit("monitoring", batch="01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert any("There is no such batch" in title.value for title in page.title)


def test_without_evidence_the_pages_say_so_and_how_to_get_it():
    for path, command in (
        ("data", "plainview data-test --project bare"),
        ("monitoring", "plainview monitor BATCH --project bare"),
    ):
        page = visit(path, project="bare")
        assert any(command in each.value for each in page.code)
        assert not charts(page)


def test_what_cannot_be_understood_is_left_out(root):
    store = open_store(root)
    store.append_event("data tests", "bare", body={"tests": [{"what": 3}], "test_set": "x"})
    store.append_event("monitoring", "bare", body={"drifted": False})
    assert "Nobody has tested" in visit("data", project="bare").header[0].value
    assert "No batch of production" in visit("monitoring", project="bare").header[0].value


def test_the_app_never_imports_evidently(root):
    """In a process of its own, as the app runs."""
    code = (
        "import sys\n"
        "sys.path.insert(0, 'tests')\n"
        "from page_reading import open_page, session\n"
        "reader = session()\n"
        "for path in ('release/report', 'evidence/data', 'evidence/monitoring', 'about/publish'):\n"
        "    assert not open_page(path, reader=reader, project='alive').exception\n"
        "assert 'evidently' not in sys.modules\n"
    )
    environment = {**os.environ, "PLAINVIEW_STORE": str(root)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_row_of_the_offending_table_is_of_the_test_that_is_shown():
    page = visit("data", value="Missing values: kind")  # no such test failed: the first that did is shown
    assert tables(page)[0].height <= ROWS
