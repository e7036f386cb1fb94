"""The verb `incident`: report what went wrong, see what became of it, and withdraw what was none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, table

if TYPE_CHECKING:
    from plainview.incidents import Incident
    from plainview.store import Store


def incident(
    project: Project,
    name: Annotated[
        str | None, typer.Argument(help="What to call it. Without a name, all are listed.", show_default=False)
    ] = None,
    what: Annotated[str | None, typer.Option(help="What happened, in words.", show_default=False)] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for it.", show_default=False)] = None,
    ids: Annotated[
        str | None, typer.Option(help="Its examples: ids of the test set, a comma between them.", show_default=False)
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help="Its examples: a file of rows that the test set does not have yet.", show_default=False),
    ] = None,
    severity: Annotated[str, typer.Option(help="critical, high, medium or low.")] = "high",
    happened: Annotated[str | None, typer.Option(help="The day, yyyy-mm-dd; if not today.", show_default=False)] = None,
    release: Annotated[
        str | None, typer.Option(help="The release in which it happened, where that is known.", show_default=False)
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="What its scenario is to be called, if not by its name.", show_default=False)
    ] = None,
    bar: Annotated[
        float | None,
        typer.Option(help="How far off a number may be; what a grade must reach.", show_default=False),
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(help="Say that the incident of this name was none, and why.", show_default=False)
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who reports, if not the user who runs this.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Report an incident, and print the test case that guards it; without a name, list all and what became of them.

    [dim]plainview incident sentiment "Refunds read as praise" --what "…" --owner "language team" --ids a17,b203[/]
    """
    from plainview.incidents import report_incident
    from plainview.incidents import withdraw as take_back
    from plainview.store import open_store

    opened = open_store(store)
    if name is None:
        return _list(opened, project, as_json=as_json)
    if withdraw is not None:
        gone = take_back(opened, project, name, reason=withdraw, actor=by)
        return as_object(gone.to_dict()) if as_json else say(f"{gone.code}, {gone.name}: withdrawn. It counts no more.")
    _needed(what=what, owner=owner)
    kept = report_incident(
        opened,
        project,
        name,
        what=what or "",
        owner=owner or "",
        severity=severity,
        ids=[each.strip() for each in ids.split(",") if each.strip()] if ids else (),
        examples=examples,
        release=release,
        happened=happened,
        scenario=scenario,
        bar=bar,
        actor=by,
    )
    return _reported(opened, kept, as_json=as_json)


def _needed(**given: str | None) -> None:
    from plainview.exceptions import InputError

    missing = [f"--{name}" for name, value in given.items() if value is None]
    if missing:
        raise InputError(f"To report an incident, say {' and '.join(missing)} too. Without a name, all are listed.")


def _reported(store: "Store", kept: "Incident", *, as_json: bool) -> None:
    from plainview.incidents import test_case_yaml
    from plainview.specification import load_specification

    newest = store.evaluation(kept.project, store.releases(kept.project)[-1].release)
    written = test_case_yaml(kept, load_specification(store.specification_text(newest)))
    if as_json:
        return as_object({**kept.to_dict(), "test_case": written})
    say(f"Reported {kept.code}, {kept.name}, by {kept.by}.")
    if kept.new_rows:
        say("Its rows are kept with it. Add them to the test set first; then")
    say("Add this to the specification, and publish the next release with it:\n")
    return say(written)


def _list(store: "Store", project: str, *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from plainview.incidents import followed, incidents_of, urgent_first
    from plainview.narrative.incidents import incidents_answer

    store.releases(project)  # an unknown project is an error, and not an empty list
    rows = urgent_first(followed(store, project, today=datetime.now(UTC).date()))
    if as_json:
        return as_object({"project": project, "incidents": [row.to_dict() for row in rows]})
    say(incidents_answer(rows))
    if rows:
        cells = [
            [row.incident.code, row.sentence, row.status, row.incident.severity, row.incident.owner] for row in rows
        ]
        table("Incidents", ["", "Incident", "Status", "Severity", "Owner"], cells)
    for item in incidents_of(store, project)[1]:
        say(f"Left out: {item.key}: {item.reason} {item.what_to_do}")
    return None
