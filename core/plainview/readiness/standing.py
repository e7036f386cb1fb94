"""Where a project stands on a framework: what people claim beside what the store shows, question by question.

*Claimed* comes from the most cautious of the answers that count today; *evidenced* from artifacts alone. A third set of steps
is what plans start from: a claim counts there where artifacts agree with it or none could, else the evidence does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property

from plainview.narrative import readiness as said
from plainview.readiness.answers import Given, at_once, given_answers
from plainview.readiness.cards import FRAMEWORK, KeptCard, cards_of, held_down
from plainview.readiness.claims import Answered, claimed_outcome, contradictions, spread
from plainview.readiness.evidence import PROOFS, Evidence, evidence_of
from plainview.readiness.facts import Facts, Reading
from plainview.readiness.framework import Framework, Question, Score, score
from plainview.readiness.loading import frameworks, load_framework
from plainview.readiness.planner import Plan, practice, raised, smallest_plan
from plainview.readiness.scales import Outcome, agreed
from plainview.store import DamagedItem, Store


@dataclass(frozen=True)
class QuestionStanding:
    """One question: what is claimed, what is evidenced, and who said what."""

    question: Question
    section: str
    claimed: Outcome
    claimed_step: int | None  # of `scales`; None where no answer counts
    mark: str  # the answer that counts, on the framework's scale; empty where none does
    evidenced: Outcome
    evidence: Evidence | None  # None: no artifact can show it
    evidenced_step: int | None
    answers: tuple[Given, ...]  # each person's latest, to this question or one that asks the same; expired ones too
    spread: tuple[str, ...]  # the different answers that count, on the framework's scale, the lowest first
    contradictions: tuple[str, ...]  # sentences

    @property
    def step(self) -> int | None:
        """What plans start from: the claim where artifacts agree or none could show it, else the evidence."""
        if self.evidence is None or (self.evidenced == "met" and self.claimed_step is not None):
            return self.claimed_step
        return self.evidenced_step

    @property
    def unsupported(self) -> bool:
        """Whether it is claimed to be met and artifacts, which could show it, do not."""
        return self.claimed == "met" and self.evidence is not None and self.evidenced != "met"

    def to_dict(self) -> dict:
        """The question's standing as plain values."""
        return {
            "code": self.question.code,
            "section": self.section,
            "title": self.question.title,
            "asks": self.question.asks,
            "claimed": self.claimed,
            "answer": self.mark,
            "evidenced": self.evidenced,
            "can_be_evidenced": self.evidence is not None,
            "evidence": self.evidence.to_dict() if self.evidence else None,
            "answers": [each.to_dict() for each in self.answers],
            "spread": list(self.spread),
            "contradictions": list(self.contradictions),
        }


@dataclass(frozen=True)
class FrameworkStanding:
    """Where one release of a project stands on one framework at one moment."""

    project: str
    release: str
    at: datetime
    framework: Framework
    claimed: Score
    evidenced: Score
    questions: tuple[QuestionStanding, ...]
    at_once: tuple[str, ...]  # sentences: who submitted without knowing of whom
    unreadable: tuple[DamagedItem, ...]
    cards: tuple[KeptCard, ...]  # for MLTRL, the least ready component first

    @cached_property
    def next_plan(self) -> Plan | None:
        """The plan to the next level or band, without what it moves elsewhere; None at the top."""
        target = _next_target(self.framework, score(self.framework, self.steps))
        return _planned(self, target) if target else None

    @property
    def sentence(self) -> str:
        """Claimed beside evidenced, in one sentence."""
        return said.readiness_sentence(self.project, self.release, self.framework, self.claimed, self.evidenced)

    @property
    def next_step(self) -> str:
        """What to do next, in a sentence; empty at the top."""
        return said.next_sentence(self.next_plan) if self.next_plan else ""

    @property
    def held_down_by(self) -> str:
        """Which component holds the claimed level down, in a sentence; empty where none does."""
        gates = score(
            self.framework,
            {row.question.code: row.claimed_step for row in self.questions if row.claimed_step is not None},
        )
        return said.held_down_sentence(self.cards[0], gates) if gates.value != self.claimed.value else ""

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Every contradiction once, in sentences."""
        return tuple(dict.fromkeys(each for row in self.questions for each in row.contradictions))

    @property
    def steps(self) -> dict[str, int]:
        """What plans start from, by code."""
        return {row.question.code: row.step for row in self.questions if row.step is not None}

    @property
    def not_applicable(self) -> tuple[str, ...]:
        """The questions that are said not to apply."""
        return tuple(row.question.code for row in self.questions if row.claimed == "not applicable")

    @property
    def expired(self) -> tuple[str, ...]:
        """The questions whose answers have all expired."""
        return tuple(row.question.code for row in self.questions if row.claimed == "evidence expired")

    def to_dict(self) -> dict:
        """The standing as plain values, as ``plainview assess --json`` prints it."""
        return {
            "project": self.project,
            "release": self.release,
            "at": self.at.isoformat(),
            "framework": self.framework.name,
            "title": self.framework.title,
            "sentence": self.sentence,
            "claimed": self.claimed.to_dict(),
            "evidenced": self.evidenced.to_dict(),
            "says_not": self.framework.says_not,
            "questions": [row.to_dict() for row in self.questions],
            "contradictions": list(self.contradictions),
            "at_once": list(self.at_once),
            "unreadable": [asdict(each) for each in self.unreadable],
            "cards": [each.to_dict() for each in self.cards],
            "held_down_by": self.held_down_by,
            "next": self.next_plan.to_dict() if self.next_plan else None,
            "next_step": self.next_step,
        }


class Readiness:
    """The readiness of one project, as its store knew it at the moment ``now`` (default: now), for its latest release or
    another. Evidence is looked for once however many frameworks ask for it; what is read of the store is read once for all
    standings that share a ``reading``.

    Raises NotFoundError for an unknown project or release, with the nearest name.
    """

    def __init__(
        self,
        store: Store,
        project: str,
        *,
        release: str | None = None,
        now: datetime | None = None,
        reading: Reading | None = None,
    ) -> None:
        self.facts = Facts(store, project, release=release, now=now, reading=reading)
        self._evidence: dict[str, Evidence] = {}
        self._standings: dict[str, FrameworkStanding] = {}

    @cached_property
    def answers(self) -> tuple[list[Given], list[DamagedItem]]:
        """Every person's latest answers; and submissions that cannot be understood."""
        return given_answers(self.facts)

    @cached_property
    def _answered(self) -> Answered:
        return Answered(self.answers[0])

    def evidence(self, proof: str) -> Evidence:
        """What a row of `evidence.PROOFS` finds."""
        if proof not in self._evidence:
            self._evidence[proof] = evidence_of(self.facts, proof)
        return self._evidence[proof]

    def standing(self, framework: str | Framework) -> FrameworkStanding:
        """Where the project stands on a framework: a name, a path to a file, or one that is loaded."""
        framework = load_framework(framework)
        kept = self._standings.get(framework.name)
        if kept is None or kept.framework is not framework:
            kept = self._standings[framework.name] = self._stands(framework)
        return kept

    def plan(self, framework: str | Framework, target: str) -> Plan:
        """The smallest set of steps to a level, band or number of points; and which scores of other frameworks it moves.

        InputError for a target that the framework does not have.
        """
        standing = self.standing(framework)
        plan = _planned(standing, target)
        return replace(plan, moves=tuple(self._moves(standing.framework, plan)))

    def what_if(self, framework: str | Framework, aims: Mapping[str, int]) -> Score:
        """The score if the practices of these questions, of any framework, came to these steps of `scales`."""
        standing = self.standing(framework)
        return score(standing.framework, raised(standing.framework, standing.steps, aims))

    def _stands(self, framework: Framework) -> FrameworkStanding:
        rows = tuple(
            self._question(framework, question, section.name)
            for section in framework.sections
            for question in section.questions
        )
        claimed = {row.question.code: row.claimed_step for row in rows if row.claimed_step is not None}
        shown = {row.question.code: row.evidenced_step for row in rows if row.evidenced_step is not None}
        cards, odd = cards_of(self.facts) if framework.name == FRAMEWORK else ([], [])
        return FrameworkStanding(
            project=self.facts.project,
            release=self.facts.release,
            at=self.facts.now,
            framework=framework,
            claimed=held_down(framework, score(framework, claimed), cards),
            evidenced=score(framework, shown),
            questions=rows,
            at_once=tuple(
                said.at_once_sentence(one.actor, other.actor) for one, other in at_once(self.facts, framework.name)
            ),
            unreadable=(*self.answers[1], *odd),
            cards=tuple(cards),
        )

    def _question(self, framework: Framework, question: Question, section: str) -> QuestionStanding:
        answers = self._answered.to(framework, question)
        current = [each for each in answers if not each.expired]
        step = agreed(each.steps for each in current if each.applies)
        claimed = claimed_outcome(framework, answers, current, step)
        counts = step is not None and claimed != "not applicable"
        evidence = self.evidence(question.proof) if question.proof else None
        return QuestionStanding(
            question=question,
            section=section,
            claimed=claimed,
            claimed_step=step if counts else None,
            mark=framework.answers.at(step).key if counts and step is not None else "",
            evidenced=evidence.outcome if evidence else "not answered",
            evidence=evidence,
            evidenced_step=evidence.step_on(framework.answers) if evidence else None,
            answers=tuple(answers),
            spread=spread(framework, current),
            contradictions=tuple(contradictions(current)),
        )

    def _moves(self, framework: Framework, plan: Plan) -> list[tuple[str, str, str]]:
        """Other frameworks whose score the plan changes, without asking for their own plans."""
        aims = {step.code: framework.answers.mark(step.aim) for step in plan.steps}
        found = []
        for other in frameworks():
            if other.name == framework.name or not any(_moved(other, framework, step.codes) for step in plan.steps):
                continue
            rows = [self._question(other, question, "") for question in other]
            have = {row.question.code: row.step for row in rows if row.step is not None}
            there = dict(have)
            for step in plan.steps:
                for code in _moved(other, framework, step.codes):
                    there[code] = max(aims[step.code].low, there.get(code, 0))
            before, after = score(other, have), score(other, there)
            if before.label != after.label:
                found.append((other.name, said.score_words(before), said.score_words(after)))
        return found


def _planned(standing: FrameworkStanding, target: str) -> Plan:
    """The plan from a standing, each step with what produces its evidence and which other questions it answers."""
    framework = standing.framework
    plan = smallest_plan(framework, standing.steps, target, not_applicable=standing.not_applicable)
    others = [other for other in frameworks() if other.name != framework.name]
    steps = [
        replace(
            step,
            how=_how(framework.questions[step.code]),
            moves=tuple(code for other in others for code in _moved(other, framework, step.codes)),
        )
        for step in plan.steps
    ]
    return replace(plan, steps=tuple(steps))


def _moved(other: Framework, framework: Framework, codes: Sequence[str]) -> tuple[str, ...]:
    """The questions of another framework that the same practice answers."""
    asked = [framework.questions[code].same_as or code for code in codes]
    return tuple(dict.fromkeys(each for code in asked for each in practice(other, code)))


def _how(question: Question) -> str:
    return PROOFS[question.proof].how if question.proof else f"Answer it with: {question.counts}"


def _next_target(framework: Framework, now: Score) -> str | None:
    """The level or band after the one that is reached; for coverage one question more; None at the top."""
    if framework.scoring == "coverage":
        more = (now.value or 0) + 1
        return f"{more:g} of {framework.highest:g}" if more <= framework.highest else None
    if framework.scoring == "levels":
        place, names = (-1 if now.value is None else int(now.value)), [each.name for each in framework.sections]
    else:
        names = [each.name for each in framework.bands]
        place = names.index(now.band) if now.band else 0
    return names[place + 1] if place + 1 < len(names) else None
