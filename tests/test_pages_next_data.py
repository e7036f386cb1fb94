"""The page of what data is wanted: the list, what is kept of it, and what the last one brought."""

import polars as pl
import pytest
import streamlit as st
from page_reading import live, open_page, prose, read, tables
from page_stores import LIVE
from test_collecting import SPECIFICATION, N, rows

import plainview
from plainview.collecting.kept import KIND


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Two versions of a test set; the places of the first have names that would be alive if they could."""
    names = {"dusk": LIVE[0], "day": LIVE[1]}
    first = rows().with_columns(pl.col("place").replace(names))
    worse = pl.when(pl.col("place") == LIVE[0]).then(pl.lit("grey")).otherwise("prediction").alias("prediction")
    plainview.publish(
        first.with_columns(worse),
        specification=SPECIFICATION,
        release="1.0",
        released="2026-01-01",
        store=tmp_path / "store",
    )
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def visit(**asked):
    page = open_page("evidence/next_data", project="colours", **asked)
    assert not page.exception
    return page


def test_the_list_is_shown_kept_by_a_button_and_held_against_the_next_test_set(root):
    page = visit()
    assert page.header[0].value.startswith("Collect about ")
    listed = tables(page)[0]
    assert listed[""].to_list() == [*range(1, listed.height + 1)]
    assert any(LIVE[0] in what for what in listed["What"])
    assert live(page) == []
    assert any("No list of an earlier test set was kept" in text for text in prose(page))
    next(each for each in page.button if each.label == "Keep this list").click().run()
    store = plainview.open_store(root)
    [event] = store.events("colours", kind=KIND)
    assert event.body["count"] == listed.height
    assert store.attached(event, "wanted")["what"].to_list() == listed["What"].to_list()
    assert "Keep this list" not in [each.label for each in page.button]

    grown = pl.concat([rows(), rows(1, fog=40, start=N)])
    plainview.publish(grown, specification=SPECIFICATION, release="2.0", released="2026-02-01", store=root)
    st.cache_data.clear()
    st.cache_resource.clear()
    after = visit(release="2.0")
    said = [read(text) for text in prose(after)]
    assert any("Verdicts became possible on 1 of 1 scenario" in text for text in said)
    came = tables(after)[-1]
    fog = came.filter(pl.col("What") == "Fog").row(0, named=True)
    assert (fog["Came"], fog["There now"], fog["What it allows"]) == (40, 48, "a verdict is possible now")


def test_labels_to_check_are_listed_one_by_one(root):
    labels = next(table for table in tables(visit()) if "Label" in table.columns)
    assert labels["Id"].to_list() == ["00100", "00101", "00300", "00301"]
    assert labels["Group"].n_unique() == 2
