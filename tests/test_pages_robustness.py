"""The page of robustness in use: one check and where it fails, what is not there, text that stays text."""

import polars as pl
import pytest
import streamlit as st
from checks_cases import PROJECT, check, examples, fair, published, ran, unfair
from page_reading import address, charts, live, open_page, prose, read, tables
from page_stores import LIVE

from plainview.exceptions import NotFoundError
from plainview.robustness import checks_of
from plainview.store import open_store
from plainview.ui import access, cached_checks

HOSTILE = " ".join(LIVE[:4])
GENDER = check("counterfactual", "Gender", column="gender", why=LIVE[1], owner=LIVE[2])
CAPITALS = check("invariance", LIVE[0], perturb="punctuation", capability=LIVE[1])


def minding_marks(frame):
    """No where the text has an exclamation mark at its end, or has lost its marks."""
    return ["no" if str(text).endswith(("!", " .")) else "yes" for text in frame["text"]]


@pytest.fixture
def root(tmp_path, monkeypatch):
    rows = examples().with_columns(pl.when(pl.col("id") < "060").then(pl.lit(HOSTILE)).otherwise("text").alias("text"))
    folder = published(published(tmp_path / "store", frame=rows), frame=rows, release="1.1")
    ran(folder, unfair, GENDER)
    ran(folder, fair, GENDER, release="1.1")
    ran(folder, minding_marks, CAPITALS, release="1.1")
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    st.cache_data.clear()
    st.cache_resource.clear()
    return folder


def visit(**asked):
    page = open_page("evidence/robustness", project=PROJECT, **asked)
    assert not page.exception
    assert live(page) == []
    return page


def test_what_moved_since_the_release_before_is_said_with_its_interval(root):
    page = visit(release="1.1")
    assert "Since 1.0 it fails less often on Fairness" in read(page.header[0].value)
    said = next(text for text in prose(page) if "The checks of Fairness fail less often in 1.1 than in 1.0" in text)
    assert "95% interval about" in said


def test_a_check_is_chosen_and_its_failing_copies_are_shown_in_full(root):
    page = visit(release="1.0")
    found = checks_of(open_store(root), PROJECT, "1.0").result("Gender")
    shown = next(each for each in tables(page) if "What changed" in each.columns)
    assert shown.height == min(found.failed, 100)
    assert set(shown["What changed"]) <= {"gender: f → m", "gender: m → f"}
    again = visit(release="1.1")
    next(each for each in again.selectbox if each.label == "Check").set_value("Gender").run()
    assert address(again)["check"] == "Gender"
    assert any("No copy failed" in text for text in prose(again))


def test_hostile_names_and_texts_are_shown_as_they_are(root):
    page = visit(release="1.1", check=LIVE[0])
    shown = next(each for each in tables(page) if "After" in each.columns)
    assert any("<script>" in text for text in shown["After"])
    assert {cell["row"] for spec in charts(page) for cell in spec["datasets"]["rows"]} == {"Fairness", LIVE[1]}


def test_a_check_that_is_not_there_is_said_to_be_unknown(root):
    page = visit(release="1.0", check="Gendr")
    assert [each.value for each in page.title] == ["There is no such check"]
    assert any("Did you mean" in text and "Gender" in text for text in prose(page))


def test_what_is_kept_between_clicks_is_not_handed_to_who_may_not_see_the_project(root, monkeypatch):
    assert cached_checks.checks(PROJECT, "1.0").results
    monkeypatch.setattr(access, "visible_projects", lambda names: frozenset())
    asked = (cached_checks.checks, cached_checks.matrix)
    for ask in asked:
        with pytest.raises(NotFoundError):
            ask(PROJECT, "1.0")
    with pytest.raises(NotFoundError):
        cached_checks.failing(PROJECT, "1.0", "Gender")
