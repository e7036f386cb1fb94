"""Who a reader is, from what the identity provider or the proxy says of them; never from what they say themselves."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlparse

if TYPE_CHECKING:
    from plainview.access.policy import SignIn

# The keys under which the app asks Streamlit to keep what a proxy's headers say; a cookie cannot set them besides.
PERSON, GROUPS, PROOF = "plainview_person", "plainview_groups", "plainview_proxy"
PROOF_HEADER = "X-Plainview-Proxy"  # what only the proxy knows: without it its other headers are anybody's words
LONGEST = 200  # characters of a name; groups: as many of them
CLOCKS = 300.0  # seconds by which the provider's clock may differ

# What the app keeps of each connection's own headers, to know a browser on this machine from one that comes from elsewhere.
HOST, ORIGIN = "plainview_host", "plainview_origin"
HEADERS = {
    "Host": HOST,
    "Origin": ORIGIN,
    "X-Forwarded-For": "plainview_forwarded_for",
    "X-Forwarded-Host": "plainview_forwarded_host",
    "X-Forwarded-Proto": "plainview_forwarded_proto",
    "Forwarded": "plainview_forwarded",
    "Via": "plainview_via",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Why = Literal["sign in", "expired", "unverified", "unnamed", "not the proxy"]


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    name: str  # as `spelled`
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """Why nobody is signed in."""

    why: Why


def spelled(name: str) -> str:
    """One spelling of a name. Letters beyond ASCII stay as they are: folding them makes one person look like another."""
    return name.lower() if name.isascii() else name


def identify(says: Mapping[str, Any], sign_in: "SignIn", *, now: float, proof: str = "") -> Person | Refusal:
    """The person that ``says`` names: the claims of a sign-in, or what the app kept of the proxy's headers.

    ``now`` is in seconds since 1970; ``proof`` is the secret that the proxy shares with the app, without which no header
    counts.
    """
    return _by_headers(says, proof) if sign_in.by == "headers" else _by_claims(says, sign_in, now)


def whence(says: Mapping[str, Any]) -> Literal["here", "a proxy", "elsewhere"]:
    """Where a browser is, from what the app kept of its connection: on this machine, behind a proxy, or under a foreign name.

    A foreign name without a proxy is how a page of another site reaches a server on the reader's own machine.
    """
    if any(says.get(key) for header, key in HEADERS.items() if key not in (HOST, ORIGIN)):
        return "a proxy"
    named = [f"//{says[HOST]}"] if says.get(HOST) else []
    named += [str(says[ORIGIN])] if says.get(ORIGIN) else []
    return "here" if all(is_loopback(_host(each)) for each in named) else "elsewhere"


def is_loopback(host: str | None) -> bool:
    """Whether a name or an address is this machine's own, to which no other has a way."""
    return host in _LOOPBACK


def _host(address: str) -> str | None:
    try:
        return urlparse(address).hostname
    except ValueError:
        return None


def trusted_headers(sign_in: "SignIn | None") -> dict[str, str]:
    """What the server must keep of each connection: the key for each header. Identity only where a proxy gives it."""
    if sign_in is None or sign_in.by != "headers":
        return HEADERS
    named = {sign_in.person: PERSON, PROOF_HEADER: PROOF}
    return HEADERS | named | ({sign_in.groups: GROUPS} if sign_in.groups else {})


def _by_claims(says: Mapping[str, Any], sign_in: "SignIn", now: float) -> Person | Refusal:
    if says.get("is_logged_in") is not True:
        return Refusal("sign in")
    issued = says.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or issued > now + CLOCKS:
        return Refusal("expired")  # it cannot be known since when they are signed in
    if now - issued > sign_in.hours * 3600:
        return Refusal("expired")
    if sign_in.person == "email" and says.get("email_verified", True) not in (True, "true"):
        return Refusal("unverified")
    return _person(says.get(sign_in.person), says.get(sign_in.groups) if sign_in.groups else None)


def _by_headers(says: Mapping[str, Any], proof: str) -> Person | Refusal:
    given = says.get(PROOF)
    if not proof or not isinstance(given, str) or not hmac.compare_digest(given.encode(), proof.encode()):
        return Refusal("not the proxy")
    return _person(says.get(PERSON), says.get(GROUPS))


def _person(name: Any, groups: Any) -> Person | Refusal:
    name = name.strip() if isinstance(name, str) else ""
    if not name or len(name) > LONGEST or not name.isprintable():
        return Refusal("unnamed")
    return Person(spelled(name), _groups(groups))


def _groups(given: Any) -> frozenset[str]:
    """A list of names, or one text in which commas part them."""
    listed = given.split(",") if isinstance(given, str) else given if isinstance(given, list | tuple) else ()
    return frozenset(each.strip() for each in listed if isinstance(each, str) and each.strip())
