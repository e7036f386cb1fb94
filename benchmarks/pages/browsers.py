"""What a reader in Chromium waits for: a warm page from the address to rest, and another choice in a picker."""

import os
import statistics
import time
from collections.abc import Callable

CHROMIUM = os.environ.get("PLAINVIEW_BROWSER", "/usr/bin/chromium")
REST = "document.querySelector('[data-test-script-state=\"notRunning\"]') !== null"


def in_turn(tasks: dict[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """The median seconds of each, measured in turn, so that a machine that slows down slows all of them."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(repeats + 1):
        for name, task in tasks.items():
            seconds = task()
            if turn:  # the first is a warm-up
                found[name].append(seconds)
    return {name: statistics.median(each) for name, each in found.items()}


class Window:
    """A tab of headless Chromium."""

    def __init__(self, browser) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(60_000)

    def load(self, address: str, ready: str = "h1") -> float:
        """Seconds from the address until the page is at rest and every chart is drawn."""
        started = time.perf_counter()
        self.page.goto(address)
        self.page.wait_for_selector(ready)
        self.page.wait_for_function(REST)
        self.page.wait_for_function(
            "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(each => each.querySelector('svg,canvas'))"
        )
        return time.perf_counter() - started

    def choose(self, label: str, option: str, shows: Callable[[str], str]) -> float:
        """Seconds from picking an option until the page that shows it is at rest."""
        self.page.get_by_role("combobox", name=label).click()
        choice = self.page.get_by_role("option", name=option, exact=False).first
        choice.wait_for()
        started = time.perf_counter()
        choice.click()
        self.page.wait_for_function(shows(option))
        self.page.wait_for_function(REST)
        return time.perf_counter() - started
