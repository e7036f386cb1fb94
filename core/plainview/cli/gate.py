"""The verb `gate`: whether a release may go on, as an exit code, a summary, a comment, JUnit XML or JSON."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, out, plain, progress, status

if TYPE_CHECKING:
    from plainview.gate import Gate
    from plainview.specification import GateRules

SUMMARY = "GITHUB_STEP_SUMMARY"  # the file that GitHub Actions shows beside a job

FormatOption = Annotated[str, typer.Option("--format", help="What to print: text, markdown, junit or json.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(help="Write that into this file, and print the text; again with another --format for another file."),
]
ChangeOption = Annotated[
    list[str] | None,
    typer.Option(
        help="What follows for a priority, instead of what the specification says: should=fail, must=report, …",
        show_default=False,
    ),
]


def gate(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release that is judged.", show_default=False)],
    baseline: Annotated[
        str | None,
        typer.Option(help="The release to hold it against: a name, previous, best or approved.", show_default=False),
    ] = None,
    format_: FormatOption = "text",
    output: OutputOption = None,
    step_summary: Annotated[
        bool, typer.Option("--step-summary", help=f"Add the Markdown to the file that {SUMMARY} names.")
    ] = False,
    not_met: ChangeOption = None,
    not_proven: ChangeOption = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Judge whether a release may go on. Exit code 0: pass, 1: fail, 3: not proven, 2: it could not be judged.

    [dim]plainview gate sentiment 3.0.1 --baseline 2.1.0 --format junit --output gate.xml --step-summary[/]
    """
    from plainview.exceptions import InputError, nearest
    from plainview.gate import FORMATS, release_gate
    from plainview.store import open_store

    wanted = "json" if as_json else format_
    if wanted not in FORMATS:
        raise InputError(f"There is no format {wanted!r}. {nearest(wanted, FORMATS)}")
    summary = _summary() if step_summary else None
    opened = open_store(store)
    rules = _rules(opened, project, release, test_set, {"not_met": not_met or (), "not_proven": not_proven or ()})
    with status(output is None and wanted != "text") as step:
        step(f"Judging {release}")
        found = release_gate(opened, project, release, baseline=baseline, test_set=test_set, rules=rules)
    _deliver(found, wanted, output, summary)
    raise typer.Exit(found.exit_code)


def _rules(opened, project: str, release: str, test_set: str | None, changes: dict) -> "GateRules | None":
    """The specification's rules with what the options change; None where they change nothing."""
    from plainview.exceptions import InputError, nearest
    from plainview.specification import load_specification
    from plainview.specification.gating import consequence

    if not any(changes.values()):
        return None
    rules = load_specification(opened.specification_text(opened.evaluation(project, release, test_set=test_set))).gate
    for key, given in changes.items():
        part = getattr(rules, key)
        for text in given:
            priority, _, follows = text.partition("=")
            if priority not in type(part).model_fields:
                option = f"--{key.replace('_', '-')} {text}"
                raise InputError(f"{option}: {priority!r} is no priority. {nearest(priority, type(part).model_fields)}")
            try:
                part = part.model_copy(update={priority: consequence(follows)})
            except ValueError as error:
                raise InputError(f"--{key.replace('_', '-')} {text}: {error}") from None
        rules = rules.model_copy(update={key: part})
    return rules


def _summary() -> Path:
    """The file of the step's summary; InputError where the pipeline names none, before anything is judged."""
    from plainview.exceptions import InputError

    named = os.environ.get(SUMMARY)
    if not named:
        raise InputError(f"--step-summary needs {SUMMARY}, which GitHub Actions sets; here it is not set.")
    return Path(named)


def _deliver(found: "Gate", wanted: str, output: Path | None, summary: Path | None) -> None:
    """Print and write; PlainviewError where a file cannot be written."""
    from plainview.exceptions import InputError
    from plainview.gate import FORMATS

    written = FORMATS[wanted](found)
    try:
        if output is not None:
            output.write_text(written, encoding="utf-8")
        if summary is not None:
            with summary.open("a", encoding="utf-8") as file:
                file.write(FORMATS["markdown"](found) + "\n")
    except OSError as error:
        raise InputError(f"{error.filename or output} could not be written: {error.strerror}.") from None
    if output is not None:
        progress.print(f"Written: {plain(str(output))}", soft_wrap=True)
    if output is not None or wanted == "text":
        out.print(plain(FORMATS["text"](found)), end="")
    else:
        print(written, end="", flush=True)
