"""The pages of evidence in use: a flat line judged anew, an old name in the address, shares and margins that stay in it."""

import pytest
import streamlit as st
from history_cases import publish_two_years
from page_reading import address, charts, open_page, prose, read, tables
from page_stores import frame, publish, specification

from plainview.store import open_store


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two years at 98%, and a project whose scenarios have shares of the traffic."""
    folder = tmp_path_factory.mktemp("evidence") / "store"
    publish_two_years(folder)
    names = ("Reads the first kind", "Reads the second kind")
    demanded = specification("shared", names=names)
    for behaviour, share, cost in zip(demanded["behaviours"], (0.655, 0.2), (2, 10), strict=True):
        behaviour["scenarios"][0] |= {"traffic": share, "cost": cost}
    publish(folder, demanded, frame(60, kinds=2), frame(40, kinds=2))
    return folder


@pytest.fixture(autouse=True)
def fresh(monkeypatch, root):
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(root))


def visit(path, **asked):
    page = open_page(path, **asked)
    assert not page.exception
    return page


def test_a_flat_line_says_at_once_what_is_behind_it():
    page = visit("evidence/trends", project="two-years")
    said = prose(page)
    assert "began and ended at 98.0%, but the test set changed at 2023.07" in read(page.header[0].value)
    assert any("accuracy got worse (100.0% to 94.4%); underneath, “Night” (−22.7 points)" in text for text in said)
    listed = next(text for text in said if "versions of the test set" in text)
    for part in ("has judged 3 of them", "“Night” was redefined", "−5.6 points from the model"):
        assert part in listed
    [chart] = charts(page)
    assert {(each["name"], each["words"]) for each in chart["datasets"]["turns"]} == {
        ("Night", "redefined"),
        ("Large", "merged"),
        ("Small by day", "split"),
        ("Small by night", "split"),
    }


def test_judged_on_what_all_answered_the_line_is_one_and_falls():
    page = visit("evidence/trends", project="two-years", kind="common")
    assert "went from 100.0% to 94.4%, all judged on today's test set, on the same examples." in page.header[0].value
    assert charts(page)[0]["datasets"]["breaks"] == []
    page.segmented_control[0].set_value("published").run()
    assert address(page)["kind"] == "published"
    assert "began and ended" in page.header[0].value


def test_a_scenario_is_found_under_the_name_it_had():
    page = visit("evidence/trends", project="two-years", release="2023.01", scenario="Dry")
    assert "on “No rain”" in read(page.header[0].value)
    assert set(tables(page)[0]["Scenario"]) == {"No rain"}


def test_a_first_release_that_is_damaged_leaves_the_line_and_says_why(root, tmp_path, monkeypatch):
    import shutil

    copy = shutil.copytree(root, tmp_path / "copy")
    path = copy / open_store(copy).releases("two-years")[0].predictions_file.key
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    monkeypatch.setenv("PLAINVIEW_STORE", str(copy))
    page = visit("evidence/trends", project="two-years")
    assert "began and ended at 98.0%" in page.header[0].value
    assert any("cannot be held side by side" in text and "is damaged" in text for text in prose(page))


def test_shares_that_were_moved_stay_in_the_address_and_change_the_answer():
    page = visit("evidence/exposure", project="shared")
    before = page.header[0].value
    assert "in none of these scenarios" in before
    page.slider[1].set_value(30).run()
    assert address(page)["mix"] == "66-30"
    assert page.header[0].value != before
    again = visit("evidence/exposure", project="shared", mix="66-30")
    assert [each.value for each in again.slider] == [66, 30]
    assert again.header[0].value == page.header[0].value


def test_shares_of_more_than_everything_are_not_reckoned_with():
    page = visit("evidence/exposure", project="shared", mix="90-30")
    assert page.header[0].value == visit("evidence/exposure", project="shared").header[0].value
    assert any("add up to 120%" in text for text in prose(page))


def test_a_margin_that_was_typed_stays_in_the_address():
    page = visit("evidence/planning", project="shared")
    page.number_input[0].set_value(20.0).run()
    assert address(page)["margin"] == "20.0"
    assert "a change of 20 points" in page.header[0].value
    assert visit("evidence/planning", project="shared", margin="20").header[0].value == page.header[0].value
    assert visit("evidence/planning", project="shared", margin="much").number_input[0].value is None
