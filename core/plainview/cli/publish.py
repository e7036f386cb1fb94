"""The verb `publish`: a file and a specification become one evaluation in the store."""

from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainview.cli.data_test import Training
from plainview.cli.logged import exported
from plainview.cli.terminal import (
    STORE,
    AppOption,
    JsonOption,
    StoreOption,
    WebhookOption,
    as_object,
    say,
    status,
    warn,
)
from plainview.exceptions import InputError

if TYPE_CHECKING:
    from plainview.export.places import Place
    from plainview.records import Evaluation


def publish(
    frame: Annotated[
        str, typer.Argument(help="CSV, Parquet, JSON Lines or Arrow: one row an example. Or COCO ground truth, JSON.")
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
    engine: Annotated[
        str | None,
        typer.Option(
            help="Measure FRAME, a path or a table's name, there: local[2], spark://host:7077. Rows stay there."
        ),
    ] = None,
    baseline_table: Annotated[
        str | None, typer.Option(help="With --engine: the table of an earlier release, to compare with row by row.")
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(help="A folder or bucket to write the release's report and model card to, once it is published."),
    ] = None,
    data_tests: Annotated[
        bool, typer.Option("--data-tests", help="Test the test set too, and keep what is found beside it.")
    ] = False,
    training: Training = None,
    webhook: WebhookOption = None,
    app: AppOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Publish the predictions of one release. Publishing the same again changes nothing; other
    content under the same names takes its place, and both are kept.

    [dim]plainview publish predictions.csv -s specification.yaml -r 3.0.1 --released 2017-05-20[/]
    """
    given = {
        "specification": specification,
        "release": release,
        "store": store,
        "released": released,
        "test_set": test_set,
        "prediction": prediction,
        "score": score,
        "detections": detections,
        "attributes": attributes,
        "notes": notes,
        "source_revision": source_revision,
    }
    remarks: list[str] = []
    place = _place(report)
    tested = data_tests or training is not None
    with status(as_json) as step:
        more = {"baseline": baseline_table, "step": step, "remark": remarks.append}
        if engine is not None and tested:
            raise InputError(
                "Tables of Spark are tested once they are published: plainview data-test --project … --release …"
            )
        if engine is not None:
            evaluation, created = _publish_table(engine, frame, baseline_table, given, step)
        else:
            evaluation, created, found = _publish_file(frame, {**given, **more}, tested, training)
            remarks += [found] if found else []
        written = _handed_on(place, evaluation, store, step)
    before = _replaced(evaluation, store) if created else None
    if created and webhook is not None:
        warn(_told(evaluation, store, webhook, app))
    if as_json:
        said = {"created": created, "replaces": before and before.id, "remarks": remarks, "written": written}
        return as_object(evaluation.model_dump(mode="json", exclude={"results"}) | said)
    done = "Published" if created else "Already published"
    say(f"{done}: {evaluation.project} {evaluation.release}, {evaluation.test_set.examples:,} examples.")
    if before is not None:
        say(f"It replaces the revision of {before.published_at:%Y-%m-%d %H:%M} UTC, which is kept.")
    if evaluation.source is not None:
        say(f"Its rows stay in {evaluation.source.table}; the store has their sums.")
    for count, what in (
        (evaluation.test_set.missing_labels, "no label"),
        (evaluation.missing_predictions, "no prediction"),
    ):
        if count:
            say(f"{count:,} {'example has' if count == 1 else 'examples have'} {what}, and cannot count.")
    for sentence in remarks:
        say(sentence)
    if written:
        say(f"Wrote to {report}: {', '.join(written)}.")
    say(f"Next: plainview show {evaluation.project} {quote(evaluation.release)}")


def _told(evaluation: "Evaluation", store: str, webhook: str, app: str | None) -> str:
    """Why nobody was told that a release was published; nothing where somebody was."""
    from plainview.announcing import tell_published
    from plainview.store import open_store

    return tell_published(open_store(store), evaluation, webhook, app=app)


def _place(address: str | None) -> "Place | None":
    """Where reports go; InputError before anything is published where they could not be written there."""
    if address is None:
        return None
    from plainview.export.extra import check_installed
    from plainview.export.places import place_at

    check_installed()
    return place_at(address)


def _handed_on(place: "Place | None", evaluation: "Evaluation", store: str, step: Callable[[str], None]) -> list[str]:
    """The files of a release that was just published."""
    if place is None:
        return []
    from plainview.export.site import write_release
    from plainview.store import open_store

    step("Writing the report")
    opened = open_store(store)
    files = write_release(opened, place, evaluation)
    exported(opened, [evaluation.project], "report and model card", release=evaluation.release)
    return files


def _publish_file(
    frame: str, given: dict[str, Any], tested: bool, training: str | None
) -> "tuple[Evaluation, bool, str]":
    """Publish a file; where its test set is tested too, also what that came to, in a sentence."""
    if not tested:
        from plainview.publishing import publish_frame

        return *publish_frame(frame, **given), ""
    from plainview.data_tests.at_publish import publish_tested
    from plainview.narrative.data_tests import data_answer

    evaluation, created, found = publish_tested(frame, training=training, **given)
    return evaluation, created, data_answer(found)


def _replaced(evaluation: "Evaluation", store: str) -> "Evaluation | None":
    """The revision that was current until this one was published."""
    from plainview.store import open_store
    from plainview.store.catalogue import earlier_revision

    return earlier_revision(open_store(store).revisions(evaluation.project, evaluation.release), evaluation)


def _publish_table(
    engine: str, name: str, baseline: str | None, given: dict[str, Any], step: Callable[[str], None]
) -> "tuple[Evaluation, bool]":
    """Publish a table of Spark by its name or path."""
    from plainview.engines.session import spark_session, table_at
    from plainview.publishing import publish_frame
    from plainview.specification import load_specification

    given["specification"] = load_specification(given["specification"])  # before Spark is started, which takes seconds
    step("Starting Spark")
    with spark_session(engine) as session:
        before = None if baseline is None else table_at(session, baseline)
        return publish_frame(table_at(session, name), **given, baseline=before, table=name, step=step)
