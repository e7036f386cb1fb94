"""The HTML that every page begins with is told where its server is.

Streamlit looks for it below the address of the page first, and elsewhere when nobody answers there: whoever follows a link to a
page waits for both.
"""

import re
from collections.abc import Callable

from plainview.serving.asgi import Headers, Receive, Scope, Send, header

SCRIPT = (
    "(()=>{const at=document.currentScript.dataset.at,here=location.pathname;if(here.endsWith(at))"
    "window.__streamlit={BACKEND_BASE_URL:location.origin+here.slice(0,here.length-at.length)}})()"
)
_PAGE = re.compile(r"/[\w-]*", re.ASCII)
_HEAD = b"<head>"


class Shell:
    """Says to the HTML of a page which part of its address is the page's own; what comes before it is the server's."""

    def __init__(self, app: Callable, *, base: Callable[[], str]) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what answers as HTML gets a line more."""
        base = f"/{self._base().strip('/')}".rstrip("/")
        path = scope.get("path", "")
        at = path.removeprefix(base)
        if (
            scope["type"] != "http"
            or scope.get("method") != "GET"
            or not path.startswith(base)
            or not _PAGE.fullmatch(at)
        ):
            return await self._app(scope, receive, send)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        return await self._app({**scope, "headers": plain}, receive, _telling(send, at))


def _telling(send: Send, at: str) -> Send:
    started, body = [], bytearray()

    async def telling(message: dict) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200 and _is_html(message):
            started.append(message)
        elif message["type"] == "http.response.body" and started:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                told = bytes(body).replace(_HEAD, _HEAD + f'<script data-at="{at}">{SCRIPT}</script>'.encode(), 1)
                await send({**started[0], "headers": _of_length(started[0]["headers"], len(told))})
                await send({"type": "http.response.body", "body": told})
        else:
            await send(message)

    return telling


def _is_html(message: dict) -> bool:
    return header(message, "content-type").startswith("text/html")


def _of_length(headers: Headers, length: int) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
