"""An evaluation whose rows stay where they are, before it is kept: the sums of them, and where they are."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from plainview.exceptions import DamagedError, RowsElsewhereError
from plainview.records import SOURCED, Evaluation, Joint, Result, Source, StoredFile, TestSet
from plainview.store.adapters import Adapter
from plainview.store.drafts import RESULTS, check_description
from plainview.store.keys import sums_key
from plainview.store.verified import Verified


@dataclass(frozen=True, kw_only=True)
class JointDraft:
    """What `records.Joint` is made of: ``counts`` are its fields that are numbers."""

    baseline: Evaluation
    sums: bytes
    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class SourcedDraft:
    """One evaluation of rows that are not in the store, to be published."""

    project: str
    title: str
    task: str
    release: str
    specification: bytes  # the text of the specification file, UTF-8
    source: Source
    test_set: TestSet
    sums: bytes  # as `transfer.to_bytes` gives them
    results: Sequence[Result]
    joint: JointDraft | None = None
    released: date | None = None
    notes: str = ""
    source_revision: str = ""
    missing_predictions: int = 0

    def __post_init__(self) -> None:
        check_description(self, test_set=self.test_set.name)

    @cached_property
    def described(self) -> dict[str, object]:
        """The fields of the record that do not depend on where, when and by whom it is kept."""
        return {
            "schema_version": SOURCED,
            "min_reader": SOURCED,
            "project": self.project,
            "title": self.title,
            "task": self.task,
            "release": self.release,
            "released": self.released,
            "notes": self.notes,
            "source_revision": self.source_revision,
            "missing_predictions": self.missing_predictions,
            "test_set": self.test_set,
            "source": self.source,
        }

    @cached_property
    def results_json(self) -> bytes:
        """The results as they would stand in the record."""
        return RESULTS.dump_json(tuple(self.results))

    @cached_property
    def _content(self) -> str:
        """Everything but id, time and actor, as canonical JSON."""
        parts = {
            **self.described,
            "test_set": self.test_set.model_dump(),
            "source": self.source.model_dump(),
            "released": self.released and self.released.isoformat(),
            "specification": hashlib.sha256(self.specification).hexdigest(),
            "results": hashlib.sha256(self.results_json).hexdigest(),
            "baseline": self.joint and self.joint.baseline.id,
        }
        return json.dumps(parts, sort_keys=True)

    def publish_key(self, *, instead_of: Sequence[str] = ()) -> str:
        """Hex SHA-256 of all content; ``instead_of`` names evaluations of the same content that are beyond repair."""
        return hashlib.sha256("\n".join((self._content, *instead_of)).encode()).hexdigest()


def write_sums(adapter: Adapter, draft: SourcedDraft) -> dict[str, object]:
    """Store the sums of a draft; the fields of the record that name them."""
    found: dict[str, object] = {"sums_file": _written(adapter, draft.sums)}
    if draft.joint is not None:
        baseline = draft.joint.baseline
        found["joint"] = Joint(
            baseline=baseline.id,
            release=baseline.release,
            source=baseline.source,
            specification=baseline.specification.sha256,
            sums=_written(adapter, draft.joint.sums),
            **draft.joint.counts,
        )
    return found


def _written(adapter: Adapter, data: bytes) -> StoredFile:
    sha256 = hashlib.sha256(data).hexdigest()
    file = StoredFile(key=sums_key(sha256), sha256=sha256, bytes=len(data))
    adapter.put(file.key, data)
    return file


def read_sums(adapter: Adapter, file: StoredFile | None, *, verified: Verified) -> bytes:
    """Sums as they were published; DamagedError where their bytes are not those."""
    if file is None:
        raise DamagedError("The evaluation has no sums of its own: its rows are in the store.")
    return verified.read(adapter, file)


def elsewhere(evaluation: Evaluation) -> RowsElsewhereError:
    """The error of whoever wants rows that are not in the store."""
    which, source = f"{evaluation.project} {evaluation.release}", evaluation.source
    where = f"in {source.table} ({source.engine.capitalize()})"
    return RowsElsewhereError(f"The rows of {which} stay {where}: the store has their sums alone. Look at them there.")
