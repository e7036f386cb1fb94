"""The document behind every format: sections of blocks, all text plain; a renderer only lays them out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Align = Literal["text", "number", "mark"]


@dataclass(frozen=True)
class Paragraph:
    """A sentence, or a few."""

    text: str
    quiet: bool = False  # context, not news
    slides: bool = True  # whether it is shown on slides too


@dataclass(frozen=True)
class Statement:
    """One thing that is said: ``mark`` is a state, a verdict or a status, ``name`` what it is about."""

    text: str
    mark: str = ""
    name: str = ""


@dataclass(frozen=True)
class Statements:
    """Statements, one a line. ``conclusion`` is the title of their slide; empty: that of their section."""

    rows: tuple[Statement, ...]
    conclusion: str = ""
    slides: bool = True  # whether they are shown on slides too


@dataclass(frozen=True)
class Fact:
    """One figure: what it is, its value as it is read, and a note."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """The figures that stand at the top; or with ``listed`` the particulars of something, one a line."""

    rows: tuple[Fact, ...]
    listed: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table. ``width`` is its share of the page beside the others."""

    title: str
    kind: Align = "text"
    width: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row of cells; with ``group`` one that heads those below it and has a single cell."""

    cells: tuple[str, ...]
    group: bool = False


@dataclass(frozen=True)
class Table:
    """A table; ``caption`` says what it holds."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    slides: bool = True


@dataclass(frozen=True)
class Chart:
    """A chart as a Vega-Lite specification, and the sentence that says the same. ``small`` draws the chart for a slide."""

    spec: dict[str, Any] = field(repr=False)
    alt: str
    conclusion: str = ""
    small: "Callable[[], Chart] | None" = field(default=None, repr=False, compare=False)


Block = Paragraph | Statements | Facts | Table | Chart


@dataclass(frozen=True)
class Section:
    """A part with a title. ``conclusion`` is the sentence that it comes to: the title of its slide."""

    title: str
    blocks: tuple[Block, ...]
    conclusion: str = ""
    boxed: bool = False  # set apart: what the report cannot tell
    slides: bool = True  # whether it is shown on slides too


@dataclass(frozen=True)
class Document:
    """A whole document, and what it is of."""

    kind: Literal["report", "model card"]
    title: str
    context: str
    conclusion: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    address: str  # where the app shows it
    made: datetime  # when its evaluation was published: the only time that its files carry
    manifest: dict[str, Any] = field(repr=False)
    twin: dict[str, Any] | None = field(
        default=None, repr=False
    )  # the same for programs, where that has a shape of its own

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which its footer shows."""
        return self.manifest["digest"]

    def blocks(self) -> Iterator[Block]:
        """Every block in order."""
        yield from self.lead
        for section in self.sections:
            yield from section.blocks
