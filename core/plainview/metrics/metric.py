"""A row of the table of metrics, and how it is written in results and requirements."""

from dataclasses import dataclass
from typing import Literal

from plainview.methods import Family

Direction = Literal["higher", "lower", "zero"]
Unit = Literal["proportion", "label", "number"]  # "label": the units of what is predicted; "number": none


@dataclass(frozen=True)
class Metric:
    """A row of the table."""

    name: str
    title: str  # for people; {name} is the class or the column that it is measured of
    sentence: str  # what it says, for a product manager
    tasks: tuple[str, ...]
    family: Family  # how it is estimated and compared
    direction: Direction = "higher"  # which values are better; "zero": the nearer to zero
    unit: Unit = "proportion"
    counted: tuple[str, str] = ("example", "examples")  # what its denominator counts: one, and many
    per_class: bool = False
    per_quantile: bool = False  # of a quantile that its key names, as quantile_loss[0.9]
    per_column: bool = False  # of a column of answers that its key names, as mean[seconds]; else of the prediction
    alone: str = ""  # the title where no column is named
    part: str = ""  # which part of the task's contributions it reads; {name} is the class or the column
    flips: str = ""  # the part in which fixed and broken ones are counted

    def part_of(self, name: str | None) -> str:
        """The part that it reads, for a class or a column where it is measured of one."""
        return self.part.format(name=name or "")

    def flips_of(self, name: str | None) -> str:
        """The part in which its flips are counted."""
        return self.flips.format(name=name or "")

    @property
    def sign(self) -> int:
        """+1 where a larger difference is better, -1 where a smaller one is."""
        return 1 if self.direction == "higher" else -1

    def heading(self, name: str | None = None) -> str:
        """The title, with the class or the column of a metric that is measured of one."""
        return self.alone if self.alone and name is None else self.title.format(name=name)


def metric_key(name: str, of: str | None = None) -> str:
    """How a metric is written in results and requirements: ``accuracy``, ``recall[negative]``."""
    return name if of is None else f"{name}[{of}]"


def split_key(key: str) -> tuple[str, str | None]:
    """The name and the class of a key: ("recall", "negative") for ``recall[negative]``."""
    name, bracket, rest = key.partition("[")
    return (name, rest[:-1]) if bracket and rest.endswith("]") else (key, None)
