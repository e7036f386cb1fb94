"""The verbs that read: `list`, `show` and `compare`."""

from collections import Counter
from functools import partial
from typing import Annotated

import typer

from plainview.cli.terminal import (
    STORE,
    JsonOption,
    Project,
    StoreOption,
    as_object,
    plain,
    progress,
    say,
    status,
    table,
)


def list_(
    project: Annotated[str | None, typer.Argument(help="Only this project.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List the projects and their releases."""
    from plainview.store import open_store
    from plainview.store.catalogue import names_of

    opened = open_store(store)
    names = [project] if project else opened.projects()
    listed = {name: opened.releases(name) for name in names}
    revisions = Counter(names_of(one) for name in names for one in opened.evaluations(name))
    damaged = opened.damaged()
    if as_json:
        rows = [
            {
                "project": one.project,
                "release": one.release,
                "released": one.released.isoformat() if one.released else None,
                "published_at": one.published_at.isoformat(),
                "test_set": one.test_set.name,
                "examples": one.test_set.examples,
                "revisions": revisions[names_of(one)],
                "id": one.id,
            }
            for line in listed.values()
            for one in line
        ]
        return as_object(
            {
                "evaluations": rows,
                "damaged": [{"key": item.key, "reason": item.reason, "newer": item.newer} for item in damaged],
            }
        )
    if not listed:
        say("The store is empty. Next: plainview demo, or plainview publish --help")
    for name, line in listed.items():
        table(
            name,
            ["Release", "Released", "Test set", "Examples", "Revisions"],
            [
                [
                    one.release,
                    str(one.released or "unknown"),
                    one.test_set.name,
                    f"{one.test_set.examples:,}",
                    f"{revisions[names_of(one)]:,}",
                ]
                for one in line
            ],
        )
    for item in damaged:
        kind = "[bold yellow]Newer:[/]" if item.newer else "[bold red]Damaged:[/]"
        where = "" if item.key in item.reason else f"{item.key}: "
        progress.print(f"{kind} {plain(f'{where}{item.reason} {item.what_to_do}')}", soft_wrap=True)


def show(
    project: Project,
    release: Annotated[str, typer.Argument(help="The release.", show_default=False)],
    baseline: Annotated[str | None, typer.Option(help="Compare with this release, not the one before.")] = None,
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show one release: what changed, what is demanded, and every scenario with its interval."""
    from plainview import narrative
    from plainview.quantities import span, value
    from plainview.report import release_report
    from plainview.store import open_store

    report = release_report(open_store(store), project, release, baseline=baseline, test_set=test_set)
    if as_json:
        return as_object(report.to_dict())
    say(report.headline)
    say(report.standing)
    say(narrative.about(report))
    if report.standings:
        rows = [[row.id, row.sentence, row.status] for row in report.standings]
        table("Requirements", ["", "Requirement", "Status"], rows)
    for metric in dict.fromkeys(row.metric for row in report.results):
        unit, (_, counted) = report.specification.unit_of(metric), report.specification.counted_by(metric)
        table(
            f"{report.evaluation.project} {report.evaluation.release}: {metric}",
            ["Scenario", "Value", "Interval", counted.capitalize(), "Note"],
            [
                [
                    row.scenario,
                    value(row.value, metric, unit),
                    span(row.low, row.high, metric, unit) if row.low is not None and row.high is not None else "",
                    f"{row.of:,.0f}",
                    row.reason or "",
                ]
                for row in report.results
                if row.metric == metric
            ],
        )


def compare(
    project: Project,
    baseline: Annotated[str, typer.Argument(help="The release to compare with.", show_default=False)],
    candidate: Annotated[str, typer.Argument(help="The release that is judged.", show_default=False)],
    test_set: Annotated[str | None, typer.Option(help="The name of the test set.")] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Compare two releases, scenario by scenario, and say in sentences what changed."""
    from plainview.comparison import compare as compare_releases
    from plainview.narrative.moves import flip_words, moved_by
    from plainview.quantities import signed, value
    from plainview.store import open_store

    opened = open_store(store)
    with status(as_json) as step:
        step(f"Comparing {baseline} and {candidate}")
        found = compare_releases(opened, project, baseline, candidate, test_set=test_set)
    if as_json:
        return as_object(found.to_dict())
    for sentence in (found.headline, *found.sentences):
        say(sentence)
    for metric in dict.fromkeys(row.metric for row in found.results):
        better = next(row.better for row in found.results if row.metric == metric)
        moved = partial(moved_by, better=better) if better == "zero" else signed
        good, bad = (word.capitalize() for word in flip_words(metric, better))
        table(
            f"{project}: {baseline} against {candidate}: {metric}",
            ["Scenario", baseline, candidate, "Change", "Verdict", good, bad, "Examples"],
            [
                [
                    row.scenario,
                    value(row.baseline, metric, found.units[metric]),
                    value(row.candidate, metric, found.units[metric]),
                    "" if row.difference is None else moved(row.difference, metric),
                    row.verdict,
                    "" if row.fixed is None else f"{row.fixed:,}",
                    "" if row.broke is None else f"{row.broke:,}",
                    f"{row.examples:,}",
                ]
                for row in found.results
                if row.metric == metric
            ],
        )
