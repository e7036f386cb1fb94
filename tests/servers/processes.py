"""Real servers as child processes on free loopback ports: started once a session, ended with it, or skipped loudly."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

PATIENCE = 60.0  # seconds until a server must answer
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """Somewhere to keep stores: the address to put them under, and the variables by which it is reached."""

    kind: str
    base: str  # an address; what follows it is a name of a store
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    endpoint: str = ""  # http://host:port of a bucket's server

    def url(self, name: str) -> str:
        """The address of one store."""
        return f"{self.base}{name}"


def unavailable(server: str, reason: str) -> NoReturn:
    """Skip what needs the server, or fail where servers are required."""
    if os.environ.get("PLAINVIEW_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{server} is required and cannot be used: {reason}", pytrace=False)
    pytest.skip(f"{server} cannot be used: {reason}")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def port_of(address: str) -> int:
    """The port in an address."""
    return urlsplit(address).port


def answers(port: int) -> bool:
    """Whether someone listens."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def running(
    server: str,
    command: Sequence[str | Path],
    *,
    ready: Callable[[], bool],
    log: Path,
    end_with: signal.Signals = signal.SIGKILL,
) -> Iterator[subprocess.Popen]:
    """The process of a server, from when it is ready until the end of the block."""
    with log.open("wb") as output:
        try:
            process = subprocess.Popen([*_ends_with_us(), *map(str, command)], stdout=output, stderr=output)
        except OSError as error:
            unavailable(server, str(error))
    try:
        _wait(server, process, ready, log)
        yield process
    finally:
        process.send_signal(end_with)
        process.wait(timeout=PATIENCE)


def _ends_with_us() -> list[str]:
    """Where Linux can, a server does not outlive tests that were killed."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def _wait(server: str, process: subprocess.Popen, ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            unavailable(server, f"it did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
