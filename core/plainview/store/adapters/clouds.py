"""Connections to buckets, set up from the environment variables that each cloud's own tools use."""

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plainview.exceptions import StoreError
from plainview.store.adapters.addresses import BucketAddress

if TYPE_CHECKING:
    from obstore.store import ObjectStore

TIMEOUT = 30.0  # seconds a request, and until no further attempt is made
CONNECT_TIMEOUT = 5.0  # seconds
RETRIES = 5
ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "gs": ("STORAGE_EMULATOR_HOST", "GOOGLE_BASE_URL"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}


def connected(address: BucketAddress) -> "ObjectStore":
    """What obstore needs for one address; nothing is sent yet. Raises what obstore raises, StoreError without it."""
    _check_settings(address.scheme)
    try:
        from obstore import store
    except ImportError:
        store = None
    if store is None:
        raise StoreError(f"Stores at {address.scheme}:// need one more package: pip install 'plainview[bucket]'.")
    common = {
        "prefix": address.prefix or None,
        "retry_config": _retries(),
        "client_options": _client(endpoint(address.scheme)),
    }
    if address.scheme == "s3":
        return store.S3Store(address.bucket, **common, **_s3())
    if address.scheme == "gs":
        return store.GCSStore(address.bucket, **common, **_google())
    return store.AzureStore(container_name=address.bucket, **common, **_azure())


def _check_settings(scheme: str) -> None:
    """What obstore takes for a bug of its own, and ends the program over: the line break at the end of a file, and such."""
    for name, value in os.environ.items():
        if name.startswith(("AWS_", "AZURE_", "GOOGLE_")) and any(ord(character) < 32 for character in value):
            raise StoreError(f"{name} holds a line break or another control character. Set it without.")
    if endpoint(scheme) and not host_of(scheme):
        raise StoreError(f"{' or '.join(ENDPOINTS[scheme])} holds no address. It is http(s)://host:port.")


def endpoint(scheme: str) -> str:
    """Where requests go, if not to the cloud itself; "" if so."""
    found = next((value for name in ENDPOINTS[scheme] if (value := os.environ.get(name))), "")
    if not found and scheme == "az":
        return _connection_string().get("BlobEndpoint", "")
    if found and "://" not in found and scheme == "gs":
        return f"http://{found}"  # as Google's own libraries read STORAGE_EMULATOR_HOST
    return found


def host_of(scheme: str) -> str:
    """The endpoint as it may be shown: host and port alone."""
    try:
        parts = urlsplit(endpoint(scheme))
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return ""
    return host or "" if parts.scheme in ("http", "https") else ""


def _retries() -> dict[str, Any]:
    pause = {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(seconds=2), "base": 2}
    return {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=TIMEOUT), "backoff": pause}


def _client(address: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "timeout": timedelta(seconds=TIMEOUT),
        "connect_timeout": timedelta(seconds=CONNECT_TIMEOUT),
        "allow_http": address.startswith("http://"),
    }
    if bundle := os.environ.get("AWS_CA_BUNDLE"):
        options["root_certificate"] = Path(bundle).read_bytes()
    return options


def _s3() -> dict[str, Any]:
    address = endpoint("s3")
    # One item a request: not every server that speaks S3 knows how to delete several.
    return {"disable_bulk_delete": True, **({"endpoint": address} if address else {})}


def _google() -> dict[str, Any]:
    address = endpoint("gs")
    if not os.environ.get("STORAGE_EMULATOR_HOST"):
        return {"base_url": address} if address else {}
    nobody = {"client_email": "", "private_key": "", "private_key_id": "", "disable_oauth": True}
    return {"service_account_key": json.dumps({**nobody, "gcs_base_url": address})}


def _azure() -> dict[str, Any]:
    parts = _connection_string()
    given = {
        "account_name": parts.get("AccountName"),
        "account_key": parts.get("AccountKey"),
        "sas_key": parts.get("SharedAccessSignature"),
        "endpoint": endpoint("az"),
    }
    return {name: value for name, value in given.items() if value}


def _connection_string() -> Mapping[str, str]:
    """AZURE_STORAGE_CONNECTION_STRING in its parts, unless the account is named by its own variable."""
    if os.environ.get("AZURE_STORAGE_ACCOUNT_NAME"):
        return {}
    pairs = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";")
    return {name.strip(): value for name, found, value in (pair.partition("=") for pair in pairs) if found}
