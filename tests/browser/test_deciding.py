"""Deciding in a real browser, as people do it: what they write stands where others look for it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from conftest import settled
from stores import publish_small

PLACE = {"project": "small", "release": "1.1"}
SOON = datetime.now(UTC).date() + timedelta(days=30)


@pytest.fixture(scope="module")
def expect():
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=30_000)  # a machine with other work is slow, not wrong
    return playwright.expect


@pytest.fixture(scope="module")
def app(start_app, tmp_path_factory):
    """The app over a project that meets R-1 and not R-2; somebody else has published it, so that the reader may decide."""
    store = tmp_path_factory.mktemp("deciding") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "ana")
        publish_small(store, releases=("1.0", "1.1"), demanded=0.95)
    return start_app(store)


class Reader:
    """One reader with one browser, who goes from page to page."""

    def __init__(self, app, page, expect) -> None:
        self.app, self.page, self.expect = app, page, expect

    def go(self, page: str, **more: str) -> None:
        self.page.goto(self.app.address(page, **PLACE, **more))
        settled(self.page)

    def opens(self, name: str) -> None:
        """Open what is folded."""
        self.page.get_by_text(name, exact=True).first.click()

    def fills(self, label: str, text: str) -> None:
        box = self.page.get_by_label(label, exact=True).first
        box.fill(text)
        box.press("Tab")

    def day(self, label: str, day) -> None:
        """Type a day into its three fields, which follow each other."""
        self.page.get_by_role("spinbutton", name=f"year, {label}").first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}")
        self.page.keyboard.press("Tab")

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def sees(self, text: str | re.Pattern) -> None:
        self.expect(self.page.get_by_text(text).first).to_be_visible()

    def chooses(self, label: str, option: re.Pattern) -> None:
        """Choose of a list; it is opened again where the page came to rest only then, and closed it."""
        found = self.page.get_by_role("option", name=option)
        for _ in range(5):
            self.page.get_by_role("combobox", name=label).click()
            self.page.wait_for_timeout(500)
            if found.count():
                break
        found.click()


@pytest.fixture
def reader(app, open_page, expect):
    return Reader(app, open_page(app.address("decision", **PLACE), height=1400), expect)


def test_what_people_decide_report_and_say_stands_where_others_look_for_it(reader):
    reader.sees("Nobody has decided on 1.1.")
    _decides(reader, "No-go", "R-2 is far off")
    reader.sees(re.compile("^No-go for 1.1, decided by .*R-2 is far off"))
    _waives(reader)
    _decides(reader, "Go with conditions", "Customers wait", condition="Watch refunds")
    reader.sees(re.compile("^Go with conditions for 1.1, decided by .*Customers wait"))
    reader.sees(re.compile("^Watch refunds .owner: care team, until "))
    _reports(reader)
    reader.sees(re.compile("the evidence has moved since"))
    _comments(reader)
    _reads_it_all(reader)


def _decides(reader, choice: str, why: str, *, condition: str = "") -> None:
    reader.page.get_by_role("radio", name=choice, exact=True).or_(
        reader.page.get_by_role("button", name=choice, exact=True)
    ).first.click()
    reader.fills("Why", why)
    if condition:
        reader.opens("What it goes out on: conditions, each with who and until when")
        reader.fills("Condition 1", condition)
        reader.fills("Who sees to condition 1", "care team")
        reader.day("Condition 1 until", SOON)
    reader.presses("Decide")
    reader.sees(f"Decided: {choice}. The evidence it rests on is frozen.")
    reader.sees("1 earlier decision" if condition else "The evidence that was frozen, beside today's")  # the page's end
    settled(reader.page)


def _waives(reader) -> None:
    reader.opens("Waive a requirement")
    reader.chooses("Requirement", re.compile("^R-2"))
    reader.fills("Who answers for it", "care team")
    reader.day("Its last day", SOON)
    reader.fills("Why the release may go out without it", "Fixed in 1.2")
    reader.presses("Waive it")
    reader.sees(re.compile("Fixed in 1.2"))
    settled(reader.page)


def _reports(reader) -> None:
    """With the examples that show it, by their ids."""
    reader.go("incidents")
    reader.sees("No incident was reported.")
    reader.opens("Report an incident")
    reader.fills("Name", "Refunds read as praise")
    reader.fills("What happened", "A customer was thanked for a complaint")
    reader.fills("Owner", "care team")
    reader.fills("Its examples: ids of the test set", "000, 001")
    reader.presses("Report it")
    reader.sees(re.compile("^Reported INC-"))
    reader.sees(re.compile("Refunds read as praise"))
    reader.go("decision")


def _comments(reader) -> None:
    for page, subject, more in (("requirements", "requirement", {}), ("behaviours", "scenario", {"scenario": "all"})):
        reader.go(page, **more)
        reader.presses("Comment")
        reader.fills(f"Your comment on this {subject}", f"Said of the {subject}")
        reader.presses("Say it")
        reader.expect(reader.page.get_by_role("button", name="1 comment", exact=True)).to_be_visible()


def _reads_it_all(reader) -> None:
    """Where a reader looks: the report opens with the decision, and the portfolio has it in a cell."""
    reader.go("report")
    reader.sees(re.compile("Go with conditions for 1.1, decided by "))
    reader.sees(re.compile("Refunds read as praise"))
    reader.go("portfolio")
    table = reader.page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    reader.expect(table.get_by_text(re.compile("^conditional go [(]")).first).to_be_attached()  # the cells are painted
    reader.go("requirements")
    reader.sees(re.compile("waived until|Waived", re.IGNORECASE))
    reader.presses("1 comment")
    reader.sees("Said of the requirement")
