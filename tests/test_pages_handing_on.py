"""The downloads of a report: offered where they can be made, made when pressed, the same as from the command line."""

import pytest
import streamlit as st
from page_reading import open_page, prose
from verb_cases import demo, demo_store  # noqa: F401

from plainview.export import extra
from plainview.export.releases import export
from plainview.export.verifying import verify_file
from plainview.ui import handing_on

AFINN, RELEASE = "sentiment-afinn", "3.0.1"


@pytest.fixture
def page(demo, monkeypatch):  # noqa: F811
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))

    def opened():
        page = open_page("release/report", project=AFINN, release=RELEASE)
        assert not labels(page)
        page.session_state["take_it_along"] = True  # the button is pressed
        return page.run()

    return opened


def labels(page) -> list[str]:
    return [each.label for each in page.get("download_button")]


def test_a_report_can_be_taken_along_in_every_format(page):
    opened = page()
    assert not opened.exception
    assert labels(opened) == [label for label, _, _ in handing_on.FILES]


def test_what_cannot_be_made_here_is_said_with_what_to_install(page, monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == "typst" else object())
    opened = page()
    assert "PDF" not in labels(opened)
    assert "Slides" in labels(opened)
    assert any("Some formats need typst, not installed where this app runs:" in said for said in prose(opened))


@pytest.mark.parametrize("baseline", ["2.1.0", "1.0.6"])
@pytest.mark.parametrize(("label", "file", "kind"), handing_on.FILES)
def test_a_file_is_made_with_the_comparison_that_the_page_shows(label, file, kind, baseline, demo_store, page):  # noqa: F811
    page()
    found = demo_store.evaluation(AFINN, RELEASE)
    data = handing_on.made(found.id, file, kind, baseline)
    assert data == export(demo_store, AFINN, RELEASE, file, kind=kind, baseline=baseline)
    assert verify_file(demo_store, data).ok
