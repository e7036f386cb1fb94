"""Power is lost at any moment: whatever was acknowledged is still there, though all that was not synced is gone.

Every fsync is recorded with what it made durable: the bytes of a file, or the names in a folder. From that a disk is
rebuilt as it may look after the loss, at every moment, and opened.
"""

import os
import random
import stat
from pathlib import Path

import pytest
from store_cases import draft, own_cache  # noqa: F401

from plainview.store import create_store, open_store


class Disk:
    """What is durable of a folder, by inode: bytes of files, names in folders."""

    def __init__(self, root, monkeypatch):
        self.root, self.files, self.folders, self.moments = root, {}, {}, []
        self.acknowledged: list[str] = []
        real_sync, real_open = os.fsync, os.open

        def fsync(descriptor):
            real_sync(descriptor)
            self._synced(descriptor)

        def opened(path, flags, *arguments, **options):
            descriptor = real_open(path, flags, *arguments, **options)
            if flags & os.O_CREAT:
                self.files.pop(os.fstat(descriptor).st_ino, None)  # the number of a file that was removed, used again
            return descriptor

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "open", opened)

    def _synced(self, descriptor):
        found = os.fstat(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        if stat.S_ISDIR(found.st_mode):
            self.folders[found.st_ino] = {entry.name: (entry.inode(), entry.is_dir()) for entry in os.scandir(path)}
        else:
            self.files[found.st_ino] = path.read_bytes()
        self.moments.append((dict(self.files), dict(self.folders), list(self.acknowledged), self._names_now()))

    def _names_now(self):
        """All names as they are in memory: what the disk holds if it wrote names early, and data late."""
        return {
            Path(folder).stat().st_ino: {entry.name: (entry.inode(), entry.is_dir()) for entry in os.scandir(folder)}
            for folder, _, _ in os.walk(self.root.parent)
        }


def rebuild(target, inode, files, folders):
    """A folder of a rebuilt disk; a file whose bytes were not synced is empty or zeros."""
    target.mkdir()
    for name, (child, is_folder) in folders.get(inode, {}).items():
        if is_folder:
            rebuild(target / name, child, files, folders)
        else:
            (target / name).write_bytes(files.get(child, bytes(len(name) % 2 * 100)))


NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the paths of open files")


@pytest.mark.parametrize("names", ["synced", "early"])
@NEEDS_PROC
def test_what_was_acknowledged_survives_a_loss_of_power_at_any_moment(tmp_path, monkeypatch, names):
    disk_root = tmp_path / "disk"
    disk_root.mkdir()
    disk = Disk(disk_root / "store", monkeypatch)
    store = create_store(disk_root / "store")
    for number in range(6):
        evaluation, _ = store.publish(
            draft(f"1.{number}", seed=number, rows=10 + number % 2, results=1 + 1500 * (number == 3))
        )
        disk.acknowledged.append(evaluation.id)
        event = store.append_event("comment", "sentiment", body={"n": number})
        disk.acknowledged.append(event.id)
    monkeypatch.undo()
    top, chance, opened = disk_root.stat().st_ino, random.Random(1), 0
    assert len(disk.moments) > 40
    for number, (files, folders, acknowledged, now) in enumerate(disk.moments):
        target = tmp_path / f"after-{number}"
        monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / f"cache-{number}"))
        rebuild(target, top, files, folders if names == "synced" else now)
        if not acknowledged:
            continue
        opened += 1
        after = open_store(target / "store")
        shown = {each.id for each in after.evaluations()} | {each.id for each in after.events()}
        assert set(acknowledged) <= shown
        assert after.verify().ok or names == "early"
        for each in chance.sample(after.evaluations(), 1):
            if each.id in acknowledged:
                assert after.predictions(each).height == after.examples(each).height
                assert len(after.results(each)) in (1, 1501)
    assert opened > 30


@NEEDS_PROC
def test_what_another_left_unsynced_is_durable_once_it_was_acknowledged_to_the_next(tmp_path, monkeypatch):
    """A publisher is killed between creating its record and syncing the folder; another one publishes the same."""
    disk_root = tmp_path / "disk"
    disk_root.mkdir()
    disk = Disk(disk_root / "store", monkeypatch)
    store = create_store(disk_root / "store")
    commits = (disk_root / "store" / "commits").stat().st_ino
    recording_sync = os.fsync

    def killed(descriptor):
        if os.fstat(descriptor).st_ino == commits:
            raise KeyboardInterrupt
        recording_sync(descriptor)

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        store.publish(draft())
    monkeypatch.setattr(os, "fsync", recording_sync)
    evaluation, created = open_store(disk_root / "store").publish(draft())
    assert not created
    monkeypatch.undo()
    files, folders, _, _ = disk.moments[-1]
    rebuild(tmp_path / "after", disk_root.stat().st_ino, files, folders)
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "cache"))
    after = open_store(tmp_path / "after" / "store")
    assert after.evaluations() == [evaluation]
    assert after.verify().ok
