"""The verb `diff`: how two releases answer otherwise, example by example."""

from typing import Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, status, table

MOST = 20  # kinds of error that are printed; the JSON has all


def diff(
    project: Project,
    baseline: Annotated[str, typer.Argument(help="The release to compare with.", show_default=False)],
    candidate: Annotated[str, typer.Argument(help="The release that is looked at.", show_default=False)],
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Count how two releases answer otherwise: churn, what was fixed and broke, kinds of error that came or went."""
    from plainview.differences import diff as diff_releases
    from plainview.narrative import differences as said
    from plainview.quantities import span, value
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        step(f"Comparing {baseline} and {candidate}, example by example")
        found = diff_releases(opened, project, baseline, candidate, test_set=test_set)
    if as_json:
        return as_object(found.to_dict())
    say(said.differences_answer(found))
    if found.kinds.height and not found.told.height:
        say(said.no_kinds(found))
    for row in found.told.head(MOST).iter_rows(named=True):
        say(said.kind_sentence(row))
    if found.shifts.height:
        say(said.shift_sentence(found.shifts.row(0, named=True), found))
    words = said.READ_NUMBERS if found.task == "regression" else said.READ
    rows = [
        [
            row["scenario"],
            f"{row['examples']:,}",
            f"{row['different']:,}",
            value(row["churn"], "accuracy"),
            "" if row["low"] is None else span(row["low"], row["high"], "accuracy"),
            f"{row['fixed']:,}",
            f"{row['broke']:,}",
        ]
        for row in found.by_scenario.iter_rows(named=True)
    ]
    columns = ["Scenario", "Examples", "Different", "Churn", "Interval", words["fixed"], words["broke"]]
    return table(f"{project}: {baseline} against {candidate}", columns, rows)
