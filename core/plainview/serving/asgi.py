"""What the parts of the server share of ASGI: its types, and how a request is read."""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via")


def header(scope: Scope, name: str) -> str:
    """The first header of this name (in small letters), or nothing."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name.encode()), "")


def cookie(scope: Scope, name: str) -> str:
    """A cookie of the request, or nothing."""
    try:
        found = SimpleCookie(header(scope, "cookie")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def is_https(scope: Scope) -> bool:
    """Whether the browser's way here is encrypted, as the server or the proxy says."""
    return scope.get("scheme") == "https" or header(scope, "x-forwarded-proto").lower().startswith("https")


def is_local(scope: Scope) -> bool:
    """Whether a program on this machine asks by itself: not from elsewhere, and for nobody behind a proxy."""
    host = (scope.get("client") or ("",))[0]
    return host in ("127.0.0.1", "::1") and not any(header(scope, name) for name in _FORWARDED)


async def answer(send: Send, status: int, text: str, more: Headers | None = None) -> None:
    """A short answer in plain text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Turn a request or a websocket away."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await answer(send, status, text)
