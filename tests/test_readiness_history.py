"""The history of a score by release and by quarter, and readiness cards: the least ready component holds the whole down."""

from datetime import UTC, datetime

import pytest
from readiness_cases import answer, in_days, question, release, small_root, small_store, standing, write  # noqa: F401

from plainview.exceptions import InputError, NotFoundError
from plainview.readiness import (
    Card,
    Readiness,
    cards_of,
    keep_card,
    load_framework,
    over_quarters,
    over_releases,
    read_card,
)

MLTRL = load_framework("mltrl")
CARD = """
component: Tokenizer
owner: language team
level: 3
reviewers: [ada, eve]
intended_use: Reviews in English.
unacceptable_use: Medical notes.
data: The review corpus of 2026.
debt_gained: [No test of emoji]
"""


def gates(level):
    """Every gate up to a level, passed."""
    return {each.code: "yes" for section in MLTRL.sections[: level + 1] for each in section.questions}


# History


def test_each_release_keeps_the_standing_that_it_had_when_the_next_one_came(root, store):
    answer(store, EA1="yes", EA2="yes")
    write(store, "EA1")
    release(root, "1.2", "2026-03-01")
    found = over_releases(store, "reviews", "error-analysis")
    assert [(each.release, each.claimed.label) for each in found] == [
        ("1.0", "not assessed"),
        ("1.1", "L0"),
        ("1.2", "not assessed"),
    ]
    assert [each.evidenced.label for each in found] == ["below L0", "L0", "L0"]  # the split is of the test set


def test_quarters_are_counted_back_and_those_before_the_first_release_left_out(store):
    later = datetime(datetime.now(UTC).year + 1, 5, 20, tzinfo=UTC)
    found = over_quarters(store, "reviews", "error-analysis", now=later, quarters=8)
    names = [name for name, _ in found]
    assert names[-1] == f"{later.year} Q2"
    assert names[-2] == f"{later.year} Q1"
    assert 2 <= len(names) < 8
    assert [each.at for _, each in found] == sorted(each.at for _, each in found)
    assert found[-2][1].at == datetime(later.year, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)
    with pytest.raises(NotFoundError, match="'reviews'"):
        over_quarters(store, "review", "error-analysis")


def test_an_answer_stands_in_its_quarter_and_expires_in_a_later_one(store):
    answer(store, EA1="yes", EA2="yes")
    found = over_quarters(store, "reviews", "error-analysis", now=in_days(400))
    assert (found[0][1].claimed.label, found[-1][1].claimed.label) == ("L0", "not assessed")
    assert question(found[-1][1], "EA1").claimed == "evidence expired"


# Cards


def test_a_card_has_what_is_to_be_known_of_a_component_and_nothing_is_overwritten(store):
    facts = Readiness(store, "reviews").facts
    keep_card(facts, read_card(CARD), actor="ada")
    keep_card(facts, read_card(CARD.replace("level: 3", "level: 5")), actor="eve")
    [kept], unreadable = cards_of(Readiness(store, "reviews").facts)
    assert (kept.card.level, kept.by, kept.earlier, unreadable) == (5, "eve", 1, [])
    assert kept.card.debt_gained == ("No test of emoji",)
    assert len(store.events("reviews", kind="readiness card")) == 2


def test_a_system_is_as_ready_as_its_least_ready_component(store):
    answer(store, "mltrl", **gates(5))
    assert standing(store, "mltrl").claimed.label == "Level 5"
    facts = Readiness(store, "reviews").facts
    keep_card(facts, read_card(CARD), actor="ada")
    keep_card(facts, read_card(CARD.replace("Tokenizer", "Ranker").replace("level: 3", "level: 9")), actor="ada")
    found = standing(store, "mltrl")
    assert (found.claimed.label, found.claimed.value) == ("Level 3", 3)
    assert [each.card.component for each in found.cards] == ["Tokenizer", "Ranker"]
    assert found.held_down_by.startswith(
        "The gates come to Level 5, but a system is as ready as its least ready component"
    )
    assert found.to_dict()["cards"][0]["component"] == "Tokenizer"
    assert standing(store).cards == ()


def test_a_card_raises_nothing(store):
    answer(store, "mltrl", **gates(2))
    keep_card(Readiness(store, "reviews").facts, read_card(CARD.replace("level: 3", "level: 9")), actor="ada")
    found = standing(store, "mltrl")
    assert (found.claimed.label, found.held_down_by) == ("Level 2", "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level: 3", "level: 10", "9 or less"),
        ("owner:", "ownr:", "unknown key 'ownr'. Did you mean 'owner'?"),
        ("unacceptable_use: Medical notes.\n", "", "'unacceptable_use' is missing"),
    ],
)
def test_a_fault_in_a_card_names_the_place_and_the_nearest_name(old, new, said):
    with pytest.raises(InputError) as caught:
        read_card(CARD.replace(old, new), name="card.yaml")
    assert said in str(caught.value)
    assert "card.yaml, line " in str(caught.value)


def test_a_card_that_makes_no_sense_counts_for_nothing_and_is_named(store):
    event = store.append_event("readiness card", "reviews", body={"component": "x", "level": "high"}, release="1.1")
    found = standing(store, "mltrl")
    assert found.cards == ()
    assert event.id in found.unreadable[0].key
    assert isinstance(read_card(CARD), Card)
