"""The readiness of a project in a few values: now, and at the end of each quarter; and reading once for many standings."""

from datetime import UTC, datetime

import pytest
from readiness_cases import answer, in_days, release, small_root, small_store, standing, write  # noqa: F401

from plainview.exceptions import NotFoundError
from plainview.readiness import NAMES, Readiness, Reading
from plainview.readiness.overview import BELOW, MATURITY, ROBUSTNESS, gap, overview
from plainview.store import open_store


def test_it_says_what_the_standings_say(store):
    answer(store, EA1="yes", EA2="yes", EA7="yes")
    write(store, "EA1")
    found = overview(store, "reviews", frameworks=NAMES)
    for name in NAMES:
        exact = standing(store, name)
        assert found.now[name] == gap(exact)
        assert (found.now[name].claimed.label, found.now[name].evidenced.label) == (
            exact.claimed.label,
            exact.evidenced.label,
        )
    assert found.now[MATURITY].unsupported == 1  # EA7
    assert found.now[MATURITY].inflated
    assert found.release == "1.1"


def test_below_the_lowest_level_and_not_assessed_are_told_apart(store):
    found = overview(store, "reviews").now[MATURITY]
    assert (found.claimed.label, found.claimed.value) == ("not assessed", None)
    assert (found.evidenced.label, found.evidenced.value) == ("below L0", BELOW)


def test_quarters_are_those_of_the_history_and_the_last_is_now(store):
    answer(store, EA1="yes", EA2="yes")
    later = in_days(100)
    found = overview(store, "reviews", now=later)
    assert found.quarters[-1][0] == f"{later.year} Q{(later.month + 2) // 3}"
    assert found.quarters[-1][1] == found.now
    assert [gaps[MATURITY].claimed.label for _, gaps in found.quarters] == ["L0"] * len(found.quarters)
    assert found.quarter("1999 Q1") is None
    expired = overview(store, "reviews", now=in_days(400)).now[MATURITY]
    assert (expired.claimed.label, expired.expired) == ("not assessed", 2)


def test_evidence_is_as_old_as_the_newest_artifact_that_counts(store):
    before = overview(store, "reviews").evidence_at
    [event] = write(store, "EA13")["EA13"]
    assert before < event.at == overview(store, "reviews").evidence_at


def test_what_is_read_once_serves_every_standing_and_says_the_same(root):
    release(root, "1.2", "2026-03-01")
    store = open_store(root)
    write(store, *("EA1", "EA3", "EA12"), release="1.2")
    shared = Reading(store)
    for name in NAMES:
        alone = Readiness(store, "reviews").standing(name)
        together = Readiness(store, "reviews", reading=shared).standing(name)
        assert alone.claimed == together.claimed
        assert [row.evidence for row in alone.questions] == [row.evidence for row in together.questions]
        assert alone.next_plan == together.next_plan


def test_a_shared_reading_does_not_see_what_is_written_later(store):
    shared = Reading(store)
    before = Readiness(store, "reviews", reading=shared).standing(MATURITY)
    write(store, "EA1")
    assert Readiness(store, "reviews", reading=shared).standing(MATURITY).evidenced == before.evidenced
    assert Readiness(store, "reviews").standing(MATURITY).evidenced.label == "L0"


def test_an_unknown_project_and_one_of_later_are_errors(store):
    with pytest.raises(NotFoundError, match="reviews"):
        overview(store, "review")
    with pytest.raises(NotFoundError, match="no evaluation yet"):
        overview(store, "reviews", now=datetime(2020, 1, 1, tzinfo=UTC))


def test_robustness_names_its_weakest_category(store):
    answer(store, framework="robustness", RS4="4", RS11="1")
    found = overview(store, "reviews").now[ROBUSTNESS]
    assert found.claimed.label == "5 of 88"
    assert found.claimed.weakest == "Data quality and preparation"
