"""The verb `assess`: where a project stands on a readiness framework, claimed beside evidenced; and submitting answers."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, table
from plainview.exceptions import InputError

if TYPE_CHECKING:
    from plainview.readiness import Framework, FrameworkStanding, Plan, QuestionStanding, Readiness

ALL = "all"

FrameworkOption = Annotated[
    str,
    typer.Option(
        help="error-analysis, robustness, test-score, mltrl, qa-coverage, quality-culture, the path of your own YAML, all.",
        show_default=False,
    ),
]


def assess(
    project: Project,
    framework: FrameworkOption,
    answers: Annotated[
        str | None, typer.Option(help="A YAML file of answers to submit: answers: {EA1: yes}", show_default=False)
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Plan the way to this level or band, not to the next.", show_default=False)
    ] = None,
    release: Annotated[str | None, typer.Option(help="This release, not the latest.", show_default=False)] = None,
    by: Annotated[str | None, typer.Option(help="Who answers, if not the user who runs this.")] = None,
    output: Annotated[
        str | None,
        typer.Option(help="Write a readiness report to this file: .md, or .json with every field.", show_default=False),
    ] = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show where a project stands: what is claimed, what artifacts show, and the next step. With answers, submit them first.

    [dim]plainview assess sentiment --framework error-analysis --answers answers.yaml[/]
    [dim]plainview assess sentiment --framework all --output readiness.md[/]
    """
    _check_output(output)
    if framework == ALL:
        return _all(project, release, store, output, as_json, alone=(answers, target))
    from plainview.readiness import Readiness, load_framework, read_answers, submit
    from plainview.readiness.reading import read_text
    from plainview.store import open_store

    opened, asked = open_store(store), load_framework(framework)
    readiness = Readiness(opened, project, release=release)
    submitted = None
    if target is not None:
        asked.target(target)  # an unknown one is an error before anything is written
    if answers is not None:
        replies = read_answers(read_text(answers), asked, name=answers)
        submitted = submit(readiness.facts, asked, replies, actor=by)
        readiness = Readiness(opened, project, release=release)
    standing = readiness.standing(asked)
    wanted = target or (standing.next_plan.target if standing.next_plan else None)
    plan = readiness.plan(asked, wanted) if wanted is not None else None
    if output is not None:
        _write(readiness, [asked], output)
    if as_json:
        return as_object(
            {
                **standing.to_dict(),
                "submitted": submitted and submitted.id,
                "plan": plan.to_dict() if plan else None,
            }
        )
    if submitted is not None:
        say(f"Submitted {len(submitted.body['answers'])} answers as {submitted.actor}.")
    _show(standing, plan)
    return say(f"Written to {output}.") if output is not None else None


def _all(
    project: str, release: str | None, store: str, output: str | None, as_json: bool, *, alone: tuple[str | None, ...]
) -> None:
    """Every framework that comes with Plainview: a line each, or the whole report."""
    from plainview.readiness import Readiness, frameworks, own_frameworks
    from plainview.readiness.report import readiness_report
    from plainview.store import open_store

    if any(alone):
        raise InputError("Answers and targets are of one framework: name it, in the place of all.")
    own, problems = own_frameworks()
    readiness, asked = Readiness(open_store(store), project, release=release), [*frameworks(), *own]
    if output is not None:
        _write(readiness, asked, output)
    if as_json:
        return as_object(readiness_report(readiness, asked))
    for sentence in (*(readiness.standing(each).sentence for each in asked), *problems):
        say(sentence)
    return say(f"Written to {output}.") if output is not None else None


def _check_output(output: str | None) -> None:
    """InputError for a file of a kind that there is not; found before anything is written."""
    if output is not None and Path(output).suffix.lower() not in (".md", ".json"):
        raise InputError(f"{output!r} must end in .md or .json: a readiness report is Markdown or JSON.")


def _write(readiness: "Readiness", asked: "Sequence[Framework]", output: str) -> None:
    """The readiness report as the ending of the file says."""
    from plainview.readiness.report import as_markdown, readiness_report

    report = readiness_report(readiness, asked)
    text = (
        as_markdown(report)
        if Path(output).suffix.lower() == ".md"
        else json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    )
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} could not be written: {error.strerror}.") from None


def _show(standing: "FrameworkStanding", plan: "Plan | None") -> None:
    from plainview.narrative.readiness import next_sentence, plan_sentence, weakest_sentence

    say(standing.sentence)
    for score in (standing.claimed, standing.evidenced):
        if score.answered and (weakest := weakest_sentence(score)):
            say(f"{'Claimed' if score is standing.claimed else 'Evidenced'}: {weakest}")
    unreadable = (each.reason for each in standing.unreadable)
    for sentence in filter(None, (standing.held_down_by, *standing.contradictions, *standing.at_once, *unreadable)):
        say(sentence)
    table(
        standing.framework.title,
        ["", "Question", "Claimed", "Evidenced", "Evidence"],
        [
            [
                row.question.code,
                row.question.title,
                _claimed(row),
                row.evidenced if row.evidence else "",
                _evidence(row),
            ]
            for row in standing.questions
        ],
    )
    say(standing.framework.says_not)
    if plan is None:
        return
    say(next_sentence(plan))
    if len(plan.steps) > 1:
        say(plan_sentence(plan))
    for name, before, after in plan.moves:
        say(f"It also moves {name} from {before} to {after}.")


def _claimed(row: "QuestionStanding") -> str:
    """The outcome with the answer that counts, and how far several people are apart."""
    from plainview.narrative.readiness import spread_sentence

    answer = f" ({row.mark})" if row.mark else ""
    spread = spread_sentence(row.spread, len({each.by for each in row.answers if not each.expired}))
    return f"{row.claimed}{answer}" + (f", {spread}" if spread else "")


def _evidence(row: "QuestionStanding") -> str:
    if row.evidence is not None:
        return row.evidence.sentence
    expired = next((each.expired for each in row.answers if each.expired), "")
    return f"The answer has expired: {expired}." if expired and row.claimed == "evidence expired" else ""
