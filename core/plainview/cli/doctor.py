"""The verb that says whether a store can be relied on: `doctor`."""

from dataclasses import asdict

import typer

from plainview.cli.terminal import STORE, JsonOption, StoreOption, as_object, say, status, table

WORDS = {"fine": "✓ fine", "warning": "▲ look", "problem": "✗ problem"}


def doctor(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """Examine a store: whether it can be reached and written, keeps its promises, and is sound. Exit code 1 on a problem."""
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        step("Examining the store")
        found = opened.examine()
    sick = any(each.status == "problem" for each in found)
    if as_json:
        as_object({"ok": not sick, "store": opened.url, "findings": [asdict(each) for each in found]})
    else:
        table(opened.url, ["What", "Status", "Found"], [[each.what, WORDS[each.status], each.found] for each in found])
        for each in found:
            if each.what_to_do:
                say(f"{each.what}: {each.what_to_do}")
        say("There is a problem: this store cannot be relied on." if sick else "This store can be relied on.")
    if sick:
        raise typer.Exit(1)
