"""What Streamlit is told for an address and an environment, and what must be right before anybody is served."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from plainview.access import Access, is_loopback, load_access
from plainview.access.identity import PROOF_HEADER, trusted_headers
from plainview.exceptions import InputError
from plainview.serving.logs import JSON_LINE

ACCESS, PROOF, SECRETS = "PLAINVIEW_ACCESS", "PLAINVIEW_PROXY_SECRET", "PLAINVIEW_SECRETS"
SHORTEST_SECRET = 32  # characters
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
PROVIDER = ("client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"

Settings = list[tuple[str, str]]


def server_settings(address: str, environment: Mapping[str, str], *, folder: Path, as_json: bool = False) -> Settings:
    """Streamlit's options, each with its value; ``folder`` is where the app lies.

    Raises InputError where others would reach the app and nobody signs in, and where the sign-in cannot work.
    """
    rules = load_access(environment[ACCESS]) if environment.get(ACCESS) else None
    if rules is None and not is_loopback(address):
        raise InputError(
            f"{address} can be reached by others, and nobody would sign in. Set {ACCESS} to a file that says who may see "
            "what (core/DEPLOY.md), or leave --address away: then it listens on this machine only."
        )
    if rules is not None:
        _check(rules, environment, folder)
    # Without sign-in a page of another site must not reach the app by a name that it makes point to this machine.
    hosts = [("server.allowedHosts", host) for host in OWN_HOSTS] if rules is None else []
    believed = json.dumps(trusted_headers(rules.sign_in if rules else None))
    secrets = [("secrets.files", environment[SECRETS])] if environment.get(SECRETS) else []
    line = [("logger.messageFormat", JSON_LINE)] if as_json else []
    named = (
        "browser.serverAddress",
        address if is_loopback(address) else "localhost",
    )  # else it asks the internet for it
    return [("server.address", address), named, ("server.trustedUserHeaders", believed), *hosts, *secrets, *line]


def _check(rules: Access, environment: Mapping[str, str], folder: Path) -> None:
    if rules.sign_in.by == "headers":
        if len(environment.get(PROOF, "")) < SHORTEST_SECRET:
            raise InputError(
                f"Set {PROOF} to a secret of {SHORTEST_SECRET} characters or more, which the proxy sends as {PROOF_HEADER}: "
                "without it anybody could say who they are."
            )
        return
    if find_spec("authlib") is None:
        raise InputError("Signing in needs Authlib: pip install 'plainview[signin]'.")
    path = Path(environment.get(SECRETS) or folder / ".streamlit" / "secrets.toml")
    missing = list(_missing(_auth(path)))
    if missing:
        raise InputError(f"{path}: for signing in, [auth] needs {'; '.join(missing)}.")


def _auth(path: Path) -> Mapping:
    """What the file says of signing in. Errors name the file and never quote it."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{path} is not there: it holds the secrets of signing in (core/DEPLOY.md). {SECRETS} names another file."
        ) from None
    except (OSError, ValueError):
        raise InputError(f"{path} cannot be read as TOML.") from None
    auth = found.get("auth", {})
    return auth if isinstance(auth, Mapping) else {}


def _missing(auth: Mapping) -> Iterator[str]:
    if not str(auth.get("redirect_uri", "")).endswith(CALLBACK):
        yield f"redirect_uri, the app's address and {CALLBACK}"
    if len(str(auth.get("cookie_secret", ""))) < SHORTEST_SECRET:
        yield f"cookie_secret, {SHORTEST_SECRET} random characters or more"
    providers = [value for value in auth.values() if isinstance(value, Mapping)]
    for provider in providers or [auth]:
        yield from (name for name in PROVIDER if not provider.get(name))
