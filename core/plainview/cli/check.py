"""The verb `check`: robustness checks of a release, run against a model, or published from elsewhere."""

from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, status, table

if TYPE_CHECKING:
    from plainview.robustness import CheckResult

FAILED, UNPROVEN = 1, 3  # exit codes: as the gate's


def check(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release that is checked.", show_default=False)],
    checks: Annotated[str | None, typer.Option(help="A YAML file of checks, to be run.", show_default=False)] = None,
    predict: Annotated[
        str | None, typer.Option(help="What is asked: module:function, a frame in, answers out.", show_default=False)
    ] = None,
    frame: Annotated[
        str | None, typer.Option(help="A file of examples, instead of the release's test set.", show_default=False)
    ] = None,
    outcomes: Annotated[
        str | None, typer.Option(help="A file of outcomes from elsewhere, instead of checks.", show_default=False)
    ] = None,
    may_fail: Annotated[
        float | None, typer.Option(help="With --outcomes: the share that may fail, 0.1.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Run them and publish nothing.")] = False,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Check a release for robustness, and publish what was found. Exit code 0: all met; 1: one is not met; 3: one is
    unproven or has no bar.

    [dim]plainview check sentiment 3.0.1 --checks checks.yaml --predict serving.model:predict[/]
    """
    from plainview.exceptions import InputError
    from plainview.robustness import publish_outcomes, run_checks

    if (checks is None) == (outcomes is None):
        raise InputError("Either --checks with --predict, or --outcomes, was expected.")
    if outcomes is not None:
        if predict is not None or frame is not None:
            raise InputError("--outcomes were judged elsewhere: --predict and --frame do not belong to it.")
        given = {"outcomes": outcomes, "may_fail": may_fail, "dry_run": dry_run}
        results = publish_outcomes(store, project, release, **given)
    else:
        if predict is None:
            raise InputError("--checks need a model to run against: --predict module:function.")
        if may_fail is not None:
            raise InputError("--may-fail is for --outcomes; a file of checks says may_fail itself.")
        with status(as_json) as step:
            asked = {"checks": checks, "predict": predict, "frame": frame, "dry_run": dry_run, "step": step}
            results = run_checks(store, project, release, **asked)
    _show(project, release, results, dry_run, as_json)
    code = exit_code(results)
    if code:
        raise typer.Exit(code)


def exit_code(results: "list[CheckResult]") -> int:
    """0: every check is met; 1: one is not; 3: one is not proven, or nothing says what may fail."""
    statuses = {result.status for result in results}
    if "not met" in statuses:
        return FAILED
    return UNPROVEN if statuses - {"met"} else 0


def _show(project: str, release: str, results: "list[CheckResult]", dry_run: bool, as_json: bool) -> None:
    from plainview.narrative.robustness import check_sentence, checks_answer, measured_sentences
    from plainview.quantities import span, value
    from plainview.robustness.reading import ReleaseChecks

    if as_json:
        return as_object(
            {
                "project": project,
                "release": release,
                "published": not dry_run,
                "checks": [result.to_dict() for result in results],
            }
        )
    say(checks_answer(ReleaseChecks(release, tuple(results))))
    for result in results:
        say(check_sentence(result))
        for sentence in measured_sentences(result):
            say(f"  {sentence}")
    table(
        f"{project} {release}: checks",
        ["Check", "Capability", "Type", "Failed", "Interval", "Status"],
        [
            [
                result.name,
                result.capability,
                result.test_type,
                f"{result.failed:,} of {result.tested:,} ({value(result.rate, 'accuracy')})",
                "" if result.low is None or result.high is None else span(result.low, result.high, "accuracy"),
                result.status,
            ]
            for result in results
        ],
    )
    return say("Nothing was published." if dry_run else "Published. Next: plainview serve")
