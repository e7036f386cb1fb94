"""The address of a store, taken apart; one that holds a secret is refused, and the error does not repeat it.

An address is shown in pages, logs and errors. Secrets come from where each kind of place usually has them.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from plainview.exceptions import StoreError, nearest

SECRETS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use the role of the machine",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS, or use the service account of the machine",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY, or use the identity of the machine",
    "postgresql": "PGPASSWORD, or name the password in ~/.pgpass",
}
ALIASES = {"postgres": "postgresql"}
OPTIONS = ("schema", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name")
OPTIONS += ("target_session_attrs", "channel_binding", "gssencmode", "passfile", "host")  # as libpq names them
DEFAULT_SCHEMA = "plainview"

_WRITTEN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_WITHOUT_SLASHES = re.compile(r"(s3|gs|az|postgres|postgresql):", re.IGNORECASE)
_SECRET_WORD = re.compile(
    r"(password|passwd|pwd|secret|token|credential|signature|\bsig|(?<!ssl)key)\s*=", re.IGNORECASE
)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", re.ASCII)
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._=+!-]{1,200}", re.ASCII)
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
_USER = re.compile(r"[^:/?#@\s]+")


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."""

    text: str
    scheme: str
    bucket: str
    prefix: str  # "" or "a/b"


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """postgresql://user@host:port/database?schema=name."""

    text: str
    without_schema: str  # what the driver is given
    schema: str


def scheme_of(text: str) -> str:
    """The scheme in small letters, "file" for a path. StoreError where the address holds a secret."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        if close := _WITHOUT_SLASHES.match(text):
            raise StoreError(f"An address that starts with {close[1]}: needs two slashes: {close[1]}://…")
        if _SECRET_WORD.search(text):
            raise _holds_a_secret("postgresql")
        return "file"
    scheme = ALIASES.get(written[1].lower(), written[1].lower())
    _refuse_secrets(scheme, written[2])
    return scheme


def bucket_address(text: str) -> BucketAddress:
    """The parts of the address of a bucket; StoreError where there are others."""
    scheme, rest = scheme_of(text), text.split("://", 1)[1]
    bucket, _, prefix = rest.partition("/")
    segments = prefix.strip("/").split("/") if prefix.strip("/") else []
    if not _BUCKET.fullmatch(bucket) or not all(map(_SEGMENT.fullmatch, segments)):
        form = "container" if scheme == "az" else "bucket"
        raise StoreError(
            f"The address of a bucket is {scheme}://{form}/folder, of letters, digits and . _ - = + !, without options."
        )
    return BucketAddress(f"{scheme}://{'/'.join([bucket, *segments])}", scheme, bucket, "/".join(segments))


def database_address(text: str) -> DatabaseAddress:
    """The parts of the address of a database; StoreError where they cannot be understood."""
    scheme_of(text)
    rest = text.split("://", 1)[1]
    try:
        parts = urlsplit(f"//{rest}")
        _ = parts.port
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        parts = None
    if parts is None or parts.fragment or parts.path.count("/") > 1:
        raise StoreError("The address of a database is postgresql://user@host:port/database?schema=name.")
    for name, _ in options:
        if name not in OPTIONS:
            raise StoreError(f"The address of the database has an option that is not known. {nearest(name, OPTIONS)}")
    schema = dict(options).get("schema", DEFAULT_SCHEMA)
    if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_"):
        raise StoreError("A schema is named with small letters, digits and underscores, such as schema=plainview.")
    others = "&".join(pair for pair in parts.query.split("&") if pair and not pair.startswith("schema="))
    plain = f"postgresql+psycopg://{parts.netloc}{parts.path}" + (f"?{others}" if others else "")
    return DatabaseAddress(f"postgresql://{rest}", plain, schema)


def _refuse_secrets(scheme: str, rest: str) -> None:
    """All before the last @ is who, never where: a password may hold slashes and question marks."""
    who, at, _ = rest.rpartition("@")
    named = scheme == "postgresql" and _USER.fullmatch(who)
    if (
        (at and not named)
        or _SECRET_WORD.search(rest)
        or (scheme != "postgresql" and scheme in SECRETS and "?" in rest)
    ):
        raise _holds_a_secret(scheme)


def _holds_a_secret(scheme: str) -> StoreError:
    instead = f" Leave it out, and set {SECRETS[scheme]}." if scheme in SECRETS else " Leave it out."
    return StoreError(
        "The address of the store holds a password, a key or options that may be one. "
        f"Addresses are shown in pages, logs and errors, so no secret may stand there.{instead}"
    )
