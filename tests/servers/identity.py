"""An OpenID Connect provider for tests: discovery, authorization code with PKCE, signed identity tokens, sign-out.

Its page asks who one is and believes the answer; everything after that is as strict as a real one's.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "plainview", "canary-client-secret-0123456789abcdef"


class Provider:
    """A running provider. ``people`` are the claims of each person who may sign in, by what its page calls them."""

    def __init__(self, people: dict[str, dict]) -> None:
        self.people, self.codes, self.callbacks = people, {}, set()
        self.key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["Provider"]:
        """Serve until the end of the block."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def discovery(self) -> dict:
        """What a client must know."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def grant(self, asked: dict[str, str], who: str) -> str:
        """Where the browser goes once a person has said who they are."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = (asked, who)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> dict | None:
        """The tokens for a code, once, to the client that holds the secret and the verifier; None for anyone else."""
        asked, who = self.codes.pop(form.get("code", ""), ({}, ""))
        verified = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or verified.decode().rstrip("=") != asked.get("code_challenge"):
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": who, "iat": now, "exp": now + 600, "nonce": asked.get("nonce")}
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims | self.people[who], self.key)
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": signed,
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            elif address.path == "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            elif address.path == "/authorize" and asked.get("client_id") == CLIENT:
                self._page(asked)
            elif address.path == "/as":
                who = asked.pop("who")
                self._go(provider.grant(asked, who))
            elif address.path == "/favicon.ico":
                self._send(200, b"", "image/x-icon")
            elif address.path == "/end":
                self._go(asked["post_logout_redirect_uri"])
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            fields = {name: values[0] for name, values in form.items()}
            known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            trusted = self.headers.get("Authorization") == f"Basic {known}"
            token = provider.token(fields) if trusted and self.path == "/token" else None
            self._json(token or {"error": "invalid_grant"}, 200 if token else 400)

        def _page(self, asked: dict[str, str]) -> None:
            links = "".join(
                f'<p><a href="/as?{html.escape(urlencode({**asked, "who": who}))}">{html.escape(who)}</a></p>'
                for who in provider.people
            )
            self._send(200, f"<h1>Who are you?</h1>{links}".encode(), "text/html")

        def _json(self, value: dict, status: int = 200) -> None:
            self._send(status, json.dumps(value).encode(), "application/json")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _go(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler
