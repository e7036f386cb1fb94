"""What there is to say of readiness: what is claimed, what the store shows, what has expired, and what to do next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.readiness.answers import Given
    from plainview.readiness.cards import KeptCard
    from plainview.readiness.framework import Framework, Score
    from plainview.readiness.planner import Plan
    from plainview.readiness.proofs import Found
    from plainview.readiness.standing import QuestionStanding


def ago(days: int) -> str:
    """How long ago: "today", "yesterday", "12 days ago"."""
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def evidence_sentence(found: "Found", days: int | None) -> str:
    """What artifacts show: "14 scenarios inspected with 3.0.1, 12 days ago."."""
    said = found.said[:1].upper() + found.said[1:]
    if found.at is None or days is None:
        return f"{said}." if said else "Nothing was found."
    release = f"{_joined(said)} {found.release}" if found.release else ""
    expired = "; it has expired" if found.outcome == "evidence expired" else ""
    return f"{said}{release}, {ago(days)}{expired}."


def _joined(said: str) -> str:
    """How the release follows on what was found: with what was done, for what was made, as of what is there."""
    return " with" if said.endswith(("ed", "met", "drift")) else " for" if said.endswith("made") else ", as of"


def unreadable_evidence(reason: str) -> str:
    """That an artifact cannot be read, and so proves nothing."""
    return f"nothing can be shown: {reason[:1].lower()}{reason[1:]}"


def moved_on(answered: str | None, latest: str, same_test_set: bool) -> str:
    """Why an answer is of the past: "it was given for 3.0.1, and 4.2.0 is judged now"; empty where it is not."""
    if answered != latest:
        return f"it was given for {answered or 'no release'}, and {latest} is judged now"
    return "" if same_test_set else "the test set has changed since"


def score_words(score: "Score") -> str:
    """A score with its band: "41 of 88 (robust)"."""
    return f"{score.label} ({score.band[:1].lower()}{score.band[1:]})" if score.band else score.label


def readiness_sentence(project: str, release: str, framework: "Framework", claimed: "Score", evidenced: "Score") -> str:
    """Where a project stands on a framework, claimed beside evidenced."""
    shown = (
        "nothing evidenced" if evidenced.value is None and not evidenced.met else f"evidenced {score_words(evidenced)}"
    )
    missing = claimed.questions - claimed.answered
    blank = f", {missing} of {count(claimed.questions, 'question')} without an answer that counts" if missing else ""
    said = f"{project} {release}, {framework.title}: claimed {score_words(claimed)}{blank}; {shown}"
    if claimed.value is None and not claimed.answered:
        said = f"{project} {release}, {framework.title}: not assessed by anyone; {shown}"
    return f"{said}."


def weakest_sentence(score: "Score") -> str:
    """The weakest section: "Weakest: Infrastructure and operations, 3 of 16."; empty where there is none."""
    section = next((each for each in score.sections if each.name == score.weakest), None)
    return "" if section is None else f"Weakest: {section.name}, {section.points:g} of {section.top:g}."


def contradiction_sentence(one: "Given", other: "Given") -> str:
    """Two answers to the same question that cannot both be right."""
    said = " and ".join(
        f"{quoted(each.answer)} to {each.code} ({each.by}, {long_date(each.at.date())})" for each in (one, other)
    )
    return f"{one.code} and {other.code} ask the same and are answered differently: {said}. The more cautious answer counts."


def at_once_sentence(one: str, other: str) -> str:
    """That two people submitted without knowing of each other."""
    return f"{one} and {other} submitted at once. Both are kept; where they differ the more cautious answer counts."


def held_down_sentence(card: "KeptCard", gates: "Score") -> str:
    """That a component is less ready than the gates of the whole say."""
    return (
        f"The gates come to {gates.label}, but a system is as ready as its least ready component: "
        f"{quoted(card.card.component)} (owner: {card.card.owner}) is at level {card.card.level}."
    )


def spread_sentence(marks: Sequence[str], people: int) -> str:
    """How far the answers of several people lie apart: "from 1 to 4 (3 people)"; empty where they agree."""
    return f"from {marks[0]} to {marks[-1]} ({count(people, 'person', 'people')})" if len(marks) > 1 else ""


def target_words(target: str) -> str:
    """A level as it is called, a band in quotes, for its name is words."""
    return target if any(character.isdigit() for character in target) else quoted(target)


def claim_words(row: "QuestionStanding") -> str:
    """What people say of a question: "yes (ada, 3 October 2026)", how far they are apart, or that it has expired."""
    current = [each for each in row.answers if not each.expired]
    if current:
        said = [f"{each.answer} ({each.by}, {long_date(each.at.date())})" for each in current]
        return f"Answered {listed(said, most=4)}"
    expired = next((each.expired for each in reversed(row.answers) if each.expired), "")
    return f"The answer has expired: {expired}" if expired else "Nobody answered"


def evidence_words(row: "QuestionStanding") -> str:
    """What artifacts show of a question, or that none could."""
    return row.evidence.sentence if row.evidence is not None else "No artifact can show it."


def plan_sentence(plan: "Plan") -> str:
    """What it takes to get where the team wants to be."""
    target = target_words(plan.target)
    if plan.reason:
        return f"{target} cannot be reached: {plan.reason}."
    if not plan.steps:
        return f"{target} is reached."
    codes = listed([step.code for step in plan.steps], most=5)
    effort = count(plan.effort, "day") if float(plan.effort).is_integer() else f"{plan.effort:g} days"
    return f"{count(len(plan.steps), 'step')} to {target}: {codes}; about {effort} of work as declared."


def next_sentence(plan: "Plan") -> str:
    """The first thing to do: which question, what it leads to, and the page or command that produces its evidence."""
    if plan.reason or not plan.steps:
        return plan_sentence(plan)
    step = plan.steps[0]
    more = "" if len(plan.steps) == 1 else f" with {count(len(plan.steps) - 1, 'more step')}"
    return f"Next: {step.code}, {step.title}. It leads to {target_words(plan.target)}{more}. How: {step.how}"
