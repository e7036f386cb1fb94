"""The page of what-if analyses in use: stand-ins, a live model, what is kept, and what the address may not ask."""

import polars as pl
import pytest
import streamlit as st
from checks_cases import LOANS, PROJECT, examples, fair, published
from page_reading import address, charts, live, open_page, prose, read, tables
from page_stores import LIVE

from plainview.store import open_store

HOSTILE = " ".join(LIVE[:3])


@pytest.fixture
def root(tmp_path, monkeypatch):
    rows = examples().with_columns(pl.when(pl.col("id") == "003").then(pl.lit(HOSTILE)).otherwise("text").alias("text"))
    folder = published(tmp_path / "store", frame=rows, specification=LOANS)
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    monkeypatch.delenv("PLAINVIEW_PREDICT", raising=False)
    st.cache_data.clear()
    st.cache_resource.clear()
    return folder


@pytest.fixture
def registered(tmp_path, monkeypatch):
    def register(how):
        path = tmp_path / "predict.yaml"
        path.write_text(f"projects: {{{PROJECT}: {{{how}}}}}")
        monkeypatch.setenv("PLAINVIEW_PREDICT", str(path))

    return register


def visit(**asked):
    page = open_page("evidence/what_if", project=PROJECT, **asked)
    assert not page.exception
    assert live(page) == []
    return page


def test_without_a_live_model_the_nearest_examples_stand_in_and_it_is_said(root):
    page = visit(example="002", change="income=99.0")
    said = read(page.header[0].value)
    assert said.startswith("With income 99 instead of 74: of the 10 nearest published examples, 1.0 answered ")
    assert any("No live model is registered, so published examples stand in" in text for text in prose(page))
    near = tables(page)[0]
    assert near.height == 10
    assert near["Distance"].to_list() == sorted(near["Distance"])
    assert "002" not in near["id"].to_list()


def test_a_live_model_moves_the_answer(root, registered):
    registered('function: "checks_cases:fair"')
    page = visit(example="002", change="income=20.0")
    said = read(page.header[0].value)
    assert (
        said == "With income 20 instead of 74, 1.0 answers “no” instead of “yes” (probability of “no”: 26.0% to 80.0%)."
    )
    assert fair({"income": [20.0]})["no"] == [0.8]


def test_the_column_that_was_changed_is_moved_over_its_range(root, registered):
    registered('function: "checks_cases:fair"')
    page = visit(example="002", change="gender=f&income=20.0")
    [spec] = charts(page)
    rows = spec["datasets"]["rows"]
    assert (rows[0]["x"], rows[-1]["x"], len(rows)) == (0.0, 99.0, 25)
    assert all(row["y"] == pytest.approx(100 - row["x"]) for row in rows)  # the probability of no
    assert [mark["x"] for mark in spec["datasets"]["marks"]] == [74.0, 20.0]
    said = (
        "The probability of no as income goes from 0 to 99, all else as it is: lowest 1.0% at 99, highest 100.0% at 0."
    )
    assert said in prose(page)
    assert charts(visit(example="002", change="gender=f")) == []


def test_a_live_model_of_another_release_and_one_that_fails_are_said_and_examples_stand_in(root, registered):
    registered('function: "checks_cases:fair", release: "0.9"')
    page = visit(example="002", change="income=20.0")
    assert any("The live model is that of 0.9, not of 1.0" in text for text in prose(page))
    st.cache_resource.clear()
    registered('function: "nowhere:predict"')
    page = visit(example="002", change="income=20.0")
    assert any("The live model could not be asked: nowhere could not be imported" in text for text in prose(page))
    assert "nearest published examples" in read(page.header[0].value)


def test_a_box_that_is_changed_goes_to_the_address_and_back(root):
    page = visit(example="002")
    box = next(each for each in page.number_input if each.label.startswith("income"))
    assert box.value == 74.0
    box.set_value(31.0).run()
    assert address(page)["change"] == "income=31.0"
    box = next(each for each in page.selectbox if each.label.startswith("gender"))
    box.set_value("f").run()
    assert address(page)["change"] == "income=31.0&gender=f"
    assert "income 31 instead of 74 and gender “f” instead of “m”" in read(page.header[0].value)
    next(each for each in page.button if each.label == "Back to the example as it is").click().run()
    assert "change" not in address(page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"example": "none"}, "There is no such example"),
        ({"change": "incom=3"}, "The address changes 'incom', which is no column. Did you mean 'income'?"),
        ({"change": "income=much"}, "a value of its kind was expected"),
        ({"change": "age=1e999"}, "a value of its kind was expected"),
        ({"change": "label=yes"}, "which is no column"),
    ],
)
def test_what_the_address_may_not_ask_is_said(root, asked, said):
    page = visit(**{"example": "002", **asked})
    assert any(said in text for text in prose(page))


def test_text_of_examples_is_not_alive(root):
    page = visit(example="003", change="gender=m")
    assert any(HOSTILE in str(each.value) for each in page.text_area)


def test_an_analysis_is_kept_with_what_it_rests_on_and_the_next_test_set_is_offered(root, registered):
    registered('function: "checks_cases:fair"')
    page = visit(example="002", change="income=20.0")
    next(each for each in page.text_area if each.label == "What it shows").set_value("Income alone decides")
    next(each for each in page.text_input if each.label == "What the answer should be").set_value("no")
    next(each for each in page.button if each.label == "Keep it").click().run()
    assert not page.exception
    [event] = open_store(root).events(PROJECT, kind="what-if")
    assert (event.release, event.body["source"], event.body["asked"]) == ("1.0", "live", "checks_cases:fair")
    assert (event.body["before"], event.body["after"], event.body["label"]) == ("yes", "no", "no")
    again = visit(example="002")
    assert any("The test set with 1 made-up example" in text for text in prose(again))
    assert tables(again)[-1]["Note"].to_list() == ["Income alone decides"]
