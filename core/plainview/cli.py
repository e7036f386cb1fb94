"""The command line: the library's verbs. Results go to standard output; errors to standard error, with exit code 2."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from plainview import __version__
from plainview.exceptions import PlainviewError

STORE = os.environ.get("PLAINVIEW_STORE") or "data/store"
BAD_INPUT = 2
NARROW = {"Change", "Verdict", "Fixed", "Broke", "Examples", "Value", "Interval", "Status"}  # columns that never wrap
UNFOLDED = 240  # characters a line, where what is read is a file or another program

app = typer.Typer(
    name="plainview",
    help="The quality of a machine-learning product, in plain view. "
    "Start with [bold]plainview demo[/], then [bold]plainview serve[/].",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


class _Console(Console):
    """A console that sends names as they are, and does not mind a reader who has read enough."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(highlight=False, emoji=False, **settings)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


out = _Console(soft_wrap=True)
progress = _Console(stderr=True)

StoreOption = Annotated[
    str,
    typer.Option("--store", envvar="PLAINVIEW_STORE", help="The folder or address of the store.", show_default=True),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Project = Annotated[str, typer.Argument(help="The project, as in its specification.", show_default=False)]


def main() -> None:
    """Run the command line; the entry point of the installed script."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(
            errors="backslashreplace"
        )  # a terminal without our quotes and minus signs still gets the rest
    app()


def _errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turn Plainview's errors into one message on standard error and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PlainviewError as error:
            progress.print(f"[bold red]Error:[/] {_plain(str(error))}", soft_wrap=True)
            raise typer.Exit(BAD_INPUT) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return run


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


@app.command()
@_errors
def publish(
    frame: Annotated[
        Path, typer.Argument(help="CSV, Parquet, JSON Lines or Arrow: one row an example. Or COCO ground truth, JSON.")
    ],
    specification: Annotated[Path, typer.Option("--specification", "-s", help="What is demanded: specification.yaml.")],
    release: Annotated[str, typer.Option("--release", "-r", help="The name of this release.")],
    released: Annotated[str | None, typer.Option(help="When it was released, yyyy-mm-dd.")] = None,
    test_set: Annotated[str, typer.Option(help="The name of the test set.")] = "default",
    prediction: Annotated[str | None, typer.Option(help="The prediction column, where it is called otherwise.")] = None,
    score: Annotated[str | None, typer.Option(help="The score column, where it is called otherwise.")] = None,
    detections: Annotated[
        Path | None, typer.Option(help="For detection, where FRAME is COCO ground truth: COCO results.")
    ] = None,
    attributes: Annotated[
        Path | None, typer.Option(help="For detection: a file with further attributes of labelled boxes.")
    ] = None,
    notes: Annotated[str, typer.Option(help="What is new, in a line.")] = "",
    source_revision: Annotated[str, typer.Option(help="The commit the release was built from.")] = "",
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Publish the predictions of one release. Publishing the same again changes nothing.

    [dim]plainview publish predictions.csv -s specification.yaml -r 3.0.1 --released 2017-05-20[/]
    """
    from plainview.publishing import publish_frame

    with _status(as_json) as step:
        evaluation, created = publish_frame(
            frame,
            specification=specification,
            release=release,
            store=store,
            released=released,
            test_set=test_set,
            prediction=prediction,
            score=score,
            detections=detections,
            attributes=attributes,
            notes=notes,
            source_revision=source_revision,
            step=step,
        )
    if as_json:
        return _json(evaluation.model_dump(mode="json", exclude={"results"}) | {"created": created})
    done = "Published" if created else "Already published"
    _say(f"{done}: {evaluation.project} {evaluation.release}, {evaluation.test_set.examples:,} examples.")
    for count, what in (
        (evaluation.test_set.missing_labels, "no label"),
        (evaluation.missing_predictions, "no prediction"),
    ):
        if count:
            _say(f"{count:,} {'example has' if count == 1 else 'examples have'} {what}, and cannot count.")
    _say(f"Next: plainview show {evaluation.project} {quote(evaluation.release)}")


@app.command("list")
@_errors
def list_(
    project: Annotated[str | None, typer.Argument(help="Only this project.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List the projects and their releases."""
    from plainview.store import open_store

    opened = open_store(store)
    names = [project] if project else opened.projects()
    listed = {name: opened.releases(name) for name in names}
    damaged = opened.damaged()
    if as_json:
        rows = [
            {
                "project": one.project,
                "release": one.release,
                "released": one.released.isoformat() if one.released else None,
                "published_at": one.published_at.isoformat(),
                "test_set": one.test_set.name,
                "examples": one.test_set.examples,
                "id": one.id,
            }
            for line in listed.values()
            for one in line
        ]
        return _json({"evaluations": rows, "damaged": [{"key": item.key, "reason": item.reason} for item in damaged]})
    if not listed:
        _say("The store is empty. Next: plainview demo, or plainview publish --help")
    for name, line in listed.items():
        _table(
            name,
            ["Release", "Released", "Test set", "Examples"],
            [
                [one.release, str(one.released or "unknown"), one.test_set.name, f"{one.test_set.examples:,}"]
                for one in line
            ],
        )
    for item in damaged:
        progress.print(f"[bold red]Damaged:[/] {_plain(f'{item.key}: {item.reason} {item.what_to_do}')}")


@app.command()
@_errors
def show(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release.", show_default=False)],
    baseline: Annotated[str | None, typer.Option(help="Compare with this release, not the one before.")] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show one release: what changed, what is demanded, and every scenario with its interval."""
    from plainview.quantities import span, value
    from plainview.report import release_report
    from plainview.store import open_store

    report = release_report(open_store(store), project, release, baseline=baseline, test_set=test_set)
    if as_json:
        return _json(report.to_dict())
    _say(report.headline)
    _say(report.standing)
    if report.standings:
        rows = [[row.id, row.sentence, row.status] for row in report.standings]
        _table("Requirements", ["", "Requirement", "Status"], rows)
    unit = report.specification.unit or ""
    for metric in dict.fromkeys(row.metric for row in report.results):
        _table(
            f"{report.evaluation.project} {report.evaluation.release}: {metric}",
            ["Scenario", "Value", "Interval", "Examples", "Note"],
            [
                [
                    row.scenario,
                    value(row.value, metric, unit),
                    span(row.low, row.high, metric, unit) if row.low is not None and row.high is not None else "",
                    f"{row.of:,.0f}",
                    row.reason or "",
                ]
                for row in report.results
                if row.metric == metric
            ],
        )


@app.command()
@_errors
def compare(
    project: Project,
    baseline: Annotated[str, typer.Argument(help="The release to compare with.", show_default=False)],
    candidate: Annotated[str, typer.Argument(help="The release that is judged.", show_default=False)],
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Compare two releases, scenario by scenario, and say in sentences what changed."""
    from plainview.comparison import compare as compare_releases
    from plainview.quantities import signed, value
    from plainview.store import open_store

    opened = open_store(store)
    with _status(as_json) as step:
        step(f"Comparing {baseline} and {candidate}")
        found = compare_releases(opened, project, baseline, candidate, test_set=test_set)
    if as_json:
        return _json(found.to_dict())
    for sentence in (found.headline, *found.sentences):
        _say(sentence)
    for metric in dict.fromkeys(row.metric for row in found.results):
        _table(
            f"{project}: {baseline} against {candidate}: {metric}",
            ["Scenario", baseline, candidate, "Change", "Verdict", "Fixed", "Broke", "Examples"],
            [
                [
                    row.scenario,
                    value(row.baseline, metric, found.unit),
                    value(row.candidate, metric, found.unit),
                    signed(row.difference, metric) if row.difference is not None else "",
                    row.verdict,
                    "" if row.fixed is None else f"{row.fixed:,}",
                    "" if row.broke is None else f"{row.broke:,}",
                    f"{row.examples:,}",
                ]
                for row in found.results
                if row.metric == metric
            ],
        )


@app.command()
@_errors
def verify(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Check every byte of the store against its digest. Exit code 1 where something is damaged."""
    from plainview.store import open_store

    opened = open_store(store)
    with _status(as_json) as step:
        found = opened.verify(progress=lambda done, total: step(f"Verifying {done:,} of {total:,}"))
    if as_json:
        _json(
            {
                "ok": found.ok,
                "evaluations": found.evaluations,
                "events": found.events,
                "files": found.files,
                "bytes": found.bytes,
                "damaged": [
                    {"key": item.key, "reason": item.reason, "what_to_do": item.what_to_do} for item in found.damaged
                ],
                "orphans": list(found.orphans),
            }
        )
    else:
        _say(
            f"{found.evaluations:,} evaluations, {found.events:,} events, {found.files:,} files, {found.bytes:,} bytes."
        )
        for item in found.damaged:
            _say(f"Damaged: {item.key}: {item.reason} {item.what_to_do}")
        _say("Everything is as it was published." if found.ok else "Not everything is as it was published.")
    if not found.ok:
        raise typer.Exit(1)


@app.command()
@_errors
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
    with _status(as_json) as step:
        done = publish_demo(opened, data=data, progress=lambda n, total, what: step(f"{n} of {total}: {what}"))
    if as_json:
        return _json({"evaluations": [{"project": one.project, "release": one.release, "id": one.id} for one in done]})
    _say(f"Published {len(done)} releases of {len({one.project for one in done})} projects to {opened.url}.")
    return _say("Next: plainview serve")


@app.command()
@_errors
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


@contextmanager
def _status(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Progress on standard error, only where a person watches; yields the function that says what is being done."""
    if quiet or not progress.is_terminal:
        yield lambda said: None
        return
    with progress.status("Starting") as status:
        yield lambda said: status.update(_plain(said))


def _say(sentence: str) -> None:
    out.print(_plain(sentence))


def _json(value: dict) -> None:
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=ascii_only, default=str, allow_nan=False), flush=True)


def _table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    out.print(f"\n[bold]{_plain(title)}[/]")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(_plain(column), overflow="fold", no_wrap=column in NARROW)
    for row in rows:
        table.add_row(*map(_plain, row))
    _Console(width=None if out.is_terminal or "COLUMNS" in os.environ else UNFOLDED).print(table)


def _plain(text: str) -> str:
    """Text that stands as it is: no markup; control characters, which would steer the terminal, shown and not sent."""
    return escape("".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text))


if __name__ == "__main__":
    main()
