"""A store in a local folder: temporary file, fsync, rename, fsync of the folder. Standard library only."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from plainview.store.adapters import Source, Stat
from plainview.store.keys import COMMITS, STORE, TEMPORARY, checked
from plainview.store.ulids import new_ulid

FILE_MODE = 0o664  # less the process's umask; never writable by everyone
FOLDER_MODE = 0o775
NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class FolderAdapter:
    """Keys are paths below ``root``; items are made in ``_tmp`` and appear whole, under their name, at once."""

    at_once = 1

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.url = str(root)

    def initialise(self) -> None:
        """Make the folder, durably."""
        missing = [folder for folder in (self.root, *self.root.parents) if not folder.exists()]
        for folder in reversed(missing):
            _make_folder(folder)
        for name in (TEMPORARY, COMMITS):
            _make_folder(self.root / name)

    def put(self, key: str, source: Source) -> None:
        """Write beside, sync, rename over the name, sync the folder."""
        target = self._path(key)
        temporary = source if isinstance(source, Path) else self._write_temporary(source)
        try:
            if temporary is source:
                _sync(temporary)
            self._make_parents(target)
            temporary.replace(target)
        except BaseException:
            _discard(temporary)
            raise
        _sync_folder(target.parent)

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """link(2) fails where the name is taken; where there are no links, O_EXCL does."""
        target = self._path(key)
        temporary = self._write_temporary([data])
        try:
            self._make_parents(target)
            created = _link(temporary, target, data)
        finally:
            _discard(temporary)
        _sync_folder(target.parent)  # also where it was there: its writer may not have come so far
        return created

    def get(self, key: str) -> bytes:
        """Read the file."""
        return self._path(key).read_bytes()

    def open(self, key: str) -> BinaryIO:
        """Open the file."""
        return self._path(key).open("rb")

    def list(self, prefix: str) -> list[str]:
        """Walk the folder."""
        try:
            return _walk(self.root / prefix, prefix)
        except FileNotFoundError:
            # A folder that was never needed is empty. A store that is gone is not an empty store.
            (self.root / STORE).stat()
            return []

    def stat(self, key: str) -> Stat | None:
        """Size, time and version (inode and times) of the file."""
        try:
            return _stat(self._path(key), key)
        except FileNotFoundError:
            self.root.stat()
            return None

    def delete(self, key: str, *, unchanged: Stat | None = None) -> bool:
        """Move aside, look at what was moved, put back what is not what was meant."""
        target, aside = self._path(key), self._temporary()
        try:
            target.replace(aside)
        except FileNotFoundError:
            return False
        if unchanged is not None and _stat(aside, key).version != unchanged.version:
            with suppress(FileExistsError):
                os.link(aside, target)
            _discard(aside)
            return False
        aside.unlink()
        _sync_folder(target.parent)
        return True

    @contextmanager
    def staged(self) -> Iterator[Path]:
        """A file in ``_tmp``, on the same volume, so that ``put`` is a rename."""
        path = self._temporary()
        os.close(os.open(path, WRITE, FILE_MODE))
        try:
            yield path
        finally:
            _discard(path)

    def _path(self, key: str) -> Path:
        return self.root / checked(key)

    def _temporary(self) -> Path:
        path = self.root / TEMPORARY / new_ulid()
        self._make_parents(path)
        return path

    def _write_temporary(self, pieces: bytes | Iterable[bytes]) -> Path:
        path = self._temporary()
        _write_new(path, [pieces] if isinstance(pieces, bytes) else pieces)
        return path

    def _make_parents(self, path: Path) -> None:
        """Folders below the root only: the root itself is made by ``initialise`` alone."""
        if path.parent.is_dir():
            return
        if path.parent != self.root:
            self._make_parents(path.parent)
            _make_folder(path.parent)


def _write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Create a file with all its bytes, synced, or none: what could not be written whole is removed."""
    descriptor = os.open(path, WRITE, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        _discard(path)
        raise


def _link(temporary: Path, target: Path, data: bytes) -> bool:
    """Whether ``target`` was created, with all its bytes; False where the name was taken."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return _create(target, data)
    return True


def _create(target: Path, data: bytes) -> bool:
    """For mounts without links. A crash here leaves a torn record, which fails its checksum: it does not count."""
    try:
        _write_new(target, [data])
    except FileExistsError:
        return False
    return True


def _walk(folder: Path, prefix: str) -> list[str]:
    found, below = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            (below if entry.is_dir(follow_symlinks=False) else found).append(entry.name)
    keys = [prefix + name for name in found]
    for name in below:
        keys += _walk(folder / name, f"{prefix}{name}/")
    return keys


def _stat(path: Path, key: str) -> Stat:
    found = path.stat()
    return Stat(key, found.st_size, found.st_mtime, f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}")


def _make_folder(folder: Path) -> None:
    with suppress(FileExistsError):
        folder.mkdir(FOLDER_MODE)
    _sync_folder(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows has no such call, and journals them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(path: Path) -> None:
    """Remove a temporary file if it is there; what cannot be removed is garbage that ``gc`` finds."""
    with suppress(OSError):
        path.unlink()
