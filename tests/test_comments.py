"""Comments on requirements and scenarios: what is kept, what is refused, and what others wrote under the same kind."""

import pytest
from page_stores import bar, frame, publish, specification
from verb_cases import listing

from plainview.comments import comment, comments_of
from plainview.exceptions import InputError, NotFoundError
from plainview.store import open_store


@pytest.fixture
def store(tmp_path):
    publish(tmp_path / "store", specification("small", requirements=[bar("all", 0.5)]), frame(60), frame(40))
    return open_store(tmp_path / "store")


def test_what_was_said_of_a_requirement_and_of_a_scenario_is_found_by_its_name_oldest_first(store):
    one = comment(store, "small", "1.0", "requirement", "R-1", "Too low a bar?", actor="ada")
    two = comment(store, "small", "1.1", "requirement", "R-1", "It is what we promised.", actor="eve")
    three = comment(store, "small", "1.1", "scenario", "all", "Fine.", actor="eve")
    events = store.events("small")
    assert comments_of(events, "requirement") == {"R-1": [one, two]}
    assert comments_of(events, "scenario") == {"all": [three]}


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (("1.1", "requirement", "R-2", "x"), InputError, "has no requirement 'R-2'. Did you mean 'R-1'?"),
        (("1.1", "scenario", "al", "x"), InputError, "has no scenario 'al'. Did you mean 'all'?"),
        (("1.1", "metric", "accuracy", "x"), InputError, "on a requirement or a scenario, not on 'metric'"),
        (("1.1", "scenario", "all", "\n"), InputError, "found empty text"),
        (("1.2", "scenario", "all", "x"), NotFoundError, "There is no release '1.2'"),
    ],
)
def test_what_cannot_be_said_is_an_error_and_nothing_is_written(store, tmp_path, given, kind, said):
    before = listing(tmp_path / "store")
    with pytest.raises(kind) as caught:
        comment(store, "small", *given)
    assert said in str(caught.value)
    assert listing(tmp_path / "store") == before


def test_what_is_no_comment_of_this_kind_is_left_out(store):
    store.append_event("comment", "small", release="1.1", body={"subject": "requirement", "text": 3})
    store.append_event("comment", "small", release="1.1", body={"text": "free"})
    assert comments_of(store.events("small"), "requirement") == {}
