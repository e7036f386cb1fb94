"""Loss of power, at every moment of a recorded run, on disks as the file system may leave them: what is acknowledged is there.

Recorded is each fsync, with what it made durable: the bytes of a file, or the names in a folder. Between two of them any of
the other changes may have reached the disk or not: names with or without their files' bytes, bytes in part or as zeros.
"""

import os
import random
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from store_cases import draft

from benchmarks.faults.figures import Figure, zeros
from plainview.exceptions import PlainviewError
from plainview.store import create_store, open_store
from plainview.store.cache import cache_folder

Names = dict[str, tuple[int, bool]]  # name to inode, and whether it is a folder


@dataclass
class Moment:
    """What was durable at one moment, what was only in memory, and what had been acknowledged."""

    files: dict[int, bytes]
    folders: dict[int, Names]
    files_now: dict[int, bytes]
    folders_now: dict[int, Names]
    acknowledged: tuple[str, ...]


@dataclass
class Disk:
    """A folder whose durable state is recorded, by inode."""

    root: Path
    files: dict[int, bytes] = field(default_factory=dict)
    folders: dict[int, Names] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Note every fsync of this process, and every file that is made (its number may have been another's)."""
        real_sync, real_open = os.fsync, os.open

        def fsync(descriptor: int) -> None:
            self._note()  # a loss just before it
            real_sync(descriptor)
            self._synced(descriptor)

        def opened(path: str, flags: int, *arguments: object, **options: object) -> int:
            descriptor = real_open(path, flags, *arguments, **options)
            if flags & os.O_CREAT:
                self.files.pop(os.fstat(descriptor).st_ino, None)
            return descriptor

        with patch("os.fsync", fsync), patch("os.open", opened):
            yield

    def _synced(self, descriptor: int) -> None:
        found = os.fstat(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        if stat.S_ISDIR(found.st_mode):
            self.folders[found.st_ino] = _names(path)
        else:
            self.files[found.st_ino] = path.read_bytes()
        self._note()

    def _note(self) -> None:
        folders, files = {}, {}
        for folder, _, names in os.walk(self.root):
            folders[Path(folder).stat().st_ino] = _names(Path(folder))
            for name in names:
                path = Path(folder) / name
                files[path.stat().st_ino] = path.read_bytes()
        self.moments.append(Moment(dict(self.files), dict(self.folders), files, folders, tuple(self.acknowledged)))


def _names(folder: Path) -> Names:
    with os.scandir(folder) as entries:
        return {entry.name: (entry.inode(), entry.is_dir()) for entry in entries}


@dataclass
class Loss:
    """One way in which a moment may be found again."""

    moment: Moment
    chance: random.Random
    share: float  # of the changes that were not synced, those that reached the disk

    def rebuild(self, target: Path, inode: int) -> None:
        """A folder as it is after the loss."""
        target.mkdir()
        for name, (child, is_folder) in self._mixed(self._before(inode), self._now(inode)).items():
            if is_folder:
                self.rebuild(target / name, child)
            else:
                (target / name).write_bytes(self._bytes(child))

    def _before(self, inode: int) -> Names:
        return self.moment.folders.get(inode, {})

    def _now(self, inode: int) -> Names:
        return self.moment.folders_now.get(inode, {})

    def _mixed(self, before: Names, now: Names) -> Names:
        """Each name as it was synced, or as it is in memory."""
        mixed = {}
        for name in {**before, **now}:
            chosen = now if self.chance.random() < self.share else before
            if name in chosen:
                mixed[name] = chosen[name]
        return mixed

    def _bytes(self, inode: int) -> bytes:
        if inode in self.moment.files:
            return self.moment.files[inode]
        data = self.moment.files_now.get(inode, b"")
        kept = data[: self.chance.randint(0, len(data))]
        return self.chance.choice((b"", kept, kept + bytes(len(data) - len(kept)), bytes(len(data))))


SHARES = (0.0, 1.0, 0.5)  # nothing of what was not synced, all, any half


def losses(*, publishes: int = 6, repeats: int = 1, seed: int = 1) -> Figure:
    """Power is lost before and after every fsync; each state is rebuilt ``repeats`` times for each of SHARES, and opened."""
    with tempfile.TemporaryDirectory() as folder:
        disk = Disk(Path(folder) / "disk")
        disk.root.mkdir()
        with disk.recording():
            _publish(disk, publishes)
        chance, opened, lost, partial = random.Random(seed), 0, 0, 0
        for number, moment in enumerate(disk.moments):
            for share in SHARES * repeats if moment.acknowledged else ():
                target = Path(folder) / f"after-{number}"
                Loss(moment, chance, share).rebuild(target, disk.root.stat().st_ino)
                one_lost, one_partial = _examined(target / "store", moment.acknowledged)
                opened, lost, partial = opened + 1, lost + one_lost, partial + one_partial
                shutil.rmtree(target)
    done = f"{opened:,} disks of {len(disk.moments)} moments"
    return zeros("loss of power", done, acknowledged_lost=lost, partial=partial)


def _publish(disk: Disk, publishes: int) -> None:
    store = create_store(disk.root / "store")
    for number in range(publishes):
        many = 1 + 1500 * (number == publishes // 2)
        evaluation, _ = store.publish(draft(f"1.{number}", seed=number, rows=10 + number % 2, results=many))
        disk.acknowledged.append(evaluation.id)
        disk.acknowledged.append(store.append_event("comment", "sentiment", body={"n": number}).id)


def _examined(root: Path, acknowledged: tuple[str, ...]) -> tuple[int, int]:
    """How many of the acknowledged are lost, and how many of those that are shown cannot be read."""
    shutil.rmtree(cache_folder(), ignore_errors=True)
    try:
        store = open_store(root)
    except PlainviewError:
        return len(acknowledged), 0
    shown = store.evaluations()
    lost = set(acknowledged) - {each.id for each in (*shown, *store.events())}
    reads = (store.examples, store.predictions, store.results)
    return len(lost), sum(not _readable(*reads, of=each) for each in shown)


def _readable(*reads: Callable, of: object) -> bool:
    try:
        return all(len(read(of)) for read in reads)
    except PlainviewError:
        return False
