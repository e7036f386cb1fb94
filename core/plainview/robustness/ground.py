"""What a check stands on while it runs: its examples, the model, and the words of its file."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from plainview.exceptions import InputError
from plainview.robustness.asking import Answers, Asked
from plainview.robustness.rows import Rows


@dataclass(frozen=True)
class Ground:
    """One check's examples and the model that is asked."""

    rows: Rows  # drawn for this check
    everything: Rows  # all examples: what values a column has
    ask: Asked
    id: str  # the column of ids
    text: str | None
    image: str | None
    seed: int
    variants: int
    sample: int
    lexicons: Mapping[str, tuple[str, ...]]
    what: str  # how errors call the check

    @property
    def cases(self) -> list[str]:
        """The ids of the examples."""
        return self.rows.table[self.id].to_list()

    def column(self, name: str) -> pl.Series:
        """A column of all examples; InputError with the nearest name."""
        return self.everything.column(name, self.what)

    def known_label(self, label: str, answers: Answers) -> str:
        """The label, where it is one; InputError with the nearest."""
        from plainview.exceptions import nearest

        known = self.ask.classes or answers.classes
        if known and label not in known:
            raise InputError(f"{self.what}: there is no class {label!r}. {nearest(label, known)}")
        return label
