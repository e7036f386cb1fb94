"""The addresses of Streamlit that its own sign-in does not cover: what the app handed out, uploads, numbers on the server.

Pages come over the websocket, where sign-in and roles are asked. A file that was handed out has an address of its own, and
would be anybody's who learns it: here it asks for the cookie of a sign-in, or for the proxy.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, TimestampSigner

from plainview.access.identity import PROOF_HEADER
from plainview.access.policy import SignIn
from plainview.serving.asgi import Receive, Scope, Send, cookie, header, is_local, refuse

COOKIE = "plainview_session"
SIGNED_IN = b"_streamlit_user="  # the cookie by which Streamlit's callback says that somebody has signed in
HANDED_OUT = ("/media/", "/_stcore/upload_file/")
OF_THE_SERVER = ("/_stcore/metrics", "/_stcore/script-health-check")  # for programs on this machine alone
CLOSED = "/_stcore/agent/"
OPEN = ("/health", "/ready", "/_stcore/health")  # of a proxy that has not said who it is yet


@dataclass(frozen=True)
class Keys:
    """What the doors need to know; none of it is kept longer than it takes."""

    sign_in: Callable[[], SignIn | None]  # None: nobody signs in
    cookie_secret: Callable[[], str]
    proof: Callable[[], str]


class Doors:
    """Lets through what may pass, and gives who signs in the cookie for what they are handed."""

    def __init__(self, app: Callable, *, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or turn away."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        path, rules = scope["path"], self._keys.sign_in()
        if path.startswith(CLOSED) or (path.startswith(OF_THE_SERVER) and not is_local(scope)):
            return await refuse(scope, receive, send, 404, "Not found")
        if rules is not None and not self._may_pass(scope, path, rules):
            return await refuse(scope, receive, send, 403, "Sign in first")
        oidc = rules is not None and rules.by == "oidc"
        return await self._app(scope, receive, self._marking(send, path, rules) if oidc else send)

    def _may_pass(self, scope: Scope, path: str, rules: SignIn) -> bool:
        if rules.by == "headers":
            return path.startswith(OPEN) or (is_local(scope) and path.startswith(OF_THE_SERVER)) or self._proven(scope)
        return not path.startswith(HANDED_OUT) or self._signed_in(scope, rules)

    def _proven(self, scope: Scope) -> bool:
        proof = self._keys.proof()
        return bool(proof) and hmac.compare_digest(header(scope, PROOF_HEADER.lower()).encode(), proof.encode())

    def _signed_in(self, scope: Scope, rules: SignIn) -> bool:
        try:
            self._signer().unsign(cookie(scope, COOKIE), max_age=int(rules.hours * 3600))
        except (BadSignature, ValueError):
            return False
        return True

    def _signer(self) -> TimestampSigner:
        secret = self._keys.cookie_secret()
        if not secret:
            raise ValueError("there is no secret to sign with")
        return TimestampSigner(secret, salt="plainview.session")

    def _marking(self, send: Send, path: str, rules: SignIn) -> Send:
        """Give the cookie with Streamlit's own, and take it back with that."""

        async def marked(message: dict) -> None:
            if message["type"] == "http.response.start" and (cookie_now := self._cookie_for(message, path, rules)):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie_now)]}
            await send(message)

        return marked

    def _cookie_for(self, message: dict, path: str, rules: SignIn) -> bytes | None:
        if path.endswith("/auth/logout"):
            return f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".encode()
        if not (path.endswith("/oauth2callback") and is_signed_in(message)):
            return None
        value = self._signer().sign(secrets.token_urlsafe(16)).decode()
        return f"{COOKIE}={value}; Path=/; Max-Age={int(rules.hours * 3600)}; HttpOnly; SameSite=Lax".encode()


def is_signed_in(message: dict) -> bool:
    """Whether an answer says that somebody has signed in."""
    set_cookies = (value for name, value in message["headers"] if name.lower() == b"set-cookie")
    return any(value.startswith(SIGNED_IN) and b"Max-Age=0" not in value for value in set_cookies)
