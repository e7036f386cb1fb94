"""The verb `next-data`: what to collect and label next, ranked; kept, so that the next test set can be held against it."""

from pathlib import Path
from typing import Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, status, table


def next_data(
    project: Project,
    release: Annotated[str | None, typer.Argument(help="The release, if not the latest.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option(help="Write the list to this CSV file.", show_default=False)] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Write the examples whose labels to check to this CSV file.", show_default=False)
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep it: the next test set says what it brought.")] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List what to collect and label next, with how many and why, what is at most at stake first.

    [dim]plainview next-data sentiment --output wanted.csv --keep[/]
    """
    from plainview.collecting import brought, kept
    from plainview.collecting.listing import data_wanted
    from plainview.exports import safe_csv
    from plainview.narrative import collecting as said
    from plainview.store import open_store

    opened = open_store(store)
    evaluation = opened.evaluation(project, release) if release else opened.releases(project)[-1]
    with status(as_json) as step:
        step("Looking for what is missing")
        wanted = data_wanted(opened, evaluation)
    found = kept.rows(wanted)
    for path, frame in ((output, found), (labels, wanted.check)):
        if path is not None:
            _write(path, safe_csv(frame))
    lists = [one for event in opened.events(project, kind=kept.KIND) if (one := kept.read_list(opened, event))]
    last = brought.last_before(lists, evaluation)
    came = said.brought_answer(brought.brought(opened, last, evaluation)) if last else ""
    event = kept.keep_list(opened, wanted) if keep else None
    if as_json:
        answer = said.wanted_answer(wanted.wants, evaluation.release)
        named = {"project": project, "release": evaluation.release, "answer": answer, "unit": wanted.unit}
        return as_object({**named, "wanted": found.to_dicts(), "brought": came or None, "kept": event and event.id})
    say(said.wanted_answer(wanted.wants, evaluation.release))
    rows = [
        [f"{row['rank']}", said.KINDS[row["kind"]], row["what"], f"{row['examples']:,}", row["why"]]
        for row in found.to_dicts()
    ]
    if rows:
        table(f"What data next for {project} {evaluation.release}", ["", "Kind", "What", "Examples", "Why"], rows)
    for sentence in (said.not_looked_for(*each) for each in wanted.not_looked_for.items()):
        say(sentence)
    say(said.NOT_SAID)
    if came:
        say(came)
    return say("Kept: the next version of the test set will say what it brought.") if event else None


def _write(path: Path, content: bytes) -> None:
    from plainview.exceptions import InputError

    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
