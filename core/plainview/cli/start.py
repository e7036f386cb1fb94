"""The verbs to begin with: `demo` and `serve`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status
from plainview.exceptions import PlainviewError


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
    port: Annotated[int, typer.Option(help="The port to listen on, on this machine only.")] = 8501,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
) -> None:
    """Open the app in a browser. It listens on this machine only."""
    page = _app_file()
    command = [sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port)]
    command += ["--server.headless", "true"] if headless else []
    os.environ["PLAINVIEW_STORE"] = store if "://" in store else str(Path(store).resolve())
    os.chdir(page.parent)  # Streamlit takes its settings from the working directory
    os.execv(sys.executable, command)


def _app_file() -> Path:
    """The app of the repository this package is installed from. Raises PlainviewError where there is none."""
    above = [*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents]
    for folder in above:
        if (folder / "app.py").is_file() and (folder / "pages" / "release").is_dir():
            return folder / "app.py"
    raise PlainviewError("The app was not found: app.py is in Plainview's repository. Run this in a clone of it.")
