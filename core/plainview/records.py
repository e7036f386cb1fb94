"""What is kept: the records of the store, each field with its meaning. Frozen; unknown fields are refused.

A record is one line of JSON. A reader refuses a record whose ``min_reader`` is above its own SCHEMA_VERSION.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 3  # the newest format that is read
PLAIN = 1  # the format of records that need no newer reader
SOURCED = 2  # of evaluations whose rows are not in the store
ATTACHED = 3  # of events that tables belong to

ResultStatus = Literal["measured", "too few examples", "undefined"]


class Record(BaseModel):
    """Base of everything that is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class StoredFile(Record):
    """One immutable file that an evaluation is made of."""

    key: str  # where in the store: data/<kind>/<sha256>.parquet or specifications/<sha256>.yaml
    sha256: str  # of the file's bytes
    bytes: int
    rows: int | None = None  # None where the file is not a table


class Result(Record):
    """One metric on one scenario."""

    scenario: str
    behaviour: str | None = None
    metric: str  # the metric's key: "accuracy", "recall[negative]"
    value: float | None  # None: undefined, and ``reason`` says why
    low: float | None = None  # ends of the interval at the specification's confidence
    high: float | None = None
    examples: int  # examples of the scenario that have a label and a prediction
    of: float = 0.0  # the metric's own denominator: positives for recall, examples for accuracy
    missing: int = 0  # examples of the scenario left out: no label, or no answer that the metric can use
    status: ResultStatus = "measured"
    reason: str | None = None  # why undefined, or why the estimate may not be judged
    method: str  # how the interval was made, with its version: "wilson/1"


class TestSet(Record):
    """An immutable version of the examples, known by its content."""

    name: str  # "default" unless the publisher names it
    digest: str  # SHA-256 of the content: ids, labels and metadata, id-sorted, types normalised
    examples_digest: str  # SHA-256 of ids, labels, weights and clusters alone: equal where only metadata was added
    examples: int
    missing_labels: int = 0
    columns: tuple[str, ...]  # every column of the examples file


class Source(Record):
    """The table that rows were measured in and stay in, outside of the store."""

    engine: str  # "spark"
    table: str  # its name or path as it was given, without credentials
    rows: int
    columns: tuple[str, ...]  # those that were read, sorted
    prediction: str  # the column of answers
    score: str | None = None  # the column of scores
    digest: str  # of these columns' rows in any order, see `engines.spark.digests_of`

    def holds_the_rows_of(self, other: "Source") -> bool:
        """Whether both tables have the same rows, wherever they are."""
        return self.model_copy(update={"table": other.table, "engine": other.engine}) == other


class Joint(Record):
    """Two releases on the examples that both of their tables have: what their paired comparison is made from."""

    baseline: str  # ULID of the evaluation that was the baseline
    release: str  # its release
    source: Source  # its rows, as they were
    specification: str  # SHA-256 of its specification, which says how its columns are read
    sums: StoredFile
    examples: int  # in both tables, with one label, and answered by both
    shared: int  # ids that both tables have
    relabelled: int = 0  # of those, with another label in each: left out
    unlabelled: int = 0  # of the others, without a label
    unanswered_baseline: int = 0
    unanswered_candidate: int = 0


def _absent(value: object) -> bool:
    return value is None


def _nothing(value: Mapping) -> bool:
    return not value


class Evaluation(Record):
    """The commit record: predictions of one release on one test-set version under one specification version.

    Its rows are in the store, as ``examples_file`` and ``predictions_file``; or they stay in ``source``, and the store has the
    sums of them in ``sums_file``.
    """

    schema_version: int = PLAIN
    min_reader: int = PLAIN
    id: str  # ULID, chosen by the publisher
    publish_key: str  # hash of all content: publishing the same again is the same evaluation
    published_at: AwareDatetime  # UTC
    actor: str  # who published
    plainview_version: str
    project: str
    title: str
    task: str
    release: str
    released: date | None = None  # None: unknown
    notes: str = ""
    source_revision: str = ""
    specification: StoredFile
    test_set: TestSet
    examples_file: StoredFile | None = Field(default=None, exclude_if=_absent)
    predictions_file: StoredFile | None = Field(default=None, exclude_if=_absent)
    source: Source | None = Field(default=None, exclude_if=_absent)
    sums_file: StoredFile | None = Field(default=None, exclude_if=_absent)
    joint: Joint | None = Field(default=None, exclude_if=_absent)
    missing_predictions: int = 0
    results: tuple[Result, ...] | None = None  # None where they are in results_file, or only listed
    results_file: StoredFile | None = None

    def __repr_args__(self) -> Iterator[tuple[str, str]]:
        """Which one it is, short: all of it is in `model_dump`."""
        return ((name, getattr(self, name)) for name in ("project", "release", "id"))

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file that must be there for this evaluation to exist."""
        rows = (self.examples_file, self.predictions_file, self.sums_file, self.joint and self.joint.sums)
        return tuple(item for item in (self.specification, *rows, self.results_file) if item is not None)

    @model_validator(mode="after")
    def _made_of_something(self) -> Self:
        kept, elsewhere = (self.examples_file, self.predictions_file), (self.source, self.sums_file)
        if None in (kept if self.source is None else elsewhere):
            raise ValueError("its rows are neither in the store, nor is it said where they are")
        return self


class Event(Record):
    """What a person or a tool wrote: an answer, review, decision, incident, check, comment. Never edited, only added to."""

    schema_version: int = PLAIN
    min_reader: int = PLAIN
    id: str  # ULID
    at: AwareDatetime  # UTC
    actor: str
    kind: str  # "comment", "review", "decision", …
    project: str
    release: str | None = None
    body: dict = Field(default_factory=dict)
    tables: Mapping[str, StoredFile] = Field(
        default_factory=dict, exclude_if=_nothing
    )  # by name: rows too many for a body

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file that must be there for this event to be whole."""
        return tuple(self.tables.values())
