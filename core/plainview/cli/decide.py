"""The verb `decide`: go, conditional go or no-go for a release, by someone who did not publish it."""

from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import (
    STORE,
    AppOption,
    JsonOption,
    Project,
    StoreOption,
    WebhookOption,
    as_object,
    say,
    warn,
)

if TYPE_CHECKING:
    from plainview.decisions import Decision
    from plainview.store import Store


def decide(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release that is decided on.", show_default=False)],
    go: Annotated[bool, typer.Option("--go", help="It goes out.")] = False,
    conditional: Annotated[bool, typer.Option("--conditional", help="It goes out, with conditions.")] = False,
    no_go: Annotated[bool, typer.Option("--no-go", help="It does not go out.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why.", show_default=False)] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(help="Of a conditional go: what | who | yyyy-mm-dd. May be given again.", show_default=False),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who decides, if not the user who runs this.")] = None,
    webhook: WebhookOption = None,
    app: AppOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Decide on a release, on evidence that is frozen by digest; without a choice, show what was decided and what moved since.

    [dim]plainview decide sentiment 3.0.1 --conditional --reason "…" --condition "Watch refunds | care team | 2030-01-31"[/]
    """
    from plainview.decisions import decide as keep
    from plainview.exceptions import InputError
    from plainview.narrative.decisions import decision_sentence
    from plainview.store import open_store

    opened = open_store(store)
    chosen = [name for name, given in (("go", go), ("conditional go", conditional), ("no-go", no_go)) if given]
    if not chosen:
        return _show(opened, project, release, as_json=as_json)
    if len(chosen) > 1 or reason is None:
        wrong = "say --reason too" if len(chosen) == 1 else f"one of them, not {' and '.join(chosen)}"
        raise InputError(f"To decide, {wrong}: --go, --conditional or --no-go, with --reason.")
    conditions = [_condition(each) for each in condition or ()]
    kept = keep(opened, project, release, chosen[0], reason=reason, conditions=conditions, actor=by)
    if as_json:
        as_object(kept.to_dict())
    else:
        say(decision_sentence(kept, release))
        say(f"The evidence it rests on: {kept.evidence.digest}")
    return _told(kept, webhook, app)


def _told(kept: "Decision", webhook: str | None, app: str | None) -> None:
    if webhook is not None:
        from plainview.announcing import tell_decided

        warn(tell_decided(kept, webhook, app=app))


def _condition(text: str) -> dict:
    from plainview.exceptions import InputError

    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3:
        raise InputError(f"A condition is written what | who | yyyy-mm-dd. Got {text!r} instead.")
    return dict(zip(("condition", "owner", "until"), parts, strict=True))


def _show(store: "Store", project: str, release: str, *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from plainview.decisions import decisions_of, evidence_of, moved
    from plainview.narrative.decisions import condition_sentence, decision_sentence, gate_then, superseded

    store.evaluation(project, release)
    found, unreadable = decisions_of(store, project, release)
    today = datetime.now(UTC).date()
    moves = moved(found[0].evidence, evidence_of(store, project, release)) if found else []
    if as_json:
        rows = [each.to_dict() for each in found]
        return as_object({"project": project, "release": release, "decisions": rows, "moved": moves})
    first = found[0] if found else None
    overdue = len(first.overdue(today)) if first else 0
    say(decision_sentence(first, release, moves=len(moves), overdue=overdue))
    if first is not None:
        say(gate_then(first.evidence.gate, release))
        for each in first.conditions:
            say(f"Condition: {condition_sentence(each, today)}")
        for sentence in moves:
            say(f"Since: {sentence}")
    for each in found[1:]:
        say(f"Before: {superseded(each)}")
    for item in unreadable:
        say(f"Left out: {item.key}: {item.reason} {item.what_to_do}")
    return None
