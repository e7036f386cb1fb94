"""The verbs that look after a store: `verify`."""

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status


def verify(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Check every byte of the store against its digest. Exit code 1 where something is damaged."""
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        found = opened.verify(progress=lambda done, total: step(f"Verifying {done:,} of {total:,}"))
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
            }
        )
    else:
        say(
            f"{found.evaluations:,} evaluations, {found.events:,} events, {found.files:,} files, {found.bytes:,} bytes."
        )
        for item in found.damaged:
            say(f"Damaged: {item.key}: {item.reason} {item.what_to_do}")
        say("Everything is as it was published." if found.ok else "Not everything is as it was published.")
    if not found.ok:
        raise typer.Exit(1)
