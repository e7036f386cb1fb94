"""The verb `data-test`: is the test set fit to judge with? Exit 0 pass, 1 fail, 3 not proven."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status, table
from plainview.exceptions import InputError

if TYPE_CHECKING:
    from plainview.data_tests import DataTests

EXITS = {"pass": 0, "fail": 1, "not proven": 3, "no evidence": 3}
IDS = 5  # offending ids that a table shows

Training = Annotated[
    str | None,
    typer.Option(
        help="The training data: with the columns that tell examples apart, or ids, or digests.", show_default=False
    ),
]
CountedBy = Annotated[
    str,
    typer.Option(
        help="Who counts missing values, ranges and duplicates: evidently (takes seconds to load) or plainview."
    ),
]


def data_test(
    frame: Annotated[
        str | None,
        typer.Argument(help="The test set, as for publish; without it that of --release.", show_default=False),
    ] = None,
    specification: Annotated[
        Path | None,
        typer.Option("--specification", "-s", help="What is demanded: specification.yaml.", show_default=False),
    ] = None,
    training: Training = None,
    project: Annotated[str | None, typer.Option(help="The project, where no specification is given.")] = None,
    release: Annotated[
        str | None, typer.Option("--release", "-r", help="Keep the outcome, for the test set of this release.")
    ] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    counted_by: CountedBy = "evidently",
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Test a test set: types, missing values, ranges, duplicates, conflicting labels, leaks from training, mix of classes.

    Exit code 0: pass. 1: a test fails. 3: no test fails, and not all can tell.

    [dim]plainview data-test predictions.csv -s specification.yaml --training train.csv[/]
    """
    with status(as_json) as step:
        step("Testing the test set")
        found, kept = _run(frame, specification, training, project, release, test_set, counted_by, store)
    if as_json:
        as_object({**found.to_dict(), "project": found.project, "event": kept, "amiss": found.amiss().to_dicts()})
    else:
        _show(found, kept)
    raise typer.Exit(EXITS[found.outcome])


def _run(
    frame: str | None,
    specification: Path | None,
    training: str | None,
    project: str | None,
    release: str | None,
    test_set: str | None,
    counted_by: str,
    store: str,
) -> "tuple[DataTests, str | None]":
    """The outcomes, and the id of the event where they were kept."""
    from plainview.data_tests import data_tests_of, run_data_tests
    from plainview.specification import load_specification
    from plainview.store import open_store

    demanded = None if specification is None else load_specification(specification)
    if frame is not None and demanded is None:
        raise InputError("A file is tested by a specification: name it with --specification.")
    name = project or (demanded.project if demanded else None)
    options = {"training": training, "counted_by": counted_by}
    if release is None:
        if frame is None:
            raise InputError("Name a file to test, or with --project and --release a test set of the store.")
        return data_tests_of(frame, specification=demanded, **options), None
    if name is None:
        raise InputError("Name the project with --project, or a specification.")
    opened = open_store(store)
    if frame is not None:
        _check_same(opened.evaluation(name, release, test_set=test_set), frame, demanded)
    found, event = run_data_tests(opened, name, release, test_set=test_set, specification=demanded, **options)
    return found, event.id


def _check_same(evaluation, frame: str, demanded) -> None:
    """Raise InputError where a file is not the test set that a release was judged on."""
    from plainview.data_tests import data_tests_of

    given = data_tests_of(frame, specification=demanded, release=evaluation.release, counted_by="plainview")
    if given.test_set != evaluation.test_set.digest:
        raise InputError(
            f"{frame} is not the test set that {evaluation.project} {evaluation.release} was judged on. Leave the file out to "
            "test that one, or --release to test the file."
        )


def _show(found: "DataTests", kept: str | None) -> None:
    from plainview.narrative.data_tests import data_answer, data_test_name, data_test_sentence

    say(data_answer(found))
    rows = []
    for test in found.tests:
        ids = test.amiss["id"].unique(maintain_order=True).to_list()
        more = f" and {len(ids) - IDS:,} more" if len(ids) > IDS else ""
        rows.append([data_test_name(test), test.outcome, data_test_sentence(test), ", ".join(ids[:IDS]) + more])
    table("Data tests", ["Test", "Status", "What was found", "Ids"], rows)
    if kept is not None:
        say(f"Kept for {found.project} {found.release}.")
