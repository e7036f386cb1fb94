"""The verb `publish`: a file and a specification become one evaluation in the store."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status


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

    with status(as_json) as step:
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
        return as_object(evaluation.model_dump(mode="json", exclude={"results"}) | {"created": created})
    done = "Published" if created else "Already published"
    say(f"{done}: {evaluation.project} {evaluation.release}, {evaluation.test_set.examples:,} examples.")
    for count, what in (
        (evaluation.test_set.missing_labels, "no label"),
        (evaluation.missing_predictions, "no prediction"),
    ):
        if count:
            say(f"{count:,} {'example has' if count == 1 else 'examples have'} {what}, and cannot count.")
    say(f"Next: plainview show {evaluation.project} {quote(evaluation.release)}")
