"""Where files are written: a folder, or a bucket; each file whole or not at all."""

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from plainview.exceptions import InputError
from plainview.store.adapters.bucket import BucketAdapter

_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
_SCHEMES = ("s3", "gs", "az")


class Place(Protocol):
    """A place for files."""

    def write(self, name: str, data: bytes, media_type: str) -> None:
        """Write a file, replacing what has its name."""


class FolderPlace:
    """A folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, data: bytes, media_type: str) -> None:
        """Write a file, replacing what has its name."""
        write_file(self._folder / checked_name(name), data)


class BucketPlace:
    """A bucket, under a prefix; reached as a store in one is. StoreError where its address or its settings are not right."""

    def __init__(self, url: str) -> None:
        self._bucket = BucketAdapter(url)

    def write(self, name: str, data: bytes, media_type: str) -> None:
        """Write a file, replacing what has its name."""
        try:
            self._bucket.put_page(checked_name(name), data, media_type)
        except OSError as error:
            raise InputError(f"{self._bucket.url} cannot be written: {error}.") from None


def place_at(url: str) -> Place:
    """The folder or bucket at this address. InputError where it is neither, or holds a secret."""
    parts = urlsplit(url)
    if len(parts.scheme) < 2:  # a path, or a drive of Windows
        if not url.strip():
            raise InputError("The address to write to is empty. Give a folder, or s3://bucket/path.")
        return FolderPlace(Path(url))
    if parts.scheme not in _SCHEMES:
        raise InputError(f"Nothing can be written to {parts.scheme}:// addresses. Give a folder, or s3://bucket/path.")
    if parts.username or parts.password or parts.query:
        raise InputError("The address holds a secret, which logs would show. Give it in the environment instead.")
    return BucketPlace(url)


def checked_name(name: str) -> str:
    """``name`` itself; InputError where it could lead out of its place. Names are made here, never by users."""
    if not _SAFE.fullmatch(name) or ".." in name:
        raise InputError(f"{name!r:.200} is no name of a file of a site.")
    return name


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in a folder that is made where it is missing. InputError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".plainview-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise InputError(f"{str(path)!r:.200} cannot be written: {error.strerror or error}.") from None


def check_address(address: str | None) -> str | None:
    """The app's address without a slash at its end. InputError where it is no plain https:// or http:// address."""
    if address is None:
        return None
    parts = urlsplit(address)
    plain = (
        parts.scheme in ("http", "https") and parts.hostname and not (parts.username or parts.query or parts.fragment)
    )
    if not plain or not address.isascii() or not address.isprintable() or any(char in address for char in " \"'<>\\"):
        raise InputError(f"The address of the app must look like https://plainview.example.com. Got {address!r:.200}.")
    return address.rstrip("/")
