"""Scales of answers, and the one table that maps them onto each other: how far a practice has come, in five steps.

| step | in words                                  | grades 0..4 | activity | automation | gate |
|------|-------------------------------------------|-------------|----------|------------|------|
| 0    | nothing in place                          | 0           | no       | 0          | no   |
| 1    | ad hoc, by one person                     | 1           | partly   | 0          | no   |
| 2    | done and documented, by hand              | 2           | partly   | 0.5        | no   |
| 3    | automated                                 | 3           | yes      | 1          | yes  |
| 4    | automated, monitored, reviewed on schedule| 4           | yes      | 1          | yes  |

"yes" is 3 or 4, automated is 1, by hand is 2 and 0.5; half done is "partly", which is not met. An answer says which steps
are possible; where several answers leave more than one, the lowest counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from plainview.exceptions import nearest
from plainview.specification.types import spoken

Outcome = Literal["met", "partly met", "not met", "not answered", "not applicable", "evidence expired"]
OUTCOMES: tuple[Outcome, ...] = ("met", "partly met", "not met", "not answered", "not applicable", "evidence expired")
NOT_APPLICABLE = "not applicable"
TOP = 4  # the highest step
STEPS = (
    "nothing in place",
    "ad hoc, by one person",
    "done and documented, by hand",
    "automated",
    "automated, monitored and reviewed on a schedule",
)


@dataclass(frozen=True)
class Mark:
    """One answer that a scale offers."""

    key: str  # as it is written in files and events
    words: str  # what it means
    outcome: Outcome
    points: float
    low: int  # the steps that it may stand for
    high: int


@dataclass(frozen=True)
class Scale:
    """The answers that a question offers, from the lowest."""

    name: str
    marks: tuple[Mark, ...]

    @property
    def top(self) -> float:
        """The most points of a question."""
        return self.marks[-1].points

    def at(self, step: int) -> Mark:
        """The mark that stands for a step of the table."""
        return next(mark for mark in self.marks if mark.low <= step <= mark.high)

    def read(self, value: Any) -> str:
        """The key of an answer however it was written: 1.0 is "1", "Yes" is "yes"; ValueError with what was expected."""
        keys = [mark.key for mark in self.marks]
        text = str(value).strip().casefold()
        if text == NOT_APPLICABLE:
            return NOT_APPLICABLE
        text = {"true": "yes", "false": "no"}.get(text, text)
        found = text if text in keys else _number_among(text, keys)
        if found is None:
            raise ValueError(f"found {spoken(value)}. {nearest(text, [*keys, NOT_APPLICABLE])}")
        return found

    def mark(self, key: str) -> Mark | None:
        """The mark of a key; None for "not applicable" and for what the scale does not offer."""
        return next((mark for mark in self.marks if mark.key == key), None)


def _number_among(text: str, keys: Iterable[str]) -> str | None:
    try:
        number = float(text)
        return next((key for key in keys if float(key) == number), None)
    except ValueError:
        return None


def _scale(name: str, *marks: tuple[str, str, Outcome, float, int, int]) -> Scale:
    return Scale(name, tuple(Mark(*mark) for mark in marks))


SCALES = {
    scale.name: scale
    for scale in (
        _scale(
            "grades",
            ("0", STEPS[0], "not met", 0, 0, 0),
            ("1", STEPS[1], "partly met", 1, 1, 1),
            ("2", STEPS[2], "partly met", 2, 2, 2),
            ("3", STEPS[3], "met", 3, 3, 3),
            ("4", STEPS[4], "met", 4, 4, 4),
        ),
        _scale(
            "activity",
            ("no", "not done", "not met", 0, 0, 0),
            ("partly", "begun, or done by hand now and then", "partly met", 0, 1, 2),
            ("yes", "done for every release", "met", 1, 3, 4),
        ),
        _scale(
            "automation",
            ("0", "not done", "not met", 0, 0, 1),
            ("0.5", "done by hand, results documented and distributed", "partly met", 0.5, 2, 2),
            ("1", "run automatically and repeatedly", "met", 1, 3, 4),
        ),
        _scale("gate", ("no", "not yet", "not met", 0, 0, 2), ("yes", "passed", "met", 1, 3, 4)),
    )
}


def agreed(ranges: Iterable[tuple[int, int]]) -> int | None:
    """The step that several answers, each with its possible steps, come to; None without any.

    The lowest step that all of them allow; where they contradict each other, the highest that the most cautious allows.
    """
    ranges = list(ranges)
    if not ranges:
        return None
    lowest, highest = max(low for low, _ in ranges), min(high for _, high in ranges)
    return min(lowest, highest)
