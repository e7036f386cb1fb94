"""What a gate found, and what follows: the one object that every format is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from plainview import requirements
from plainview.incidents import following as incidents

Outcome = Literal["pass", "fail", "not proven"]
Kind = Literal["requirement", "missing requirement", "missing scenario", "incident", "scenario", "changed demand"]
Follows = Literal["fail", "not proven", "report", "pass"]

EXIT_CODES: Mapping[Outcome, int] = {"pass": 0, "fail": 1, "not proven": 3}  # 2 is bad input
STATES: Mapping[Outcome, str] = {"pass": "Pass", "fail": "Fail", "not proven": "Watch"}  # of a gate
_MEASURED = requirements.STATES | incidents.STATES | {"worse": "Fail"}  # by what was found
ORDER: tuple[Follows, ...] = ("fail", "not proven", "report", "pass")


@dataclass(frozen=True)
class Finding:
    """One thing that the gate looked at."""

    kind: Kind
    name: str  # the requirement's id, the scenario's or the incident's name
    title: str  # what is looked at, in words
    status: str  # met, not met, unproven, no evidence, waived, missing, worse, open, came back, changed
    follows: Follows
    sentence: str
    priority: str = ""
    owner: str = ""

    @property
    def state(self) -> str:
        """The state that pages show: as it was measured, whatever its priority and whatever follows from it.

        What was not measured, as it is missing or demanded otherwise, is in the state of what follows.
        """
        return _MEASURED.get(self.status) or ("Fail" if self.follows == "fail" else "Watch")

    def to_dict(self) -> dict:
        """The finding as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Gate:
    """Whether a release passes, and everything it was judged by, what decides first."""

    project: str
    title: str
    release: str
    baseline: str | None  # the release it was held against; None where there is none
    outcome: Outcome
    sentence: str
    headline: str  # what changed since the baseline
    findings: tuple[Finding, ...]
    evaluation: str  # ULID of what was judged
    test_set: str
    examples: int
    judged_at: datetime  # when the evaluation was published: the same release gives the same text

    @property
    def exit_code(self) -> int:
        """0 pass, 1 fail, 3 not proven."""
        return EXIT_CODES[self.outcome]

    @cached_property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that make the outcome."""
        return tuple(row for row in self.findings if row.follows == self.outcome) if self.outcome != "pass" else ()

    def to_dict(self) -> dict:
        """The gate as plain values, as ``plainview gate --format json`` prints it."""
        return {
            "project": self.project,
            "release": self.release,
            "baseline": self.baseline,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "sentence": self.sentence,
            "headline": self.headline,
            "findings": [row.to_dict() for row in self.findings],
            "counts": {follows: sum(row.follows == follows for row in self.findings) for follows in ORDER},
            "evaluation": self.evaluation,
            "test_set": self.test_set,
            "examples": self.examples,
        }


def outcome_of(findings: Sequence[Finding]) -> Outcome:
    """The worst of what follows; not proven where no requirement was judged."""
    follows = {row.follows for row in findings}
    if "fail" in follows:
        return "fail"
    judged = any(row.kind == "requirement" for row in findings)
    return "not proven" if "not proven" in follows or not judged else "pass"


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What decides first; within it the must before the should, as they came otherwise."""
    priorities = ("", "must", "should", "could")
    return tuple(sorted(findings, key=lambda row: (ORDER.index(row.follows), priorities.index(row.priority))))
