"""Whether the server runs, and whether it can serve: two addresses for whoever watches it, which tell nothing else."""

import asyncio
import time
from collections.abc import Callable

from plainview.serving.asgi import Receive, Scope, Send, answer

FRESH = 5.0  # seconds for which a finding stands, however often it is asked for


class Health:
    """`/health`: the process answers. `/ready`: 200 where ``amiss`` finds nothing, else 503 and a word of what is amiss."""

    def __init__(self, app: Callable, *, amiss: Callable[[], str | None]) -> None:
        self._app, self._amiss = app, amiss
        self._found: tuple[float, str | None] = (float("-inf"), None)
        self._asking: asyncio.Task | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["path"] not in ("/health", "/ready"):
            return await self._app(scope, receive, send)
        if scope["path"] == "/health":
            return await answer(send, 200, "alive\n")
        amiss = await self._now()
        return await answer(send, 200, "ready\n") if amiss is None else await answer(send, 503, f"not ready: {amiss}\n")

    async def _now(self) -> str | None:
        """The finding of a moment ago, or a new one, for all who ask meanwhile."""
        if time.monotonic() - self._found[0] > FRESH:
            self._asking = self._asking or asyncio.create_task(self._ask())
            await asyncio.shield(self._asking)
        return self._found[1]

    async def _ask(self) -> None:
        try:
            self._found = (time.monotonic(), await asyncio.to_thread(self._amiss))
        finally:
            self._asking = None
