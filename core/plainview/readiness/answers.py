"""Answers to the questions of a framework: drafted, submitted, read again. Events, and events are only ever added.

A draft is an event of the kind ``answer``, one question of one person; a submission is one event of the kind ``assessment``
with every answer of it, so that it is kept whole or not at all. Per person and question the latest submitted answer counts.
It expires when another release is the latest, when the test set has changed, or after its period (default: 180 days); an
answer that holds ``every_release``, being of the way of working rather than of the product, expires by its period alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from plainview.exceptions import InputError, nearest
from plainview.narrative.readiness import moved_on
from plainview.readiness.facts import Facts
from plainview.readiness.framework import Framework, Link
from plainview.readiness.loading import NAMES
from plainview.readiness.reading import read_model
from plainview.readiness.scales import NOT_APPLICABLE, SCALES
from plainview.records import Event
from plainview.specification.faults import Fault
from plainview.specification.types import Model, Name, Prose
from plainview.store import DamagedItem
from plainview.store.events import key_of

DRAFT, SUBMITTED = "answer", "assessment"  # kinds of event
DAYS = 180
MAX_DAYS = 1_830


class Reply(Model):
    """What a person answers to one question. A bare value is a reply without anything else."""

    answer: Name
    note: Prose | None = None
    links: tuple[Link, ...] = Field(default=(), max_length=50)
    evidence: tuple[Name, ...] = Field(default=(), max_length=200)  # ids of evaluations and events in the store
    reason: Prose | None = None  # why the question does not apply
    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] = DAYS
    every_release: bool = False

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping) else {"answer": value}

    @model_validator(mode="after")
    def _explained(self) -> "Reply":
        if (self.answer.casefold() == NOT_APPLICABLE) != (self.reason is not None):
            raise ValueError(
                'a reason belongs to "not applicable", which needs one; elsewhere write a note'
                if self.reason
                else '"not applicable" needs a reason'
            )
        return self


class _File(Model):
    """A file of answers."""

    framework: Name | None = None
    answers: dict[Name, Reply] = Field(min_length=1)


class _Body(BaseModel):
    """What a submission holds. A later Plainview may add to it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    framework: Name
    scale: Name
    test_set: Name
    seen: Name | None = None  # the newest submission that the person knew of
    same_as: dict[Name, Name] = Field(default_factory=dict)
    answers: dict[Name, dict]


@dataclass(frozen=True)
class Given:
    """An answer that was submitted, as it is read on a day."""

    framework: str
    code: str
    same_as: str | None  # of a team's own question: the one of the shared bank that asks the same
    scale: str
    answer: str  # a mark of the scale, or "not applicable"
    by: str
    at: datetime
    release: str | None
    note: str | None
    links: tuple[str, ...]
    evidence: tuple[str, ...]
    reason: str | None
    until: date  # its last day
    every_release: bool
    expired: str  # why it does not count any more, in words; empty where it counts
    event: str  # id of the submission

    @property
    def applies(self) -> bool:
        """Whether it is an answer, and not that the question does not apply."""
        return self.answer != NOT_APPLICABLE

    @property
    def steps(self) -> tuple[int, int]:
        """The steps of `scales` that it may stand for."""
        mark = SCALES[self.scale].mark(self.answer)
        return (mark.low, mark.high) if mark else (0, 0)

    def to_dict(self) -> dict:
        """The answer as plain values."""
        return asdict(self) | {"at": self.at.isoformat(), "until": self.until.isoformat()}


@dataclass(frozen=True)
class Difference:
    """What a submission would change: the question, and the person's answers before and after."""

    code: str
    before: str | None
    after: str


def read_answers(text: str, framework: Framework, *, name: str = "answers") -> dict[str, Reply]:
    """Answers from YAML: ``answers: {EA1: yes, EA7: {answer: not applicable, reason: …}}``.

    Raises InputError that lists everything that is wrong, each with line, column and the nearest right name.
    """
    file = read_model(text, _File, name=name, faults=lambda read: _faults(read, framework))
    return checked(file.answers, framework)


def checked(replies: Mapping[str, Reply], framework: Framework) -> dict[str, Reply]:
    """Replies with each answer as its scale writes it; InputError for an unknown question or answer."""
    found = {}
    for code, reply in replies.items():
        framework.question(code)
        try:
            found[code] = reply.model_copy(update={"answer": framework.answers.read(reply.answer)})
        except ValueError as error:
            raise InputError(f"{code}: {error}") from None
    return found


def _faults(read: _File, framework: Framework) -> Iterator[Fault]:
    if read.framework not in (None, framework.name):
        yield Fault(("framework",), f"the answers are to {read.framework!r}, and {framework.name!r} was asked for")
    for code, reply in read.answers.items():
        if code not in framework.questions:
            found = f"{framework.title} has no question {code!r}. {nearest(code, framework.questions)}"
            yield Fault(("answers", code), found, key=True)
            continue
        try:
            framework.answers.read(reply.answer)
        except ValueError as error:
            yield Fault(("answers", code, "answer"), str(error))


def submit(
    facts: Facts,
    framework: Framework,
    replies: Mapping[str, Reply],
    *,
    actor: str | None = None,
    seen: str | None = None,
) -> Event:
    """Submit answers for the release that ``facts`` are of; one event, kept whole or not at all.

    ``seen`` is the id of the newest submission that the person knew of, empty where there was none (default: the newest that
    ``facts`` know), so that two who submit at once are found.

    Raises InputError for an unknown question, answer or evidence id; nothing is written.
    """
    if not replies:
        raise InputError("There is no answer to submit.")
    replies = checked(replies, framework)
    _check_evidence(facts, replies)
    body = {
        "framework": framework.name,
        "scale": framework.scale,
        "test_set": facts.test_sets[0],
        "seen": (newest_submission(facts, framework) if seen is None else seen) or None,
        "same_as": {code: other for code in replies if (other := framework.question(code).same_as)},
        "answers": {code: reply.model_dump(mode="json", exclude_defaults=True) for code, reply in replies.items()},
    }
    return facts.store.append_event(SUBMITTED, facts.project, release=facts.release, body=body, actor=actor)


def _check_evidence(facts: Facts, replies: Mapping[str, Reply]) -> None:
    known = {each.id for each in (*facts.evaluations, *facts.events)}
    for code, reply in replies.items():
        for name in reply.evidence:
            if name not in known:
                raise InputError(
                    f"{code}: the store has no evaluation or event {name!r}. {nearest(name, sorted(known))}"
                )


def keep_draft(facts: Facts, framework: Framework, code: str, reply: Reply, *, actor: str | None = None) -> Event:
    """Keep an answer as a draft, which counts for nothing and is there on any machine until its person submits."""
    reply = checked({code: reply}, framework)[code]
    body = {"framework": framework.name, "code": code, "answer": reply.model_dump(mode="json", exclude_defaults=True)}
    return facts.store.append_event(DRAFT, facts.project, release=facts.release, body=body, actor=actor)


def drafts_of(facts: Facts, framework: Framework, *, actor: str) -> dict[str, Reply]:
    """A person's drafts of a framework since they last submitted it, the latest of each question, by its code."""
    mine = [each for each in facts.events if each.actor == actor and each.body.get("framework") == framework.name]
    last = next((at for at, each in reversed([*enumerate(mine)]) if each.kind == SUBMITTED), -1)
    found: dict[str, Reply] = {}
    for event in mine[last + 1 :]:
        code = str(event.body.get("code"))
        if event.kind != DRAFT or code not in framework.questions:
            continue
        try:
            found[code] = Reply.model_validate(event.body.get("answer"))
        except ValidationError:
            continue  # a later Plainview wrote it
    return found


def differences(facts: Facts, framework: Framework, replies: Mapping[str, Reply], *, actor: str) -> list[Difference]:
    """What submitting would change of a person's own current answers, in the order of the framework."""
    before = {
        code: each.answer for code, each in own_answers(facts, framework, actor=actor).items() if not each.expired
    }
    after = {code: reply.answer for code, reply in checked(replies, framework).items()}
    rows = [Difference(code, before.get(code), after[code]) for code in framework.questions if code in after]
    return [row for row in rows if row.before != row.after]


def own_answers(facts: Facts, framework: Framework, *, actor: str) -> dict[str, Given]:
    """A person's own latest answers to a framework by its codes, expired ones too."""
    mine = [each for each in given_answers(facts)[0] if each.by == actor and each.framework == framework.name]
    return {each.code: each for each in mine if each.code in framework.questions}


def newest_submission(facts: Facts, framework: Framework) -> str:
    """The id of the newest submission of a framework that ``facts`` know; empty where there is none."""
    known = [event.id for event in facts.written(SUBMITTED) if event.body.get("framework") == framework.name]
    return known[-1] if known else ""


def given_answers(facts: Facts) -> tuple[list[Given], list[DamagedItem]]:
    """Each person's latest answer to each question of every framework, oldest first; and submissions that make no sense."""
    newest: list[list[Given]] = []
    seen: set[tuple[str, str, str]] = set()
    unreadable = []
    for event in reversed(facts.written(SUBMITTED)):
        try:
            body, replies = facts.reading.once(("submission", event.id), lambda event=event: _parsed(event))
        except ValidationError as error:
            field = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
            reason = f"An assessment whose {field!r} cannot be understood. Its answers do not count."
            unreadable.append(DamagedItem(key_of(event), reason, "Upgrade Plainview, or submit the answers again."))
            continue
        new = {code: reply for code, reply in replies.items() if (event.actor, body.framework, code) not in seen}
        seen.update((event.actor, body.framework, code) for code in new)
        newest.append(_given(event, body, new, facts))
    return [each for given in reversed(newest) for each in given], unreadable[::-1]


def _given(event: Event, body: _Body, replies: Mapping[str, "_Stored"], facts: Facts) -> list[Given]:
    found = []
    for code, reply in replies.items():
        until = event.at.date() + timedelta(days=reply.days)
        moved = "" if reply.every_release else moved_on(event.release, facts.release, body.test_set in facts.test_sets)
        over = f"it held for {reply.days} days" if facts.now.date() > until else ""
        found.append(
            Given(
                framework=body.framework,
                code=code,
                same_as=body.same_as.get(code) if body.framework not in NAMES else None,
                scale=body.scale,
                answer=reply.answer,
                by=event.actor,
                at=event.at,
                release=event.release,
                note=reply.note,
                links=reply.links,
                evidence=reply.evidence,
                reason=reply.reason,
                until=until,
                every_release=reply.every_release,
                expired=moved or over,
                event=event.id,
            )
        )
    return found


def _parsed(event: Event) -> tuple[_Body, dict[str, "_Stored"]]:
    body = _Body.model_validate(event.body)
    return body, {code: _stored(answer, body.scale) for code, answer in body.answers.items()}


def _stored(answer: Mapping[str, Any], scale: str) -> "_Stored":
    """A reply as an event has it. Most have an answer and nothing else: those that are alike are checked once."""
    if list(answer) == ["answer"] and isinstance(answer["answer"], str):
        return _bare(answer["answer"], scale)
    return _Stored.model_validate({**answer, "scale": scale})


@lru_cache(maxsize=256)
def _bare(answer: str, scale: str) -> "_Stored":
    return _Stored.model_validate({"answer": answer, "scale": scale})


class _Stored(Reply):
    """A reply as an event has it: with its scale, and perhaps with what a later Plainview added."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    scale: Name

    @model_validator(mode="after")
    def _on_the_scale(self) -> "_Stored":
        if self.scale not in SCALES or (self.answer != NOT_APPLICABLE and SCALES[self.scale].mark(self.answer) is None):
            raise ValueError("no answer of its scale")
        return self


def at_once(facts: Facts, framework: str) -> list[tuple[Event, Event]]:
    """Submissions of a framework by two people of which the later did not know the earlier, each the latest of its person."""
    of_it = [each for each in facts.written(SUBMITTED) if each.body.get("framework") == framework]
    order = {each.id: at for at, each in enumerate(of_it)}
    latest = {each.actor: each for each in of_it}.values()
    return [
        (one, other)
        for one in latest
        for other in latest
        if one.actor != other.actor and order.get(str(other.body.get("seen")), -1) < order[one.id] < order[other.id]
    ]


def people(answers: Sequence[Given]) -> list[str]:
    """Who gave some answers, each once, in order."""
    return list(dict.fromkeys(each.by for each in answers))
