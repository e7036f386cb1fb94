"""The verb for those who want to be told: `feed`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from plainview.cli.terminal import STORE, AppOption, Project, StoreOption, say
from plainview.exceptions import InputError


def feed(
    project: Project,
    output: Annotated[Path | None, typer.Option(help="Write to this file, not to standard output.")] = None,
    app: AppOption = None,
    store: StoreOption = STORE,
) -> None:
    """Write a project's Atom feed: releases with their headlines, decisions, incidents, waivers. For any feed reader.

    [dim]plainview feed sentiment --app https://quality.example.com --output feeds/sentiment.xml[/]
    """
    from plainview.feed import feed as made
    from plainview.store import open_store

    xml = made(open_store(store), project, app=app)
    if output is None:
        sys.stdout.buffer.write(xml)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(xml)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}.") from error
    say(f"Written: {output}")
