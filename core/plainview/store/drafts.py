"""All that one evaluation is made of, before it is kept, and the digests by which the same content is known again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl
from pydantic import TypeAdapter

from plainview.exceptions import FrameError, InputError, nearest
from plainview.records import Result, TestSet
from plainview.store.digests import content_digest

NAMES = ("project", "release", "test_set")  # these may not be empty
TEXTS = (*NAMES, "title", "task", "notes", "source_revision")
RESULTS = TypeAdapter(tuple[Result, ...])


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One evaluation, to be published."""

    project: str
    title: str
    task: str
    release: str
    specification: bytes  # the text of the specification file, UTF-8
    examples: pl.DataFrame  # id-sorted, types normalised: ids, labels, metadata
    predictions: pl.DataFrame  # one row per example, in the order of the examples
    results: Sequence[Result]
    core_columns: Sequence[str]  # of the examples: ids, labels, weights, clusters
    test_set: str = "default"
    released: date | None = None
    notes: str = ""
    source_revision: str = ""
    missing_labels: int = 0
    missing_predictions: int = 0

    def __post_init__(self) -> None:
        check_description(self)
        if self.predictions.height != self.examples.height:
            rows = f"{self.predictions.height} rows of predictions for {self.examples.height} examples"
            raise FrameError(f"Predictions must have one row per example. Got {rows}.")
        for column in self.core_columns:
            if column not in self.examples.columns:
                raise FrameError(f"The examples have no column {column!r}. {nearest(column, self.examples.columns)}")

    @cached_property
    def described(self) -> dict[str, object]:
        """The fields of the record that do not depend on where, when and by whom it is kept."""
        return {
            "project": self.project,
            "title": self.title,
            "task": self.task,
            "release": self.release,
            "released": self.released,
            "notes": self.notes,
            "source_revision": self.source_revision,
            "missing_predictions": self.missing_predictions,
            "test_set": self._test_set(),
        }

    @cached_property
    def results_json(self) -> bytes:
        """The results as they would stand in the record; InputError where a text is no UTF-8."""
        try:
            return RESULTS.dump_json(tuple(self.results))
        except ValueError as error:
            raise InputError(f"The results cannot be written as JSON: {error}.") from error

    @cached_property
    def _content(self) -> str:
        """Everything but id, time and actor, as canonical JSON."""
        parts = {
            **self.described,
            "test_set": self.described["test_set"].model_dump(),
            "released": self.released and self.released.isoformat(),
            "specification": hashlib.sha256(self.specification).hexdigest(),
            "predictions": content_digest(self.predictions),
            "results": hashlib.sha256(self.results_json).hexdigest(),
        }
        return json.dumps(parts, sort_keys=True)

    def publish_key(self, *, instead_of: Sequence[str] = ()) -> str:
        """Hex SHA-256 of all content; ``instead_of`` names evaluations of the same content that are beyond repair."""
        return hashlib.sha256("\n".join((self._content, *instead_of)).encode()).hexdigest()

    def _test_set(self) -> TestSet:
        return TestSet(
            name=self.test_set,
            digest=content_digest(self.examples),
            examples_digest=content_digest(self.examples.select(self.core_columns)),
            examples=self.examples.height,
            missing_labels=self.missing_labels,
            columns=tuple(self.examples.columns),
        )


def check_description(draft: object, **instead: str) -> None:
    """InputError where a draft's texts cannot be kept, or its date is none; ``instead`` gives texts it has elsewhere."""
    for name in TEXTS:
        text = instead[name] if name in instead else getattr(draft, name)
        check_text(text, what=f"The {name.replace('_', ' ')} of the evaluation", needed=name in NAMES)
    if draft.released is not None and type(draft.released) is not date:
        raise InputError(f"The date of a release must be a date without a time. Got {draft.released!r}.")


def check_text(text: str, *, what: str, needed: bool = True) -> None:
    """InputError where ``text`` is no text that UTF-8 can hold, or is empty and ``needed``."""
    if not isinstance(text, str):
        raise InputError(f"{what} must be text. Got {text!r:.100}.")
    if needed and not text.strip():
        raise InputError(f"{what} is empty.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{what} holds half a character at position {error.start}: {text!r:.100}.") from error
