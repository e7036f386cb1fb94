"""A TCP proxy before PostgreSQL that loses the acknowledgements of commits: the server did the work, nobody hears of it."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from servers.processes import HOST, Place, port_of


@dataclass
class Losses:
    """How often a commit's acknowledgement is lost, with its connection; and how often it was."""

    share: float = 0.0
    counted: int = 0


@contextlib.contextmanager
def losing(place: Place, losses: Losses) -> Iterator[Place]:
    """The same place behind a proxy."""
    server, chance = (HOST, port_of(place.base)), random.Random(13)
    listening = socket.create_server((HOST, 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=_connection, args=(client, server, losses, chance), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    port = listening.getsockname()[1]
    base = place.base.replace(f":{server[1]}/", f":{port}/").replace("?", "?sslmode=disable&")
    try:
        yield replace(place, base=base)
    finally:
        listening.close()


def _connection(client: socket.socket, server: tuple[str, int], losses: Losses, chance: random.Random) -> None:
    with client, socket.create_connection(server) as upstream:
        doomed = threading.Event()
        back = threading.Thread(target=_pass_back, args=(upstream, client, doomed), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                if b"COMMIT" in data and chance.random() < losses.share:
                    losses.counted += 1
                    doomed.set()
                upstream.sendall(data)
        with contextlib.suppress(OSError):
            upstream.shutdown(socket.SHUT_WR)
        back.join(timeout=5)


def _pass_back(upstream: socket.socket, client: socket.socket, doomed: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while data := upstream.recv(1 << 16):
            if doomed.is_set():
                client.shutdown(socket.SHUT_RDWR)
                return
            client.sendall(data)
        client.shutdown(socket.SHUT_RDWR)
