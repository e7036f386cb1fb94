"""The real app in a real browser: started on a free port over a given store, and watched for errors and outside requests."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlparse
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("PLAINVIEW_BROWSER", "/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
PATIENCE = 60.0  # seconds

# On a deep link Streamlit first asks beneath the page's own address, and then at the root.
_PROBE = re.compile(r"/[^/]+/_stcore/(health|host-config)$")


@dataclass
class App:
    """A running app."""

    url: str
    process: subprocess.Popen = field(repr=False)

    def address(self, page: str = "", **parameters: str) -> str:
        """The URL of a page with its parameters."""
        from urllib.parse import urlencode

        return f"{self.url}/{page}" + (f"?{urlencode(parameters)}" if parameters else "")


@dataclass
class Watch:
    """What a browser page did that it must not do."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def follow(self, page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error" and not _PROBE.search(urlparse(message.location.get("url", "")).path):
            self.errors.append(message.text)

    def _request(self, request) -> None:
        address = urlparse(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(request.url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Headless Chromium. Without one the tests are skipped loudly, or fail where they are required."""
    required = os.environ.get("PLAINVIEW_REQUIRE_BROWSER") == "1"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("Playwright is not installed", required)
    if not Path(CHROMIUM).exists():
        _absent(f"There is no browser at {CHROMIUM}; set PLAINVIEW_BROWSER", required)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield running
        running.close()


def _absent(reason: str, required: bool) -> None:
    if required:
        pytest.fail(f"{reason}, and PLAINVIEW_REQUIRE_BROWSER=1 demands it.")
    pytest.skip(f"BROWSER TESTS NOT RUN: {reason}.")


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path | str], App]]:
    """Start the app over a store; one server for each store, all stopped at the end."""
    running: dict[str, App] = {}

    def start(store: Path | str) -> App:
        if str(store) not in running:
            running[str(store)] = _started(str(store), tmp_path_factory.mktemp("app"))
        return running[str(store)]

    yield start
    for app in running.values():
        _stop(app)


def _started(store: str, folder: Path) -> App:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.headless", "true"]
    environment = {**os.environ, "PLAINVIEW_STORE": store, "PLAINVIEW_CACHE": str(folder / "cache")}
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    app = App(f"http://127.0.0.1:{port}", process)
    try:
        _await(app, "/_stcore/health", folder / "log.txt")
        _await(app, "/_stcore/script-health-check", folder / "log.txt")
    except BaseException:
        _stop(app)
        raise
    return app


def _stop(app: App) -> None:
    app.process.terminate()
    try:
        app.process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        app.process.kill()
        app.process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(app: App, path: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if app.process.poll() is not None:
            pytest.fail(f"The app ended:\n{log.read_text()}")
        try:
            with urlopen(app.url + path, timeout=PATIENCE) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"The app did not answer at {path}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, published once."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    environment = {**os.environ, "PLAINVIEW_CACHE": str(folder.parent / "cache")}
    command = [sys.executable, "-m", "plainview.cli", "demo", "--store", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def demo_app(start_app: Callable[[Path | str], App], demo_store: Path) -> App:
    """The app over the demo."""
    return start_app(demo_store)


@pytest.fixture
def watch() -> Watch:
    """Collects what went wrong; nothing may have, at the end of the test."""
    return Watch()


@pytest.fixture
def open_page(browser, watch: Watch) -> Iterator[Callable]:
    """Open a browser page: ``open_page(url, width=1280, scheme="light")``. At the end it must have stayed clean."""
    contexts = []

    def opened(url: str, *, width: int = 1280, height: int = 900, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        watch.follow(page)
        page.goto(url)
        try:
            settled(page)
        except Exception as error:
            pytest.fail(f"{url} did not come to rest: {error}\n{page.locator('body').inner_text()[:2000]}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.outside == []
    assert watch.errors == []


def settled(page) -> None:
    """Wait until the app has run to its end: a heading is there and nothing is running."""
    page.wait_for_selector("h1")
    page.wait_for_function("document.querySelector('[data-test-script-state=\"notRunning\"]') !== null")
