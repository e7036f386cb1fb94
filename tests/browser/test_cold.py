"""The first reader of a fresh server follows a link to a page deep inside: nothing must stand over that page."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT, _free_port
from page_stores import kinds_store


@pytest.fixture
def served(tmp_path):
    """``plainview serve`` over a store; its address, as soon as it says that it is ready."""
    store, address = kinds_store(tmp_path), f"http://127.0.0.1:{(port := _free_port())}"
    command = [sys.executable, "-m", "plainview.cli", "serve", "--headless", "--port", str(port), "--store", str(store)]
    environment, log = {**os.environ, "PLAINVIEW_CACHE": str(tmp_path / "cache")}, tmp_path / "log.txt"
    pipes = {"stdout": subprocess.PIPE, "text": True}
    with (
        log.open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=errors, **pipes) as process,
    ):
        assert any(line.strip() == f"Ready: {address}" for line in process.stdout), log.read_text()
        yield address
        process.terminate()
        process.wait(30)  # it ends although readers have been there


def test_a_deep_link_into_a_fresh_server_shows_its_page_and_no_dialog(served, open_page):
    shown = open_page(f"{served}/planning?project=moved")
    shown.wait_for_timeout(1500)
    assert shown.locator("[role=dialog]").count() == 0
    assert shown.locator("h1").inner_text() == "How many examples"
    asked = shown.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert {each for each in asked if each.endswith("/health")} == {f"{served}/_stcore/health"}  # nobody is looked for
    shown.get_by_role("link", name="Trends").click()
    shown.wait_for_url(f"{served}/trends?project=moved*")
    shown.go_back()
    shown.get_by_role("heading", name="How many examples", level=1).wait_for()
