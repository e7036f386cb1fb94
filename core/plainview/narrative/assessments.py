"""What there is to say of assessing: what is open, what was answered before, what a submission changes, who disagrees."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plainview.narrative.demands import long_date
from plainview.narrative.names import quoted
from plainview.quantities import count, listed

if TYPE_CHECKING:
    from plainview.readiness.answers import Difference, Given
    from plainview.readiness.framework import Framework
    from plainview.readiness.standing import FrameworkStanding, QuestionStanding

HOLDS = "holds until {}"


def open_sentence(questions: int, still_open: int, drafted: int) -> str:
    """What there is to do: how many questions are open, and how many wait as drafts."""
    waiting = f"{count(drafted, 'answer')} {'waits' if drafted == 1 else 'wait'} to be submitted" if drafted else ""
    if not still_open:
        return f"Every question has an answer of yours{f'; {waiting}' if waiting else ''}."
    said = "All of them are open" if still_open == questions else f"{still_open} of {questions} are open"
    return f"{count(questions, 'question')}. {said}{f'; {waiting}' if waiting else ''}."


def earlier_sentence(given: "Given") -> str:
    """What the person answered before, and whether it still counts."""
    over = f"; it has expired, for {given.expired}" if given.expired else f"; it {HOLDS.format(long_date(given.until))}"
    return f"You answered {quoted(given.answer)} on {long_date(given.at.date())}{over}."


def others_sentence(answers: Sequence["Given"]) -> str:
    """What other people answered, each with the day; empty where nobody did."""
    said = [
        f"{each.by} {quoted(each.answer)} ({long_date(each.at.date())}{', expired' if each.expired else ''})"
        for each in answers
    ]
    return f"Others: {listed(said, most=6)}." if said else ""


def suggested_sentence(answer: str, evidence: str) -> str:
    """Which answer artifacts suggest, and what they show."""
    return f"Artifacts suggest {quoted(answer)}: {evidence}"


def change_words(row: "Difference") -> tuple[str, str]:
    """An answer before and after."""
    return row.before or "no answer", row.after


def review_sentence(changes: int, drafted: int, unanswered: int, unsupported: Sequence[str]) -> str:
    """What submitting does, before it is done."""
    new = f"{count(changes, 'answer')} {'changes' if changes == 1 else 'change'}" if changes else "no answer changes"
    same = (
        f", {count(drafted - changes, 'answer')} {'is' if drafted - changes == 1 else 'are'} given again"
        if drafted > changes
        else ""
    )
    left = f" {count(unanswered, 'question')} {'stays' if unanswered == 1 else 'stay'} open." if unanswered else ""
    bare = f" Claimed, and not shown by artifacts: {listed(list(unsupported), most=6)}." if unsupported else ""
    return f"{new[:1].upper()}{new[1:]}{same}.{left}{bare}"


def came_meanwhile(names: Sequence[str]) -> str:
    """That others submitted since the page was opened."""
    who = listed(list(names))
    return f"{who} submitted while you were answering. Yours is kept beside it; the more cautious answer counts."


def submitted_sentence(answers: int, standing: "FrameworkStanding") -> str:
    """What became of a submission: the level or score, claimed beside evidenced."""
    return f"{count(answers, 'answer')} submitted. {claimed_beside(standing)}"


def claimed_beside(standing: "FrameworkStanding") -> str:
    """Claimed beside evidenced, and what only people say: "Claimed L3, evidenced L1. Claimed and not shown: EA7, EA8."."""
    from plainview.narrative.readiness import score_words

    shown = standing.evidenced
    evidenced = "nothing evidenced" if shown.value is None and not shown.met else f"evidenced {score_words(shown)}"
    claimed = f"Claimed {score_words(standing.claimed)}" if standing.claimed.answered else "Not assessed by anyone"
    bare = [row.question.code for row in standing.questions if row.unsupported]
    more = f" Claimed, and not shown by artifacts: {listed(bare, most=5)}." if bare else ""
    return f"{claimed}, {evidenced}.{more}"


def never_assessed(standing: "FrameworkStanding") -> str:
    """That nobody has answered."""
    questions = count(standing.claimed.questions, "question")
    return f"Nobody has assessed {standing.release} yet: {questions}, most of them answered with a click."


def missing_evidence(row: "QuestionStanding") -> str:
    """That people claim what artifacts could show and do not."""
    found = row.evidence.sentence if row.evidence else ""
    return f"{row.question.code}, {row.question.title}: claimed to be met. Artifacts: {found[:1].lower()}{found[1:]}"


def expired_answer(row: "QuestionStanding") -> str:
    """That a question's answers have expired, and why."""
    why = next((each.expired for each in reversed(row.answers) if each.expired), "")
    return f"{row.question.code}, {row.question.title}: the answer has expired, for {why}."


def bad_news(row: "QuestionStanding") -> str:
    """That artifacts show that something is not so."""
    return f"{row.question.code}, {row.question.title}: {row.evidence.sentence if row.evidence else ''}"


def source_words(framework: "Framework") -> str:
    """Where a framework comes from."""
    return f"Source: {framework.source.title}"
