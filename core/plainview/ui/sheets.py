"""A person's sheet of answers to one framework: what they drafted, what they answered before, what is suggested and open.

Every answer is kept as a draft the moment it is given, in the store: a browser may close, and another machine go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import streamlit as st
from pydantic import ValidationError

from plainview.exceptions import PlainviewError
from plainview.narrative.assessments import suggested_sentence
from plainview.readiness import (
    Difference,
    Facts,
    Framework,
    FrameworkStanding,
    Given,
    QuestionStanding,
    Reply,
    differences,
    drafts_of,
    keep_draft,
    newest_submission,
    own_answers,
    submit,
)
from plainview.readiness.answers import SUBMITTED
from plainview.records import Event
from plainview.ui import access, cached_readiness, links, writing

FAULT = "assess_fault"  # in the session: why the last answer could not be kept


@dataclass(frozen=True)
class Sheet:
    """What one person has to do with one framework, for one release."""

    standing: FrameworkStanding
    facts: Facts
    person: str

    @property
    def framework(self) -> Framework:
        """The framework."""
        return self.standing.framework

    @cached_property
    def rows(self) -> dict[str, QuestionStanding]:
        """Where each question stands."""
        return {row.question.code: row for row in self.standing.questions}

    @cached_property
    def drafts(self) -> dict[str, Reply]:
        """What waits to be submitted."""
        return drafts_of(self.facts, self.framework, actor=self.person)

    @cached_property
    def earlier(self) -> dict[str, Given]:
        """What the person submitted last, expired answers too."""
        return own_answers(self.facts, self.framework, actor=self.person)

    @cached_property
    def open(self) -> list[str]:
        """The questions without a draft, and without an answer of the person's that still counts."""
        return [code for code in self.framework.questions if code not in self.drafts and not self._counts(code)]

    def _counts(self, code: str) -> bool:
        return code in self.earlier and not self.earlier[code].expired

    def suggestion(self, code: str) -> tuple[str, str] | None:
        """The answer that is offered first, and why: the draft, the person's last one, else what artifacts come to."""
        if code in self.drafts:
            return self.drafts[code].answer, ""
        if code in self.earlier:
            return self.earlier[code].answer, ""
        row = self.rows[code]
        step = row.evidenced_step
        if row.evidence is None or step is None:
            return None
        answer = self.framework.answers.at(step).key
        return answer, suggested_sentence(answer, row.evidence.sentence)

    @property
    def suggested(self) -> dict[str, str]:
        """The open questions with an answer that is suggested."""
        found = {code: self.suggestion(code) for code in self.open}
        return {code: each[0] for code, each in found.items() if each and each[0] != "not applicable"}

    @property
    def changes(self) -> list[Difference]:
        """What submitting the drafts would change."""
        return differences(self.facts, self.framework, self.drafts, actor=self.person)

    @property
    def newest(self) -> str:
        """The newest submission of anyone; empty where there is none."""
        return newest_submission(self.facts, self.framework)

    def came_since(self, seen: str) -> list[str]:
        """Who else has submitted since a submission."""
        ids = [each.id for each in self.facts.written(SUBMITTED) if each.body.get("framework") == self.framework.name]
        after = ids[ids.index(seen) + 1 :] if seen in ids else ids if not seen else []
        by = {each.id: each.actor for each in self.facts.written(SUBMITTED)}
        return list(dict.fromkeys(by[each] for each in after if by[each] != self.person))


def sheet(project: str, release: str, framework: Framework) -> Sheet:
    """The reader's sheet, as the store has it this moment."""
    standing = cached_readiness.readiness(project, release).standing(framework)
    return Sheet(standing, cached_readiness.facts(project, release), access.person())


def written(code: str, sheet: Sheet) -> dict:
    """What is written beside an answer: as it stands in the boxes, else as it was."""
    before = sheet.drafts.get(code) or sheet.earlier.get(code)
    days = before.days if isinstance(before, Reply) else (before.until - before.at.date()).days if before else None
    return {
        "note": before.note if before and before.note else "",
        "links": "\n".join(before.links) if before else "",
        "every_release": before.every_release if before else False,
        "days": days or Reply.model_fields["days"].default,
    }


def key(what: str, sheet: Sheet, code: str) -> str:
    """The key of a box of a question."""
    return f"assess_{what}_{sheet.standing.project}_{sheet.framework.name}_{code}"


def keep(sheet: Sheet, code: str, answer: str, *, reason: str | None = None, then: str | None = None) -> None:
    """Keep an answer as a draft, with what stands beside it, and go on to the question ``then``; called by a button."""
    boxes = {what: st.session_state.get(key(what, sheet, code), value) for what, value in written(code, sheet).items()}
    given = {
        "answer": answer,
        "note": boxes["note"].strip() or None,
        "links": [line.strip() for line in boxes["links"].splitlines() if line.strip()],
        "every_release": boxes["every_release"],
        "days": int(boxes["days"]),
        "evidence": _artifacts(sheet, code),
        "reason": (reason or "").strip() or None,
    }

    def written_down(person: str) -> Event:
        return keep_draft(sheet.facts, sheet.framework, code, Reply.model_validate(given), actor=person)

    if _tried(written_down, sheet) and then is not None:
        go_on(sheet, code, then)


def _artifacts(sheet: Sheet, code: str) -> list[str]:
    """The artifacts that were shown with a question, as far as they are this project's."""
    evidence = sheet.rows[code].evidence
    known = {each.id for each in (*sheet.facts.evaluations, *sheet.facts.events)}
    return [each for each in evidence.artifacts if each in known][:200] if evidence else []


def keep_suggested(sheet: Sheet) -> None:
    """Keep every suggested answer as a draft; what was written beside an earlier one stays beside it."""
    for code, answer in sheet.suggested.items():
        keep(sheet, code, answer)
    links.choose("question", None)


def go_on(sheet: Sheet, code: str, then: str) -> None:
    """To the next question that is open, after this one; where there is none, to the review."""
    left = [each for each in sheet.open if each != code]
    codes = list(sheet.framework.questions)
    after = [each for each in left if codes.index(each) > codes.index(code)]
    if after or left:
        links.choose("question", (after or left)[0])
    else:
        links.choose("view", then)


def hand_in(sheet: Sheet, seen: str) -> None:
    """Submit the drafts, all or none; ``seen`` is the newest submission that the page had shown."""
    number = len(sheet.drafts)
    if _tried(lambda person: submit(sheet.facts, sheet.framework, sheet.drafts, actor=person, seen=seen), sheet):
        st.session_state["assess_submitted"] = number
        links.choose("view", "done")


def _tried(keep: Callable[[str], object], sheet: Sheet) -> bool:
    """Write, or keep the reason why not for the page to say."""
    st.session_state.pop(FAULT, None)
    try:
        writing.written(sheet.standing.project, keep)
    except PlainviewError as error:
        st.session_state[FAULT] = str(error)
    except ValidationError as error:
        st.session_state[FAULT] = "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors()) + "."
    return FAULT not in st.session_state
