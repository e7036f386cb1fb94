"""Prints how fast pages are: ``python -m benchmarks.pages [--sessions N] [--reruns N] [--repeats N]``.

Script time of every page, warm; the report in Chromium beside an empty app with as many pages, in turn; many sessions at
once, by websocket clients; memory a session, and its growth over many reruns.
"""

import argparse
import asyncio
import logging
import os
import re
import statistics
import tempfile
import time
from itertools import cycle
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.pages.browsers import CHROMIUM, Window, in_turn
from benchmarks.pages.projects import PROJECT, RELEASES, SCENARIOS, filled
from benchmarks.pages.readers import Reader, crowd
from benchmarks.pages.served import ROOT, app, empty

LATEST = {"project": PROJECT, "release": f"1.{RELEASES - 1}"}
MEGABYTE = 1 << 20


def scripts(repeats: int) -> list[list[str]]:
    """Milliseconds of the processor that each page's script takes, warm, without a browser."""
    from streamlit.testing.v1 import AppTest

    logging.disable(logging.WARNING)  # Streamlit's own, that no browser is there
    rows = []
    for path in re.findall(r'Page\(\s*"([\w/]+)"', (ROOT / "app.py").read_text()):
        reader, times = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120), []
        for _ in range(repeats + 2):
            reader.query_params = dict(LATEST)
            reader.switch_page(f"pages/{path}.py")
            started = time.process_time()
            reader.run()
            times.append(1000 * (time.process_time() - started))
        rows.append([path, f"{statistics.median(times[2:]):.0f} ms", "≤ 100 ms"])
    return rows


def browser(ours: str, floor: str, repeats: int) -> list[list[str]]:
    """The warm report and a choice in a picker, beside the empty app."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        mine, theirs = Window(running), Window(running)
        address = f"{ours}/report?project={PROJECT}&release=1.{RELEASES - 1}"
        loads = in_turn({"ours": lambda: mine.load(address), "empty": lambda: theirs.load(f"{floor}/page1")}, repeats)
        releases, letters = cycle(["1.97", "1.98"]), cycle(["b", "a"])
        picks = in_turn(
            {
                "ours": lambda: mine.choose("Release", next(releases), _title),
                "empty": lambda: theirs.choose("Choose", next(letters), _said),
            },
            repeats,
        )
        running.close()
    return [
        [f"{what} in Chromium", f"{found['ours']:.2f} s, empty app {found['empty']:.2f} s", f"{ratio:.1f} ×", target]
        for what, found, target in (("warm report", loads, "≤ 2 ×"), ("another release", picks, "≤ 3 ×"))
        for ratio in [found["ours"] / found["empty"]]
    ]


def _title(option: str) -> str:
    return f"document.querySelector('h1') !== null && document.querySelector('h1').innerText.endsWith('{option}')"


def _said(option: str) -> str:
    return f"document.body.innerText.includes('Chosen: {option}')"


def many(address: str, process, sessions: int) -> list[list[str]]:
    """So many sessions at once, and what each costs."""
    alone = asyncio.run(crowd(address, "report", 1, 10, **LATEST))
    before = process.memory_info().rss
    together = asyncio.run(_held(address, sessions, process))
    one, worst = statistics.median(alone), sorted(together[0])[int(0.95 * len(together[0]))]
    ratio = worst / (one * sessions / 2)
    return [
        [f"{sessions} sessions, 95% of reruns", f"{worst:.2f} s, one session {one:.3f} s",
         f"{ratio:.1f} × of one × {sessions} / 2", "≤ 5 ×"],
        ["memory", f"{(together[1] - before) / sessions / MEGABYTE:.2f} MB a session", "", "≤ 0.5 MB"],
    ]  # fmt: skip


async def _held(address: str, sessions: int, process) -> tuple[list[float], int]:
    found = await crowd(address, "report", sessions, 4, **LATEST)
    return found, process.memory_info().rss


async def _reruns(address: str, process, reruns: int) -> tuple[int, int]:
    async with Reader(address, "report", **LATEST) as reader:
        for _ in range(200):
            await reader.read()
        before = process.memory_info().rss
        for _ in range(reruns):
            await reader.read()
        return before, process.memory_info().rss


def main() -> None:
    """Print every figure with its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    for name, default in (("sessions", 50), ("reruns", 2000), ("repeats", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ |= {"PLAINVIEW_STORE": str(filled(folder / "store")), "PLAINVIEW_CACHE": str(folder / "cache")}
        with app(folder / "store", folder / "cache") as (ours, process), empty(folder / "empty") as (floor, _):
            rows = browser(ours, floor, options.repeats) + many(ours, process, options.sessions)
            before, after = asyncio.run(_reruns(ours, process, options.reruns))
        grown = (after - before) / before
        rows.append([f"memory over {options.reruns:,} reruns", f"{before / MEGABYTE:.0f} → {after / MEGABYTE:.0f} MB",
                     f"{grown:+.1%}", "≤ 5%"])  # fmt: skip
        title = f"{RELEASES} releases × {SCENARIOS} scenarios"
        _print(console, title, ["figure", "measured", "ratio", "target"], rows)
        _print(console, "script of each page, warm", ["page", "processor", "target"], scripts(options.repeats))


def _print(console: Console, title: str, heads: list[str], rows: list[list[str]]) -> None:
    table = Table(*heads, title=title)
    for row in rows:
        table.add_row(*row)
    console.print(table)


if __name__ == "__main__":
    main()
