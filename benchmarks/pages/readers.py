"""Readers without a browser: real websocket clients that speak Streamlit's protocol."""

import asyncio
import time
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120.0  # seconds


class Reader:
    """One session. Use as a context; ``read`` asks for a page and returns how many seconds it took to be whole."""

    def __init__(self, address: str, page: str, **asked: str) -> None:
        self._address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self._page, self._asked, self._hashes = page, urlencode(asked), {}

    async def __aenter__(self) -> "Reader":
        # Pages arrive as many small messages, and some large ones: tables and charts.
        self._socket = await websockets.connect(self._address, subprotocols=["streamlit"], max_size=2**26)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def read(self, page: str | None = None, **asked: str) -> float:
        """Seconds until the script has run to its end; RuntimeError where it failed."""
        message = BackMsg()
        message.rerun_script.query_string = urlencode(asked) or self._asked
        message.rerun_script.page_name = page or self._page
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            answer = ForwardMsg()
            answer.ParseFromString(data)
            if answer.WhichOneof("type") == "script_finished":
                if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError(f"{page or self._page} did not compile")
                return time.perf_counter() - started


async def crowd(address: str, page: str, sessions: int, reads: int, **asked: str) -> list[float]:
    """Seconds of every warm read of so many sessions at once, each reading so often, one after the other."""
    readers = [Reader(address, page, **asked) for _ in range(sessions)]
    for reader in readers:
        await reader.__aenter__()
    try:
        await asyncio.gather(*(reader.read() for reader in readers))
        found = await asyncio.gather(*(_often(reader, reads) for reader in readers))
    finally:
        for reader in readers:
            await reader.__aexit__()
    return [seconds for each in found for seconds in each]


async def _often(reader: Reader, reads: int) -> list[float]:
    return [await reader.read() for _ in range(reads)]
