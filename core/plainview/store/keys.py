"""Where things lie in a store. A key is made of ids and digests alone: no text of a user ever enters one."""

import re

from plainview.exceptions import StoreError

STORE = "store.json"
COMMITS = "commits/"
EVENTS = "events/"
DATA = "data/"
SPECIFICATIONS = "specifications/"
CLAIMS = "claims/"
COMPACTED = "compacted/"
SNAPSHOTS = "snapshots/"
SEALS = "seals/"
TEMPORARY = "_tmp/"

_ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}"
_SHA256 = r"[0-9a-f]{64}"
_KEY = re.compile(
    rf"store\.json|commits/{_ULID}\.json|data/[a-z]{{1,32}}/{_SHA256}\.parquet|specifications/{_SHA256}\.yaml"
    rf"|data/sums/{_SHA256}\.sums"
    rf"|snapshots/{_ULID}\.records|claims/{_SHA256}\.json|compacted/{_SHA256}/{_SHA256}\.parquet"
    rf"|events/[0-9]{{4}}-[0-9]{{2}}/{_ULID}\.json|seals/[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\.json|_tmp/{_ULID}",
    re.ASCII,
)
_ID = re.compile(_ULID, re.ASCII)


def is_key(text: str) -> bool:
    """Whether ``text`` is a place in a store."""
    return _KEY.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """Whether ``text`` is an id that Plainview makes."""
    return _ID.fullmatch(text) is not None


def checked(key: str) -> str:
    """``key`` itself; StoreError where it could lead anywhere but to a known place of the store."""
    if not isinstance(key, str) or not is_key(key):
        raise StoreError(f"{key!r:.200} is not a key of a store: keys are made of ids and digests alone.")
    return key


def commit_key(identifier: str) -> str:
    """Of the commit record of one evaluation."""
    return checked(f"{COMMITS}{identifier}.json")


def event_key(identifier: str, month: str) -> str:
    """Of one event; ``month`` is "yyyy-mm"."""
    return checked(f"{EVENTS}{month}/{identifier}.json")


def table_key(kind: str, sha256: str) -> str:
    """Of a Parquet file; ``kind`` is "examples", "predictions" or "results"."""
    return checked(f"{DATA}{kind}/{sha256}.parquet")


def sums_key(sha256: str) -> str:
    """Of the sums of an evaluation whose rows are not in the store."""
    return checked(f"{DATA}sums/{sha256}.sums")


def specification_key(sha256: str) -> str:
    """Of the text of a specification."""
    return checked(f"{SPECIFICATIONS}{sha256}.yaml")


def claim_key(publish_key: str) -> str:
    """Of the claim on one content."""
    return checked(f"{CLAIMS}{publish_key}.json")


def compacted_key(group: str, sha256: str) -> str:
    """Of a copy of many results; ``group`` is the digest of the project's name."""
    return checked(f"{COMPACTED}{group}/{sha256}.parquet")


def seal_key(day: str) -> str:
    """Of a seal; ``day`` is the first that it covers, "yyyy-mm-dd"."""
    return checked(f"{SEALS}{day}.json")


def snapshot_key(identifier: str) -> str:
    """Of a snapshot of records; the newest sorts last."""
    return checked(f"{SNAPSHOTS}{identifier}.records")


def stem(key: str) -> str:
    """The id or digest in a key: the last part without its suffix."""
    return key.rsplit("/", 1)[-1].split(".", 1)[0]
