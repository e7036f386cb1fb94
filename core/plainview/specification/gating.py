"""What a gate makes of a release, the optional key ``gate:`` of a specification: fails, is not proven, is told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from plainview.exceptions import nearest
from plainview.specification.faults import Fault
from plainview.specification.types import Model, Name, Prose

if TYPE_CHECKING:
    from plainview.specification.models import Specification

Consequence = Literal["fail", "not proven", "report"]
CONSEQUENCES: tuple[Consequence, ...] = ("fail", "not proven", "report")


class NotMet(Model):
    """What follows where a requirement of a priority is not met."""

    must: Consequence = "fail"
    should: Consequence = "report"
    could: Consequence = "report"


class NotProven(Model):
    """What follows where a requirement of a priority is unproven, or without evidence."""

    must: Consequence = "not proven"
    should: Consequence = "report"
    could: Consequence = "report"


class Dropped(Model):
    """A requirement or a scenario that was taken out on purpose: said, so that the gate does not miss it."""

    requirement: Name | None = None
    scenario: Name | None = None
    reason: Prose

    @model_validator(mode="after")
    def _one_of_them(self) -> "Dropped":
        if (self.requirement is None) == (self.scenario is None):
            found = "neither" if self.requirement is None else "both"
            raise ValueError(f"found {found} of requirement and scenario; exactly one was expected")
        return self


class GateRules(Model):
    """The rules of a gate. Without the key these defaults hold."""

    baseline: Name = "previous"  # or "best", "approved", or the name of a release
    not_met: NotMet = NotMet()
    not_proven: NotProven = NotProven()
    missing: Consequence = "fail"  # what the baseline's specification had and this one dropped without a word
    came_back: Consequence = "fail"  # an incident that was fixed and is wrong again
    open_incident: Consequence = "report"  # an incident that was never fixed
    worse: Consequence = "report"  # a scenario that is shown to be worse, on the headline metric
    dropped: tuple[Dropped, ...] = ()

    def dropped_on_purpose(self, kind: Literal["requirement", "scenario"]) -> dict[str, str]:
        """The names of what was dropped, with the reason."""
        return {getattr(each, kind): each.reason for each in self.dropped if getattr(each, kind) is not None}


def gate_faults(specification: "Specification") -> Iterator[Fault]:
    """What is called dropped and is still there."""
    there = {
        "requirement": {each.id for each in specification.requirements},
        "scenario": {each.name for each in specification.scenarios},
    }
    for index, each in enumerate(specification.gate.dropped):
        for kind, names in there.items():
            name = getattr(each, kind)
            if name in names:
                message = f"the {kind} {name!r} is still there; take it out, or leave it out of dropped"
                yield Fault(("gate", "dropped", index, kind), message)


def consequence(text: str) -> Consequence:
    """A consequence as options write it; ValueError with the nearest word."""
    word = text.strip().replace("-", " ").replace("_", " ").casefold()
    if word not in CONSEQUENCES:
        raise ValueError(f"{text.strip()!r} is none of fail, not-proven and report. {nearest(word, CONSEQUENCES)}")
    return word
