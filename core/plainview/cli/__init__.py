"""The command line: the library's verbs. Results go to standard output; errors to standard error, with exit code 2.

One file a group of verbs, each a plain function with typed options; a verb is a row of `VERBS`.
"""

import sys
from typing import Annotated

import typer

from plainview import __version__
from plainview.cli import (
    assess,
    check,
    data_test,
    decide,
    diff,
    doctor,
    explain,
    export,
    feed,
    gate,
    incident,
    keep,
    metrics,
    monitor,
    next_data,
    publish,
    read,
    report,
    start,
    suggest,
    waive,
)
from plainview.cli.terminal import app, errors, out

VERBS = (  # as help has them
    publish.publish,
    read.list_,
    read.show,
    read.compare,
    diff.diff,
    suggest.suggest,
    gate.gate,
    metrics.metrics,
    data_test.data_test,
    monitor.monitor,
    waive.waive,
    incident.incident,
    decide.decide,
    report.report,
    report.site,
    assess.assess,
    check.check,
    explain.explain,
    next_data.next_data,
    export.export_delta,
    feed.feed,
    keep.verify,
    keep.seal,
    doctor.doctor,
    start.demo,
    start.serve,
)

for _verb in VERBS:
    app.command(_verb.__name__.rstrip("_").replace("_", "-"))(errors(_verb))


def main() -> None:
    """Run the command line; the entry point of the installed script."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without our quotes and minus signs still gets the rest
        stream.reconfigure(errors="backslashreplace")
    app()


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit
