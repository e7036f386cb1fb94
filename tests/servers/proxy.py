"""An HTTP proxy that misbehaves on purpose, between an adapter and a real server: it loses, delays, refuses, forgets."""

import asyncio
import contextlib
import random
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from servers.processes import HOST, Place

CONDITIONS = ("if-none-match", "x-goog-if-generation-match")


@dataclass
class Faults:
    """What goes wrong; probabilities from 0 to 1. May be changed while the proxy runs."""

    ignored: tuple[str, ...] = ()  # headers that do not reach the server
    renamed: dict[str, str] = field(default_factory=dict)  # by the name of a header, the line the server gets instead
    added: tuple[str, ...] = ()  # lines that the server gets besides
    lost: float = 0.0  # the server does the work, and nobody hears of it
    refused: float = 0.0  # answered with one of ``statuses`` before the server is asked
    statuses: tuple[int, ...] = (500, 502, 503, 429)
    stale: float = 0.0  # seconds that the answer to a listing may be old
    slow: float = 0.0  # seconds before each answer, at most
    body: bytes = b""  # of a refusal
    silent: bool = False  # nothing is ever answered
    cut: bool = False  # answers end in the middle
    seed: int = 13


@dataclass
class Proxy:
    """A running proxy."""

    port: int
    faults: Faults
    requests: list[str] = field(default_factory=list)  # "PUT /path", as they came
    counts: dict[str, int] = field(default_factory=dict)  # what was done to them


@contextlib.contextmanager
def between(place: Place, faults: Faults, *, tls: ssl.SSLContext | None = None) -> Iterator[tuple[Place, Proxy]]:
    """The same place behind a proxy."""
    server = urlsplit(place.endpoint)
    handler = _Handler(server.hostname, server.port, faults)
    started, ports, stops = threading.Event(), [], []

    async def serve() -> None:
        stop = asyncio.Event()
        stops.append((asyncio.get_running_loop(), stop))
        async with await asyncio.start_server(handler.serve, HOST, 0, ssl=tls, limit=1 << 26) as listening:
            ports.append(listening.sockets[0].getsockname()[1])
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    proxy = Proxy(ports[0], faults, handler.requests, handler.counts)
    endpoint = f"{'https' if tls else 'http'}://{HOST}:{proxy.port}"
    environment = {
        name: value.replace(f"http://{server.netloc}", endpoint) for name, value in place.environment.items()
    }
    try:
        yield replace(place, environment=environment, endpoint=endpoint + server.path), proxy
    finally:
        loop, stop = stops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


class _Handler:
    """One connection a request: nothing of one can spoil another."""

    def __init__(self, host: str, port: int, faults: Faults) -> None:
        self._server, self._faults = (host, port), faults
        self._chance = random.Random(faults.seed)
        self._lists: dict[str, tuple[float, bytes]] = {}
        self.requests: list[str] = []
        self.counts: dict[str, int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                answer = await self._answer(head, await _body(reader, head))
                if answer is not None:
                    writer.write(answer)
                    await writer.drain()
            finally:
                writer.close()

    async def _answer(self, head: bytes, body: bytes) -> bytes | None:
        faults, line = self._faults, head.split(b" HTTP/", 1)[0].decode()
        self.requests.append(line)
        if faults.silent:
            await asyncio.sleep(60)
        await asyncio.sleep(faults.slow * self._chance.random())
        if self._chance.random() < faults.refused:
            return self._refusal()
        answer = await self._ask(self._changed(head) + body)
        if "list-type=2" in line or "comp=list" in line:
            answer = self._perhaps_stale(line, answer)
        if self._chance.random() < faults.lost:
            return self._count("lost", None)
        return answer[: len(answer) - 20] if faults.cut else answer

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._server, limit=1 << 26)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _changed(self, head: bytes) -> bytes:
        """Without the connection kept open, and without the headers that this proxy does not honour."""
        first, *lines = head.decode("latin-1").split("\r\n")
        kept = []
        for line in filter(None, lines):
            name = line.split(":", 1)[0].lower()
            if name in self._faults.ignored:
                self._count("ignored", None)
            elif name in self._faults.renamed:
                kept.append(self._faults.renamed[name])
            elif name != "connection":
                kept.append(line)
        return "\r\n".join([first, *kept, *self._faults.added, "Connection: close", "", ""]).encode("latin-1")

    def _perhaps_stale(self, line: str, answer: bytes) -> bytes:
        """Now the present, now the past, as replicas that lag: what was seen may be gone again for a while."""
        now = time.monotonic()
        seen, old = self._lists.setdefault(line, (now, answer))
        if now - seen >= self._faults.stale:
            self._lists[line] = now, answer
            return answer
        return self._count("stale", old) if self._chance.random() < 0.8 else answer

    def _refusal(self) -> bytes:
        status, body = self._chance.choice(self._faults.statuses), self._faults.body
        self._count(str(status), None)
        head = (
            f"HTTP/1.1 {status} No\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\nConnection: close"
        )
        return head.encode() + b"\r\n\r\n" + body

    def _count(self, what: str, answer: bytes | None) -> bytes | None:
        self.counts[what] = self.counts.get(what, 0) + 1
        return answer


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return await reader.readexactly(int(value))
    return b""
