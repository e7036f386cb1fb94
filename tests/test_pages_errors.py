"""The page of errors: what it suggests, what it would add, and a list narrowed by the address alone."""

import numpy as np
import polars as pl
import pytest
import streamlit as st
import yaml
from page_reading import address, live, open_page, prose, read, tables
from page_stores import LIVE, publish, specification

from plainview.specification import load_specification

N = 600
HOSTILE = f"{LIVE[0]} {LIVE[1]} {LIVE[2]}"


def _frame(seed):
    """Answers that are bad for one kind, and much better in the second release; one text is as hostile as it gets."""
    random = np.random.default_rng(seed)
    kinds = random.choice(["alpha", LIVE[1], "gamma"], N)
    wrong = random.random(N) < np.where(kinds == LIVE[1], 0.6 if seed == 0 else 0.3, 0.05)
    labels = random.choice(["no", "yes"], N)
    texts = [f"an ordinary text about number {at}" for at in range(N)]
    texts[0], texts[1], wrong[0], wrong[1] = HOSTILE, "x" * 1_000_000, True, True
    return pl.DataFrame(
        {
            "id": [f"{at:04d}" for at in range(N)],
            "label": labels,
            "prediction": np.where(wrong, np.where(labels == "no", "yes", "no"), labels),
            "score": random.random(N).round(3),
            "kind": kinds,
            "text": texts,
        }
    )


@pytest.fixture(scope="module")
def frames():
    first = _frame(0)
    second = first.with_columns(
        pl.when((pl.col("kind") == LIVE[1]) & (pl.int_range(N) % 2 == 0))
        .then(pl.col("label"))
        .otherwise(pl.col("prediction"))
        .alias("prediction")
    )
    return first, second


@pytest.fixture(scope="module")
def root(tmp_path_factory, frames):
    folder = tmp_path_factory.mktemp("errors") / "store"
    columns = {"id": "id", "label": "label", "prediction": "prediction", "score": "score"}
    publish(folder, specification("errors", columns=columns, behaviours=[]), *frames)
    return folder


@pytest.fixture(autouse=True)
def fresh(monkeypatch, root):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(root))


def visit(**asked):
    page = open_page("evidence/errors", project="errors", **asked)
    assert not page.exception
    return page


def listed(page):
    return tables(page)[-1]


WHERE = f"kind = '{LIVE[1]}'"


def test_the_weak_kind_is_suggested_and_nothing_in_its_name_is_alive(frames):
    page = visit(release="1.0")
    assert f"examples with kind “{LIVE[1]}”" in read(page.header[0].value)
    assert WHERE in [each.value for each in page.code]
    assert live(page) == []
    first = frames[0]
    wrong = first.filter(pl.col("label") != pl.col("prediction"))
    held = first.filter(pl.col("kind") == LIVE[1])
    said = next(text for text in prose(page) if text.startswith("**Of "))
    errors = wrong.filter(pl.col("kind") == LIVE[1]).height
    assert f"Of {held.height} examples" in said
    assert f"{errors} errors" in said


def test_what_it_would_add_is_a_specification():
    page = visit(release="1.0")
    written = next(each.value for each in page.code if "scenarios:" in each.value)
    demanded = specification("errors", behaviours=yaml.safe_load(written))
    assert load_specification(demanded).scenarios[1].where == WHERE


def test_the_list_is_narrowed_by_the_address(frames):
    wrong = frames[1].filter(pl.col("label") != pl.col("prediction"))
    assert listed(visit()).height == min(wrong.height, 100)
    some = listed(visit(label="no", column="kind", value="alpha"))
    assert set(some["id"]) == set(wrong.filter((pl.col("label") == "no") & (pl.col("kind") == "alpha"))["id"])
    group = listed(visit(group=WHERE))
    assert set(group["id"]) == set(wrong.filter(pl.col("kind") == LIVE[1])["id"])
    found = listed(visit(search="<SCRIPT>window"))
    assert found["id"].to_list() == ["0000"]
    assert any("has all that is asked for" in text for text in prose(visit(search="nowhere to be found")))


def test_the_reader_narrows_the_list_with_the_boxes():
    page = visit(release="1.0")
    next(each for each in page.selectbox if each.label == "Label").set_value("no").run()
    assert address(page)["label"] == "no"
    assert set(listed(page)["label"]) == {"no"}
    next(each for each in page.text_input if each.label == "Search").set_value("number 1").run()
    assert address(page)["search"] == "number 1"
    assert all("number 1" in text for text in listed(page)["text"])
    button = next(each for each in page.button if each.label.startswith("Show its examples"))
    button.click().run()
    assert address(page)["group"] == WHERE


def test_what_is_not_there_is_said_to_be_unknown():
    for asked in (
        {"label": "maybe"},
        {"column": "kinds"},
        {"column": "kind", "value": "delta"},
        {"group": "kinds = 1"},
    ):
        page = visit(**asked)
        assert any("There is no such" in title.value for title in page.title)


def test_what_was_fixed_is_compared_with_the_release_before(frames):
    page = visit(kind="fixed")
    before, after = ((each["label"] != each["prediction"]).to_numpy() for each in frames)
    fixed = int((before & ~after).sum())
    assert f"1.1 fixed {fixed} of {N} examples" in page.header[0].value
    assert f"kind “{LIVE[1]}”" in read(page.header[0].value)
    assert set(listed(page)["id"]) <= set(frames[0].filter(pl.Series(before & ~after))["id"])
    assert "there is nothing to search for" in visit(kind="broke").header[0].value


def test_a_kind_that_needs_a_baseline_falls_back_without_one():
    page = visit(release="1.0", kind="broke")
    assert "1.0 is wrong in" in page.header[0].value
