"""Prints how fast the portfolio opens: 200 projects, six frameworks, eight quarters, warm, in Chromium, beside an empty page.

python -m benchmarks.portfolio [FOLDER]      a store that is in FOLDER from an earlier time is used again

The empty page is that of `benchmarks.pages`, in an app with as many pages; one browser opens both in turns. PLAINVIEW_BROWSER
names another Chromium.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import polars as pl

import plainview
from benchmarks.pages import served
from plainview.readiness import NAMES, load_framework
from plainview.records import Evaluation, Event
from plainview.store import create_store, open_store
from plainview.store.adapters import adapter_for
from plainview.store.commit import create_record
from plainview.store.events import append
from plainview.store.index import read_record
from plainview.store.keys import commit_key
from plainview.store.ulids import new_ulid

PROJECTS, QUARTERS, ROUNDS = 200, 8, 25
CHROMIUM = os.environ.get("PLAINVIEW_BROWSER", "/usr/bin/chromium")
LEFT = [
    ("split", {"training_examples": 900, "shared": 0}),
    ("pattern", {"name": "Irony"}),
    ("data tests", {}),
]  # events


def specification(number: int) -> dict:
    """What a project demands."""
    return {
        "project": f"project-{number:03d}",
        "title": f"Project number {number}",
        "owner": f"team {number % 20}",
        "task": "classification",
        "columns": {"id": "id", "label": "label", "prediction": "prediction"},
        "metrics": ["accuracy", "recall[yes]"],
        "behaviours": [{"name": "Short", "scenarios": [{"name": "Short", "where": "words < 20"}]}],
        "requirements": [{"id": "R-1", "metric": "accuracy", "at_least": 0.5 + number % 5 / 10, "priority": "must"}],
    }


def frame(seed: int) -> pl.DataFrame:
    """A hundred answers."""
    numbers = range(100)
    right = [(number * 37 + seed) % 10 < 8 for number in numbers]
    labels = ["yes" if number % 2 else "no" for number in numbers]
    return pl.DataFrame(
        {
            "id": [f"{number}" for number in numbers],
            "label": labels,
            "prediction": [each if ok else "no" for each, ok in zip(labels, right, strict=True)],
            "words": [number % 40 for number in numbers],
        }
    )


def fill(root: Path) -> None:
    """PROJECTS projects with a release a quarter and answers to every framework, as tools and people would have left them."""
    create_store(root)
    adapter, now = adapter_for(root), datetime.now(UTC)
    for number in range(PROJECTS):
        one = plainview.publish(frame(number), specification=specification(number), release="q7", store=root)
        whole = read_record(adapter, commit_key(one.id), Evaluation)
        for quarter in range(QUARTERS):
            at = now - timedelta(days=91 * (QUARTERS - 1 - quarter))
            if quarter < QUARTERS - 1:
                more = {"id": new_ulid(_milliseconds(at)), "release": f"q{quarter}", "published_at": at}
                earlier = whole.model_copy(
                    update=more | {"publish_key": f"{number * 100 + quarter:064x}", "released": at.date()}
                )
                create_record(adapter, commit_key(earlier.id), earlier)
            for kind, body in (*LEFT[: quarter % 4], *_answers(number, quarter, whole.test_set.examples_digest)):
                append(adapter, _event(kind, body, whole.project, f"q{quarter}", at + timedelta(seconds=1)))
    open_store(root).snapshot()


def _answers(number: int, quarter: int, test_set: str) -> Iterator[tuple[str, dict]]:
    for name in NAMES:
        framework = load_framework(name)
        marks, codes = framework.answers.marks, list(framework.questions)
        given = {code: {"answer": marks[(number + quarter + at) % len(marks)].key} for at, code in enumerate(codes)}
        yield "assessment", {"framework": name, "scale": framework.scale, "test_set": test_set, "answers": given}


def _event(kind: str, body: dict, project: str, release: str, at: datetime) -> Event:
    return Event(
        id=new_ulid(_milliseconds(at)), at=at, actor="ada", kind=kind, project=project, release=release, body=body
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def opened(page, address: str, *, table: bool) -> float:
    """Seconds until a page has come to rest, its table drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_function("document.querySelector('[data-test-script-state=\"notRunning\"]') !== null")
    if table:
        page.wait_for_selector("[data-testid=stDataFrame] canvas")
    return time.perf_counter() - start


def measure(store: Path, scratch: Path) -> None:
    """Print the figures."""
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        served.empty(scratch / "empty") as (empty, _),
        served.app(store, scratch / "cache") as (app, _),
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(600_000)
        urlopen(f"{app}/_stcore/script-health-check", timeout=60).close()
        cold = opened(page, f"{app}/portfolio", table=True)
        floor = f"{empty}/page1"  # by its own address, as ours: Streamlit looks twice for its server from there
        opened(page, floor, table=False)
        rounds = [
            (opened(page, floor, table=False), opened(page, f"{app}/portfolio", table=True)) for _ in range(ROUNDS)
        ]
        browser.close()
    blank, full = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(
        f"{'an empty page':30}{blank:8.2f} s\n{'the portfolio, cold':30}{cold:8.2f} s\n{'the portfolio, warm':30}{full:8.2f} s"
    )
    print(f"{'ratio, warm':30}{full / blank:8.2f}   (target: at most 1.5)")


def main() -> None:
    """Make the store where there is none, and measure."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "store"
        if not folder.exists():
            start = time.perf_counter()
            fill(folder)
            print(f"{PROJECTS} projects, {QUARTERS} quarters, made in {time.perf_counter() - start:.0f} s")
        measure(folder, Path(scratch))


if __name__ == "__main__":
    main()
