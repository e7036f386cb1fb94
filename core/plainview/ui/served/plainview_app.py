"""The app as it is served to others: Streamlit's own server, with headers, doors, deep links, health and logs before it.

`plainview serve` runs this file; `streamlit run app.py` serves the same pages without them. It lies alone in its folder,
because Streamlit puts that folder first among those it imports from.
"""

import logging
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from plainview.access import Access, load_access
from plainview.access.policy import SignIn
from plainview.exceptions import InputError, StoreError, StoreMissingError
from plainview.serving import logs, shell
from plainview.serving.deep_links import DeepLinks
from plainview.serving.doors import Doors, Keys
from plainview.serving.headers import SecurityHeaders, policy
from plainview.serving.health import Health
from plainview.store import open_store
from plainview.ui import access, cache

AS_JSON = os.environ.get("PLAINVIEW_LOG") == "json"
LOG = logging.getLogger("plainview.app")


def sign_in() -> SignIn | None:
    """How readers sign in; a file that cannot be read closes every door that one can close."""
    if not os.environ.get(access.FILE):
        return None
    rules = access.policy()
    return rules.sign_in if isinstance(rules, Access) else SignIn(by="headers", person="X-Nobody")


def auth() -> Mapping:
    """The secrets of signing in, as they are in secrets.toml."""
    try:
        return st.secrets.get("auth", {})
    except FileNotFoundError:
        return {}


def known_secrets() -> Iterable[str]:
    """What the log must never say: secrets of the environment and of secrets.toml."""
    yield from logs.secrets_of(os.environ.items())
    yield from _FROM_FILE


def amiss() -> str | None:
    """A word of what keeps the app from serving; what it is exactly, the log says."""
    try:
        if os.environ.get(access.FILE):
            load_access(os.environ[access.FILE])
        open_store(cache.store_address()).fingerprint()
    except InputError as error:
        LOG.error("Not ready: %s", error)
        return "access"
    except StoreMissingError:
        return None  # it can serve: nothing has been published yet
    except StoreError as error:
        LOG.error("Not ready: %s", error)
        return "store"
    return None


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Known once the server has its loggers and the secrets are read."""
    logs.settle(as_json=AS_JSON)
    _FROM_FILE.extend(value for value in _texts(auth()) if len(value) >= 8)
    yield


def _texts(secrets: Mapping) -> Iterable[str]:
    for name, value in secrets.items():
        if isinstance(value, Mapping):
            yield from _texts(value)
        elif isinstance(value, str) and any(word in name for word in ("secret", "token", "password", "key")):
            yield value


_FROM_FILE: list[str] = []
logs.configure(as_json=AS_JSON, known=known_secrets)
_STATIC = Path(st.__file__).parent / "static"
_KEYS = Keys(sign_in, lambda: str(auth().get("cookie_secret", "")), lambda: os.environ.get(access.PROOF, ""))
app = App(
    os.environ["PLAINVIEW_APP"],
    lifespan=running,
    middleware=[
        Middleware(
            SecurityHeaders, content_policy=policy((_STATIC / "index.html").read_text(encoding="utf-8"), shell.SCRIPT)
        ),
        Middleware(Health, amiss=amiss),
        Middleware(DeepLinks),
        Middleware(Doors, keys=_KEYS),
        Middleware(
            shell.Shell,
            base=lambda: st.get_option("server.baseUrlPath") or "",
            files=shell.ahead(_STATIC),
        ),
    ],
)
