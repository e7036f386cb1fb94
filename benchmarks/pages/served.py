"""Apps that run while they are measured: ours over a store, and an empty one with as many pages."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds
PAGES = len(list((ROOT / "pages").glob("*/*.py")))
EMPTY = """import streamlit as st
st.set_page_config(layout="wide")
pages = [st.Page(f"page{number}.py", title=f"Page {number}", default=number == 0) for number in range(%d)]
st.navigation(pages).run()
"""
PAGE = """import streamlit as st
st.title("Empty")
st.text(f"Chosen: {st.selectbox('Choose', ['a', 'b'])}")
"""


@contextmanager
def app(store: Path, cache: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Plainview over a store: its address and its process."""
    command = [sys.executable, "-m", "plainview.cli", "serve", "--store", str(store), "--headless", "--port", "{port}"]
    with _running(command, ROOT, {"PLAINVIEW_CACHE": str(cache)}) as (address, starter):
        (process,) = starter.children()
        yield address, process


@contextmanager
def empty(folder: Path, *, pages: int = PAGES) -> Iterator[tuple[str, psutil.Process]]:
    """The floor: a multipage app whose pages hold a title and a box."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(EMPTY % pages)
    for number in range(pages):
        (folder / f"page{number}.py").write_text(PAGE)
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", "{port}"]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    command += ["--server.fileWatcherType", "none"]
    with _running(command, folder, {}) as found:
        yield found


@contextmanager
def _running(command: list[str], folder: Path, more: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = [part.replace("{port}", f"{port}") for part in command]
    with subprocess.Popen(
        started, cwd=folder, env={**os.environ, **more}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _await(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
        finally:
            process.terminate()


def _await(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"No answer at {address}")
