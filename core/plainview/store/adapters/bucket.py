"""A store in a bucket: s3://, gs:// and az:// through obstore, the extra ``bucket``.

Nothing rests on the bucket honouring conditions: an id belongs to one content, so who overwrites a record overwrites it with
one of the same content.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from plainview.exceptions import StoreError
from plainview.store.adapters import Source, Stat, temporary_file
from plainview.store.adapters.addresses import bucket_address
from plainview.store.adapters.answers import said_anew, unusable
from plainview.store.adapters.clouds import connected
from plainview.store.adapters.ranged import ranged
from plainview.store.keys import STORE, checked

PART = 8 << 20  # bytes; larger items are sent in parts
MOST_PARTS = 9_000  # of an item; S3 allows 10,000
Answer = TypeVar("Answer")

_used_in: list[int] = []  # the process in which the threads of obstore run


class BucketAdapter:
    """Keys are the names of objects below the prefix; an object appears whole, under its name, at once."""

    at_once = 32

    def __init__(self, url: str) -> None:
        self._address = bucket_address(url)
        self.url = self._address.text
        self._store = self._connect()

    def initialise(self) -> None:
        """Nothing: the bucket is there, and folders are only parts of names."""

    def put(self, key: str, source: Source) -> None:
        """One request; or several parts that become one object with the last, where it is large."""
        path = checked(key)
        if isinstance(source, Path):
            with source.open("rb") as file:
                size = source.stat().st_size
                self._put(path, file, multipart=size > PART, part=max(PART, size // MOST_PARTS))
        elif isinstance(source, bytes):
            self._put(path, source, multipart=len(source) > PART)
        else:
            self._put(path, iter(source), multipart=True)

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """If-None-Match: *. After a lost acknowledgement the library tries again, and finds the key taken."""
        from obstore import put
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        path = checked(key)

        def create() -> bool:
            try:
                put(self._store, path, data, mode="create")
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

        return self._ask(create)

    def get(self, key: str) -> bytes:
        """Download the object."""
        from obstore import get

        path = checked(key)
        return self._ask(lambda: get(self._store, path).bytes().to_bytes())

    def open(self, key: str) -> BinaryIO:
        """Ranges of the object, as they are read."""
        from obstore import get_range

        path = checked(key)
        size = self._head(path)["size"]
        return ranged(
            lambda start, end: self._ask(lambda: get_range(self._store, path, start=start, end=end).to_bytes()), size
        )

    def list(self, prefix: str) -> list[str]:
        """All pages of the listing."""
        from obstore import list as listing

        found = self._ask(lambda: [item["path"] for page in listing(self._store, prefix=prefix) for item in page])
        if not found:
            self._head(STORE)  # a store that is gone is not an empty store
        return found

    def stat(self, key: str) -> Stat | None:
        """What the server knows of the object."""
        try:
            found = self._head(checked(key))
        except FileNotFoundError:
            return None
        modified = found["last_modified"].timestamp()
        # The tag is often a digest of the content; the time tells the same content written again.
        return Stat(key, found["size"], modified, f"{found['e_tag']}-{found['version']}-{modified}")

    def delete(self, key: str, *, unchanged: Stat | None = None) -> bool:
        """Look, then delete: no cloud deletes only what is unchanged. Garbage is a day old, a moment does not matter."""
        from obstore import delete

        there = self.stat(key)
        if there is None or (unchanged is not None and there.version != unchanged.version):
            return False
        with suppress(FileNotFoundError):
            self._ask(lambda: delete(self._store, checked(key)))
        return True

    def staged(self) -> AbstractContextManager[Path]:
        """A file in the system's temporary folder, from which ``put`` uploads."""
        return temporary_file()

    def _connect(self) -> Any:
        try:
            return connected(self._address)
        except StoreError:
            raise
        except Exception:  # what is wrong with a key or an endpoint is said with the key or the endpoint
            failure = unusable(self._address)
        raise StoreError(f"Cannot reach the store at {self.url}: {failure}.")

    def put_page(self, name: str, data: bytes, media_type: str) -> None:
        """A file that a web server gives away as it is, of this type; ``name`` is no key of a store."""
        from obstore import put

        self._ask(lambda: put(self._store, name, data, attributes={"Content-Type": media_type}))

    def _put(self, path: str, source: bytes | BinaryIO | Iterable[bytes], *, multipart: bool, part: int = PART) -> None:
        from obstore import put

        self._ask(lambda: put(self._store, path, source, use_multipart=multipart, chunk_size=part, max_concurrency=4))

    def _head(self, path: str) -> dict[str, Any]:
        from obstore import head

        return self._ask(lambda: head(self._store, path))

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Ask, and raise what went wrong in words of our own, outside the handler: the server's may hold secrets."""
        from obstore.exceptions import BaseError

        _check_process()
        try:
            return question()
        except (BaseError, OSError, ValueError, NotImplementedError) as error:
            failure = said_anew(error, self._address)
        raise failure


def _check_process() -> None:
    """The threads that do the work do not survive a fork: a call from the child would wait for ever."""
    if not _used_in:
        _used_in.append(os.getpid())
    if _used_in[0] != os.getpid():
        raise OSError(
            "this process was forked from one that used a bucket. Start processes with spawn or forkserver, "
            "or open the store only in the child"
        )
