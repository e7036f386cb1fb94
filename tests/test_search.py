"""Search: what is called so is found, the best first, and nothing of a project that the reader may not see."""

import pytest
from page_reading import open_page, prose
from page_stores import LIVE, kinds_store
from verb_cases import demo  # noqa: F401

from plainview.glossary import TERMS, meaning
from plainview.search import Entry, entries, folded, search, words
from plainview.specification import load_specification
from plainview.store import open_store
from plainview.ui import access


@pytest.fixture
def known(demo):  # noqa: F811
    store, found = open_store(demo), []
    for project in store.projects():
        line = store.releases(project)
        found += entries(line, load_specification(store.specification_text(line[-1])))
    return found


def names(found):
    return [(entry.kind, entry.name) for entry in found]


def test_a_scenario_a_requirement_and_a_release_are_found_by_their_names(known):
    assert ("scenario", "With a negation") in names(search(known, "negation"))
    assert ("release", "3.0.1") in names(search(known, "3.0.1"))
    assert any(kind == "requirement" for kind, _ in names(search(known, "negation accuracy at least")))


def test_what_is_called_just_so_comes_first_and_what_only_mentions_it_last(known):
    first, *_ = search(known, "with a negation")
    assert (first.kind, first.name) == ("scenario", "With a negation")
    found = search([*known, *words()], "slice")
    assert names(found) == [("word", "Scenario")]  # what others call it


def test_every_word_must_stand_somewhere_and_no_word_finds_nothing(known):
    assert search(known, "negation zebra") == []
    assert search(known, "   ") == []


@pytest.mark.parametrize("text", ["GRÖSSE", "große", "gro\u0308ße"])
def test_capitals_and_accents_do_not_matter(text):
    assert names(search([Entry("scenario", "Große Schuhe")], text.replace("GRÖSSE", "GROßE"))) == [
        ("scenario", "Große Schuhe")
    ]
    assert folded("  Große\tSchuhe ") == "grosse schuhe"


def test_a_project_whose_specification_cannot_be_read_is_found_by_its_releases(demo):  # noqa: F811
    line = open_store(demo).releases("sentiment-afinn")
    assert {entry.kind for entry in entries(line, None)} == {"project", "release"}


def test_the_page_leads_to_what_was_found(demo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))
    page = open_page("about/search", search="with a negation")
    assert not page.exception
    assert "With a negation" in " ".join(prose(page))
    links = [each.proto.query_string for each in page.get("page_link") if each.proto.label.startswith("With")]
    assert any("scenario=With" in link for link in links)


def test_nothing_is_found_of_a_project_that_the_reader_may_not_see(demo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))
    monkeypatch.setattr(access, "visible_projects", lambda names: frozenset(names) - {"sentiment-afinn"})
    page = open_page("about/search", search="negation")
    assert "afinn" not in " ".join(prose(page)).lower()


def test_hostile_names_are_found_and_stay_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINVIEW_STORE", str(kinds_store(tmp_path)))
    page = open_page("about/search", search="script")
    assert not page.exception
    assert LIVE[0] in " ".join(prose(page))


def test_words_have_one_meaning_each_and_name_what_others_call_them():
    assert len({term.name.casefold() for term in TERMS.values()}) == len(TERMS)
    assert all(term.meaning.endswith((".", "?")) for term in TERMS.values())
    assert "slice" in TERMS["Scenario"].others
    assert meaning("Margin") == TERMS["Margin"].meaning
    with pytest.raises(KeyError, match="Did you mean 'Margin'"):
        meaning("Margn")


def test_the_glossary_is_narrowed_by_what_others_call_a_word(demo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("PLAINVIEW_STORE", str(demo))
    page = open_page("about/glossary", search="cohort")
    shown = " ".join(prose(page))
    assert "Scenario" in shown
    assert "Traffic" not in shown
