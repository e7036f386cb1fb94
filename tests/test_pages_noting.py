"""What readers note on the pages of errors and differences: it is kept, shown to the next reader, and never alive."""

import numpy as np
import polars as pl
import pytest
import streamlit as st
import yaml
from page_reading import address, charts, live, open_page, prose, read, session, tables
from page_stores import LIVE, frame, publish, specification

from plainview import reviews
from plainview.errors.patterns import document_pattern, patterns_in
from plainview.errors.tags import keep_tag, tags_in
from plainview.readiness.evidence import evidence_of
from plainview.readiness.facts import Facts
from plainview.specification import load_specification
from plainview.store import open_store

HERE = {"project": "texts", "release": "1.1"}


def rows(wrong):
    """240 examples, of which those of kind 1 are wrong most often; the texts are as long as texts get."""
    found = frame(wrong, kinds=3)
    bad = (pl.col("kind") == 1) & (pl.int_range(240) % 4 > 0)
    other = pl.when(pl.col("label") == "yes").then(pl.lit("no")).otherwise(pl.lit("yes"))
    texts = ["x" * 1_000_000 if at == 1 else f"{LIVE[at % 5]} {at}" for at in range(240)]
    return found.with_columns(prediction=pl.when(bad).then(other).otherwise("prediction"), text=pl.Series(texts))


@pytest.fixture
def store(tmp_path, monkeypatch):
    st.cache_data.clear()
    st.cache_resource.clear()
    publish(tmp_path / "store", specification("texts"), rows(40), rows(20))
    monkeypatch.setenv("PLAINVIEW_STORE", str(tmp_path / "store"))
    return open_store(tmp_path / "store")


def visit(name, **asked):
    page = open_page(f"evidence/{name}", **HERE, **asked)
    assert not page.exception
    return page


def fill(page, button, **fields):
    """Fill in the form that a button sends: fields by their label, and press it."""
    form = next(each for each in page.button if each.label == button).proto.form_id
    boxes = [
        box for kind in (page.text_input, page.text_area, page.selectbox) for box in kind if box.proto.form_id == form
    ]
    for label, value in fields.items():
        next(box for box in boxes if box.label == label.replace("_", " ")).set_value(value)
    next(each for each in page.button if each.label == button).click().run()
    assert not page.exception
    return page


def listed(page):
    return tables(page)[-1]


def test_what_was_seen_is_kept_with_its_ids_and_shown_to_the_next_reader(store):
    page = visit("errors", sort="id ↑")
    before = listed(page)
    assert "Seen by" not in before.columns
    form = [each for each in page.button if each.label == "I have looked at them"]
    assert len(form) == 2  # of the suggestions, and of the mistakes
    note = [each for each in page.text_area if each.proto.form_id == form[1].proto.form_id]
    note[0].set_value("Mostly sarcasm.")
    form[1].click().run()
    assert not page.exception
    [review] = reviews.reviews_in(store.events("texts"), reviews.MISTAKES)
    assert (review.release, review.note, review.count) == ("1.1", "Mostly sarcasm.", before.height)
    assert list(review.ids) == before["id"].to_list()
    assert evidence_of(Facts(store, "texts"), "confident-mistakes").outcome == "met"
    again = visit("errors", sort="id ↑")
    assert listed(again)["Seen by"].to_list() == [review.by] * before.height
    assert any(f"{before.height} of {before.height} mistakes were looked at" in text for text in prose(again))
    assert any(f"{before.height} mistakes. Mostly sarcasm." in text for text in prose(again))


def test_what_the_reader_marked_is_offered_first(store):
    page = session()
    page.session_state["mistakes_1"] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    page = open_page("evidence/errors", reader=page, **HERE)
    marked = listed(page)["id"].gather([0, 2]).to_list()
    shown = [text for text in prose(page) if text.startswith(":small[:gray[id]]")]
    assert [text.splitlines()[-1] for text in shown] == marked[-1:]  # in full
    fill(page, "Tag them", Name_of_the_tag="Two of them")
    [tag] = tags_in(store.events("texts"))
    assert list(tag.group.ids) == marked


def test_the_suggestions_are_reviewed_by_their_conditions(store):
    page = visit("errors")
    assert "kind = 1" in [each.value for each in page.code]
    assert any("Nobody has noted yet that they looked at the suggestions" in text for text in prose(page))
    fill(page, "I have looked at them", Note="Known.")
    [review] = reviews.reviews_in(store.events("texts"), reviews.SUGGESTIONS)
    assert "kind = 1" in review.wheres
    assert any("Seen by" in text for text in prose(page))
    assert any("1 suggestion. Known." in text for text in prose(page))


def test_a_tag_of_what_is_listed_and_a_property_become_tags_and_scenarios(store):
    page = visit("errors", label="no", column="kind", value="1")
    ids = listed(page)["id"].to_list()
    fill(page, "Tag them", Which_examples=f"All {len(ids)} examples that are listed", Name_of_the_tag=LIVE[1])
    [tag] = tags_in(store.events("texts"))
    assert (tag.name, list(tag.group.ids)) == (LIVE[1], ids)
    fill(page, "Keep it as a tag", Name_of_the_tag="A property")
    assert len(tags_in(store.events("texts"))) == 2
    page = visit("errors", tag=LIVE[1])
    assert set(listed(page)["id"]) == set(ids)
    assert live(page) == []
    page = visit("patterns")
    assert live(page) == []
    shown = next(each for each in tables(page) if "Tag" in each.columns)
    assert shown["Examples"].to_list()[0] == shown["Wrong"].to_list()[0] == len(ids)
    written = next(each.value for each in page.code if "Tagged examples" in each.value)
    demanded = load_specification(specification("texts", behaviours=yaml.safe_load(written)))
    assert list(demanded.scenarios[1].ids) == ids
    fill(page, "Take it away", Tag=LIVE[1])
    assert LIVE[1] not in [each.name for each in tags_in(store.events("texts"))]


def test_a_group_that_the_address_names_is_tagged_by_its_condition(store):
    page = visit("errors", group="kind = 1")
    fill(page, "Tag them", Which_examples="Every example where kind = 1", Name_of_the_tag="Kind one", Note="All of it.")
    [tag] = tags_in(store.events("texts"))
    assert (tag.group.where, tag.count, tag.note) == ("kind = 1", 80, "All of it.")
    assert listed(visit("errors"))["Tags"].drop_nulls().unique().to_list() == ["Kind one"]


def test_any_condition_becomes_a_tag(store):
    fill(visit("patterns"), "Tag them", Examples_where="kind = 2 OR kind = 0", Name_of_the_tag="The others")
    [tag] = tags_in(store.events("texts"))
    assert (tag.group.where, tag.count) == ("kind = 2 OR kind = 0", 160)


def test_what_cannot_be_kept_is_said_and_nothing_is_written(store):
    page = fill(visit("errors"), "Tag them", Name_of_the_tag=" ")
    assert [read(each.value) for each in page.error] == [
        "The name of a tag: found empty text; expected at least one character."
    ]
    page = fill(visit("patterns"), "Document it", Examples_where="kinds = 1", Name_of_the_pattern="x")
    assert "Did you mean 'kind'?" in read(page.error[0].value)
    assert store.events("texts") == []


def test_a_pattern_is_documented_followed_and_updated(store):
    given = {"Name_of_the_pattern": LIVE[0], "What_it_is": LIVE[2], "Owner": LIVE[3], "Link": LIVE[2]}
    page = fill(visit("patterns"), "Document it", Examples_where="kind = 1", **given)
    [pattern] = patterns_in(store.events("texts"))
    wrong = [
        each.filter((pl.col("label") != pl.col("prediction")) & (pl.col("kind") == 1)).height
        for each in (rows(40), rows(20))
    ]
    assert (pattern.count, pattern.status, pattern.owner) == (wrong[1], "open", LIVE[3])
    assert page.header[0].value == "1 error pattern is documented: 1 open."
    assert any(f"{wrong[1]} of its 80 examples are still wrong in 1.1" in text for text in prose(page))
    assert live(page) == []
    [chart] = charts(page)
    assert [row["read"].split(" ")[0] for row in chart["datasets"]["rows"]] == [str(each) for each in wrong]
    written = next(each.value for each in page.code if "Known error patterns" in each.value)
    assert (
        load_specification(specification("texts", behaviours=yaml.safe_load(written))).scenarios[1].where == "kind = 1"
    )
    fill(page, "Keep", Status="fixed")
    assert patterns_in(store.events("texts"))[0].status == "fixed"
    assert "1 that is marked fixed is still seen in 1.1" in page.header[0].value
    assert set(listed(visit("errors", tag=LIVE[0]))["kind"]) == {1}
    assert evidence_of(Facts(store, "texts"), "patterns").count == 1


def test_an_unknown_tag_and_an_unknown_order_are_said_to_be_so(store):
    keep_tag(store, store.releases("texts")[1], "Odd", where="kind = 1")
    for asked in ({"tag": "Od"}, {"sort": "kind"}):
        assert any("There is no such" in title.value for title in visit("errors", **asked).title)


def test_the_list_is_sorted_over_all_pages(store):
    found = rows(20)
    wrong = found.filter(pl.col("label") != pl.col("prediction"))
    page = visit("errors")
    next(each for each in page.selectbox if each.label == "Sorted by").set_value("kind ↓").run()
    assert address(page)["sort"] == "kind ↓"
    assert listed(page)["kind"].to_list() == sorted(wrong["kind"], reverse=True)[:100]


def test_a_megabyte_of_text_is_cut_before_it_is_sent(store):
    page = visit("errors", search="xxxx")
    assert [len(text) for text in listed(page)["text"]] == [5_001]
    page = visit("differences", kind="any")
    assert max(len(text) for text in listed(page)["text"]) <= 5_001
    assert live(page) == []


def test_the_differences_are_narrowed_and_the_comparison_is_reviewed(store):
    before, now = rows(40), rows(20)
    moved = (before["prediction"] != now["prediction"]).to_numpy()
    page = visit("differences")
    assert f"1.1 answers {moved.sum()} of 240 examples" in page.header[0].value
    page = visit("differences", kind="any", label="no")
    assert set(listed(page)["id"]) == set(now.filter(pl.Series(moved) & (pl.col("label") == "no"))["id"])
    fill(page, "I have looked at it", Note="As expected.")
    [review] = reviews.reviews_in(store.events("texts"), reviews.COMPARISON)
    assert (review.baseline, review.note) == ("1.0", "As expected.")
    assert evidence_of(Facts(store, "texts"), "comparison").outcome == "met"
    compared = open_page("release/compare", **HERE)
    assert any("As expected." in text for text in prose(compared))


def test_a_pattern_of_pinned_ids_is_shown_beside_one_of_another_tool(store):
    first = store.releases("texts")[0]
    wrong = rows(40).filter(pl.col("label") != pl.col("prediction"))["id"].to_list()
    document_pattern(store, first, "Pinned", note="n", owner="o", ids=wrong[:5])
    store.append_event("pattern", "texts", release="1.1", body={"name": "Bare", "note": "By hand."})
    page = visit("patterns")
    said = prose(page)
    assert any("it names no examples" in text for text in said)
    assert np.sum([text.startswith("**Pinned**") for text in said]) == 1
    assert any("of its 5 examples" in text for text in said)
