"""What people claim: which answers are to a question, which outcome they come to, how far they lie apart, what contradicts."""

from collections.abc import Sequence
from functools import cache

from plainview.narrative import readiness as said
from plainview.readiness.answers import Given
from plainview.readiness.bank import SHARED
from plainview.readiness.framework import Framework, Question
from plainview.readiness.loading import frameworks
from plainview.readiness.scales import Outcome


class Answered:
    """Answers, by the questions that they are to: a framework's own, and those of the shared bank that ask the same."""

    def __init__(self, answers: Sequence[Given]) -> None:
        self._own: dict[tuple[str, str], dict[int, Given]] = {}
        self._shared: dict[str, dict[int, Given]] = {}
        for at, given in enumerate(answers):
            self._own.setdefault((given.framework, given.code), {})[at] = given
            code = given.same_as or (given.code if given.code in _shared_codes() else None)
            if code is not None:
                self._shared.setdefault(_first(code), {})[at] = given

    def to(self, framework: Framework, question: Question) -> list[Given]:
        """The answers to a question of a framework, or to one that asks the same, in the order in which they were given."""
        shared = self._shared.get(_first(question.same_as or question.code), {})
        found = shared | self._own.get((framework.name, question.code), {})
        return [found[at] for at in sorted(found)]


_ROWS = {code: row[0] for row in SHARED for code in row}


def _first(code: str) -> str:
    """The first of the questions that ask the same."""
    return _ROWS.get(code, code)


@cache
def _shared_codes() -> frozenset[str]:
    """The codes of the frameworks that come with Plainview: those that teams may not take."""
    return frozenset(code for framework in frameworks() for code in framework.questions)


def claimed_outcome(framework: Framework, answers: list[Given], current: list[Given], step: int | None) -> Outcome:
    """The outcome of the most cautious answer; "not applicable" by anyone gives nothing, unless someone says "not met"."""
    if not current:
        return "evidence expired" if answers else "not answered"
    outcome = framework.answers.at(step).outcome if step is not None else "not applicable"
    return outcome if outcome == "not met" or all(each.applies for each in current) else "not applicable"


def spread(framework: Framework, current: list[Given]) -> tuple[str, ...]:
    """The different answers of those that count, the lowest first, on the framework's scale."""
    marks = {framework.answers.at(each.steps[0]).key for each in current if each.applies}
    return tuple(mark.key for mark in framework.answers.marks if mark.key in marks) + (
        ("not applicable",) if any(not each.applies for each in current) else ()
    )


def contradictions(current: list[Given]) -> list[str]:
    """Of answers to different questions that ask the same, those that cannot both be right, in sentences."""
    pairs = [(one, other) for at, one in enumerate(current) for other in current[at + 1 :] if one.code != other.code]
    return [
        said.contradiction_sentence(*sorted(pair, key=lambda each: each.code)) for pair in pairs if _contradict(*pair)
    ]


def _contradict(one: Given, other: Given) -> bool:
    if not (one.applies and other.applies):
        return one.applies != other.applies
    return max(one.steps[0], other.steps[0]) > min(one.steps[1], other.steps[1])
