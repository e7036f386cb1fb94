"""A PostgreSQL server of the tests' own: a new cluster in a temporary folder, run by the user postgres where we are root."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from servers.processes import HOST, Place, answers, free_port, running, unavailable

USER, PASSWORD, DATABASE = "plainview", "canary-password", "plainview"


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Place]:
    """A server that asks for a password."""
    programs, port = _programs(), free_port()
    with _cluster(programs) as data:
        command = [
            *_as_its_user(),
            programs / "postgres",
            "-D",
            data,
            "-p",
            port,
            "-k",
            data,
            "-c",
            f"listen_addresses={HOST}",
        ]
        with running(
            "PostgreSQL", command, ready=lambda: answers(port), log=folder / "postgres.log", end_with=signal.SIGINT
        ):
            _create(programs, port)
            base = f"postgresql://{USER}@{HOST}:{port}/{DATABASE}?schema="
            yield Place("postgres", base, {"PGPASSWORD": PASSWORD})


@contextlib.contextmanager
def _cluster(programs: Path) -> Iterator[Path]:
    """A folder with a new cluster. Beside /tmp's other content: the server's user may not enter pytest's folders."""
    folder = Path(tempfile.mkdtemp(prefix="plainview-postgres-"))
    try:
        if os.getuid() == 0:
            os.chown(folder, *_postgres_ids())
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        options = ["-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [*_as_its_user(), programs / "initdb", "-D", folder / "data", *options]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            unavailable("PostgreSQL", done.stderr[-2000:])
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).parent if path else unavailable("PostgreSQL", "it is not installed; see tests/README.md")


def _as_its_user() -> list[str]:
    """The server refuses to run as root."""
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "INT"]
    return ["setpriv", *user, "--"] if os.getuid() == 0 else []


def _postgres_ids() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        unavailable("PostgreSQL", "there is no user postgres, and it does not run as root")
    return entry.pw_uid, entry.pw_gid


def _create(programs: Path, port: int) -> None:
    environment = {**os.environ, "PGPASSWORD": PASSWORD}
    command = [programs / "createdb", "-h", HOST, "-p", str(port), "-U", USER, DATABASE]
    for _ in range(100):
        done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
        if done.returncode == 0:
            return
        time.sleep(0.1)
    unavailable("PostgreSQL", done.stderr[-2000:])
