"""Readiness in a real browser: a first assessment, a browser that closes in the middle, two people at once."""

import re

import pytest
from conftest import settled
from stores import publish_small

from plainview.readiness import Readiness, drafts_of, load_framework, read_answers, submit
from plainview.store import open_store, who

CLICKS = 25  # from the portfolio to a level and a next step, at most
EA = "error-analysis"


@pytest.fixture(scope="module")
def expect():
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=30_000)  # a machine with other work is slow, not wrong
    return playwright.expect


@pytest.fixture
def small(start_app, tmp_path):
    """The app over a store of its own with one project, and the store."""
    publish_small(tmp_path / "store", releases=("1.0", "1.1"))
    return start_app(tmp_path / "store"), tmp_path / "store"


class Hand:
    """A reader who clicks, and counts."""

    def __init__(self, page, expect) -> None:
        self.page, self.expect, self.clicks = page, expect, 0

    def click(self, role: str, name: str | re.Pattern) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.clicks += 1

    def answer(self, number: int, word: str) -> None:
        """Answer the question of a number, once it is there."""
        self.expect(self.page.get_by_text(re.compile(rf"^Question {number} of "))).to_be_visible()
        settled(self.page)  # nobody clicks while the page still changes
        self.click("button", re.compile(f"^{word} ·"))


def drafts(store) -> dict[str, str]:
    found = drafts_of(Readiness(open_store(store), "small").facts, load_framework(EA), actor=who())
    return {code: reply.answer for code, reply in found.items()}


def test_a_first_assessment_leads_from_the_portfolio_to_a_level_and_a_next_step(small, open_page, expect):
    app, store = small
    hand = Hand(open_page(app.address("portfolio")), expect)
    hand.click("link", re.compile("^Assess →"))
    for number in range(1, 14):
        hand.answer(number, "yes" if number < 7 else "no")
    expect(hand.page.get_by_text("13 answers change.")).to_be_visible()
    hand.click("button", "Submit 13 answers")
    expect(hand.page.get_by_role("heading", level=2)).to_contain_text(
        "13 answers submitted. Claimed L1, evidenced below L0."
    )
    expect(hand.page.get_by_text(re.compile(r"^Next: EA1, .* How: "))).to_be_visible()
    hand.click("link", re.compile("^Maturity →"))
    expect(hand.page.get_by_role("heading", level=2)).to_contain_text("Claimed L1, evidenced below L0.")
    assert hand.clicks < CLICKS
    assert len(open_store(store).events("small", kind="assessment")) == 1


def test_a_browser_that_closes_in_the_middle_loses_nothing(small, open_page, expect):
    app, store = small
    first = Hand(open_page(app.address("assess", project="small")), expect)
    for number in (1, 2, 3):
        first.answer(number, "yes")
    expect(first.page.get_by_text(re.compile("^Question 4 of "))).to_be_visible()
    first.page.context.close()
    assert drafts(store) == {"EA1": "yes", "EA2": "yes", "EA3": "yes"}
    page = open_page(app.address("assess", project="small"))
    expect(page.get_by_role("heading", level=2)).to_contain_text("10 of 13 are open; 3 answers wait to be submitted.")
    expect(page.get_by_text(re.compile("^Question 4 of "))).to_be_visible()


def test_two_people_who_submit_at_once_are_both_kept_and_told(small, open_page, expect):
    app, store = small
    hand = Hand(open_page(app.address("assess", project="small")), expect)
    hand.answer(1, "yes")
    hand.click("button", "Review and submit")
    expect(hand.page.get_by_role("button", name="Submit 1 answer")).to_be_visible()
    framework = load_framework(EA)
    facts = Readiness(open_store(store), "small").facts
    submit(facts, framework, read_answers("answers: {EA1: no}", framework), actor="ben")  # another person, elsewhere
    hand.click("button", "Submit 1 answer")
    expect(hand.page.get_by_text(re.compile("ben and .* submitted at once. Both are kept"))).to_be_visible()
    settled(hand.page)
    kept = open_store(store).events("small", kind="assessment")
    assert [each.body["answers"]["EA1"]["answer"] for each in kept] == ["no", "yes"]
    page = open_page(app.address("assess", project="small", question="EA1"))
    expect(page.get_by_text(re.compile("They are apart, from no to yes"))).to_be_visible()
