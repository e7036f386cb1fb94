"""What a data test comes to: one of four outcomes, how many examples are amiss, and which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

Outcome = Literal["pass", "fail", "not proven", "no evidence"]
OUTCOMES: tuple[Outcome, ...] = ("fail", "not proven", "no evidence", "pass")  # the most urgent first
EXACT = "exact count/1"
LONGEST_VALUE = 200  # characters of a value that is kept beside an offending id
MOST_KEPT = 10_000  # offending rows of one test that are kept
AMISS = {"id": pl.String, "side": pl.String, "group": pl.Int64, "value": pl.String}
TEST_SET, TRAINING = "test set", "training data"
_SLACK = 1e-9  # of a share, for sums of decimals


def nobody() -> pl.DataFrame:
    """No offending rows."""
    return pl.DataFrame(schema=AMISS)


@dataclass(frozen=True)
class DataTest:
    """One test and its outcome. ``found`` of ``of`` rows are amiss, where a share of ``allowed`` may be."""

    test: str  # "type", "missing values", "range", "allowed values", "duplicates", "conflicting labels", "leak", …
    outcome: Outcome
    column: str | None = None
    found: int = 0
    of: int = 0
    allowed: float | None = None
    groups: int | None = None  # of rows that are the same
    expected: str = ""  # what was declared: "between 18 and 100"
    reason: str = ""  # why there is no verdict, or what is wrong besides counts
    shares: Mapping[str, Any] | None = (
        None  # of the class mix: per class what was found, its interval, what was declared
    )
    p_value: float | None = None
    method: str = EXACT
    amiss: pl.DataFrame = field(default_factory=nobody, repr=False, compare=False)  # columns of AMISS

    def to_dict(self) -> dict[str, Any]:
        """The test as plain values, without its rows."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "amiss"}

    def recounted(self, found: int, method: str) -> "DataTest":
        """The same test with another's count."""
        again = replace(self, found=found, method=method)
        return replace(again, outcome=judged(found, self.of, self.allowed))


@dataclass(frozen=True)
class DataTests:
    """Every test of one test set, the most urgent first."""

    project: str
    release: str | None
    test_set: str  # digest of the content
    examples: int
    tests: tuple[DataTest, ...]
    training_examples: int | None = None  # None: no training data was given
    shared: int | None = None  # examples of the test set that the training data has too
    by: str | None = None  # what they are known by: "id", "columns", "digest"

    @property
    def outcome(self) -> Outcome:
        """Fail where any test fails; not proven where any is; pass where any passed; else no evidence."""
        found = {test.outcome for test in self.tests}
        return next((each for each in ("fail", "not proven", "pass") if each in found), "no evidence")

    def count(self, outcome: Outcome) -> int:
        """How many tests came to this."""
        return sum(test.outcome == outcome for test in self.tests)

    def to_dict(self) -> dict[str, Any]:
        """The body of the event."""
        kept = {
            name: getattr(self, name)
            for name in ("release", "test_set", "examples", "training_examples", "shared", "by")
        }
        return {**kept, "outcome": self.outcome, "tests": [test.to_dict() for test in self.tests]}

    def amiss(self) -> pl.DataFrame:
        """Every row that offends a test which does not pass, with the test and the column."""
        named = [
            test.amiss.head(MOST_KEPT).select(
                pl.lit(test.test).alias("test"), pl.lit(test.column, pl.String).alias("column"), *AMISS
            )
            for test in self.tests
            if test.outcome != "pass"
        ]
        return pl.concat(named) if named else pl.DataFrame()


def in_order(tests: Iterable[DataTest]) -> tuple[DataTest, ...]:
    """The most urgent first; those alike stay in their order."""
    return tuple(sorted(tests, key=lambda test: OUTCOMES.index(test.outcome)))


def judged(found: int, of: int, allowed: float | None) -> Outcome:
    """Pass where no more than the allowed share is amiss; where nothing says how many may be, only none passes."""
    if not of:
        return "no evidence"
    if allowed is None:
        return "no evidence" if found else "pass"
    return "pass" if found <= allowed * of + _SLACK * of else "fail"


def rows_amiss(
    frame: pl.DataFrame, wrong: pl.Series, id_column: str, value: str | None = None, *, side: str = TEST_SET
) -> pl.DataFrame:
    """The offending rows of a frame, with the value of a column where there is one."""
    found = frame.filter(wrong)
    shown = pl.lit(None, pl.String) if value is None else pl.col(value).cast(pl.String).str.head(LONGEST_VALUE)
    return found.select(
        named(found, id_column), pl.lit(side).alias("side"), pl.lit(None, pl.Int64).alias("group"), shown.alias("value")
    )


def named(frame: pl.DataFrame, id_column: str) -> pl.Series | pl.Expr:
    """The ids of rows; where there is no such column, their numbers."""
    if id_column in frame.columns:
        return pl.col(id_column).cast(pl.String).alias("id")
    return pl.concat_str(pl.lit("row "), (pl.int_range(pl.len()) + 1).cast(pl.String)).alias("id")
