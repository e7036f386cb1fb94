"""Confidence checks: over a group, the model must be as sure of a label as is expected."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from plainview.robustness.ground import Ground
from plainview.robustness.models import Check, TestType
from plainview.robustness.outcomes import Outcomes, table
from plainview.specification.types import Class, _number
from plainview.statistics.intervals import mean_t

Probability = Annotated[float, BeforeValidator(_number), Field(ge=0, le=1)]


class Confidence(Check):
    """The probability of ``label`` lies from ``at_least`` to ``at_most`` for each example; needs probabilities."""

    test_kind: ClassVar[TestType] = "MFT"
    chapter: ClassVar[str] = "Confidence"

    label: Class
    at_least: Probability | None = None
    at_most: Probability | None = None

    @model_validator(mode="after")
    def _one_end(self) -> "Confidence":
        if self.at_least is None and self.at_most is None:
            raise ValueError(
                "found neither at_least nor at_most; expected how sure the model must be, such as at_least: 0.7"
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"found at_least {self.at_least:g} above at_most {self.at_most:g}")
        return self

    def outcomes(self, ground: Ground) -> Outcomes:
        """One row an example."""
        answers = ground.ask(ground.rows)
        scores = answers.score(self.label, ground.what)
        low, high = self.at_least or 0.0, 1.0 if self.at_most is None else self.at_most
        passed, said = (scores >= low) & (scores <= high), answers.said()
        shown = (
            ground.rows.table[ground.text].to_list() if ground.text in ground.rows.table.columns else [None] * len(said)
        )
        rows = [
            {
                "case": case,
                "variant": 0,
                "passed": bool(passed[at]),
                "after": shown[at],
                "expected": self.demand,
                "answer": said[at],
                "score": float(scores[at]),
            }
            for at, case in enumerate(ground.cases)
        ]
        ends = mean_t(len(scores), scores.sum(), (scores**2).sum())
        mean = {"mean": float(scores.mean())} | (
            {"mean_low": float(ends[0]), "mean_high": float(ends[1])} if np.isfinite(ends).all() else {}
        )
        return Outcomes(table(rows), measures=mean | {"label": self.label})

    @property
    def demand(self) -> str:
        """What is expected: "1 with at least 70%"."""
        ends = [
            f"{word} {100 * end:g}%"
            for word, end in (("at least", self.at_least), ("at most", self.at_most))
            if end is not None
        ]
        return f"{self.label} with {' and '.join(ends)}"
