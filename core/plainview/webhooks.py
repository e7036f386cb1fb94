"""Tell someone who asked to be told: one POST of JSON to a host that was allowed beforehand.

Off unless asked for. The host must be in PLAINVIEW_WEBHOOK_HOSTS (names, separated by commas); the address must be https,
but for the loopback interface; redirects are not followed; after ten seconds it is over, whatever the host does.
"""

import json
import os
import re
from collections.abc import Mapping
from http.client import HTTPException
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from plainview.exceptions import InputError, PlainviewError, nearest

HOSTS = "PLAINVIEW_WEBHOOK_HOSTS"
PATIENCE = 10.0  # seconds
_WRITTEN = re.compile(r"[!-~]+")  # nothing that an address may not hold
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NoRedirect(HTTPRedirectHandler):
    """A redirect is not followed: it would lead to a host that nobody allowed."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is the answer, and an error."""


def check_address(address: str) -> str:
    """The host of a webhook that may be told. Raises InputError for any other; nothing is sent."""
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        host = ""
    if not host or parts.scheme not in ("https", "http") or not _WRITTEN.fullmatch(address):
        raise InputError("The webhook must be an address such as https://hooks.example.com/quality.")
    if parts.scheme != "https" and host not in LOOPBACK:
        raise InputError(f"The webhook at {host} must be https: what is sent may be read on its way.")
    if parts.username or parts.password:
        raise InputError(f"The webhook at {host} must not hold a name or a password: addresses are seen by others.")
    allowed = [name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]
    if host not in allowed:
        raise InputError(f"The webhook's host {host!r} is not in {HOSTS}. {nearest(host, allowed)}")
    return host


def send(address: str, body: Mapping[str, Any], *, kept: str) -> None:
    """POST ``body`` as JSON; ``kept`` ends what is said where it fails: "the batch is kept".

    Raises InputError for an address that is not allowed, PlainviewError where nobody could be told. Neither names more of the
    address than its host: what follows it is often a secret.
    """
    host, failed = check_address(address), []
    request = Request(
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "User-Agent": "plainview"},
        method="POST",
    )
    # Apart, for a timeout of the socket begins anew with every byte that comes.
    sending = Thread(target=lambda: failed.extend(_failure(request, host)), daemon=True)
    sending.start()
    sending.join(PATIENCE)
    if sending.is_alive():
        failed = [f"could not be told: no answer in {PATIENCE:g} seconds"]
    if failed:
        raise PlainviewError(f"The webhook at {host} {failed[0]}; {kept}.")


def _failure(request: Request, host: str) -> list[str]:
    """What went wrong; nothing where the host took it."""
    try:
        with _opener(host).open(request, timeout=PATIENCE):
            return []
    except HTTPError as error:
        return [f"answered {error.code}"]
    except OSError as error:
        return [f"could not be told: {getattr(error, 'reason', '') or type(error).__name__}"]
    except (HTTPException, ValueError):  # whose words may hold the address, or what the host sent
        return ["could not be told: what it answered is not HTTP"]


def _opener(host: str) -> OpenerDirector:
    return build_opener(NoRedirect, *([ProxyHandler({})] if host in LOOPBACK else []))
