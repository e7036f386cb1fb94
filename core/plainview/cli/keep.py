"""The verbs that look after a store: `verify` and `seal`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status

if TYPE_CHECKING:
    from plainview.store import Store

MOST = 20  # differences of a report that are listed

NotedOption = Annotated[
    str | None,
    typer.Option(
        "--seal", help="A digest that plainview seal printed: that seal must still be there.", show_default=False
    ),
]


ReportArgument = Annotated[
    Path | None, typer.Argument(help="A report, to check against the store instead.", show_default=False)
]


def verify(
    report: ReportArgument = None, store: StoreOption = STORE, seal: NotedOption = None, as_json: JsonOption = False
) -> None:
    """Check every byte of the store against its digest and its seals; or every number of a report against the store.

    Exit code 1 where something is damaged, or the report says anything else than the store.
    """
    from plainview.store import open_store

    opened = open_store(store)
    if report is not None:
        return _verify_report(opened, report, as_json)
    with status(as_json) as step:
        found = opened.verify(progress=lambda done, total: step(f"Verifying {done:,} of {total:,}"), noted_seal=seal)
    if as_json:
        as_object(
            {
                "ok": found.ok,
                "evaluations": found.evaluations,
                "events": found.events,
                "files": found.files,
                "bytes": found.bytes,
                "damaged": [
                    {"key": item.key, "reason": item.reason, "what_to_do": item.what_to_do} for item in found.damaged
                ],
                "orphans": list(found.orphans),
                "seals": found.seals,
                "sealed_until": found.sealed_until and found.sealed_until.isoformat(),
                "newest_seal": found.newest_seal,
            }
        )
    else:
        say(
            f"{found.evaluations:,} evaluations, {found.events:,} events, {found.files:,} files, {found.bytes:,} bytes."
        )
        for item in found.damaged:
            say(f"Damaged: {item.key}: {item.reason} {item.what_to_do}")
        if found.sealed_until:
            say(f"{found.seals:,} seals, until {found.sealed_until}; the newest is {found.newest_seal}.")
        say("Everything is as it was published." if found.ok else "Not everything is as it was published.")
    if not found.ok:
        raise typer.Exit(1)


def _verify_report(opened: "Store", path: Path, as_json: bool) -> None:
    """Check a file that was exported."""
    from plainview.export.reading import read_file
    from plainview.export.verifying import verify_file

    with status(as_json) as step:
        step(f"Verifying {path.name}")
        found = verify_file(opened, read_file(path), name=path.name)
    if as_json:
        differences = [asdict(each) for each in found.differences]
        shown = {"ok": found.ok, "project": found.project, "release": found.release, "numbers": found.numbers}
        as_object(shown | {"differences": differences, "remarks": list(found.remarks)})
    else:
        for each in found.differences[:MOST]:
            say(f"{each}")
        if len(found.differences) > MOST:
            say(f"And {len(found.differences) - MOST:,} more differences.")
        for sentence in (*found.remarks, found.sentence):
            say(sentence)
    if not found.ok:
        raise typer.Exit(1)


def seal(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Seal the days that are over, so that verify finds what is changed, removed or added later. Publishing does it daily."""
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        step("Sealing")
        made, newest = opened.seal(), opened.newest_seal()
    if as_json:
        as_object(
            {"sealed": made and len(made.records), "until": made and made.until.isoformat(), "newest_seal": newest}
        )
        return
    say(f"Sealed {len(made.records):,} records, until {made.until}." if made else "No day is waiting to be sealed.")
    if newest:
        say(f"Note this outside the store, and give it to plainview verify --seal: {newest}")
