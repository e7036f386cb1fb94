"""A readiness framework, and the one scorer of all of them.

A framework is a file of sections with questions; it says how they are scored:

- ``levels``: the sections are levels in order. A level is reached where every question of it **and** of all lower ones is met.
- ``sum``: all points, and the band that the sum lies in.
- ``minimum``: the points of the weakest section, and its band.
- ``coverage``: how many questions are met; no band.

"Not applicable", unanswered and expired questions give nothing and raise nothing, in any framework. Without a single answer
that counts there is no score, which is not the same as a score of 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from plainview.exceptions import InputError, nearest
from plainview.readiness.scales import SCALES, TOP, Mark, Scale
from plainview.specification.types import Model, Name, Number, Positive, Prose, Slug

NOT_ASSESSED = "not assessed"


def _link(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f"found {text[:60]!r}; expected an address that begins with https://")
    return text


Link = Annotated[Name, AfterValidator(_link)]


class Source(Model):
    """Where a framework comes from."""

    title: Name
    link: Link


class Question(Model):
    """One question of a framework."""

    code: Name  # stable: answers name it
    title: Name
    asks: Prose
    why: Prose  # why it matters, one sentence
    counts: Prose  # what counts as evidence, one sentence
    proof: Name | None = None  # the row of `evidence.PROOFS` that proves it from the store; None: no artifact can
    effort: Positive = 2.0  # person-days to get there, as the framework declares it
    anchors: dict[Name, Prose] = Field(default_factory=dict)  # what its answers mean, where not as the framework says
    same_as: Name | None = None  # a question of the shared bank that asks the same


class Section(Model):
    """A level, category or section. Questions without ``why`` and ``counts`` have those of their section."""

    name: Name
    title: Name | None = None
    code: Name | None = None
    why: Prose | None = None
    counts: Prose | None = None
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _handed_down(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(value.get("questions"), list):
            return value
        own = {name: value[name] for name in ("why", "counts") if name in value}
        questions = [own | each if isinstance(each, Mapping) else each for each in value["questions"]]
        return {**value, "questions": questions}


class Band(Model):
    """A range of scores with a name, up to its upper end."""

    name: Name
    says: Prose
    below: Number | None = None  # the end, not itself in the band
    up_to: Number | None = None  # the end, in the band; neither: the highest band

    def holds(self, value: float) -> bool:
        """Whether a value that no lower band holds is in this one."""
        if self.below is not None:
            return value < self.below
        return self.up_to is None or value <= self.up_to


class Framework(Model):
    """A readiness framework; made by ``load_framework``."""

    name: Slug
    title: Name
    short: Name | None = None  # the title where there is little room
    source: Source
    says_not: Prose  # what its score does not say
    scoring: Literal["levels", "sum", "minimum", "coverage"]
    scale: Literal["grades", "activity", "automation", "gate"]
    anchors: dict[Name, Prose] = Field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its code, as written."""
        return {question.code: question for section in self.sections for question in section.questions}

    @property
    def short_title(self) -> str:
        """The title where there is little room."""
        return self.short or self.title

    @property
    def answers(self) -> Scale:
        """The scale that its questions are answered on."""
        return SCALES[self.scale]

    def question(self, code: str) -> Question:
        """The question of a code; InputError with the nearest one."""
        if code not in self.questions:
            raise InputError(f"{self.title} has no question {code!r}. {nearest(code, self.questions)}")
        return self.questions[code]

    def marks(self, code: str) -> list[tuple[Mark, str]]:
        """The answers that a question offers, the lowest first, each with what it means."""
        own = self.anchors | self.question(code).anchors
        return [(mark, own.get(mark.key, mark.words)) for mark in self.answers.marks]

    def band(self, value: float) -> Band | None:
        """The band that a score lies in; None for a framework without bands."""
        return next((band for band in self.bands if band.holds(value)), None)

    def target(self, text: str) -> float:
        """The least score of a level or band, by its name, or a number as it stands ("12", "12 of 51"); InputError with the
        nearest name.

        Levels are counted from 0. The least score of a band is the first above those below it that points can make.
        """
        names = [each.name for each in (self.sections if self.scoring == "levels" else self.bands)]
        place = next((at for at, name in enumerate(names) if name.casefold() == text.strip().casefold()), None)
        if place is not None:
            return float(place) if self.scoring == "levels" else self._least(place)
        try:
            number = float(text.partition(" of ")[0])
        except ValueError:
            number = -1.0
        whole = self.scoring in ("sum", "minimum") or number.is_integer()
        if not (whole and 0 <= number <= self.highest):
            raise InputError(f"{self.title} has nothing called {text!r} to reach. {nearest(text, names)}")
        return number

    def _least(self, place: int) -> float:
        if place == 0:
            return 0.0
        under = self.bands[place - 1]
        return under.below if under.below is not None else (under.up_to or 0.0) + self.answers.marks[1].points

    @property
    def highest(self) -> float:
        """The highest score that there is."""
        if self.scoring == "levels":
            return float(len(self.sections) - 1)
        if self.scoring == "coverage":
            return float(len(self.questions))
        tops = [len(section.questions) * self.answers.top for section in self.sections]
        return float(sum(tops) if self.scoring == "sum" else min(tops))

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions.values())


@dataclass(frozen=True)
class SectionScore:
    """A section's part of a score."""

    name: str
    points: float
    top: float
    met: int
    questions: int
    answered: int  # questions with an answer that counts

    @property
    def share(self) -> float:
        """Of the points that there are, the share it has: sections of different sizes compared."""
        return self.points / self.top


@dataclass(frozen=True)
class Score:
    """What a framework's questions come to."""

    value: float | None  # None: no answer counts, or not even the lowest level is reached; ``label`` says which
    label: str  # "L1", "below L0", "41 of 88", "1.5 of 7", "12 of 51", "not assessed"
    band: str  # its name; empty without bands, and where there is no value
    says: str  # what the band says
    met: int
    answered: int
    questions: int
    sections: tuple[SectionScore, ...]
    weakest: str  # the section with the smallest share of its points; empty where nothing is assessed, and for levels

    def reaches(self, target: float) -> bool:
        """Whether the score is at least ``target``, see `Framework.target`."""
        return self.value is not None and self.value >= target - 1e-9

    def to_dict(self) -> dict:
        """The score as plain values."""
        return asdict(self)


def score(framework: Framework, steps: Mapping[str, int]) -> Score:
    """The score of answers that count: by a question's code, how far its practice has come, 0 to 4 (see `scales`).

    Codes that are missing are unanswered. Those that the framework does not know are passed over; InputError for a step
    that does not exist.
    """
    for code, step in steps.items():
        if not 0 <= step <= TOP:
            raise InputError(f"The step of {code} must be 0 to {TOP}. Got {step!r} instead.")
    sections = tuple(_section(framework, section, steps) for section in framework.sections)
    met, answered = sum(each.met for each in sections), sum(each.answered for each in sections)
    value, label = _value(framework, sections, answered)
    band = framework.band(value) if value is not None else None
    ranked = framework.scoring != "levels" and answered > 0
    return Score(
        value=value,
        label=label,
        band=band.name if band else "",
        says=band.says if band else "",
        met=met,
        answered=answered,
        questions=len(framework.questions),
        sections=sections,
        weakest=min(sections, key=lambda each: each.share).name if ranked else "",
    )


def _section(framework: Framework, section: Section, steps: Mapping[str, int]) -> SectionScore:
    scale = framework.answers
    marks = [scale.at(steps[each.code]) for each in section.questions if each.code in steps]
    met = sum(mark.outcome == "met" for mark in marks)
    counted = framework.scoring in ("sum", "minimum")
    return SectionScore(
        name=section.name,
        points=sum(mark.points for mark in marks) if counted else float(met),
        top=len(section.questions) * (scale.top if counted else 1),
        met=met,
        questions=len(section.questions),
        answered=len(marks),
    )


def _value(framework: Framework, sections: tuple[SectionScore, ...], answered: int) -> tuple[float | None, str]:
    if not answered:
        return None, NOT_ASSESSED
    if framework.scoring == "levels":
        reached = next((at for at, each in enumerate(sections) if each.met < each.questions), len(sections)) - 1
        return (float(reached), sections[reached].name) if reached >= 0 else (None, f"below {sections[0].name}")
    if framework.scoring == "minimum":
        weakest = min(sections, key=lambda each: each.points)
        return weakest.points, f"{weakest.points:g} of {weakest.top:g}"
    total = sum(each.points for each in sections)
    return total, f"{total:g} of {framework.highest:g}"
