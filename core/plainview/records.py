"""What is kept: the records of the store, each field with its meaning. Frozen; unknown fields are refused.

A record is one line of JSON. A reader refuses a record whose ``min_reader`` is above its own SCHEMA_VERSION.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

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
    missing: int = 0  # examples of the scenario left out: no label or no prediction
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


class Evaluation(Record):
    """The commit record: predictions of one release on one test-set version under one specification version."""

    schema_version: int = SCHEMA_VERSION
    min_reader: int = 1
    id: str  # ULID, chosen by the publisher
    publish_key: str  # hash of all content: publishing the same again is the same evaluation
    published_at: datetime  # UTC
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
    examples_file: StoredFile
    predictions_file: StoredFile
    missing_predictions: int = 0
    results: tuple[Result, ...] | None = None  # None where they are in results_file, or only listed
    results_file: StoredFile | None = None

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file that must be there for this evaluation to exist."""
        named = (self.specification, self.examples_file, self.predictions_file, self.results_file)
        return tuple(item for item in named if item is not None)


class Event(Record):
    """What a person wrote: an answer, review, decision, incident, comment. Never edited, only added to."""

    schema_version: int = SCHEMA_VERSION
    min_reader: int = 1
    id: str  # ULID
    at: datetime  # UTC
    actor: str
    kind: str  # "comment", "review", "decision", …
    project: str
    release: str | None = None
    body: dict = Field(default_factory=dict)
