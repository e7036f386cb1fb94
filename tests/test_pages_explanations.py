"""The page of explanations: what it says is what the library found, and nothing in a published explanation is alive."""

import json

import polars as pl
import pytest
import streamlit as st
from explanation_cases import SPECIFICATION, frame, predict
from page_reading import charts, live, open_page, prose, read, tables
from page_stores import LIVE
from verb_cases import demo  # noqa: F401

import plainview
from plainview.explanations.explaining import explain

HOSTILE = [[LIVE[0], 0.9], ["not", -0.7], [LIVE[1], 0.4], ["plain", 0.01], [LIVE[2], -0.5], ["x" * 1_000_000, 0.6]]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINVIEW_CACHE", str(folder / "cache"))
        for number, release in enumerate(("1.0", "1.1")):
            plainview.publish(
                frame(),
                specification=SPECIFICATION,
                release=release,
                released=f"2026-0{number + 1}-01",
                notes=release,
                store=folder / "store",
            )
        store = plainview.open_store(folder / "store")
        explain(store, "known", "1.0", predict=predict, local=10)
        tokens = pl.DataFrame({"id": ["0001", "0002"], "tokens": [json.dumps(HOSTILE), json.dumps([["calm", 0.5]])]})
        explain(store, "known", "1.1", predict=predict, attributions=tokens, unit="log-odds", local=0)
    return folder / "store"


@pytest.fixture(autouse=True)
def fresh(monkeypatch, root):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(root))


def visit(**asked):
    page = open_page("evidence/explanations", project="known", **asked)
    assert not page.exception
    return page


def test_where_it_is_wrong_is_said_first_and_how_far_that_can_be_trusted_beside_it():
    page = visit(release="1.0")
    assert "wrong most often for examples" in page.header[0].value
    said = prose(page)
    assert any("area under the ROC curve" in text for text in said)
    assert any("in all 10 the base value and what the columns added come to the answer" in text for text in said)
    assert any("“x” and “twin” (+1.00)" in text or "“twin” and “x” (+1.00)" in text for text in said)
    assert any("not what causes what" in text for text in said)
    words = next(table for table in tables(page) if "Word" in table.columns)
    assert "refund" in words["Word"].to_list()


def test_importance_is_followed_over_the_releases_that_published_it():
    page = visit(release="1.1")
    over = next(each for each in charts(page) if "release" in json.dumps(each["layer"][0]["encoding"].get("x", {})))
    assert {row["release"] for row in over["datasets"]["rows"]} == {"1.0", "1.1"}


def test_the_example_that_the_address_names_is_explained_and_an_unknown_one_is_said_to_be():
    page = visit(release="1.1", example="0002")
    assert any("The answer to 0002 was moved most of all by “calm” by +0.500" in text for text in prose(page))
    page = visit(release="1.1", example="9999")
    assert any("There is no such example" in title.value for title in page.title)


def test_words_are_marked_as_plain_text_whatever_they_say():
    page = visit(release="1.1", example="0001")
    assert live(page) == []
    marks = next(each.value for each in page.markdown if "-badge[" in each.value and "not" in each.value)
    assert "● <script>" in read(marks)
    assert "■ not" in read(marks)
    assert len(marks) < 2_000
    assert "plain" in read(marks).split()  # too weak to be marked


def test_the_flights_of_the_demo_are_explained(demo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))
    page = open_page("evidence/explanations", project="flight-delay")
    said = prose(page)
    assert any("The answers of 2013.09 depend most on “dep_delay”" in text for text in said)
    assert any("What was asked repeats 100.0% of the published answers" in text for text in said)
    assert any("in all 200 the base value" in text for text in said)
