"""The verbs that hand a release on: `report` writes one file, `site` a folder of them that any web server can show."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from plainview.cli.logged import exported
from plainview.cli.terminal import STORE, AppOption, JsonOption, Project, StoreOption, as_object, say, status


def report(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file to write: its name ends in .md, .html, .pdf, .pptx or .json."),
    ],
    format: Annotated[
        Literal["report", "model-card"] | None,
        typer.Option(help="What to write; a name such as x.card.md asks for the card.", show_default="report"),
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="Compare with this release, not the one before.")] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    app: AppOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a release, or its model card, as one file. The same store gives the same bytes.

    [dim]plainview report sentiment 3.0.1 --output report.pdf[/]
    """
    from plainview.export.formats import format_of, kind_of
    from plainview.export.places import check_address, write_file
    from plainview.export.releases import export
    from plainview.store import open_store

    file = format_of(output.name)
    kind = "model card" if format == "model-card" else "report" if format else kind_of(output.name)
    address = check_address(app)
    opened = open_store(store)
    with status(as_json) as step:
        step(f"Writing {output.name}")
        given = {"kind": kind, "baseline": baseline, "test_set": test_set, "address": address}
        data = export(opened, project, release, file, **given)
        write_file(output, data)
        exported(opened, [project], output.name, release=release)
    if as_json:
        return as_object({"file": str(output), "kind": kind, "format": file, "bytes": len(data)})
    say(f"Wrote the {kind} of {project} {release} to {output} ({len(data):,} bytes).")
    return say(f"Anyone with the store can check it: plainview verify {output}")


def site(
    output: Annotated[
        str,
        typer.Option("--output", "-o", help="A folder, or a bucket: s3://bucket/path. Made anew where it is there."),
    ],
    project: Annotated[
        list[str] | None,
        typer.Option("--project", help="Only this project; give it again for more.", show_default=False),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Add a PDF and a model card of each release.")] = True,
    app: AppOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write a site of all reports, for people without an account: plain pages that any web server can show.

    [dim]plainview site --output public --project sentiment[/]
    """
    from plainview.export.places import check_address, place_at
    from plainview.export.site import write_site
    from plainview.store import open_store

    address, place = check_address(app), place_at(output)
    opened = open_store(store)
    with status(as_json) as step:
        done = write_site(opened, place, projects=project, pdf=pdf, address=address, step=step)
        exported(opened, project or opened.projects(), "site")
    if as_json:
        return as_object(
            {"output": output, "releases": done.releases, "files": list(done.files), "failed": list(done.failed)}
        )
    for sentence in done.failed:
        say(sentence)
    return say(f"Wrote {done.releases:,} releases of {done.projects:,} projects to {output}. Begin at index.html.")
