"""Where one release stands on one requirement, and the order in which requirements need attention."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from plainview.waivers import Waiver

Status = Literal["met", "not met", "unproven", "no evidence", "waived"]
Demand = Literal["at_least", "at_most", "within", "no_worse_than"]

STATUSES: tuple[Status, ...] = ("not met", "no evidence", "unproven", "waived", "met")  # the most urgent first
STATES = {"met": "Pass", "not met": "Fail", "unproven": "Watch", "waived": "Watch", "no evidence": "No evidence"}
PRIORITIES = ("must", "should", "could")


@dataclass(frozen=True)
class Standing:
    """Where one release stands on one requirement. Numbers are in the metric's own unit: 0.012 is 1.2 points."""

    id: str
    title: str  # what is demanded, in words
    status: Status
    value: float | None
    low: float | None
    high: float | None
    bar: float | None  # for "no worse than": the baseline's value
    distance: float | None  # how far the value lies on the good side of the bar; negative on the bad side
    sentence: str
    scenario: str
    metric: str
    behaviour: str | None
    priority: str
    owner: str | None
    reason: str | None
    errors_to_flip: int | None = None  # more errors that would undo "met", where the metric counts errors
    more_examples_needed: int | None = None
    rule: str = "interval"
    errors_to_meet: int | None = None  # errors fewer that would make it met, where the metric counts errors
    out_of_reach: bool = False  # even without a single error, so few examples could not meet it
    room: float | None = None  # as ``distance``, of the end of the interval that decides: above 0 where it is met
    demand: Demand = "at_least"
    baseline: str | None = None  # for "no worse than": the release it was compared with
    measured: Status | None = None  # where it is waived: the status that was measured
    waivers: tuple["Waiver", ...] = ()  # all that name it, the latest first, lapsed ones too
    to_judge: bool = False  # so many more examples only reach the minimum that judging needs

    @property
    def state(self) -> str:
        """The state that pages show: Pass, Watch, Fail or No evidence."""
        return STATES[self.status]

    @property
    def waiver(self) -> "Waiver | None":
        """The waiver that counts: the latest one in force; None unless the status is "waived"."""
        return next((each for each in self.waivers if each.in_force), None) if self.status == "waived" else None

    def to_dict(self) -> dict:
        """The standing as plain values, as ``plainview show --json`` prints it."""
        waived = {"measured": self.measured or self.status, "waivers": [each.to_dict() for each in self.waivers]}
        return asdict(self) | waived


def by_priority(standings: Sequence[Standing]) -> list[Standing]:
    """What needs attention first: not met, no evidence, unproven, and within each the must before the should."""
    return sorted(standings, key=lambda row: (STATUSES.index(row.status), _rank(row)))


def ranked(standings: Sequence[Standing]) -> list[Standing]:
    """The open ones before those that are met, and among the open ones every must before every should."""
    return sorted(standings, key=lambda row: (row.status == "met", _rank(row), STATUSES.index(row.status)))


def _rank(row: Standing) -> int:
    return PRIORITIES.index(row.priority) if row.priority in PRIORITIES else len(PRIORITIES)


def counts(standings: Sequence[Standing]) -> Mapping[str, int]:
    """How many requirements have each status, those without any left out."""
    return {
        status: sum(row.status == status for row in standings) for status in sorted({row.status for row in standings})
    }
