"""The verb `assess`: where a project stands on a readiness framework, claimed beside evidenced; and submitting answers."""

from typing import TYPE_CHECKING, Annotated

import typer

from plainview.cli.terminal import STORE, JsonOption, Project, StoreOption, as_object, say, table

if TYPE_CHECKING:
    from plainview.readiness import FrameworkStanding, Plan, QuestionStanding

FrameworkOption = Annotated[
    str,
    typer.Option(
        help="error-analysis, robustness, test-score, mltrl, qa-coverage, quality-culture, or the path of your own YAML file.",
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
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show where a project stands: what is claimed, what artifacts show, and the next step. With answers, submit them first.

    [dim]plainview assess sentiment --framework error-analysis --answers answers.yaml[/]
    """
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
    return _show(standing, plan)


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
