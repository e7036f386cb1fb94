"""The verb `waive`: someone answers for a requirement that is not met, with a reason and an end."""

from typing import Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say


def waive(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release whose requirement is waived.", show_default=False)],
    requirement: Annotated[str, typer.Argument(help="The requirement's id, as in the specification.")],
    owner: Annotated[str, typer.Option(help="Who answers for it.")],
    reason: Annotated[str, typer.Option(help="Why the release may go out without it.")],
    until: Annotated[str, typer.Option(help="The last day of the waiver, yyyy-mm-dd; then it lapses visibly.")],
    every_release: Annotated[
        bool, typer.Option("--every-release", help="Waive it in every release until then, not in this one alone.")
    ] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Waive a requirement until a day. What was measured stays, and is shown beside the waiver.

    [dim]plainview waive sentiment 3.0.1 REQ-2 --owner "language team" --reason "Fix is in 3.0.2" --until 2030-01-31[/]
    """
    from plainview.narrative import waiver_words
    from plainview.store import open_store
    from plainview.waivers import waive as keep

    given = {"owner": owner, "reason": reason, "until": until, "every_release": every_release}
    kept = keep(open_store(store), project, release, requirement, **given)
    if as_json:
        return as_object(kept.to_dict())
    return say(f"{project} {release}, {requirement}: {waiver_words(kept)}.")
