"""What a file of checks may say, apart from what each kind of check adds; the words of design: check, release, example."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from plainview.predicates import parse_predicate
from plainview.robustness.ground import Ground
from plainview.robustness.outcomes import Outcomes
from plainview.specification.types import Class, Count, Model, Name, Prose, _number

TestType = Literal["MFT", "INV", "DIR"]
MEANINGS = {
    "MFT": "the answer is known",  # minimum functionality test
    "INV": "the answer must stay",  # invariance test
    "DIR": "the answer must move one way",  # directional expectation test
}  # after Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020
SAMPLE, SEED, VARIANTS, MINIMUM = 200, 13, 3, 30

Rate = Annotated[float, BeforeValidator(_number), Field(ge=0, lt=1)]
Seed = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Words = Annotated[tuple[Class, ...], Field(min_length=1, max_length=5_000)]


def two_or_more(values: tuple) -> tuple:
    """The values; ValueError where there is one alone."""
    if len(values) < 2:
        raise ValueError("found one value; at least two were expected")
    return values


class Shared(Model):
    """What a check may say of itself, and a file of all its checks."""

    sample: Annotated[Count, Field(le=100_000)] | None = None  # examples that are drawn
    seed: Seed | None = None
    variants: Annotated[Count, Field(le=100)] | None = None  # copies of each
    may_fail: Rate | None = None  # the share of copies that may fail; None: no bar
    minimum_examples: Count | None = None  # fewer of them prove nothing


class Check(Shared):
    """One check. Each kind adds its own keys, and says in ``outcomes`` what came of it."""

    test_kind: ClassVar[TestType] = "INV"  # of the kind, unless ``test_type`` says otherwise
    chapter: ClassVar[str] = "Robustness"  # the capability of a check that names none

    name: Name
    kind: Name
    capability: Name | None = None
    test_type: TestType | None = None
    why: Prose | None = None
    owner: Name | None = None
    where: str | None = None  # only examples of which this holds
    rule: Literal["interval", "point"] | None = None  # what must clear the bar: the interval, or the share itself

    @field_validator("where")
    @classmethod
    def _allowed(cls, where: str | None) -> str | None:
        if where is not None:
            parse_predicate(where)
        return where

    @property
    def of_type(self) -> TestType:
        """MFT, INV or DIR."""
        return self.test_type or self.test_kind

    @property
    def of_capability(self) -> str:
        """The capability that it is counted under."""
        return self.capability or self.chapter

    @property
    def exhaustive(self) -> bool:
        """Whether everything that it is about is tested, so that there is nothing to estimate."""
        return False

    @property
    def invents(self) -> bool:
        """Whether it makes its examples itself, and needs none of the test set."""
        return False

    def outcomes(self, ground: Ground) -> Outcomes:
        """What came of it, a row for each copy."""
        raise NotImplementedError


class CheckColumns(Model):
    """What columns are, where the release's specification does not say so: the text, and the image."""

    text: Name | None = None
    image: Name | None = None


class ChecksFile(Shared):
    """The file as it is written; its checks are read by their kinds."""

    columns: CheckColumns = CheckColumns()
    frames: Literal["pandas", "polars", "arrow"] = "pandas"  # what the predict function takes
    lexicons: Mapping[Name, Words] = {}
    checks: tuple[Mapping[str, Any], ...] = Field(min_length=1, max_length=500)


class Checks(Model):
    """A whole file, read."""

    file: ChecksFile
    checks: tuple[Check, ...]

    def settled(self, check: Check) -> dict[str, Any]:
        """Sample, seed, variants, may_fail, minimum_examples: as the check says, else the file, else the defaults."""
        defaults = {"sample": SAMPLE, "seed": SEED, "variants": VARIANTS, "may_fail": None, "minimum_examples": MINIMUM}
        said = {name: getattr(check, name) for name in defaults}
        all_ = {name: getattr(self.file, name) for name in defaults}
        return {
            name: next((value for value in (said[name], all_[name]) if value is not None), default)
            for name, default in defaults.items()
        }
