"""Security headers on every answer: nothing from other hosts, in no foreign frame, nothing guessed, nothing told to others."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable

from plainview.serving.asgi import Headers, Receive, Scope, Send, is_https

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_YEAR = 31_536_000
FIXED: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
]
PRIVATE = ("/media/", "/auth/", "/oauth2callback")  # what no cache on the way may keep


def policy(html: str, *more: str) -> str:
    """The content security policy of an app whose page is this HTML, with more scripts: its own, and no other host at all.

    Charts turn expressions into functions, which needs `unsafe-eval`; what they may say is written by Plainview alone.
    """
    inline = (hashlib.sha256(script.encode()).digest() for script in (*_INLINE.findall(html), *more))
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in inline)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {scripts}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class SecurityHeaders:
    """Adds the headers to every answer; over HTTPS cookies become secure and the browser stays with it."""

    def __init__(self, app: Callable, *, content_policy: str) -> None:
        self._app = app
        self._fixed = [*FIXED, (b"content-security-policy", content_policy.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and dress the answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        https, private = is_https(scope), scope["path"].startswith(PRIVATE)

        async def dressed(message: dict) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._dressed(message["headers"], https=https, private=private)}
            await send(message)

        return await self._app(scope, receive, dressed)

    def _dressed(self, given: Iterable[tuple[bytes, bytes]], *, https: bool, private: bool) -> Headers:
        replaced = {name for name, _ in self._fixed} | ({b"cache-control"} if private else set())
        kept = [(name, _secured(name, value, https)) for name, value in given if name.lower() not in replaced]
        more = [(b"strict-transport-security", f"max-age={_YEAR}".encode())] if https else []
        more += [(b"cache-control", b"private, no-store")] if private else []
        return [*kept, *self._fixed, *more]


def _secured(name: bytes, value: bytes, https: bool) -> bytes:
    plain = https and name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return value + b"; Secure" if plain else value
