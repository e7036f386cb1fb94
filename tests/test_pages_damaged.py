"""A release whose baseline is damaged, on every page: the release is shown, and what cannot be said is not said."""

from pathlib import Path

import polars as pl
import pytest
from page_reading import charts, open_page, prose, read, tables
from page_stores import _flip, bar, frame, publish, specification

from plainview.narrative.wholes import not_met_answer
from plainview.store import open_store

SCORED = {"id": "id", "label": "label", "probabilities": {"yes": "chance"}}
COMPARED = ("release/report", "release/compare", "evidence/planning", "evidence/errors", "evidence/thresholds")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Three releases, of which the second is damaged, under two requirements."""
    store = tmp_path_factory.mktemp("damaged") / "store"
    demands = [bar("all", 0.7), bar("all", 0.9, priority="should", number=2)]
    demanded = specification("line", names=("First", "Second"), margin=0.02, requirements=demands, columns=SCORED)
    chance = pl.when(pl.col("prediction") == "yes").then(0.8).otherwise(0.3).alias("chance")
    rows = [frame(wrong, kinds=2).with_columns(chance) for wrong in (70, 50, 40)]
    publish(store, demanded | {"classes": ["no", "yes"]}, *rows)
    _flip(store / open_store(store).evaluation("line", "1.1").predictions_file.key)
    return store


@pytest.fixture
def visit(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINVIEW_STORE", str(folder))
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "cache"))
    return lambda path: open_page(path, project="line", release="1.2")


@pytest.mark.parametrize("path", COMPARED)
def test_a_damaged_baseline_does_not_hide_the_release_and_its_digest_is_not_read_out(visit, path):
    page = visit(path)
    assert not page.exception
    assert "What is stored is not what was published" not in [each.value for each in page.title]
    assert not any(len(word) >= 64 for text in prose(page) for word in text.replace("/", " ").replace(".", " ").split())


def test_the_report_counts_nothing_where_nothing_is_comparable(visit):
    page = visit("release/report")
    tiles = {each.label: (each.value, each.delta) for each in page.metric}
    assert [tiles[name] for name in ("Better", "Worse", "Too uncertain to tell")] == [("–", "not comparable")] * 3
    assert charts(page) == []
    assert sum("cannot be read" in text for text in prose(page)) == 1


def test_compare_offers_the_other_releases(visit):
    page = visit("release/compare")
    assert [each.value for each in page.title] == ["1.2 compared with 1.1"]
    assert "Compare with 1.0 →" in [each.label for each in page.button]
    assert charts(page) == []


def test_planning_takes_another_pair_of_releases_and_says_why(visit):
    said = [each.value for each in visit("evidence/planning").caption]
    assert (
        "1.2 cannot be compared with 1.1, which cannot be read. How much answers differ is taken from 1.0 to 1.2."
        in [read(text) for text in said]
    )


def test_thresholds_show_the_release_alone(visit):
    page = visit("evidence/thresholds")
    assert len(charts(page)) == 2
    assert any("1.2 is shown alone: 1.1 cannot be read" in read(each.value) for each in page.caption)


def test_the_portfolio_names_what_is_not_met_though_no_must_fails(visit):
    page = visit("readiness/portfolio")
    assert page.header[0].value.endswith("No must requirement fails; 1 should requirement is not met.")
    assert tables(page)[0]["Not met"].to_list() == ["1 should"]


@pytest.mark.parametrize("path", ["release/requirements", "evidence/trends"])
def test_a_chart_is_said_in_words_beneath_it(visit, path):
    page = visit(path)
    said = [read(each.value) for each in page.caption]
    assert [each.proto.alt in said for each in page.get("vega_lite_chart")] == [True]


def test_lines_for_the_shell_name_the_store_that_is_open(visit, folder, tmp_path, monkeypatch):
    assert all(
        f"--store {folder}" in line for each in visit("about/publish").code[-2:] for line in each.value.split("\n")
    )
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "not yet"))
    assert all(f"--store '{tmp_path}/not yet'" in each.value for each in visit("release/report").code)
    monkeypatch.setenv("PLAINVIEW_STORE", "")
    assert "--store" not in visit("about/publish").code[-1].value


@pytest.mark.parametrize(
    ("not_met", "sentence"),
    [
        ({"must": 0, "should": 0}, ""),
        ({"must": 0, "should": 2, "could": 0}, "No must requirement fails; 2 should requirements are not met."),
        ({"must": 1, "should": 0}, "1 must requirement is not met."),
    ],
)  # fmt: skip
def test_what_is_not_met_is_counted_by_priority(not_met, sentence):
    assert not_met_answer(not_met) == sentence
