"""The verb that hands evaluations to other programs: `export-delta`."""

from dataclasses import asdict
from typing import Annotated

import typer

from plainview.cli.logged import exported
from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status, table


def export_delta(
    folder: Annotated[
        str, typer.Argument(help="A new or empty folder, or one that was exported to.", show_default=False)
    ],
    project: Annotated[
        str | None, typer.Option("--project", help="Export one project alone.", show_default=False)
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write all evaluations as Delta tables, for Spark, DuckDB, Polars and others; again, to bring them up to date.

    [dim]plainview export-delta lake --project sentiment[/]
    """
    from plainview.exporters.delta import export_delta as export
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        step("Exporting")
        done = export(opened, folder, project=project)
        exported(opened, [project] if project else opened.projects(), "Delta tables")
    if as_json:
        as_object({"store": opened.url, "tables": [asdict(each) for each in done]})
        return
    rows = [[each.name, str(each.version), f"{each.added:,}", f"{each.removed:,}"] for each in done]
    table(folder, ["Table", "Version", "Files added", "Files removed"], rows)
    changed = any(each.added or each.removed for each in done)
    say("The tables hold what the store holds." if changed else "The tables held what the store holds already.")
