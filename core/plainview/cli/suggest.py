"""The verb `suggest`: groups of examples in which a release is wrong clearly more often than elsewhere, to add as scenarios."""

from typing import Annotated, Literal

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, status

Kind = Literal["wrong", "broke", "fixed"]


def suggest(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release whose mistakes are searched.", show_default=False)],
    kind: Annotated[Kind, typer.Option(help="What to look for; broke and fixed are since the baseline.")] = "wrong",
    baseline: Annotated[
        str | None, typer.Option(help="The release to look back to; the one before where none.")
    ] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    depth: Annotated[int, typer.Option(min=1, max=3, help="The most conditions in one group.")] = 2,
    minimum: Annotated[int | None, typer.Option(min=2, help="The fewest examples of a group.")] = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print only what to put under behaviours:.")] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Search for what the mistakes of a release have in common. False suggestions are at most 5% on average.

    [dim]plainview suggest sentiment 3.0.1 --yaml[/]
    """
    from plainview.errors.additions import scenario_yaml
    from plainview.errors.suggestions import suggested_scenarios
    from plainview.narrative import suggestions as said
    from plainview.specification import load_specification
    from plainview.store import open_store

    opened = open_store(store)
    found_in = opened.evaluation(project, release, test_set=test_set)
    before = _before(opened, found_in, baseline) if kind != "wrong" else None
    with status(as_json or as_yaml) as step:
        step(f"Searching the mistakes of {release}")
        found = suggested_scenarios(opened, found_in, event=kind, baseline=before, depth=depth, minimum=minimum)
    specification = load_specification(opened.specification_text(found_in))
    large = said.large_error(found.bar, specification.unit or "")
    answer = said.suggestions_answer(found, release, baseline=before.release if before else "", large=large)
    written = scenario_yaml(found.found, specification, found, release=release) if found.found else ""
    if as_json:
        rows = [_row(one, said.suggestion_sentence(one, found, large=large)) for one in found.found]
        counted = {name: getattr(found, name) for name in ("examples", "errors", "tried", "minimum", "rate")}
        return as_object(
            {"project": project, "release": release, "kind": kind, "headline": answer, **counted}
            | {"suggestions": rows, "yaml": written}
        )
    if as_yaml:
        return typer.echo(written, nl=False)
    say(answer)
    for one in found.found:
        say(f"- {said.suggestion_sentence(one, found, large=large)}\n  where: {one.where}")
    return say(said.SEARCHED if found.found else said.nothing_stands_out(found))


def _before(store, evaluation, baseline: str | None):
    """The evaluation of the baseline on the same test set: as named, else of the release before. InputError for a first one."""
    from plainview.exceptions import InputError

    if baseline is not None:
        return store.evaluation(evaluation.project, baseline, test_set=evaluation.test_set.name)
    line = [one for one in store.releases(evaluation.project) if one.test_set.name == evaluation.test_set.name]
    position = [one.release for one in line].index(evaluation.release)
    if not position:
        raise InputError(f"{evaluation.release} is the first release. Name another with --baseline.")
    return line[position - 1]


def _row(one, sentence: str) -> dict:
    names = ("where", "examples", "errors", "share", "low", "high", "elsewhere", "against", "p", "merged", "already")
    return {name: getattr(one, name) for name in names} | {"difference": list(one.difference), "sentence": sentence}
