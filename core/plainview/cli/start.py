"""The verbs to begin with: `demo` and `serve`."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from urllib.error import HTTPError
from urllib.request import urlopen

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status
from plainview.exceptions import PlainviewError

_SERVED = Path(__file__).parent.parent / "ui" / "served" / "plainview_app.py"
PATIENCE = 30  # seconds until an app that does not answer is left to itself
GRACE = 3  # seconds that an app has to end: it would wait for every browser tab that is still open


def demo(
    store: StoreOption = STORE,
    data: Annotated[Path | None, typer.Option(help="The folder with the demo's data.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where the store has a project.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Publish the demo: real releases of real systems, on real data."""
    from plainview.demo import demo_folder, publish_demo
    from plainview.publishing import writable_store

    data = demo_folder(data)
    opened = writable_store(store)
    if if_empty and opened.projects():
        return None
    with status(as_json) as step:
        done = publish_demo(opened, data=data, progress=lambda n, total, what: step(f"{n} of {total}: {what}"))
    if as_json:
        return as_object(
            {"evaluations": [{"project": one.project, "release": one.release, "id": one.id} for one in done]}
        )
    say(f"Published {len(done)} releases of {len({one.project for one in done})} projects to {opened.url}.")
    return say("Next: plainview serve")


def serve(
    store: StoreOption = STORE,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
    address: Annotated[
        str, typer.Option(help="The address to listen on. One that others reach needs sign-in: PLAINVIEW_ACCESS.")
    ] = "127.0.0.1",
    log: Annotated[Literal["text", "json"], typer.Option(help="How the log is written, to standard error.")] = "text",
) -> None:
    """Open the app in a browser: on this machine for its user, or with sign-in for a team (core/DEPLOY.md)."""
    from plainview.access import is_loopback
    from plainview.serving.settings import ACCESS, SECRETS, server_settings

    page = _app_file()
    for name in {ACCESS, SECRETS} & set(os.environ):  # the app runs in another folder than this command
        os.environ[name] = str(Path(os.environ[name]).resolve())
    settings = server_settings(address, os.environ, folder=page.parent, as_json=log == "json")
    command = [sys.executable, "-m", "plainview.ui.launch", "run", str(_SERVED), "--server.port", str(port)]
    command += [text for name, value in settings for text in (f"--{name}", value)]
    command += ["--server.headless", "true"] if headless else []
    os.environ["PLAINVIEW_STORE"] = store if "://" in store else str(Path(store).resolve())
    os.environ |= {"PLAINVIEW_APP": str(page), "PLAINVIEW_LOG": log}
    with subprocess.Popen(command, cwd=page.parent) as app:  # Streamlit takes its settings from the working directory
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: _end(app))
        if _warmed(app, port):
            say(f"Ready: http://{'127.0.0.1' if is_loopback(address) else address}:{port}")
        raise typer.Exit(app.wait())


def _end(app: subprocess.Popen) -> None:
    """Tell the app to end, and see that it does."""
    app.terminate()
    last_resort = threading.Timer(GRACE, app.kill)
    last_resort.daemon = True  # where the app has ended before, nothing waits for this
    last_resort.start()


def _warmed(app: subprocess.Popen, port: int) -> bool:
    """Run the app once, before anyone sees it; whether that went well.

    Streamlit takes the folder ``pages`` for its older kind of pages until ``app.py`` has said which there are: a first
    reader who follows a link would read "Page not found" over the right page.
    """
    deadline = time.monotonic() + PATIENCE
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/script-health-check", timeout=PATIENCE):
                return True
        except HTTPError:  # it ran, and its own pages say what is wrong
            return False
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                app.wait(0.1)
    return False


def _app_file() -> Path:
    """The app of the repository this package is installed from. Raises PlainviewError where there is none."""
    above = [*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents]
    for folder in above:
        if (folder / "app.py").is_file() and (folder / "pages" / "release").is_dir():
            return folder / "app.py"
    raise PlainviewError("The app was not found: app.py is in Plainview's repository. Run this in a clone of it.")
