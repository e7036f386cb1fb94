"""A row of the table of metrics, and how it is written in results and requirements."""

from dataclasses import dataclass
from typing import Literal

from plainview.methods import Family

Direction = Literal["higher", "lower", "zero"]


@dataclass(frozen=True)
class Metric:
    """A row of the table."""

    name: str
    title: str  # for people; {name} is the class of a per-class metric
    sentence: str  # what it says, for a product manager
    tasks: tuple[str, ...]
    family: Family  # how it is estimated and compared
    direction: Direction = "higher"  # which values are better; "zero": the nearer to zero
    unit: Literal["proportion", "label"] = "proportion"  # "label": the units of what is predicted
    per_class: bool = False
    part: str = ""  # which part of the task's contributions it reads; {name} is the class

    def part_of(self, name: str | None) -> str:
        """The part that it reads, for a class where it is measured per class."""
        return self.part.format(name=name)

    @property
    def sign(self) -> int:
        """+1 where a larger difference is better, -1 where a smaller one is."""
        return 1 if self.direction == "higher" else -1

    def heading(self, name: str | None = None) -> str:
        """The title, with the class of a per-class metric."""
        return self.title.format(name=name)


def metric_key(name: str, of: str | None = None) -> str:
    """How a metric is written in results and requirements: ``accuracy``, ``recall[negative]``."""
    return name if of is None else f"{name}[{of}]"


def split_key(key: str) -> tuple[str, str | None]:
    """The name and the class of a key: ("recall", "negative") for ``recall[negative]``."""
    name, bracket, rest = key.partition("[")
    return (name, rest[:-1]) if bracket and rest.endswith("]") else (key, None)
