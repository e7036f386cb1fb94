"""After sign-in the page opens that was wanted: its address waits in a cookie while the identity provider asks who it is.

Kept is a path of this app and its parameters, never a host: nobody is sent elsewhere.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

from plainview.serving.asgi import Receive, Scope, Send, cookie, header
from plainview.serving.doors import is_signed_in

COOKIE = "plainview_wanted"
PATIENCE = 600  # seconds
LONGEST = 2_000  # characters
_PATH = re.compile(r"(/[\w-]+){1,4}/?", re.ASCII)
_QUERY = re.compile(r"[\w.~%&=+*!'(),;:@/?-]*", re.ASCII)


class DeepLinks:
    """Notes where a sign-in begins, and goes back there where it ends."""

    def __init__(self, app: Callable) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; the first and the last answer of a sign-in get a line more."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.endswith("/auth/login"):
            send = _noting(send, wanted(header(scope, "referer"), header(scope, "host")))
        elif scope["type"] == "http" and path.endswith("/oauth2callback"):
            send = _returning(send, _read(cookie(scope, COOKIE)))
        await self._app(scope, receive, send)


def wanted(referer: str, host: str) -> str:
    """The path and the parameters of a page of this app, or nothing."""
    try:
        found = urlsplit(referer)
    except ValueError:
        return ""
    return _checked(f"{found.path}?{found.query}") if found.netloc == host else ""


def _checked(address: str) -> str:
    path, _, query = address.partition("?")
    fine = len(address) <= LONGEST and _PATH.fullmatch(path) and _QUERY.fullmatch(query)
    return f"{path}?{query}" if fine and query else path if fine else ""


def _read(value: str) -> str:
    try:
        return _checked(urlsafe_b64decode(value.encode("ascii")).decode("ascii"))
    except ValueError:
        return ""


def _noting(send: Send, address: str) -> Send:
    value = urlsafe_b64encode(address.encode()).decode()
    kept = f"{COOKIE}={value}; Path=/; Max-Age={PATIENCE}; HttpOnly; SameSite=Lax"

    async def noting(message: dict) -> None:
        if message["type"] == "http.response.start" and address:
            message = {**message, "headers": [*message["headers"], (b"set-cookie", kept.encode())]}
        await send(message)

    return noting


def _returning(send: Send, address: str) -> Send:
    gone = f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".encode()

    async def returning(message: dict) -> None:
        if message["type"] == "http.response.start" and address and is_signed_in(message):
            kept = [(name, value) for name, value in message["headers"] if name.lower() != b"location"]
            message = {**message, "headers": [*kept, (b"location", address.encode()), (b"set-cookie", gone)]}
        await send(message)

    return returning
