"""The verb `monitor`: is production still like the test set? Exit 0 as before, 1 alarm, 3 cannot tell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status, table, warn
from plainview.exceptions import PlainviewError

if TYPE_CHECKING:
    from plainview.drift import Batch

EXITS = {"as before": 0, "alarm": 1, "cannot tell": 3}


def monitor(
    batch: Annotated[
        str, typer.Argument(help="What production sent: CSV, Parquet, JSON Lines or Arrow, a row a request.")
    ],
    project: Annotated[str, typer.Option("--project", "-p", help="The project, as in its specification.")],
    release: Annotated[
        str | None, typer.Option("--release", "-r", help="The release that answered; without it, the latest.")
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(help="A file to hold the batch against, in the place of the test set.", show_default=False),
    ] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    name: Annotated[str | None, typer.Option(help="What the batch is called; without it, as its file.")] = None,
    until: Annotated[
        str | None, typer.Option(help="The last day that it holds, yyyy-mm-dd; without it, today.")
    ] = None,
    prediction: Annotated[str | None, typer.Option(help="The prediction column, where it is called otherwise.")] = None,
    score: Annotated[str | None, typer.Option(help="The score column, where it is called otherwise.")] = None,
    webhook: Annotated[
        str | None,
        typer.Option(
            help="On an alarm, tell this https address; its host must be in PLAINVIEW_WEBHOOK_HOSTS.",
            show_default=False,
        ),
    ] = None,
    measured_by: Annotated[
        str, typer.Option(help="Who measures distances: evidently (takes seconds to load) or plainview.")
    ] = "evidently",
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Hold a batch of production against the test set: what moved, and where labels have arrived, how good answers are.

    Exit code 0: as before. 1: a column moved, or a metric is worse. 3: too few rows to rule that out.

    [dim]plainview monitor december.csv --project flight-delay --until 2013-12-31[/]
    """
    from plainview.drift import monitor as hold
    from plainview.drift import send_alert
    from plainview.store import open_store
    from plainview.webhooks import check_address

    if webhook is not None:
        check_address(webhook)
    opened = open_store(store)
    given = {"release": release, "test_set": test_set, "reference": reference, "name": name, "until": until}
    with status(as_json) as step:
        step("Holding the batch against the test set")
        found = hold(opened, project, batch, **given, prediction=prediction, score=score, measured_by=measured_by)
    if as_json:
        as_object(found.to_dict())
    else:
        _show(found, opened)
    if webhook is not None and found.outcome == "alarm":
        try:
            send_alert(found, webhook)
        except PlainviewError as error:  # the alarm is the exit code all the same
            warn(str(error))
    raise typer.Exit(EXITS[found.outcome])


def _show(found: "Batch", store) -> None:
    from plainview.narrative.drift import about_batch, drift_answer, performance_sentence, shift_sentence
    from plainview.specification import load_specification

    evaluation = next(each for each in store.revisions(found.project, found.release))
    specification = load_specification(store.specification_text(evaluation))
    say(drift_answer(found, specification))
    say(about_batch(found))
    rows = [
        [
            f"{shift.column} (missing)" if shift.aspect == "missing" else shift.column,
            shift.verdict,
            "" if shift.distance is None else f"{shift.distance:.3f} of {shift.threshold:g}",
            shift_sentence(shift),
        ]
        for shift in found.shifts
    ]
    table("Columns", ["Column", "Verdict", "Distance", "What was found"], rows)
    say(performance_sentence(found, specification))
