"""What every verb shares: the app, its options, what is printed where, and errors as one message with exit code 2."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from plainview.exceptions import PlainviewError

STORE = "data/store"  # never from the environment: help shows it, and an address there may be wrong and hold a secret
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
WebhookOption = Annotated[
    str | None,
    typer.Option(
        "--webhook",
        help="Tell this https address of it; its host must be in PLAINVIEW_WEBHOOK_HOSTS.",
        show_default=False,
    ),
]
AppOption = Annotated[str | None, typer.Option("--app", help="The address of the app, for links.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Project = Annotated[str, typer.Argument(help="The project, as in its specification.", show_default=False)]


def errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turn Plainview's errors into one message on standard error and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PlainviewError as error:
            progress.print(f"[bold red]Error:[/] {plain(str(error))}", soft_wrap=True)
            raise typer.Exit(BAD_INPUT) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return run


@contextmanager
def status(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Progress on standard error, only where a person watches; yields the function that says what is being done."""
    if quiet or not progress.is_terminal:
        yield lambda said: None
        return
    with progress.status("Starting") as status:
        yield lambda said: status.update(plain(said))


def say(sentence: str) -> None:
    """A sentence on standard output."""
    out.print(plain(sentence))


def warn(sentence: str) -> None:
    """What did not come about beside what was asked for, on standard error; nothing where there is nothing to say."""
    if sentence:
        progress.print(f"[bold yellow]Warning:[/] {plain(sentence)}", soft_wrap=True)


def as_object(value: dict) -> None:
    """The one JSON object of `--json`, on a line of standard output."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=ascii_only, default=str, allow_nan=False), flush=True)


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A titled table on standard output; unfolded where another program reads it."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    out.print(f"\n[bold]{plain(title)}[/]")
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(plain(column), overflow="fold", no_wrap=column in NARROW)
    for row in rows:
        drawn.add_row(*map(plain, row))
    _Console(width=None if out.is_terminal or "COLUMNS" in os.environ else UNFOLDED).print(drawn)


def plain(text: str) -> str:
    """Text that stands as it is: no markup; control characters, which would steer the terminal, shown and not sent."""
    return escape("".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text))
