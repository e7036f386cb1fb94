"""Power is lost at any moment: whatever was acknowledged is still there, though all that was not synced is gone or zeros."""

import os
import random
from pathlib import Path

import pytest
from benchmarks.faults.power import Disk, Loss, losses
from store_cases import draft, own_cache  # noqa: F401

from plainview.store import create_store, open_store

NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the paths of open files")


@NEEDS_PROC
def test_what_was_acknowledged_survives_a_loss_of_power_at_any_moment():
    figure = losses(publishes=2)
    assert figure.met, figure.found
    assert int(figure.found.split()[0]) > 60


@NEEDS_PROC
@pytest.mark.parametrize("forgotten", ["_sync_folder", "fsync"])
def test_a_store_that_forgets_to_sync_is_found_out(monkeypatch, forgotten):
    """What the test above can see."""
    if forgotten == "fsync":
        monkeypatch.setattr("plainview.store.adapters.folder._sync", lambda path: None)
        monkeypatch.setattr(
            "plainview.store.adapters.folder._write_new",
            lambda path, pieces: path.write_bytes(b"".join(pieces)),
        )
    else:
        monkeypatch.setattr("plainview.store.adapters.folder._sync_folder", lambda folder: None)
    assert not losses(publishes=2).met


@NEEDS_PROC
def test_what_another_left_unsynced_is_durable_once_it_was_acknowledged_to_the_next(tmp_path, monkeypatch):
    """A publisher is killed between creating its record and syncing the folder; another one publishes the same."""
    disk = Disk(tmp_path / "disk")
    disk.root.mkdir()
    with disk.recording():
        store = create_store(disk.root / "store")
        commits = (disk.root / "store" / "commits").stat().st_ino
        recording_sync = os.fsync

        def killed(descriptor):
            if os.fstat(descriptor).st_ino == commits:
                raise KeyboardInterrupt
            recording_sync(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", killed)
            with pytest.raises(KeyboardInterrupt):
                store.publish(draft())
        evaluation, created = open_store(disk.root / "store").publish(draft())
        assert not created
    Loss(disk.moments[-1], random.Random(1), share=0.0).rebuild(tmp_path / "after", disk.root.stat().st_ino)
    monkeypatch.setenv("PLAINVIEW_CACHE", str(tmp_path / "cache"))
    after = open_store(tmp_path / "after" / "store")
    assert after.evaluations() == [evaluation]
    assert after.verify().ok
