"""Full disks and read-only places: a clear error, nothing acknowledged lost, and all is well when there is room again.

With the right to mount, disks are real ones in memory, of every size in steps of 64 KiB. Without, the kernel refuses to let
files grow, as the tests do.
"""

import contextlib
import errno
import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from servers.processes import Place
from store_cases import draft

from benchmarks.faults.figures import Figure, zeros
from plainview.exceptions import StoreError
from plainview.store import Store, create_store, open_store
from plainview.store.adapters import Adapter, adapter_for
from plainview.store.drafts import Draft

STEP = 64  # KiB
SMALLEST, ROOM = 256, 64 << 10  # KiB: where a small store fits, where everything does
ROWS = 50_000


def big() -> Draft:
    """An evaluation of about half a MiB."""
    chance = random.Random(3)
    return draft("1.0", rows=ROWS, predictions=pl.DataFrame({"score": [chance.random() for _ in range(ROWS)]}))


def full_disk() -> Figure | None:
    """A disk of every size in steps, until a publish fits; None where disks cannot be mounted."""
    refused = unclear = lost = partial = not_recovered = 0
    evaluation = big()
    for size in range(SMALLEST, ROOM, STEP):
        with _disk(size) as disk:
            if disk is None:
                return None
            store = create_store(disk / "store")
            store.publish(draft("0.9"))
            try:
                store.publish(evaluation)
                break
            except StoreError as error:
                refused, unclear = refused + 1, unclear + ("is full" not in str(error))
            partial += len(open_store(disk / "store").verify().damaged) + bool(
                list((disk / "store" / "_tmp").iterdir())
            )
            lost += [each.release for each in open_store(disk / "store").evaluations()] != ["0.9"]
            _mount("remount", disk, size=ROOM)
            not_recovered += not store.publish(evaluation)[1] or not open_store(disk / "store").verify().ok
    done = f"{refused} sizes in steps of {STEP} KiB"
    return zeros("full disk", done, unclear=unclear, lost=lost, partial=partial, not_recovered=not_recovered)


def read_only_disk() -> Figure | None:
    """A disk that is mounted read-only; None where disks cannot be mounted."""
    with _disk(ROOM) as disk:
        if disk is None:
            return None
        create_store(disk / "store").publish(draft("0.9"))
        _mount("remount,ro", disk, size=ROOM)
        return _judged("read-only disk", open_store(disk / "store"), "it is read-only")


@contextlib.contextmanager
def _disk(kib: int) -> Iterator[Path | None]:
    """A disk in memory, for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        mounted = os.name == "posix" and os.getuid() == 0 and _mount("rw", path, size=kib)
        try:
            yield path if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(options: str, path: Path, *, size: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"{options},size={size}k,nr_inodes=10000", "plainview", str(path)]
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True).returncode == 0
    return False


class ReadOnly:
    """A real adapter to a place that may only be read."""

    def __init__(self, inner: Adapter) -> None:
        self._inner, self.url = inner, inner.url

    def __getattr__(self, verb: str) -> object:
        if verb in ("put", "put_if_absent", "delete", "staged"):
            return self._refuse
        return getattr(self._inner, verb)

    def _refuse(self, *arguments: object, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def read_only(place: Place) -> Figure:
    """Everything can be read; who wants to write is told why not."""
    url = place.url("read_only")
    store = create_store(url)
    store.publish(draft("0.9"))
    return _judged("read-only store", Store(ReadOnly(adapter_for(url)), store.id), "it is read-only")


def _judged(row: str, store: Store, reason: str) -> Figure:
    unclear = 0
    for write in (lambda: store.publish(draft("1.0")), lambda: store.append_event("comment", "sentiment", body={})):
        try:
            write()
            unclear += 1
        except StoreError as error:
            unclear += reason not in str(error)
    [kept] = store.evaluations()
    unreadable = store.examples(kept).height != 24 or not store.verify().ok
    return zeros(row, "2 writes", unclear=unclear, unreadable=int(unreadable))
