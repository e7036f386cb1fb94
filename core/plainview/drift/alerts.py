"""Tell someone that a batch has drifted: one POST to a host that was allowed beforehand, without a word of any example.

Off unless asked for. The host must be in PLAINVIEW_WEBHOOK_HOSTS (names, separated by commas); the address must be https,
but for the loopback interface; redirects are not followed; after ten seconds it is over. What is sent are names of columns
and metrics with their figures: values of columns, which may be a customer's words, are not.
"""

import json
import os
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from plainview.drift.batches import Batch
from plainview.exceptions import InputError, PlainviewError, nearest

HOSTS = "PLAINVIEW_WEBHOOK_HOSTS"
PATIENCE = 10.0  # seconds
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SENT = ("column", "role", "aspect", "verdict", "distance", "threshold", "adjusted_p")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is the answer, and an error."""


def check_address(address: str) -> str:
    """The host of a webhook that may be told. Raises InputError for any other; nothing is sent."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if not host or parts.scheme not in ("https", "http"):
        raise InputError("The webhook must be an address such as https://hooks.example.com/drift.")
    if parts.scheme != "https" and host not in LOOPBACK:
        raise InputError(f"The webhook at {host} must be https: what is sent may be read on its way.")
    if parts.username or parts.password:
        raise InputError(f"The webhook at {host} must not hold a name or a password: addresses are seen by others.")
    allowed = [name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]
    if host not in allowed:
        raise InputError(f"The webhook's host {host!r} is not in {HOSTS}. {nearest(host, allowed)}")
    return host


def message(batch: Batch) -> dict[str, Any]:
    """What is sent: no value of any column, no text of any example."""
    moved = [{name: getattr(shift, name) for name in _SENT} for shift in batch.moved]
    worse = [
        {name: getattr(change, name) for name in ("metric", "baseline", "candidate", "low", "high")}
        for change in batch.worse
    ]
    named = {"project": batch.project, "release": batch.release, "until": batch.until.isoformat(), "event": batch.id}
    return {**named, "outcome": batch.outcome, "rows": batch.rows, "moved": moved, "worse": worse}


def send_alert(batch: Batch, address: str) -> None:
    """Send what moved in a batch. Raises InputError for an address that is not allowed, PlainviewError where it fails."""
    host = check_address(address)
    data = json.dumps(message(batch)).encode()
    request = Request(address, data, {"Content-Type": "application/json", "User-Agent": "plainview"}, method="POST")
    try:
        with _opener(host).open(request, timeout=PATIENCE):
            return
    except HTTPError as error:
        raise PlainviewError(f"The webhook at {host} answered {error.code}; the batch is kept.") from None
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise PlainviewError(f"The webhook at {host} could not be told: {reason}. The batch is kept.") from None


def _opener(host: str) -> OpenerDirector:
    return build_opener(_NoRedirect, *([ProxyHandler({})] if host in LOOPBACK else []))
